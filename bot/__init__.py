"""The edge: platforms, delivery, settings, command line, and the one place where real things are wired."""
