"""Past concerns from a CSV file (surface 9): all rows or none, and again changes nothing."""

from handlers.history_import.importing import Imported, import_history

__all__ = ["Imported", "import_history"]
