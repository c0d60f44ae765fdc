"""Alembic revisions of the schema; `storage.migrating` applies and makes them."""
