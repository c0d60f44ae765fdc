"""Which tables and mapped classes a statement mentions, anywhere in it; the tenant guard decides by that."""

from dataclasses import dataclass, field

from sqlalchemy import Table
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause, TextClause
from sqlalchemy.sql.selectable import Alias
from sqlalchemy.sql.visitors import ExternallyTraversible
from sqlmodel import SQLModel


@dataclass(kw_only=True)
class Mentions:
    """Tables, the mapped classes they are used by, tables aliased past their class, and SQL given as text."""

    tables: set[Table] = field(default_factory=set)
    mappers: set[Mapper[SQLModel]] = field(default_factory=set)
    bare: set[Table] = field(default_factory=set)
    raw_text: bool = False


def mentions(statement: ExternallyTraversible) -> Mentions:
    """Walk the whole statement, subqueries included."""
    found = Mentions()
    for element in visitors.iterate(statement):
        entity = element._annotations.get("parententity") or element._annotations.get("parentmapper")
        if entity is not None:
            found.mappers.add(entity.mapper)
        if isinstance(element, Table):
            found.tables.add(element)
        elif isinstance(element, TextClause):
            found.raw_text = True
        elif isinstance(element, ColumnClause):
            note_column(found, element, mapped=entity is not None)
    return found


def note_column(found: Mentions, column: ColumnClause[object], *, mapped: bool) -> None:
    """Take down a column: literal SQL, or one of a table's alias that no mapped class stands for."""
    if column.is_literal and column.name not in ("*", "1"):
        found.raw_text = True
    table = column.table
    if isinstance(table, Alias) and not mapped and isinstance(table.element, Table):
        found.bare.add(table.element)
