"""The import of past concerns as one deed: read, checked, written, recorded."""

from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session, col, select

from handlers.history_import.reading import read_past
from handlers.history_import.values import PastConcern, RowReader
from handlers.history_import.writing import known_children, write
from handlers.imports.outcome import Findings, Progress, silent
from handlers.office import Scene
from storage import history
from storage.concerns import Concern
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: concerns added, those imported before, and children created as historical.

    `open`: how many of those added are open, and wait for their IROs to carry them on.
    """

    added: int
    unchanged: int
    children: int
    open: int = 0


def import_history(scene: Scene, text: str, *, progress: Progress = silent) -> Imported:
    """Import past concerns. ImportRefused names every wrong place, and then nothing is written.

    A concern is known again by its reference. Nobody is told, and no clock starts.
    """
    past = past_concerns(scene, text)
    before = imported_references(scene.session)
    new = [one for one in past if one.reference not in before]
    unknown = {one.child for one in new if one.child} - known_children(scene.session).keys()
    if new:
        first, last = write(scene.session, scene.authority, scene.rules.digest, new, scene.now, progress)
        history.record(
            scene.session,
            chain="authority",
            at=scene.now,
            actor_id=None,
            what="concerns imported",
            details={
                "concerns": len(new),
                "children": len(unknown),
                "first": first,
                "last": last,
                "file": sha256(text.encode()).hexdigest(),
            },
        )
    return Imported(added=len(new), unchanged=len(past) - len(new), children=len(unknown), open=_open(new))


def _open(past: list[PastConcern]) -> int:
    return sum(one.closed_on is None for one in past)


def past_concerns(scene: Scene, text: str) -> list[PastConcern]:
    """The concerns of a file, all of them right; else ImportRefused."""
    findings = Findings()
    reader = RowReader(rules=scene.rules, people=people_by_email(scene.session), today=scene.today)
    rows = read_past(text, scene.rules, findings)
    past = [one for row in rows if (one := reader.read(row)) is not None]
    findings.refuse_if_any()
    return past


def people_by_email(session: Session) -> dict[str, int]:
    """The ids of all people by their address."""
    return {email: ident for email, ident in session.exec(select(Person.email, Person.id)) if ident is not None}


def imported_references(session: Session) -> set[str]:
    """The references under which concerns were imported before."""
    query = select(Concern.imported_reference).where(col(Concern.imported_reference).is_not(None))
    return {reference for reference in session.exec(query) if reference is not None}
