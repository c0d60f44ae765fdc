"""Writes past concerns in bulk: no messages, no nudges, no clocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy import case, insert, update
from sqlmodel import Session, SQLModel, col, select

from handlers.history_import.values import PastConcern
from handlers.imports.outcome import Progress
from scheduling.working_days import at_local
from storage import authorities
from storage.children import Child
from storage.concerns import Concern, ConcernReason, ConcernState
from storage.referrals import Referral, ReferralKind
from storage.replies import Reply
from storage.stage_runs import RunKind, StageRun

BATCH = 2000
POINTED_AT_ONCE = 500
NOON = time(12)

Columns = dict[str, object]
Item = TypeVar("Item")


def noon(day: date) -> datetime:
    """A past day is kept as its noon in London, UTC."""
    return at_local(day, NOON)


def write(
    session: Session,
    authority: str,
    digest: str,
    past: Sequence[PastConcern],
    now: datetime,
    progress: Progress,
) -> tuple[int, int]:
    """Write the concerns, oldest first, with the next numbers; returns the first and the last of them."""
    ordered = sorted(past, key=lambda one: (one.raised_on, one.line))
    first = take_numbers(session, authority, len(ordered))
    children = written_children(session, {one.child for one in ordered if one.child})
    done = 0
    for batch in _batches(ordered):
        numbered = [(first + done + place, one) for place, one in enumerate(batch)]
        _write_batch(session, numbered, children, digest, now)
        done += len(batch)
        progress(done, len(ordered))
    return first, first + len(ordered) - 1


def take_numbers(session: Session, authority: str, how_many: int) -> int:
    """Take that many concern numbers in a row and return the first; the authority's row stays locked."""
    first = authorities.next_concern_number(session, authority)
    row = authorities.find(session, authority)
    if row is not None:
        row.last_concern_number = first + how_many - 1
        session.add(row)
        session.flush()
    return first


def written_children(session: Session, references: set[str]) -> Mapping[str, int]:
    """The ids of children by reference; those not known are created as historical."""
    known = known_children(session)
    new = sorted(references - known.keys())
    for batch in _batches(new):
        rows: list[Columns] = [{"reference": reference, "historical": True} for reference in batch]
        known.update(zip(batch, _insert(session, Child, rows), strict=True))
    return known


def known_children(session: Session) -> dict[str, int]:
    """The ids of all children by reference."""
    query = select(Child.reference, Child.id)
    return {reference: ident for reference, ident in session.exec(query) if ident is not None}


def _write_batch(
    session: Session,
    numbered: list[tuple[int, PastConcern]],
    children: Mapping[str, int],
    digest: str,
    now: datetime,
) -> None:
    rows = [_concern(number, one, children, digest) for number, one in numbered]
    ids = _insert(session, Concern, rows)
    placed = [(ident, one) for ident, (_, one) in zip(ids, numbered, strict=True)]
    runs = [run for ident, one in placed for run in _runs(ident, one)]
    run_ids = iter(_insert(session, StageRun, runs))
    run_ids_of = {ident: [next(run_ids) for _ in one.stages] for ident, one in placed}
    point_at_last_run(session, {ident: runs[-1] for ident, runs in run_ids_of.items()})
    _add(session, ConcernReason, (row for ident, one in placed for row in _reasons(ident, one)))
    _add(session, Reply, (row for ident, one in placed for row in _reply(ident, one, run_ids_of[ident])))
    _add(session, Referral, (row for ident, one in placed for row in _referral(ident, one, now)))


def _concern(number: int, one: PastConcern, children: Mapping[str, int], digest: str) -> Columns:
    raised = noon(one.raised_on)
    return {
        "number": number,
        "imported_reference": one.reference,
        "child_id": children[one.child] if one.child else None,
        "about_service": one.child is None,
        "iro_id": one.raised_by_id,
        "team": one.team,
        "state": ConcernState.CLOSED if one.closed_on else ConcernState.WAITING,
        "procedures_digest": digest,
        "drafted_at": raised,
        "raised_at": raised,
        "state_since": noon(one.closed_on) if one.closed_on else noon(one.stages[-1][1]),
        "significant_harm": one.significant_harm,
        "agency": one.agency,
        "start_at": one.stages[0][0],
        "highest_stage": one.stages[-1][0],
        "closed_at": noon(one.closed_on) if one.closed_on else None,
        "outcome": one.outcome,
        "imported": True,
    }


def _runs(concern_id: int, one: PastConcern) -> Iterator[Columns]:
    """A run for each stage entered; it ended when the next began, or when the concern was closed."""
    ends = [*(day for _, day in one.stages[1:]), one.closed_on]
    for (number, day), ended in zip(one.stages, ends, strict=True):
        yield {
            "concern_id": concern_id,
            "number": number,
            "kind": RunKind.ENTRY,
            "started_at": noon(day),
            "counted_from": noon(day),
            "ended_at": noon(ended) if ended else None,
            "started_by_id": one.raised_by_id,
        }


def _reasons(concern_id: int, one: PastConcern) -> Iterator[Columns]:
    for place, reason in enumerate(one.reasons):
        yield {"concern_id": concern_id, "reason": reason, "main": one.has_main and place == 0}


def _reply(concern_id: int, one: PastConcern, run_ids: Sequence[int]) -> Iterator[Columns]:
    """The reply, on the last stage that had begun by then; nobody recorded who gave it."""
    if one.replied_on is not None:
        begun = sum(1 for _, day in one.stages if day <= one.replied_on)
        yield {"concern_id": concern_id, "run_id": run_ids[begun - 1], "given_at": noon(one.replied_on)}


def _referral(concern_id: int, one: PastConcern, now: datetime) -> Iterator[Columns]:
    if one.cafcass_on is not None:
        yield {
            "concern_id": concern_id,
            "kind": ReferralKind.CAFCASS_REFERRAL,
            "happened_on": one.cafcass_on,
            "by_id": one.raised_by_id,
            "recorded_at": now,
        }


def point_at_last_run(session: Session, last_runs: Mapping[int, int]) -> None:
    """Let each concern stand at its last run; both are named, as no plan finds them quickly in a new table."""
    for concern_ids in _batches(list(last_runs), POINTED_AT_ONCE):
        session.exec(
            update(Concern)
            .where(col(Concern.id).in_(concern_ids))
            .values(run_id=case({ident: last_runs[ident] for ident in concern_ids}, value=col(Concern.id)))
            .execution_options(synchronize_session=False)
        )


def _add(session: Session, table: type[SQLModel], rows: Iterable[Columns]) -> None:
    """Insert rows whose ids nobody needs."""
    if given := list(rows):
        session.execute(insert(table), given)


def _insert(session: Session, table: type[SQLModel], rows: Iterable[Columns]) -> list[int]:
    """Insert rows and return their ids in the same order."""
    given = list(rows)
    if not given:
        return []
    ident = table.__table__.c.id  # type: ignore[attr-defined]  # SQLModel hides the table
    statement = insert(table).returning(ident, sort_by_parameter_order=True)
    return list(session.execute(statement, given).scalars())


def _batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
