"""A person's day: one list of what waits for them; the morning message is its first part."""
