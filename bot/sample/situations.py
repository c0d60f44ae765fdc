"""Six situations to begin from: the same days, people and references in every room, each played by real acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.sample import words
from bot.sample.looking import child, first_asked
from bot.sample.people import IRO, TEAM_MANAGER, email_of, staff_file
from bot.sample.seats import SeatKey
from bot.sample.shown import said
from bot.sample.stage import NotPlayable, Stage
from handlers.cards import Answer, Form
from handlers.imports import import_staff
from handlers.office import rules_in_force
from scheduling.working_days import at_local, local
from storage.database import transaction
from storage.replies import AnswerKind


def _moment(day: str, wall: str) -> datetime:
    """A moment by the clock in London."""
    return at_local(date.fromisoformat(day), time.fromisoformat(wall))


AUTUMN = _moment("2026-11-23", "15:30")
"""A Monday: what is due at five o'clock has not been answered yet."""
BEFORE_CHRISTMAS = _moment("2026-12-18", "15:30")
"""The Friday before."""
CHILD = 1042
"""The child about whom concerns are logged in these situations."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """`seats`: those to open, the one in whom it happens first.

    `play` leads from the fresh sample of `from_moment` to `at`, the moment at which the person who opens it begins.
    """

    key: str
    title: str
    sentence: str
    seats: tuple[SeatKey, ...]
    from_moment: datetime
    at: datetime
    play: Callable[[Stage], None]


def nothing_more(_stage: Stage) -> None:
    """What the clock does is enough."""


def urgent_at_night(stage: Stage) -> None:
    """The IRO logs a risk of significant harm late in the evening."""
    stage.until(_moment("2026-11-23", "21:38"))
    form = stage.command(IRO, f"/concern {_reference(stage, CHILD)}")
    given = stage.send(
        IRO,
        form,
        worries="The child rang this evening and does not feel safe where they are.",
        needs="Somebody goes there tonight.",
        main_reason=_first_reason(form),
        significant_harm=("yes",),
    )
    if isinstance(given, Form):  # the immediate route asks once more
        stage.send(IRO, given)


def manager_has_left(stage: Stage) -> None:
    """The staff file of the evening no longer has the team manager; her replies and her workers are still there."""
    stage.until(_moment("2026-11-23", "18:30"))
    with transaction(stage.engine, stage.authority) as session:
        rules = rules_in_force(session, stage.authority)
        text = staff_file(rules, without=TEAM_MANAGER)
        import_staff(session, rules, text, local(stage.now).date(), stage.now, leavers=True)


def reply_came(stage: Stage) -> None:
    """The team manager answers what is due at five, and the IRO has to say whether that will do."""
    with transaction(stage.engine, stage.authority, writes=False) as session:
        concern, _ = first_asked(session, email_of(TEAM_MANAGER), stage.now)
        reference = concern.reference
    stage.until(_moment("2026-11-23", "16:20"))
    answer = {"answer": AnswerKind.PARTLY.value, "words": words.PARTLY}
    stage.fill(TEAM_MANAGER, f"/concern {reference} reply", **answer)


def christmas(stage: Stage) -> None:
    """A concern is logged on the Friday before; on the Monday the manager goes on leave, without a cover."""
    form = stage.command(IRO, f"/concern {_reference(stage, CHILD)}")
    given = stage.send(
        IRO,
        form,
        worries=words.WORRIES[0],
        needs=words.NEEDS[0],
        main_reason=_first_reason(form),
        start_at=_first_stage(form),
        start_reason="It was raised at the last review already.",
    )
    if isinstance(given, Form):  # asked once: the child has one like it open
        stage.send(IRO, given)
    stage.until(_moment("2026-12-18", "16:40"))
    form = stage.command(TEAM_MANAGER, "/iro away")
    stage.send(TEAM_MANAGER, form, **{"from": "2026-12-22", "to": "2027-01-04", "cover": ""})


def _reference(stage: Stage, number: int) -> str:
    with transaction(stage.engine, stage.authority, writes=False) as session:
        return child(session, number).reference


def _first_reason(form: Answer) -> str:
    return _choices(form, "main_reason")[0]


def _first_stage(form: Answer) -> str:
    """The first formal stage."""
    return next((value for value in _choices(form, "start_at") if value != "0"), "0")


def _choices(form: Answer, key: str) -> list[str]:
    if not isinstance(form, Form):
        raise NotPlayable(f"There is no form to choose {key} in: {said(form)}")
    return [choice.value for field in form.fields if field.key == key for choice in field.choices]


SITUATIONS = (
    Situation(
        key="late",
        title="A reply is late",
        sentence="Tess Hill was to answer by five o'clock yesterday. Ann Lee has to decide what comes next.",
        seats=(SeatKey.IRO, SeatKey.TEAM_MANAGER, SeatKey.SERVICE_MANAGER),
        from_moment=AUTUMN,
        at=_moment("2026-11-24", "09:10"),
        play=nothing_more,
    ),
    Situation(
        key="urgent",
        title="Urgent, at 9:40 pm",
        sentence="Ann Lee has just logged a risk of significant harm: two managers have an hour to press Seen.",
        seats=(SeatKey.IRO_MANAGER, SeatKey.IRO, SeatKey.SERVICE_MANAGER),
        from_moment=AUTUMN,
        at=_moment("2026-11-23", "21:40"),
        play=urgent_at_night,
    ),
    Situation(
        key="left",
        title="The manager has left",
        sentence="Tess Hill no longer works here since yesterday. What she was asked has not been answered.",
        seats=(SeatKey.IRO, SeatKey.IRO_MANAGER, SeatKey.SERVICE_MANAGER),
        from_moment=AUTUMN,
        at=_moment("2026-11-24", "09:10"),
        play=manager_has_left,
    ),
    Situation(
        key="replied",
        title="A reply came",
        sentence="Tess Hill has answered half an hour before the time was over. Is Ann Lee satisfied?",
        seats=(SeatKey.IRO, SeatKey.TEAM_MANAGER),
        from_moment=AUTUMN,
        at=_moment("2026-11-23", "16:25"),
        play=reply_came,
    ),
    Situation(
        key="not-booked",
        title="A review was never booked",
        sentence="The review of one of Ann Lee's children is due in four working days, and nobody has booked it.",
        seats=(SeatKey.IRO, SeatKey.SOCIAL_WORKER, SeatKey.IRO_MANAGER, SeatKey.SUPPORT),
        from_moment=AUTUMN,
        at=_moment("2026-11-25", "09:10"),
        play=nothing_more,
    ),
    Situation(
        key="christmas",
        title="Christmas",
        sentence="A concern was logged on Friday. Tess Hill is on leave from tomorrow, and three days will not count.",
        seats=(SeatKey.TEAM_MANAGER, SeatKey.IRO, SeatKey.SERVICE_MANAGER),
        from_moment=BEFORE_CHRISTMAS,
        at=_moment("2026-12-21", "09:10"),
        play=christmas,
    ),
)


def situation(key: str) -> Situation:
    """The situation of that key; KeyError for a key of none."""
    found = {one.key: one for one in SITUATIONS}
    return found[key]
