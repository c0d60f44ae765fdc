"""Memory: one noun, one room; it decides nothing."""

import storage.columns  # noqa: F401 - the names of constraints must be agreed before any table is declared
