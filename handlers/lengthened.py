"""Dates that a change of the calendar made later: those who were told the old one read the new one the next morning."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from handlers.cards import Button, Line
from handlers.concern_buttons import button_about
from handlers.hearing import for_iro, for_iro_of, reached
from handlers.messages.informing import moved_information, reopened
from handlers.messages.subjects import number_in
from handlers.office import Scene
from handlers.people.days_worked import MOST_OFF, worked_before
from handlers.reviews.day_line import open_review_button
from handlers.standing import iro_of
from handlers.timetable.tasks import ANSWERED
from handlers.wording import whom
from scheduling.deadline_wording import say_day
from scheduling.working_days import at_local, local
from storage import children, concern_lists, concerns, history, outbox, people, reviews, stage_runs
from storage.concerns import OPEN_STATES, ConcernState
from storage.history import History
from storage.reviews import OPEN_REVIEWS
from storage.stage_runs import Part, StageRun

LENGTHENED = "lengthened by the calendar"
LIMIT_LENGTHENED = "the limit of all stages lengthened by the calendar"
"""What the history calls it."""


def days_kept(before: datetime | date, until: datetime | date) -> dict[str, str]:
    """The old and the new day, for the history."""
    days = {"before": before, "until": until}
    return {key: (local(one).date() if isinstance(one, datetime) else one).isoformat() for key, one in days.items()}


_What = tuple[str, str, int | None, str | None]
"""Of which subject, which date: of reviews, of which review and task."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One date that moved, with those who were told it before."""

    told: frozenset[int]
    text: str
    opens: Button


def lengthened_lines(scene: Scene, person_id: int, mine: Collection[int]) -> list[Line]:
    """The person's lines this morning; of many concerns those alone are looked at that can be theirs."""
    since = worked_before(scene.calendar, people.get(scene.session, person_id), scene.today)
    is_manager = any("iro_manager" in people.roles_on(scene.session, one, scene.today) for one in mine)
    moved = _moved(scene, since, None if is_manager else mine)
    return [Line(text=one.text, buttons=(one.opens,)) for one in moved if person_id in one.told]


def told_of_lengthening(scene: Scene) -> set[int]:
    """Everybody who may have such a line this morning."""
    return {one for moved in _moved(scene, scene.calendar.add(scene.today, -MOST_OFF - 1)) for one in moved.told}


def told_a_date(scene: Scene, run: StageRun, iro_id: int) -> list[int]:
    """Those who were told the date of a stage run, or hear for them.

    Those still awaited, the copied and the alerted, and who had a part before and read of the stage for information.
    """
    assert run.id is not None
    parts = stage_runs.people_of(scene.session, run.id)
    heard = [one for one in parts if one.part is not Part.ADDRESSED or one.is_awaited]
    order = [Part.ADDRESSED, Part.COPIED, Part.ALERTED]
    heard.sort(key=lambda one: order.index(one.part))
    here = {one.person_id for one in parts}
    read = outbox.sent_about_run(scene.session, run.id, (moved_information.name, reopened.name))
    told = [*(one.person_id for one in heard), *(one for one in read if one not in here)]
    return list(dict.fromkeys(reached(scene, one, never=iro_id) for one in told))


def _moved(scene: Scene, since: date, of: Collection[int] | None = None) -> Iterator[Moved]:
    """What moved from the morning of that day to this morning, by its last move; what has ended since is left out.

    `of` these people alone, where they are given: concerns in which they have a part, or are the IRO.
    """
    after, until = (at_local(day, scene.rules.your_day_at) for day in (since, scene.today))
    first: dict[_What, str] = {}
    last: dict[_What, tuple[History, str]] = {}
    for entry in history.kept_between(scene.session, after, until, (LENGTHENED, LIMIT_LENGTHENED)):
        details = json.loads(entry.details)
        what = (entry.chain, entry.what, details.get("review"), details.get("task"))
        if "before" in details:
            first.setdefault(what, details["before"])
            last[what] = entry, details["until"]
    near = concern_lists.near(scene.session, of) if last and of is not None else None
    for what, (entry, day) in last.items():
        if near is not None and entry.chain.startswith("concern:") and number_in(entry.chain) not in near:
            continue
        draw = _of_concern if entry.chain.startswith("concern:") else _of_review
        moved = draw(scene, entry, date.fromisoformat(first[what]), date.fromisoformat(day))
        if moved is not None:
            yield moved


def _of_concern(scene: Scene, entry: History, before: date, until: date) -> Moved | None:
    """The day of the reply, to all who were told it; that of the end of all stages, to the IRO."""
    concern = concerns.get(scene.session, number_in(entry.chain))
    run = stage_runs.get(scene.session, concern.run_id) if concern is not None and concern.run_id is not None else None
    if concern is None or run is None or concern.state not in OPEN_STATES:
        return None
    child = children.get(scene.session, concern.child_id) if concern.child_id is not None else None
    about = f"{concern.reference} ({whom(scene, child)})" if child is not None else concern.reference
    told = set(for_iro(scene, concern, child))
    if entry.what == LIMIT_LENGTHENED:
        stands, what = concern.limit_at, f"All stages of {about} end on"
    else:
        stands = run.due_at if concern.state is ConcernState.WAITING else None
        what = f"The reply to {about} is due by"
        told |= set(told_a_date(scene, run, iro_of(concern, child)))
    if stands is None or local(stands).date() != until:
        return None
    opens = button_about(concern, "Open", "concern.open")
    return Moved(told=frozenset(told), text=_text(scene, what, before, until), opens=opens)


def _of_review(scene: Scene, entry: History, before: date, until: date) -> Moved | None:
    """The day of a review, to its IRO; that of the answer to decisions, to who is asked as well."""
    details = json.loads(entry.details)
    child, review = children.get(scene.session, number_in(entry.chain)), reviews.get(scene.session, details["review"])
    if child is None or review is None:
        return None
    told, opens = set(for_iro_of(scene, child)), open_review_button(child, review.id)
    answer = review.decisions_answer_due_at if review.decisions_answer is None else None
    if details.get("task") is None and review.state in OPEN_REVIEWS and review.due_on == until:
        what = f"The review of {whom(scene, child)} is due by"
    elif details.get("task") == ANSWERED and answer is not None and local(answer).date() == until:
        what = f"The answer to the decisions about {whom(scene, child)} is due by"
        told |= {reached(scene, one, never=child.iro_id) for one in (review.decisions_to_id,) if one is not None}
    else:
        return None
    return Moved(told=frozenset(told), text=_text(scene, what, before, until), opens=opens)


def _text(scene: Scene, what: str, before: date, until: date) -> str:
    return f"{what} {say_day(until, scene.today)}, not {say_day(before, scene.today)}: the calendar has changed."
