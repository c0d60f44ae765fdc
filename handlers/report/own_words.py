"""Tables in the authority's own words: where concerns are called otherwise, titles, columns and rules say so."""

import re
from dataclasses import replace

from handlers.figures.tables import PrintedTable
from scheduling.procedures import Procedures

_CONCERN = re.compile(r"\b(concerns?)\b(?!_)", re.IGNORECASE)


def in_own_words(table: PrintedTable, rules: Procedures) -> PrintedTable:
    """The table with every "concern" in its words called as the authority calls it; its numbers stay as they are."""
    one, many = rules.labels.get("concern", "concern"), rules.labels.get("concern_plural", "concerns")
    if (one, many) == ("concern", "concerns"):
        return table

    def own(text: str) -> str:
        return _CONCERN.sub(lambda found: _like(found.group(), one, many), text)

    return replace(
        table,
        title=own(table.title),
        columns=tuple(replace(column, title=own(column.title)) for column in table.columns),
        rule=own(table.rule),
        base=own(table.base),
        notes=tuple(own(note) for note in table.notes),
    )


def _like(found: str, one: str, many: str) -> str:
    """The label for the word found, with a capital where that had one."""
    label = many if found.casefold().endswith("s") else one
    return label[:1].upper() + label[1:] if found[:1].isupper() else label
