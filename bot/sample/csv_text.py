"""Rows as the text of a CSV file, as the importers read it."""

import csv
import io
from collections.abc import Iterable, Mapping


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """A header and the rows; a column that a row does not give is empty."""
    given = list(rows)
    columns = dict.fromkeys(column for row in given for column in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(given)
    return text.getvalue()
