"""`/iro figures`: the tables of a period in forms, whose they may be; never in a message, and never a league table."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.cards import Answer, Button, Choice, Field, FieldKind, Form
from handlers.concerns.record import chunks
from handlers.figures.beginning import beginning_said
from handlers.figures.counting_rules import COUNTING
from handlers.figures.entitlement import entitled_to, whose_words
from handlers.figures.making import figures, printed_tables
from handlers.figures.period_words import CHOICES, Asked, asked_for, named, said
from handlers.figures.quality import data_quality
from handlers.figures.reading import in_titles, lines_of, row_label
from handlers.figures.row_lists import can_list, rows_behind
from handlers.figures.splitting import By
from handlers.figures.tables import Kind, PrintedTable
from handlers.labels import cut_apart
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused, Stale
from handlers.requests import Request

AT = "@"
"""Stands between a period and the name of a table."""
A_ROW = 4
MOST_CHOICES = 100
LONGEST_LABEL = 75


def show_figures(desk: Desk, request: Request) -> Answer:
    """What there is for the period, and whose it is; every table opens from here."""
    asked = _asked(desk, request.subject or request.words)
    head = f"{asked.named}: {whose_words(asked.period.whose)}, as of today. Choose a table."
    fields = [_statement("head", head), *_beginning(desk, asked), *_periods(asked)]
    tables = [
        Button(label=one.title, deed="iro.figures.table", subject=f"{asked.words}{AT}{name}")
        for name, one in COUNTING.items()
    ]
    quality = Button(label="Data quality", deed="iro.figures.quality", subject=asked.words)
    fields += _button_rows("tables", [*tables, quality])
    return Form(deed="", title="Figures", cancel="Close", fields=tuple(fields))


def show_table(desk: Desk, request: Request) -> Answer:
    """One table with its rule; choosing a row and a number shows what is behind it."""
    asked, table = _named_table(desk, request.subject)
    text = "\n".join(lines_of(desk, table))
    fields = [_statement("head", f"{table.title}, {asked.named}: {whose_words(asked.period.whose)}.")]
    fields += _beginning(desk, asked)
    fields += [_statement(f"rows{n}", part) for n, part in enumerate(chunks(text, desk.rules))]
    rules = [in_titles(one, table) for one in (table.rule, table.base, *table.notes) if one]
    fields += [_statement(f"rule{n}", one) for n, one in enumerate(rules)]
    wanted = _choices(desk, table) if asked.by is None and can_list(table.name) else ()
    if not wanted:
        return Form(deed="", title="Figures", cancel="Close", subject=request.subject, fields=tuple(fields))
    return Form(
        deed="iro.figures.rows",
        title="Figures",
        submit="Show the rows",
        cancel="Close",
        subject=request.subject,
        fields=(*fields, *wanted),
    )


def _choices(desk: Desk, table: PrintedTable) -> tuple[Field, ...]:
    shown = table.rows[: len(table.rows) - table.added][:MOST_CHOICES]
    labels = cut_apart([row_label(desk, table, row) for row in shown], LONGEST_LABEL)
    rows = tuple(Choice(value=str(place), label=label) for place, label in enumerate(labels))
    listed = _listed(table)
    numbers = tuple(Choice(value=one.key, label=one.title) for one in table.columns if one.key in listed)
    if not rows or not numbers:
        return ()
    row = Field(key="row", kind=FieldKind.CHOICE, label="Row", choices=rows, initial=rows[0].value, required=True)
    return (
        row,
        replace(row, key="column", label="Number", choices=numbers, initial=numbers[0].value),
    )


def _listed(table: PrintedTable) -> list[str]:
    """The columns whose numbers can be opened row by row."""
    counts = (one.key for one in table.columns if one.kind is Kind.COUNT and one.key != "base")
    return [key for key in counts if can_list(table.name, key)]


def show_rows(desk: Desk, request: Request) -> Answer:
    """What one number counts, row by row: only what this person may know of is named."""
    asked, table = _named_table(desk, request.subject)
    place, column = number_of(request.text("row")), request.text("column")
    if place is None or place >= len(table.rows) - table.added or column not in _listed(table):
        raise Stale("This table has changed since. Open it again: /iro figures shows it.")
    row = table.rows[place]
    behind = rows_behind(desk, asked.period, table.name, row, column)
    title = next((one.title for one in table.columns if one.key == column), column)
    fields = [_statement("head", f"{table.title}, {row_label(desk, table, row)}, {title}: {row[column] or 0}.")]
    fields += [_statement(f"rows{n}", part) for n, part in enumerate(chunks("\n".join(behind.shown), desk.rules))]
    fields += [_statement(f"more{n}", sentence) for n, sentence in enumerate(behind.sentences)]
    return Form(deed="", title="Rows", cancel="Close", subject=request.subject, fields=tuple(fields))


def show_quality(desk: Desk, request: Request) -> Answer:
    """The data-quality page."""
    asked = replace(_asked(desk, request.subject), by=None)
    found = data_quality(desk, asked.period, figures(desk, asked.period))
    lines = [f"{one.what}: {len(one.rows)} ({', '.join(one.rows)})." if one.rows else one.what for one in found]
    text = "\n".join(lines) or "Nothing incomplete, and nothing that disagrees."
    fields = [_statement("head", f"Data quality, {named(asked.period)}: {whose_words(asked.period.whose)}.")]
    fields += [_statement(f"line{n}", part) for n, part in enumerate(chunks(text, desk.rules))]
    return Form(deed="", title="Data quality", cancel="Close", fields=tuple(fields))


def _asked(desk: Desk, words: str) -> Asked:
    """The period asked for, of the rows this person may have counted."""
    whose = entitled_to(desk)
    asked = asked_for(words, desk.today)
    return replace(asked, period=replace(asked.period, whose=whose))


def _beginning(desk: Desk, asked: Asked) -> list[Field]:
    """From which day it is counted, where the period begins before the start."""
    said = beginning_said(desk, asked.period)
    return [_statement("beginning", said)] if said else []


def _named_table(desk: Desk, subject: str) -> tuple[Asked, PrintedTable]:
    words, _, name = subject.partition(AT)
    asked = _asked(desk, words)
    if name not in COUNTING:
        raise Refused("There is no such table. /iro figures shows those there are.")
    return asked, printed_tables(desk, asked.period, asked.by, only=(name,))[name]


def _periods(asked: Asked) -> list[Field]:
    split = f" by {asked.by.value}" if asked.by is not None else ""
    periods = [Button(label=one.capitalize(), deed="iro.figures", subject=f"{one}{split}") for one in CHOICES]
    words = replace(asked, by=None).words
    splits = [Button(label="Not split", deed="iro.figures", subject=words)]
    splits += [Button(label=f"B{said(one)[1:]}", deed="iro.figures", subject=f"{words} by {one}") for one in By]
    return [*_button_rows("periods", periods), *_button_rows("splits", splits)]


def _button_rows(key: str, buttons: Iterable[Button]) -> list[Field]:
    every = list(buttons)
    return [
        Field(key=f"{key}{start}", kind=FieldKind.BUTTONS, buttons=tuple(every[start : start + A_ROW]))
        for start in range(0, len(every), A_ROW)
    ]


def _statement(key: str, text: str) -> Field:
    return Field(key=key, kind=FieldKind.STATEMENT, text=text)
