"""`export`: a concern's or a child's file written to a folder, for someone entitled to it, and recorded."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import typer

from bot.commands.opening import Opened, opened
from bot.documents.folder import make_folder, write_whole
from bot.documents.record import child_in_docx, child_in_markdown, concern_in_docx, concern_in_markdown
from handlers.export.as_json import as_json
from handlers.export.child_file import ChildFile, export_child
from handlers.export.concern_file import ConcernFile, export_concern
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.terms import in_words
from scheduling.procedures import Procedures
from storage import people
from storage.database import transaction

File = TypeVar("File", ConcernFile, ChildFile)
Export = Callable[[Desk, str, str], File]
CONCERN_WRITERS: Mapping[str, Callable[[ConcernFile, Procedures], bytes]] = {
    "docx": concern_in_docx,
    "md": concern_in_markdown,
    "json": lambda file, rules: as_json(in_words(file, rules)).encode(),
}
CHILD_WRITERS: Mapping[str, Callable[[ChildFile, Procedures], bytes]] = {
    "docx": child_in_docx,
    "md": child_in_markdown,
    "json": lambda file, rules: as_json(in_words(file, rules)).encode(),
}


def concern(reference: str, out: Path, *, email: str, reason: str, shapes: tuple[str, ...], authority: str) -> None:
    """Write a concern's file in each shape and print where."""
    with opened(authority, narrative=True) as data:
        make_folder(out)
        file, rules = taken_out(data, export_concern, reference, email, reason)
    for shape in shapes:
        path = out / f"concern-{file.reference}.{shape}"
        write_whole(path, CONCERN_WRITERS[shape](file, rules))
        typer.echo(path)


def child(reference: str, out: Path, *, email: str, reason: str, shapes: tuple[str, ...], authority: str) -> None:
    """Write a child's file in each shape and print where."""
    with opened(authority, narrative=True) as data:
        make_folder(out)
        file, rules = taken_out(data, export_child, reference, email, reason)
    for shape in shapes:
        path = out / f"child-{file.reference.replace('/', '-')}.{shape}"
        write_whole(path, CHILD_WRITERS[shape](file, rules))
        typer.echo(path)


def taken_out(data: Opened, export: Export[File], reference: str, email: str, reason: str) -> tuple[File, Procedures]:
    """The file, if that person may have it, recorded under their name; and the rules whose words it is written in."""
    with transaction(data.engine, data.authority) as session:
        scene = data.scene_in(session)
        person = people.by_email(session, email)
        if person is None or person.has_left(scene.today):
            raise Refused(f"Nobody in service has the address {email}: check --as.")
        desk = Desk(
            session=session,
            now=data.now,
            authority=data.authority,
            rules=scene.rules,
            actor=person,
            platform="command line",
        )
        return export(desk, reference, reason), scene.rules
