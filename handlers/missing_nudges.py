"""A walk over every open clock: what has lost its next nudge gets it again, and is named in the log and its history.

It is looked for by sets and without a lock, and nearly always nothing is found. What is found is looked at again under
the concern's lock and written a few at a time.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session

from handlers.concerns.case import Case, case_of
from handlers.messages.of_reviews import answer_deadline
from handlers.messages.subjects import DAY, number_in, of_concern, of_review
from handlers.mornings import next_morning
from handlers.named_subjects import named
from handlers.next_nudges import Next, is_urgent, of_decisions, of_the_hour, still_asks
from handlers.next_nudges import of_concern as next_of_concern
from handlers.office import Scene, rules_in_force
from handlers.reviews.case import record
from handlers.undrawn import drawn
from scheduling.ladder import Rung
from storage import children, concern_lists, concern_pages, concerns, history, nudges, outbox, reviews
from storage.concerns import OPEN_STATES, Concern
from storage.database import transaction
from storage.reviews import Review
from storage.stage_runs import StageRun

log = logging.getLogger(__name__)

BATCH = 3
"""Clocks written in one transaction, so that nobody waits long for the lock."""
PLANNED_AGAIN = "a missing reminder was planned again"
"""What the history calls it."""

Planned = Mapping[str, Collection[tuple[str, int | None]]]
"""By subject: the rungs planned about it, each with the stage run it was planned for."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What may lack a nudge of one subject, and under which chain its history is kept."""

    subject: str
    chain: str
    lacking: Sequence[Next]


def plan_missing(engine: Engine, authority: str, now: datetime) -> int:
    """Plan what is missing, at its moment, or now where that has passed; returns how many."""
    with transaction(engine, authority, writes=False) as session:
        scene = _scene(session, authority, now)
        found = [look.subject for look in _still_to_do(session, _looks(scene)) if _asks(scene, look)]
    planned = 0
    for start in range(0, len(found), BATCH):
        with transaction(engine, authority) as session:
            scene = _scene(session, authority, now)
            planned += sum(_plan(scene, subject) for subject in found[start : start + BATCH])
    return planned + _plan_morning(engine, authority, now)


def _scene(session: Session, authority: str, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))


def _looks(scene: Scene) -> list[Look]:
    """Whatever lacks a nudge that its state asks for."""
    planned = _planned(nudges.every_planned(scene.session))
    elsewhere = {concern.id for concern, *_ in concern_lists.to_be_carried_on(scene.session)}
    looks = []
    for concern, run in concern_pages.clocks(scene.session, OPEN_STATES):
        if concern.id not in elsewhere:  # no clock runs for it here yet
            look = partial(_look_at, scene, concern, run, planned)
            looks.append(drawn(scene, concern.reference, look, lambda: None))
    for review in reviews.unanswered(scene.session):
        look = partial(_look_at_decisions, scene, review, planned)
        looks.append(drawn(scene, f"review {review.id}", look, lambda: None))
    return [one for one in looks if one is not None and one.lacking]


def _planned(rows: Iterable[tuple[str, str, int | None]]) -> Planned:
    found: dict[str, set[tuple[str, int | None]]] = {}
    for subject, rung, run_id in rows:
        found.setdefault(subject, set()).add((rung, run_id))
    return found


def _look_at(scene: Scene, concern: Concern, run: StageRun | None, planned: Planned) -> Look:
    """What depends on people is asked only where its nudge is not there."""
    rules = scene.frozen_rules(concern.procedures_digest)
    case = Case(scene=scene, concern=concern, child=None, run=run, rules=rules)
    have = planned.get(case.subject, ())
    lacking = [one for one in next_of_concern(case) if (one.rung, one.run_id) not in have]
    if is_urgent(case) and (Rung.UNSEEN, concern.run_id) not in have:
        lacking += of_the_hour(case_of(scene, concern))
    return Look(subject=case.subject, chain=case.subject, lacking=lacking)


