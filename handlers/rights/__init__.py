"""Who may do what to a concern and about a child's reviews: one table, and what a person is to either today."""

from handlers.rights.deciding import acts_for, may, require
from handlers.rights.of_children import ChildStanding, child_standing
from handlers.rights.of_concerns import ConcernStanding, goes_on_file, is_time_over, standing
from handlers.rights.table import May, Place

__all__ = [
    "ChildStanding",
    "ConcernStanding",
    "May",
    "Place",
    "acts_for",
    "child_standing",
    "goes_on_file",
    "is_time_over",
    "may",
    "require",
    "standing",
]
