"""Takes in totals as earlier reports printed them, so that the data-quality page can say where the rows differ."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from sqlmodel import select

from handlers.day_windows import DayOf
from handlers.figures.counting_rules import COUNTING
from handlers.imports.outcome import Findings, ImportResult, Progress, silent
from handlers.imports.rows import Columns, Row, read_rows, shown
from handlers.office import Scene
from storage import history
from storage.printed_totals import PrintedTotal

COLUMNS = Columns(required=("from", "to", "table", "row", "column", "printed"), optional=("source",))
Key = tuple[object, ...]


def import_printed(scene: Scene, text: str, *, progress: Progress = silent) -> ImportResult:
    """Import printed totals: all rows or none; a cell printed by the same source again takes the new number."""
    findings = Findings()
    read = [one for row in read_rows(text, COLUMNS, findings) if (one := _read(row, scene.today)) is not None]
    findings.refuse_if_any()
    known = {_key(one): one for one in scene.session.exec(select(PrintedTotal))}
    added = changed = 0
    for place, one in enumerate(read, start=1):
        before = known.get(_key(one))
        if before is None:
            scene.session.add(one)
            known[_key(one)] = one
            added += 1
        elif before.printed != one.printed:
            before.printed = one.printed
            scene.session.add(before)
            changed += 1
        progress(place, len(read))
    if added or changed:
        _record(scene, text, {"added": added, "changed": changed})
    return ImportResult(added=added, changed=changed, unchanged=len(read) - added - changed)


def _record(scene: Scene, text: str, counted: Mapping[str, int]) -> None:
    history.record(
        scene.session,
        chain="authority",
        at=scene.now,
        actor_id=None,
        what="printed totals imported",
        details={**counted, "file": sha256(text.encode()).hexdigest()},
    )


def _key(one: PrintedTotal) -> Key:
    return (one.first_on, one.last_on, one.table_name, one.row_name, one.column_name, one.source)


def _read(row: Row, today: date) -> PrintedTotal | None:
    before = len(row.findings.problems)
    first, last = row.day("from", DayOf.PRINTED, today), row.day("to", DayOf.PRINTED, today)
    for column in COLUMNS.required:
        row.needed(column)
    if first is not None and last is not None and last < first:
        row.wrong("to", "lies before from: swap the two dates")
    if row["table"] and row["table"] not in COUNTING:
        row.wrong("table", f"{shown(row['table'])} is no table: {', '.join(COUNTING)}")
    number = _number(row)
    for column, most in (("row", 120), ("column", 60), ("source", 200)):
        row.short(column, most)
    if len(row.findings.problems) > before or first is None or last is None or number is None:
        return None
    return PrintedTotal(
        first_on=first,
        last_on=last,
        table_name=row["table"],
        row_name=row["row"],
        column_name=row["column"],
        printed=number,
        source=row["source"],
    )


def _number(row: Row) -> float | None:
    text = row["printed"].replace(",", "").removesuffix("%")
    try:
        return float(text)
    except ValueError:
        if text:
            row.wrong("printed", f"{shown(row['printed'])} is no number")
        return None
