"""What storage remembers, on SQLite and on PostgreSQL."""
