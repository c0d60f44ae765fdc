"""A concern's or a child's file as JSON: the same parts under the same names, moments in ISO 8601 and UTC."""

import json
from dataclasses import asdict
from datetime import date, datetime

from handlers.export.child_file import ChildFile
from handlers.export.concern_file import ConcernFile


def as_json(file: ConcernFile | ChildFile) -> str:
    """The file as JSON text."""
    return json.dumps(asdict(file), indent=2, ensure_ascii=False, default=_said) + "\n"


def _said(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a file.")
