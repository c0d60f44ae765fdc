"""A concern's file as Markdown, to read and to print; what people wrote is quoted, so that none of it is markup."""

import re
from collections.abc import Iterator
from datetime import datetime

from handlers.concerns.first_raised import first_raised_words
from handlers.export.concern_file import Asked, ConcernFile, Stage, Words
from handlers.wording import when
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN, CONCERN_FIRST

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(file: ConcernFile) -> str:
    """The file as Markdown text."""
    parts = (
        _head(file),
        _narrative(file),
        _stages(file),
        _limit(file),
        _replies(file),
        _extensions(file),
        _beside(file),
        _history(file),
    )
    text = "\n\n".join("\n".join(part) for part in (list(one) for one in (*parts, _end(file))) if part)
    return f"{text}\n"


def _head(file: ConcernFile) -> Iterator[str]:
    yield f"# {CONCERN_FIRST} {file.reference}, {plain(file.child)}"
    yield ""
    raised = f" at {when(file.raised_at)}" if file.raised_at else ""
    yield f"{first_raised_words(file.first_raised_at)} {file.succession}".strip()
    yield f"Raised by {plain(file.raised_by)}{raised}, under the procedures of {plain(file.procedures)}."
    yield f"Taken out at {when(file.exported_at)} by {plain(file.exported_by)}: {plain(file.export_reason)}"


def _narrative(file: ConcernFile) -> Iterator[str]:
    yield from _under(f"What the {CONCERN} says", file.narrative)


def _replies(file: ConcernFile) -> Iterator[str]:
    yield from _under("Replies and reasons", file.replies)


def _under(title: str, pairs: tuple[Words, ...]) -> Iterator[str]:
    if pairs:
        yield f"## {title}"
    for pair in pairs:
        yield ""
        yield f"### {plain(pair.heading)}"
        yield ""
        yield "\n".join(f"> {plain(line)}".rstrip() for line in pair.text.splitlines()) or "> (no words)"


def _stages(file: ConcernFile) -> Iterator[str]:
    if file.stages:
        yield "## Stages"
    for stage in file.stages:
        yield ""
        yield _stage(stage)
        yield from (_asked(one) for one in stage.people)


def _stage(stage: Stage) -> str:
    why = "" if stage.why == "entry" else f" ({stage.why})"
    allowed = f" ({stage.allowed})" if stage.allowed else ""
    due = f"; reply by {when(stage.due_at)}{allowed}" if stage.due_at else ""
    ended = f"; ended {when(stage.ended_at)}" if stage.ended_at else ""
    return f"**{plain(stage.title)}**{why}: from {when(stage.started_at)}{due}{ended}"


def _limit(file: ConcernFile) -> Iterator[str]:
    if file.limit_from is not None and file.limit_at is not None:
        yield f"All formal stages together ({file.limit}): from {when(file.limit_from)} to {when(file.limit_at)}."


def _history(file: ConcernFile) -> Iterator[str]:
    yield "## History"
    yield ""
    yield from (f"- {when(one.at)}: {plain(one.who)}, {plain(one.what)}" for one in file.history)
    yield ""
    yield " ".join(plain(one) for one in file.proof)


def _asked(one: Asked) -> str:
    done = [_moment("seen", one.seen_at), _moment("replied", one.replied_at)]
    facts = "; ".join(filter(None, (one.part, one.instead_of, *done)))
    return f"- {plain(one.name)} ({plain(one.role)}): {plain(facts)}"


def _moment(word: str, at: datetime | None) -> str:
    return f"{word} {when(at)}" if at else ""


def _extensions(file: ConcernFile) -> Iterator[str]:
    if file.extensions:
        yield "## Extensions"
        yield ""
    for one in file.extensions:
        asked = f", asked for by {plain(one.asked_by)}" if one.asked_by else ""
        reason = f": {plain(' '.join(one.reason.split()))}" if one.reason else ""
        moved = f"from {when(one.before_at)} to {when(one.after_at)}"
        yield f"- {moved}, agreed by {plain(one.agreed_by)}{asked}{reason}"


def _beside(file: ConcernFile) -> Iterator[str]:
    if file.beside:
        yield "## Cafcass"
        yield ""
    for one in file.beside:
        yield f"- {one.what}, {say_day(one.on)} (the notes are kept apart)"


def _end(file: ConcernFile) -> Iterator[str]:
    yield "## How it stands"
    yield ""
    if file.closed_at is None:
        yield f"Open: {file.state}."
    else:
        yield f"Closed at {when(file.closed_at)}: {file.outcome or 'no outcome recorded'}."


def plain(text: str) -> str:
    """Text in which no sign is markup."""
    return _MARKS.sub(r"\\\1", text)
