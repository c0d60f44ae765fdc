"""`/concern list`: a page of concerns, the one whose clock runs out first on top."""

from functools import partial

from sqlalchemy import ColumnElement

from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.concerns.first_raised import first_raised_part
from handlers.numbers import number_of
from handlers.office import Desk, Scene
from handlers.people.line import everyone_below
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.standing import acting_as, drafts_of, is_manager_in, roles_acting, roles_of
from handlers.undrawn import drawn, instead_of_line
from handlers.wording import about_whom, run_words
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO
from scheduling.working_days import local
from storage import concern_lists, concern_pages
from storage.children import Child
from storage.concern_pages import Row
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import StageRun

PAGE = 8
WHICH = ("mine", "team", "overdue", "drafts", "closed")


def show_list(desk: Desk, request: Request) -> Answer:
    """A page of the person's concerns. `request.subject` is "mine", "team" and so on, with ":8" for a later page."""
    which, _, offset = (request.subject or "mine").partition(":")
    if which not in WHICH:
        raise Refused(f"There is no list called {which}. The lists are: {', '.join(WHICH)}.")
    start = number_of(offset) or 0
    page, total = _page(desk, which, start)
    if not page:
        return Notice(text=_EMPTY[which])
    more = start + PAGE < total
    buttons = (Button(label="More", deed="concern.list", subject=f"{which}:{start + PAGE}"),) if more else ()
    count = f"{start + 1} to {start + len(page)} of {total}"
    return Card(
        title=f"{_TITLES[which]} ({count})",
        lines=tuple(_line(desk, *row) for row in page),
        buttons=buttons,
    )


_TITLES = {
    "mine": f"Your {CONCERNS}",
    "team": f"Your team's {CONCERNS}",
    "overdue": "Overdue",
    "drafts": "Your drafts",
    "closed": f"Closed {CONCERNS}",
}
_EMPTY = {
    "mine": f"No open {CONCERN} is with you.",
    "team": f"No open {CONCERN} is with your team.",
    "overdue": "Nothing is overdue.",
    "drafts": "You have no drafts.",
    "closed": f"There are no closed {CONCERNS} to show you.",
}


def _page(desk: Desk, which: str, start: int) -> tuple[list[Row], int]:
    """What is on the page, and how many there are in all."""
    session, mine = desk.session, [*acting_as(desk)]
    if which == "drafts":
        drafts = concern_pages.of_ids(_drafts(desk, mine))
        return concern_pages.page(session, (ConcernState.DRAFT,), drafts, start=start, size=PAGE)
    if which == "team":
        return concern_pages.page(session, OPEN_STATES, _of_team(desk), start=start, size=PAGE)
    iros = [one for one, roles in acting_as(desk).items() if roles & {"iro", "iro_manager"}]
    held_by = mine if which == "mine" else []  # what they are not asked is nothing of theirs that is late or closed
    theirs = concern_pages.with_part_of(mine, iro_ids=iros, holder_ids=held_by)
    if which == "closed":
        closed = (ConcernState.CLOSED,)
        return concern_pages.page(session, closed, theirs, start=start, size=PAGE, closed_last_first=True)
    late = (concern_pages.overdue_at(desk.now),) if which == "overdue" else ()
    return concern_pages.page(session, OPEN_STATES, theirs, *late, start=start, size=PAGE)


def _drafts(desk: Desk, mine: list[int]) -> set[int]:
    """One's own, and to an IRO manager also those that were shared."""
    found = drafts_of(desk, desk.actor_id, mine)
    if "iro_manager" in roles_acting(desk):
        found = [*found, *concern_lists.shared_drafts(desk.session)]
    return {one.id for one in found if one.id is not None}


def _of_team(desk: Desk) -> ColumnElement[bool]:
    """All concerns for an IRO manager; for a manager those about children held by them or anybody below them."""
    if "iro_manager" in roles_acting(desk):
        return concern_pages.of_everybody()
    if not is_manager_in(desk.rules, roles_of(desk, desk.actor)):
        raise Refused("The team's list is for managers. /concern list shows yours.")
    return concern_pages.held_by({desk.actor_id, *everyone_below(desk.session, [desk.actor_id])})


def _line(desk: Desk, concern: Concern, child: Child | None, run: StageRun | None) -> Line:
    draw = partial(drawn_line, desk, concern, child, run)
    return drawn(desk, concern.reference, draw, partial(instead_of_line, concern))


def drawn_line(scene: Scene, concern: Concern, child: Child | None, run: StageRun | None) -> Line:
    """A line of a list: the concern, whom it is about, and how it stands."""
    words = [concern.reference, about_whom(scene, concern, child)]
    if concern.state is ConcernState.DRAFT:
        words.append(f"draft of {say_day(local(concern.drafted_at).date(), scene.today)}")
    elif run is not None:
        words.append(run_words(run))
        words.append(standing_words(scene, concern, run))
        words.append(first_raised_part(concern, scene.today))
    return Line(
        text=" · ".join(filter(None, words)),
        buttons=(Button(label="Open", deed="concern.open", subject=concern.reference),),
    )


def standing_words(scene: Scene, concern: Concern, run: StageRun) -> str:
    """How it stands, in a few words: closed, replied to, or until when a reply or a plan is due."""
    if concern.state is ConcernState.CLOSED:
        day = say_day(local(concern.closed_at).date(), scene.today) if concern.closed_at else ""
        return f"closed {day}: {concern.outcome.value if concern.outcome else 'no outcome recorded'}"
    if concern.state is ConcernState.REPLIED:
        return f"replied, waits for the {IRO}"
    if concern.state is ConcernState.PLANNED and run.plan_by is not None:
        return f"plan by {say_day(run.plan_by, scene.today)}"
    if run.due_at is None:
        return "no set time to reply"
    day = say_day(local(run.due_at).date(), scene.today)
    return f"overdue since {day}" if run.due_at <= scene.now else f"reply by {day}"