def _look_at_decisions(scene: Scene, review: Review, planned: Planned) -> Look:
    subject = of_review(review.id)
    due = answer_deadline(scene, review.decisions_sent_at) if review.decisions_sent_at is not None else None
    have = {rung for rung, _ in planned.get(subject, ())}
    lacking = [one for one in of_decisions(review, due.at if due is not None else None) if one.rung not in have]
    return Look(subject=subject, chain=f"child:{review.child_id}", lacking=lacking)


def _still_to_do(session: Session, looks: Sequence[Look]) -> list[Look]:
    """Without what the history says was done since: it acts once, and leaves no nudge behind."""
    words = {one.done for look in looks for one in look.lacking if one.done}
    done = history.latest(session, {look.chain for look in looks}, words) if words else {}
    kept = []
    for look in looks:
        lacking = [one for one in look.lacking if not _was_done(one, done.get((look.chain, one.done)))]
        if lacking:
            kept.append(Look(subject=look.subject, chain=look.chain, lacking=lacking))
    return kept


def _asks(scene: Scene, look: Look) -> bool:
    return any(True for _ in _asking(scene, look))


def _asking(scene: Scene, look: Look) -> Iterator[Next]:
    """Those that would ask somebody: looked at last, since it takes a look at the people."""
    for one in look.lacking:
        if not one.if_anybody:
            yield one
            continue
        concern = concerns.get(scene.session, number_in(look.subject))
        if concern is not None and still_asks(case_of(scene, concern), one):
            yield one


def _was_done(one: Next, at: datetime | None) -> bool:
    return at is not None and one.since is not None and at >= one.since


def _plan(scene: Scene, subject: str) -> int:
    """The nudges of one subject, as it stands by now under its lock."""
    look = _again(scene, subject)
    if look is None:
        return 0
    lacking = [one for found in _still_to_do(scene.session, [look]) for one in _asking(scene, found)]
    for one in lacking:
        due = max(one.at, scene.now)
        nudges.plan(scene.session, subject=subject, rung=one.rung, due_at=due, run_id=one.run_id)
        _name(scene, subject, one)
    return len(lacking)


def _again(scene: Scene, subject: str) -> Look | None:
    number, session = number_in(subject), scene.session
    if subject == of_concern(number):
        concern = concerns.locked(session, number)
        if concern is None or concern.state not in OPEN_STATES:
            return None
        run = case_of(scene, concern).run
        return _look_at(scene, concern, run, _of_one(session, subject))
    review = reviews.get(session, number, for_change=True)
    return _look_at_decisions(scene, review, _of_one(session, subject)) if review is not None else None


def _of_one(session: Session, subject: str) -> Planned:
    return _planned((one.subject, one.rung, one.run_id) for one in nudges.planned_about(session, subject))


def _name(scene: Scene, subject: str, one: Next) -> None:
    """In the history, and in the log."""
    number = number_in(subject)
    if subject == of_concern(number):
        concern = concerns.get(scene.session, number)
        assert concern is not None
        case_of(scene, concern).record_by_clock(PLANNED_AGAIN, rung=one.rung.value)
    else:
        review = reviews.get(scene.session, number)
        child = children.get(scene.session, review.child_id) if review is not None else None
        assert child is not None
        record(scene, child, PLANNED_AGAIN, details={"review": number, "rung": one.rung.value})
    name = named(scene.session, subject)
    log.error("authority=%s %s had lost its next reminder (%s): it is planned again.", scene.authority, name, one.rung)


def _plan_morning(engine: Engine, authority: str, now: datetime) -> int:
    """The next morning; where nobody was ever told anything it was not lost."""
    with transaction(engine, authority, writes=False) as session:
        if nudges.planned_about(session, DAY):
            return 0
    with transaction(engine, authority) as session:
        next_morning(_scene(session, authority, now))
        lost = outbox.ever_owed(session)
    if lost:
        log.error("authority=%s The next morning was not planned: it is planned again.", authority)
    return int(lost)
