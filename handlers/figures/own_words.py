"""Tables in the authority's own words: where concerns are called otherwise, titles, columns and rules say so."""

from dataclasses import replace

from handlers.figures.tables import PrintedTable
from handlers.own_words import own_words
from scheduling.procedures import Procedures


def table_in_own_words(table: PrintedTable, rules: Procedures) -> PrintedTable:
    """The table with every "concern" in its words called as the authority calls it; its numbers stay as they are."""
    own = own_words(rules)
    if own is None:
        return table
    return replace(
        table,
        title=own(table.title),
        columns=tuple(replace(column, title=own(column.title)) for column in table.columns),
        rule=own(table.rule),
        base=own(table.base),
        notes=tuple(own(note) for note in table.notes),
    )
