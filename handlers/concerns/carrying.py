"""Carrying on an open dispute that came from a history file: its IRO says where it stands, and its clocks run."""

from dataclasses import dataclass
from datetime import date

from handlers.asking import with_typed
from handlers.cards import Answer, Button, Choice, Form, Notice
from handlers.concerns.by_form import OfOpened
from handlers.concerns.carrying_on import Before, asked_at, carry_on
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.moving import asked_words
from handlers.concerns.raising import team_of
from handlers.concerns.sending_now import with_hours
from handlers.concerns.stages import stage_choices
from handlers.concerns.starting import due_of, stage_of
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, day, press, tick, words
from handlers.lifecycle import Act
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import both_clocks, name_of, stage_named
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage import concern_lists, replies, stage_runs
from storage.concerns import Concern
from storage.stage_runs import Part, RunKind

ON_RECORD = "See the child's record."
"""Kept as what the concern says where its IRO has it there and types nothing."""
_LABEL, _DEED = "Carry on", "concern.carry"
_THERE = (Choice(value="yes", label=ON_RECORD.removesuffix(".")),)


def is_to_be_carried_on(case: OpenCase) -> bool:
    """Whether it came from a history file, is open, and nobody has carried it on."""
    return case.concern.imported and bool(concern_lists.to_be_carried_on(case.desk.session, concern_id=case.id))


def carry_button(case: OpenCase) -> Button:
    """ "Carry on"."""
    return case.button(_LABEL, _DEED, "primary")


@dataclass(frozen=True, kw_only=True)
class Carrying(OpenCase):
    """A concern with the stage at which it stands, as far as is known."""

    number: int

    @property
    def begun(self) -> date | None:
        """When it came to the stage at which the file left it; of another nothing is known."""
        run = self.present_run
        return local(run.started_at).date() if run.number == self.number else None


def _stages(case: Carrying) -> tuple[Choice, ...]:
    return stage_choices(case.rules, about_service=case.concern.about_service)


def _number(case: Carrying) -> str:
    return str(case.number)


def _show(case: Carrying) -> tuple[Button, ...]:
    return (case.button("Show whom this asks", f"{_DEED}.show"),)


def _begun(case: Carrying) -> str:
    return case.begun.isoformat() if case.begun is not None else ""


def _due(case: Carrying) -> str:
    """By when a reply would be wanted of who was asked then."""
    if case.begun is None:
        return ""
    due = due_of(case, case.number, RunKind.ENTRY, asked_at(case.desk, case.begun))
    return local(due).date().isoformat() if due is not None else ""


def _earliest(case: Carrying) -> Edge:
    """Nobody was asked before it was raised, nor at another stage before it came to the one in the file."""
    run = case.present_run
    if run.number != case.number:
        return Edge(day=local(run.started_at).date(), why=f"when {stage_named(run.number)} began")
    raised = case.concern.raised_at
    return Edge(day=local(raised).date() if raised is not None else None, why="when it was raised")


def _title(case: Carrying) -> str:
    return f"Carry on {case.ref}"


class CarriedOn(OfOpened[Carrying], deed=_DEED, title=_title, submit=_LABEL):
    """The stage at which it stands, when it was asked, by when a reply is wanted, and what it says."""

    stage: int = choice("The stage at which it stands", _stages, int, first=_number)
    show: tuple[()] = press(_show)
    asked_on: date = day(DayOf.ASKED_BEFORE, "Asked on", first=_begun, since=_earliest)
    wanted_by: date = day(
        DayOf.WANTED_BEFORE,
        "Reply wanted by",
        hint="A day that has passed is right too: then what comes next is yours to decide.",
        first=_due,
    )
    says: str = words(
        "What it says",
        hint="Who is asked reads it. Leave it empty where they have it on the child's record.",
        required=False,
        column=Concern.worries,
    )
    on_record: bool = tick("Or", _THERE)

    @classmethod
    def stands(cls, about: Carrying) -> dict[str, str]:
        """The stage in the file, though our procedures may have it no more."""
        return {"stage": str(about.present_run.number)}

    @classmethod
    def above(cls, about: Carrying) -> tuple[str, ...]:
        """Where it came from, whether a reply came there, and whom the stage asks."""
        file = about.concern.imported_reference
        before = f"{about.ref} came from a file ({file}), and no clock runs for it. {_replied(about)}"
        return (before.strip(), asked_words(about, about.number))

    def wrong(self, about: Carrying) -> dict[str, str]:
        """No reply is wanted before it was asked; and it says something, here or on the child's record."""
        wrong = {}
        if self.wanted_by < self.asked_on:
            wrong["wanted_by"] = f"This is before {say_day(self.asked_on)}, the day on which it was asked."
        if not self.says and not self.on_record:
            wrong["says"] = "Say what it is about, or tick that it stands in the child's record."
        return wrong


def _opened(desk: Desk, request: Request, *, for_change: bool) -> Carrying:
    """For those who may steer it, at the stage chosen. Refused where nothing is to be carried on: it is done once."""
    case = open_case(desk, request.subject, May.STEER, for_change=for_change)
    require_present(case, request.run)
    if is_to_be_carried_on(case):
        return Carrying(**vars(case), number=_stage(case, request))
    why = "is carried on already" if case.concern.imported else "was raised here, and needs no carrying on"
    raise Refused(f"{case.ref} {why}.", case.button("Open", "concern.open"))


def _stage(case: OpenCase, request: Request) -> int:
    """The stage chosen; the one at which the file left it where none is."""
    given = number_of(request.text("stage"))
    number = given if given is not None else case.present_run.number
    stage_of(case.rules, number)
    return number


@done_by(CarriedOn, _opened)
def carry(case: Carrying, given: CarriedOn) -> Answer:
    """Let the stage run from the days given; who is asked is told that it is carried on from before."""
    desk, asked_on, wanted_by = case.desk, given.asked_on, given.wanted_by
    case.become(Act.CARRY_ON)
    case.concern.worries = given.says or ON_RECORD
    if case.child is not None and not case.concern.team:
        case.concern.team = team_of(desk, case.child)
    run = carry_on(case, Before(number=given.stage, asked_on=asked_on, wanted_by=wanted_by, by_id=desk.actor_id))
    case.record("carried on", stage=given.stage, asked=asked_on.isoformat(), until=wanted_by.isoformat())
    case.tell_absent_iro("carried it on")
    asked = stage_runs.people_of(desk.session, run.id or 0, Part.ADDRESSED)
    names = say_list([name_of(desk, one.person_id) for one in asked]) or "nobody could be found"
    said = f"{case.ref} is carried on at {stage_named(given.stage)}. Asked: {names}."
    done = Notice(text=f"{said} {both_clocks(desk, case.rules, case.concern, run)}")
    return with_hours(case, done, starts=False)


def show_stage(desk: Desk, request: Request) -> Answer:
    """The form again, for the stage chosen in it: whom it asks. What was typed stays."""
    again = carry.open(desk, request)
    return with_typed(again, request) if isinstance(again, Form) else again


def _replied(case: OpenCase) -> str:
    """That a reply came, as the file says: whether it is the answer to this the IRO knows."""
    found = replies.of_run(case.desk.session, case.present_run.id or 0)
    return f"A reply came on {say_day(local(found[-1].given_at).date(), case.desk.today)}." if found else ""
