"""`import`: a CSV file read, checked, taken in or refused as a whole, with what changed in one line."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import typer
from sqlmodel import Session

from bot.commands.opening import opened
from bot.commands.progress import Show, progress_bar
from handlers.figures.printed_import import import_printed
from handlers.history_import import import_history
from handlers.imports import ImportResult, import_absences, import_children, import_staff
from handlers.imports.outcome import Progress
from handlers.office import Scene
from handlers.refusals import Refused
from handlers.review_import import import_reviews
from handlers.typed import without_private_signs
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO, said


class OnlyTried(Exception):
    """A dry run is over: everything it did is rolled back."""


def staff(file: Path, *, dry_run: bool, leavers: bool, authority: str) -> None:
    """Import staff; with `leavers` those missing from the file are listed and marked as left."""
    text = text_of(file)

    def take_in(scene: Scene, progress: Show) -> ImportResult:
        return import_staff(
            scene.session,
            scene.rules,
            text,
            scene.today,
            scene.now,
            leavers=leavers,
            progress=progress,
        )

    taken_in("Importing staff", lambda *given: told(take_in(*given)), dry_run=dry_run, authority=authority)


def children(file: Path, *, dry_run: bool, authority: str) -> None:
    """Import children."""
    _plain_import("Importing children", import_children, file, dry_run=dry_run, authority=authority)


def absences(file: Path, *, dry_run: bool, authority: str) -> None:
    """Import absences."""
    _plain_import("Importing absences", import_absences, file, dry_run=dry_run, authority=authority)


class PlainImport(Protocol):
    """An import without options of its own."""

    def __call__(
        self,
        session: Session,
        rules: Procedures,
        text: str,
        today: date,
        now: datetime,
        /,
        *,
        progress: Progress | None,
    ) -> ImportResult: ...


def _plain_import(words: str, import_: PlainImport, file: Path, *, dry_run: bool, authority: str) -> None:
    text = text_of(file)

    def take_in(scene: Scene, progress: Show) -> str:
        return told(import_(scene.session, scene.rules, text, scene.today, scene.now, progress=progress))

    taken_in(words, take_in, dry_run=dry_run, authority=authority)


def told(result: ImportResult) -> str:
    """What an import did: who left first, then who has another address, what to look at, and the counts."""
    lines = [f"Left: {one}" for one in result.left]
    lines += [f"Renamed: {one}" for one in result.renamed]
    lines += [f"Please look at: {one}" for one in result.notes]
    left = f", {len(result.left)} left" if result.left else ""
    return "\n".join([*lines, f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged{left}."])


def concerns(file: Path, *, dry_run: bool, authority: str) -> None:
    """Import past concerns."""
    text = text_of(file)

    def take_in(scene: Scene, progress: Show) -> str:
        done = import_history(scene, text, progress=progress)
        counts = (
            f"{counted(done.added, CONCERN, CONCERNS)} added, {done.unchanged} imported before, "
            f"{counted(done.children, 'child', 'children')} created as historical."
        )
        return f"{counts} {_to_carry_on(done.open)}".strip()

    taken_in(f"Importing {CONCERNS}", take_in, dry_run=dry_run, authority=authority)


def _to_carry_on(number: int) -> str:
    """That what is open starts no clock by itself."""
    if not number:
        return ""
    which = "1 of them is open and has" if number == 1 else f"{number} of them are open and have"
    it = "it" if number == 1 else "each"
    return f'{which} no clock until the {IRO} presses "Carry on": {it} stands in their day.'


def reviews(file: Path, *, dry_run: bool, authority: str) -> None:
    """Import past reviews."""
    text = text_of(file)

    def take_in(scene: Scene, progress: Show) -> str:
        done = import_reviews(scene, text, progress=progress)
        counts = (
            f"{counted(done.added, 'review')} added, {done.unchanged} known before, "
            f"{counted(done.children, 'child', 'children')} created as historical, "
            f"{counted(done.planned, 'next review')} planned."
        )
        return "\n".join([*(f"Please look at: {one}" for one in done.odd), counts])

    taken_in("Importing reviews", take_in, dry_run=dry_run, authority=authority)


def printed(file: Path, *, dry_run: bool, authority: str) -> None:
    """Import totals as an earlier report printed them."""
    text = text_of(file)

    def take_in(scene: Scene, progress: Show) -> str:
        return told(import_printed(scene, text, progress=progress))

    taken_in("Importing printed totals", take_in, dry_run=dry_run, authority=authority)


def taken_in(words: str, take_in: Callable[[Scene, Show], str], *, dry_run: bool, authority: str) -> None:
    """Do an import in one transaction and say what it did; a dry run is rolled back."""
    done = ""
    with opened(authority) as data:
        try:
            with data.scene() as scene, progress_bar(said(words, scene.rules)) as progress:
                done = said(take_in(scene, progress), scene.rules)
                if dry_run:
                    raise OnlyTried
        except OnlyTried:
            done = f"Nothing was changed (dry run). It would have been:\n{done}"
    typer.echo(done)


def text_of(file: Path) -> str:
    """The text of a file in UTF-8; Refused with a sentence for any other."""
    try:
        return without_private_signs(file.read_bytes().decode("utf-8-sig"))
    except OSError as problem:
        raise Refused(f"{file} cannot be read: {problem.strerror or problem}.") from None
    except UnicodeDecodeError:
        raise Refused(f"{file} is not UTF-8: save it as “CSV UTF-8” and import it again.") from None


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 concern", "2 concerns"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
