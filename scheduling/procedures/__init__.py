"""An authority's rules: stages, times, roles, words and reviews, from one TOML file."""

from scheduling.procedures.explaining import explain
from scheduling.procedures.reading import check_procedures, file_text, load_procedures, parse_procedures
from scheduling.procedures.shipped import shipped_names, shipped_text
from scheduling.procedures.types import (
    BUILT_IN_ROLES,
    REVIEW_DECISIONS_NOT_DONE,
    UNCHECKED,
    Category,
    Closure,
    ImmediateRoute,
    LadderRules,
    Problem,
    Procedures,
    ProceduresInvalid,
    Source,
    Stage,
    Telephone,
)

__all__ = [
    "BUILT_IN_ROLES",
    "REVIEW_DECISIONS_NOT_DONE",
    "UNCHECKED",
    "Category",
    "Closure",
    "ImmediateRoute",
    "LadderRules",
    "Problem",
    "Procedures",
    "ProceduresInvalid",
    "Source",
    "Stage",
    "Telephone",
    "check_procedures",
    "explain",
    "file_text",
    "load_procedures",
    "parse_procedures",
    "shipped_names",
    "shipped_text",
]
