"""A concern's file as paper, for the case record: who, when and what, both clocks, replies, moves, how it ended."""

from collections.abc import Iterator
from datetime import datetime

from handlers.export.concern_file import Asked, ConcernFile, Stage, Words
from handlers.paper import Chapter, Grid, GridColumn, Paper, Paragraph, Part, Points, Written
from handlers.wording import when
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN, CONCERN_FIRST
from scheduling.working_days import local

MARKING = "For the child's case record: confidential"
UNKNOWN = "\N{EN DASH}"
WHY = {"entry": "", "immediate": "urgent"}


def concern_paper(file: ConcernFile) -> Paper:
    """The whole file."""
    return Paper(
        title=f"{CONCERN_FIRST} {file.reference}",
        subtitle=file.about,
        marking=MARKING,
        facts=(
            ("Authority", file.authority),
            *_first_raised(file),
            ("Raised by", f"{file.raised_by}{_at(file.raised_at)}"),
            ("Procedures", file.procedures),
            ("How it stands", how_it_stands(file)),
            ("Taken out", f"{file.exported_by}{_at(file.exported_at)}: {file.export_reason}"),
        ),
        chapters=tuple(concern_chapters(file)),
        contents=False,
    )


def concern_chapters(file: ConcernFile, prefix: str = "") -> Iterator[Chapter]:
    """The file's chapters; a child's file says before each which concern it belongs to."""
    for title, parts in (
        (f"What the {CONCERN} says", _written(file.narrative)),
        ("Stages and who was asked", _stages(file)),
        ("Both clocks", [Points(items=tuple(_clocks(file)))]),
        ("Replies and reasons", _written(file.replies)),
        ("Extensions", _extensions(file)),
        ("Cafcass", _beside(file)),
        ("How it ended", [Paragraph(text=f"{how_it_stands(file)}.{_on_record(file)}")]),
        ("History", _history(file)),
        ("Check of the history", [Paragraph(text=" ".join(file.proof))]),
    ):
        if parts:
            yield Chapter(number="", title=f"{prefix}{title}", parts=tuple(parts))


def _first_raised(file: ConcernFile) -> Iterator[tuple[str, str]]:
    if file.first_raised_at is not None:
        yield "First raised", f"{say_day(local(file.first_raised_at).date())}. {file.succession}".strip()


def how_it_stands(file: ConcernFile) -> str:
    """ "Open: waiting", "Closed at 5 pm, Mon 4 Jan 2027: resolved"."""
    if file.closed_at is None:
        return f"Open: {file.state}"
    return f"Closed{_at(file.closed_at)}: {file.outcome or 'no outcome recorded'}"


def _on_record(file: ConcernFile) -> str:
    """ " A copy was put on the child's record on Mon 4 Jan 2027."."""
    if file.on_record_on is None:
        return ""
    return f" A copy was put on the child's record on {say_day(file.on_record_on)}."


def _at(moment: datetime | None) -> str:
    return f" at {when(moment)}" if moment else ""


def _written(pairs: tuple[Words, ...]) -> list[Part]:
    return [Written(heading=pair.heading, text=pair.text or "(no words)") for pair in pairs]


def _stages(file: ConcernFile) -> list[Part]:
    rows = tuple(_row(stage, one) for stage in file.stages for one in stage.people or (None,))
    if not rows:
        return []
    return [_grid(file, "stages", "Who was asked at each stage, and what they did",
                  ("Stage", "From", "Who", "As", "Seen", "Replied"), rows)]  # fmt: skip


def _row(stage: Stage, one: Asked | None) -> tuple[str, ...]:
    named = (
        f"{stage.title} ({why})" if (why := WHY.get(stage.why, stage.why)) else stage.title,
        when(stage.started_at),
    )
    if one is None:
        return (*named, "not recorded", UNKNOWN, UNKNOWN, UNKNOWN)
    instead = f"; {one.instead_of}" if one.instead_of else ""
    replied = f"{when(one.replied_at)}{_timely(stage, one.replied_at)}" if one.replied_at else UNKNOWN
    seen = when(one.seen_at) if one.seen_at else UNKNOWN
    return (*named, f"{one.name} ({one.role})", f"{one.part}{instead}", seen, replied)


def _timely(stage: Stage, replied_at: datetime) -> str:
    if stage.due_at is None:
        return ""
    return ", in time" if replied_at <= stage.due_at else ", late"


def _clocks(file: ConcernFile) -> Iterator[str]:
    """Each stage's time to reply, then that of all formal stages together."""
    for stage in file.stages:
        ended = f"; ended at {when(stage.ended_at)}" if stage.ended_at else "; not ended"
        if stage.due_at is None:
            yield f"{stage.title}: no time to reply was set{ended}."
        else:
            allowed = f" ({stage.allowed})" if stage.allowed else ""
            yield f"{stage.title}: reply by {when(stage.due_at)}{allowed}{ended}."
    if file.limit_at is None or file.limit_from is None:
        yield f"All formal stages together ({file.limit}): not begun."
    else:
        yield f"All formal stages together ({file.limit}): from {when(file.limit_from)} to {when(file.limit_at)}."


def _extensions(file: ConcernFile) -> list[Part]:
    rows = tuple(
        (when(one.before_at), when(one.after_at), one.asked_by or UNKNOWN, one.agreed_by, one.reason or UNKNOWN)
        for one in file.extensions
    )
    if not rows:
        return []
    return [_grid(file, "extensions", "Other deadlines that were agreed; they never move the limit of all stages",
                  ("From", "To", "Asked for by", "Agreed by", "Reason"), rows)]  # fmt: skip


def _beside(file: ConcernFile) -> list[Part]:
    items = tuple(f"{one.what}, {say_day(one.on)} (the notes are kept apart)" for one in file.beside)
    return [Points(items=items)] if items else []


def _history(file: ConcernFile) -> list[Part]:
    rows = tuple((when(one.at), one.who, one.what) for one in file.history)
    if not rows:
        return []
    return [_grid(file, "history", "What happened, when and by whom", ("When", "Who", "What"), rows)]


def _grid(
    file: ConcernFile, name: str, title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> Grid:
    return Grid(
        name=f"{file.reference}-{name}".lower(),
        number=0,
        title=title,
        columns=tuple(GridColumn(title=one) for one in columns),
        rows=rows,
    )
