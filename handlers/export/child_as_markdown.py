"""A child's file as Markdown: the timeline day by day, then each concern that may be read in full."""

from collections.abc import Iterator
from itertools import groupby

from handlers.export.as_markdown import as_markdown, plain
from handlers.export.child_file import ChildFile
from handlers.wording import when
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO_FIRST


def child_as_markdown(file: ChildFile) -> str:
    """The file as Markdown text."""
    parts = ["\n".join(_head(file)), "\n".join(_timeline(file)), *(as_markdown(one).strip() for one in file.concerns)]
    return "\n\n".join(parts) + "\n"


def _head(file: ChildFile) -> Iterator[str]:
    yield f"# File of {plain(file.reference)}"
    yield ""
    since = f" since {say_day(file.looked_after_from)}" if file.looked_after_from else ""
    left = f"; left care on {say_day(file.left_care_on)}" if file.left_care_on else ""
    yield f"{plain(file.track)}{since}{left}. {IRO_FIRST}: {plain(file.iro)}. The case is held by {plain(file.holder)}."
    yield f"Taken out at {when(file.exported_at)} by {plain(file.exported_by)}: {plain(file.export_reason)}"


def _timeline(file: ChildFile) -> Iterator[str]:
    yield "## Timeline"
    if not file.timeline:
        yield ""
        yield "Nothing is recorded."
    for day, events in groupby(file.timeline, key=lambda event: event.on):
        yield ""
        yield f"**{say_day(day)}**"
        yield ""
        for event in events:
            yield f"- {plain(event.called)}: {plain(event.what)}"
            yield from (f"  > {plain(line)}".rstrip() for line in event.words.splitlines())
