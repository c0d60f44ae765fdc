"""Staff, children and absences from CSV files (surface 9): all rows or none, and again changes nothing.

No import sends a message. Each raises ImportRefused, which names every wrong row.
"""

from handlers.imports.absences import import_absences
from handlers.imports.children import import_children
from handlers.imports.outcome import ImportRefused, ImportResult, RowProblem
from handlers.imports.staff import import_staff

__all__ = [
    "ImportRefused",
    "ImportResult",
    "RowProblem",
    "import_absences",
    "import_children",
    "import_staff",
]
