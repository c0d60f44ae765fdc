"""Past reviews from a CSV file (surface 9): all rows or none, and again changes nothing."""

from handlers.review_import.importing import ImportedReviews, import_reviews

__all__ = ["ImportedReviews", "import_reviews"]
