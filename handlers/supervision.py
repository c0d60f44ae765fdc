"""`/caseload @name`: one person's page for supervision, for their line manager: ages and days, no word of a case.

To everyone else it is as if there were nobody of that name, and of a concern stands here what the reader may know of.
"""

from collections.abc import Iterator
from datetime import time

from handlers import did_you_mean
from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.day import ahead
from handlers.day.part import MOST, Part
from handlers.day.team import awaited_in, due_late, standing_of
from handlers.day_words import by, opened, ref, until
from handlers.figures.reporting_years import year_of
from handlers.messages.of_praise import sender
from handlers.mistyped import narrative_refused
from handlers.namesakes import labels_of
from handlers.office import Desk
from handlers.people.entitlement import supervised
from handlers.people.finding import who_is_meant
from handlers.people.line import id_of
from handlers.refusals import NotFound
from handlers.requests import Request
from handlers.reviews.day_line import open_review_button, whose
from handlers.rights import May, child_standing, may, standing
from handlers.wording import run_words
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERNS
from scheduling.working_days import at_local, local
from storage import children, concern_lists, concern_pages, concerns, decisions, people, praise, stage_runs
from storage.concern_lists import Standing
from storage.concerns import OPEN_STATES, ConcernState
from storage.people import Person
from storage.stage_runs import StageRun

PAGE = "caseload.page"
MOST_NAMED = 20
LONGEST_NAME = 3
"""Words: what is longer, and names nobody, is no name."""


def show_page(desk: Desk, request: Request) -> Answer:
    """The page of the person named after the command, or of the one whose name was pressed; else whose there are."""
    theirs = supervised(desk)
    if request.subject:
        found = [one for one in theirs if str(one.id) == request.subject]
    elif request.words:
        meant = who_is_meant(desk, request.words)
        found = [one for one in theirs if one in meant]
        if not found and len(request.words.split()) > LONGEST_NAME:
            return narrative_refused()
    else:
        found = theirs
    if len(found) == 1:
        return _page(desk, found[0])
    return _which(desk, found or did_you_mean.people(request.words, theirs))


def _which(desk: Desk, found: list[Person]) -> Answer:
    if not found:
        again = did_you_mean.question("/caseload")
        raise NotFound(
            f"There is nobody of that name here whose page you can open. {again} Words about a child are taken only in "
            "forms; nothing of what you typed was kept.",
            did_you_mean.again("/caseload", "caseload"),
        )
    labels = labels_of(desk, sorted(found, key=lambda one: one.name)[:MOST_NAMED])
    buttons = tuple(Button(label=label, deed=PAGE, subject=str(ident)) for ident, label in labels.items())
    more = " /caseload @name opens the others." if len(found) > MOST_NAMED else ""
    return Notice(text=f"Whose page?{more}", buttons=buttons)


def _page(desk: Desk, person: Person) -> Card:
    person_id = id_of(person)
    is_iro = "iro" in people.roles_on(desk.session, person_id, desk.today)
    found = _concerns(desk, person_id, is_iro=is_iro)
    parts = (
        _ageing(desk, found),
        _replies(desk, person_id),
        _reviews(desk, person_id),
        _undone(desk, person_id, is_iro=is_iro),
        _praised(desk, person_id),
    )
    lines = tuple(line for part in parts for line in part)
    if not lines:
        last = say_day(ahead.last_day(desk), desk.today)
        lines = (Line(text=f"Nothing is open or late, and no review comes by {last}."),)
    return Card(title=f"{person.name}, for supervision, {say_day(desk.today)}", lines=lines)


def _concerns(desk: Desk, person_id: int, *, is_iro: bool) -> list[Standing]:
    """Open about their children, or with a part of theirs; the one first raised on top."""
    pairs = [
        *concern_lists.standing_at(desk.session, OPEN_STATES, asked=[person_id]),
        *concern_lists.standing_at(desk.session, OPEN_STATES, held_by=[person_id]),
        *(concern_lists.standing_at(desk.session, OPEN_STATES, iro_ids=[person_id]) if is_iro else ()),
    ]
    stage_runs.know_parts(desk.session, (one[0].id for one in pairs))
    known = {one[0].id: one for one in pairs if may(standing(desk, one[0]), May.SEE_IT_EXISTS)}
    return sorted(known.values(), key=lambda one: (one[0].first_raised or desk.now, one[0].number))


def _ageing(desk: Desk, found: list[Standing]) -> Iterator[Line]:
    """Never how many: many concerns are no worry, and few may be."""
    awaited = awaited_in(desk, found)
    lines = [Line(text=f"{standing_of(desk, one, awaited)}.", buttons=(opened(one[0]),)) for one in found]
    return _some(f"Open {CONCERNS}, the oldest first", lines)


def _replies(desk: Desk, person_id: int) -> Iterator[Line]:
    lines = []
    asked = stage_runs.open_for(desk.session, [person_id])
    concern_pages.know(desk.session, (run.concern_id for run, _ in asked))
    stage_runs.know_parts(desk.session, (run.concern_id for run, _ in asked))
    for run, _ in asked:
        concern = concerns.get(desk.session, run.concern_id)
        if concern is None or concern.run_id != run.id or not may(standing(desk, concern), May.SEE_IT_EXISTS):
            continue
        if concern.state not in (ConcernState.WAITING, ConcernState.ASKED):
            continue
        child = children.get(desk.session, concern.child_id) if concern.child_id else None
        text = f"{ref(desk, concern, child)}: {_due(desk, run)}, {run_words(run)}."
        lines.append(Line(text=text, buttons=(opened(concern),)))
    return _some("Replies due", lines)


def _due(desk: Desk, run: StageRun) -> str:
    if run.due_at is None:
        return "no set time"
    return until(desk, run.due_at) if run.due_at > desk.now else due_late(desk, local(run.due_at).date())


def _reviews(desk: Desk, person_id: int) -> Iterator[Line]:
    found = [
        (review, child)
        for review, child in ahead.reviews_of(desk, ahead.followed_by(person_id))
        if may(child_standing(desk, child), May.SEE_REVIEWS)
    ]
    return ahead.summed_up(desk, found).drawn()


def _undone(desk: Desk, person_id: int, *, is_iro: bool) -> Iterator[Line]:
    """Decisions sent and not done yet, by the day they are due; never what was decided."""
    lines = []
    for decision in decisions.open_for(desk.session, person_id, is_iro=is_iro):
        child = children.get(desk.session, decision.child_id)
        if child is None or not may(child_standing(desk, child), May.SEE_REVIEWS):
            continue
        when = by(desk, decision.due_on) if decision.due_on is not None else "no day set"
        undone = "; not done by an earlier review" if decision.times_undone else ""
        buttons = (open_review_button(child, decision.review_id),)
        lines.append(Line(text=f"{whose(desk, child)}: a decision, {when}{undone}.", buttons=buttons))
    return _some("Decisions not done yet", lines)


def _praised(desk: Desk, person_id: int) -> Iterator[Line]:
    first = year_of(desk.today).days.first
    lines = [
        Line(text=f"{say_day(local(one.sent_at).date(), desk.today)}, from {sender(desk, one)}.")
        for one in praise.received_by(desk.session, person_id, at_local(first, time.min))
    ]
    return _some(f"Good practice recognised since {say_day(first)}", lines)


def _some(heading: str, lines: list[Line]) -> Iterator[Line]:
    yield from Part(key="", heading=heading, lines=lines[:MOST], counted=False).drawn()
    if len(lines) > MOST:
        yield Line(text="There are more of these.")
