"""`/concern list`: a page of concerns, the one whose clock runs out first on top."""

from datetime import UTC, datetime, time
from functools import partial

from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.concerns.first_raised import first_raised_part
from handlers.office import Desk, Scene
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.standing import acting_as, drafts_of, is_manager_in, roles_acting, roles_of
from handlers.undrawn import drawn, instead_of_line
from handlers.wording import about_whom, run_words
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO
from scheduling.working_days import at_local, local
from storage import children, concern_lists, stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import StageRun

PAGE = 8
_FAR = datetime.max.replace(tzinfo=UTC)
WHICH = ("mine", "team", "overdue", "drafts", "closed")


def show_list(desk: Desk, request: Request) -> Answer:
    """A page of the person's concerns. `request.subject` is "mine", "team" and so on, with ":8" for a later page."""
    which, _, offset = (request.subject or "mine").partition(":")
    if which not in WHICH:
        raise Refused(f"There is no list called {which}. The lists are: {', '.join(WHICH)}.")
    found = _ordered(desk, which)
    start = int(offset) if offset.isdigit() else 0
    page = found[start : start + PAGE]
    if not page:
        return Notice(text=_EMPTY[which])
    more = start + PAGE < len(found)
    buttons = (Button(label="More", deed="concern.list", subject=f"{which}:{start + PAGE}"),) if more else ()
    count = f"{start + 1} to {start + len(page)} of {len(found)}"
    return Card(
        title=f"{_TITLES[which]} ({count})",
        lines=tuple(_line(desk, concern, run) for concern, run in page),
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


def _ordered(desk: Desk, which: str) -> list[tuple[Concern, StageRun | None]]:
    states = {
        "drafts": (ConcernState.DRAFT,),
        "closed": (ConcernState.CLOSED,),
    }.get(which, (ConcernState.WAITING, ConcernState.ASKED, ConcernState.REPLIED, ConcernState.PLANNED))
    mine = [*acting_as(desk)]
    if which == "drafts":
        found = _drafts(desk, mine)
    elif which == "team":
        found = _of_team(desk, states)
    else:
        iros = [one for one, roles in acting_as(desk).items() if roles & {"iro", "iro_manager"}]
        held_by = mine if which == "mine" else []  # what they are not asked is nothing of theirs that is late or closed
        found = concern_lists.with_part_of(desk.session, mine, states, iro_ids=iros, holder_ids=held_by)
    pairs = [(concern, stage_runs.get(desk.session, concern.run_id) if concern.run_id else None) for concern in found]
    if which == "overdue":
        pairs = [(c, run) for c, run in pairs if run is not None and run.due_at is not None and run.due_at <= desk.now]
        pairs = [(c, run) for c, run in pairs if c.state in (ConcernState.WAITING, ConcernState.ASKED)]
    if which == "closed":
        return sorted(pairs, key=lambda pair: pair[0].closed_at or _FAR, reverse=True)
    return sorted(pairs, key=_clock)


def _drafts(desk: Desk, mine: list[int]) -> list[Concern]:
    """One's own, and to an IRO manager also those that were shared."""
    own = drafts_of(desk, desk.actor_id, mine)
    if "iro_manager" not in roles_acting(desk):
        return own
    return [*own, *(one for one in concern_lists.shared_drafts(desk.session) if one not in own)]


def _clock(pair: tuple[Concern, StageRun | None]) -> tuple[datetime, int]:
    """What is waited for: the plan's date where there is a plan, else the reply."""
    concern, run = pair
    if run is None:
        return _FAR, concern.number
    if concern.state is ConcernState.PLANNED and run.plan_by is not None:
        return at_local(run.plan_by, time.max), concern.number
    return run.due_at or _FAR, concern.number


def _of_team(desk: Desk, states: tuple[ConcernState, ...]) -> list[Concern]:
    if "iro_manager" in roles_acting(desk):
        return concern_lists.of_service(desk.session, states)
    if not is_manager_in(desk.rules, roles_of(desk, desk.actor)):
        raise Refused("The team's list is for managers. /concern list shows yours.")
    return concern_lists.held_below(desk.session, desk.actor_id, states)


def _line(desk: Desk, concern: Concern, run: StageRun | None) -> Line:
    draw = partial(drawn_line, desk, concern, run)
    return drawn(desk, concern.reference, draw, partial(instead_of_line, concern))


def drawn_line(scene: Scene, concern: Concern, run: StageRun | None) -> Line:
    """A line of a list: the concern, whom it is about, and how it stands."""
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
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
