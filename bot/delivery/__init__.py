"""Sending what is owed: the port to a platform, and the senders behind it."""
