"""The commands as they are typed, by subject: names, options and help. What they do is loaded once one is run."""
