"""The story: a concern by Rotherham's procedures, from informal to stage 3 and to its closure, over a Christmas."""

from datetime import date, datetime, time

from bot.demo.people import CHILD
from bot.demo.theatre import Theatre
from handlers.cards import FieldKind, Form
from scheduling.working_days import at_local

IRO = "Ann Lee"
SOCIAL_WORKER = "Sam Okoro"
TEAM_MANAGER = "Tess Hill"
SERVICE_MANAGER = "Sunil Rao"
ASSISTANT_DIRECTOR = "Ada Frost"

BEGINS = at_local(date(2026, 11, 30), time(9, 30))


def at(month: int, day: int, wall: str, year: int = 2026) -> datetime:
    """A moment by the clock in London."""
    return at_local(date(year, month, day), time.fromisoformat(wall))


def tell(theatre: Theatre) -> None:
    """Play it through."""
    informally(theatre)
    to_stage_1(theatre)
    to_stage_2(theatre)
    to_stage_3(theatre)
    closed(theatre)
    three_months_later(theatre)


def informally(theatre: Theatre) -> None:
    """Logged informally, in seconds, and then nobody answers for ten working days."""
    form = theatre.command(IRO, f"/concern {CHILD}")
    assert isinstance(form, Form)
    reasons = next(field for field in form.fields if field.key == "main_reason")
    assert reasons.kind is FieldKind.CHOICE
    theatre.send(
        IRO,
        form,
        worries="The plan agreed at the last review has not been written up.",
        impact="Decisions wait.",
        needs="The updated plan on file.",
        main_reason=reasons.choices[0].value,
        start_at="0",
    )
    theatre.until(at(12, 14, "17:00"))


def to_stage_1(theatre: Theatre) -> None:
    """The IRO is asked, and takes it to stage 1; Christmas lies inside the ten working days."""
    theatre.until(at(12, 14, "17:20"))
    form = theatre.press(IRO, "Move to stage 1")
    theatre.send(IRO, form, reason="No reply to the informal concern.")
    theatre.until(at(12, 30, "17:00"))


def to_stage_2(theatre: Theatre) -> None:
    """The deadline passes; stage 2 asks the service manager, who disagrees."""
    theatre.until(at(12, 30, "17:05"))
    form = theatre.press(IRO, "Move to stage 2")
    theatre.send(IRO, form, reason="No reply at stage 1.")
    theatre.until(at(1, 5, "11:00", 2027))
    form = theatre.press(SERVICE_MANAGER, "Reply")
    theatre.send(SERVICE_MANAGER, form, answer="not agreed", words="The plan can wait for the next review in my view.")


def to_stage_3(theatre: Theatre) -> None:
    """Not satisfied: the assistant director has until the same time on the next working day."""
    theatre.until(at(1, 5, "14:15", 2027))
    form = theatre.press(IRO, "Not satisfied: move up")
    theatre.send(IRO, form, reason="The child cannot wait six months.")
    theatre.until(at(1, 6, "10:40", 2027))
    form = theatre.press(ASSISTANT_DIRECTOR, "Reply")
    theatre.send(
        ASSISTANT_DIRECTOR, form, answer="agreed and done", words="The updated plan is on file as of this morning."
    )


def closed(theatre: Theatre) -> None:
    """Only the IRO closes, and says what changed for the child."""
    theatre.until(at(1, 6, "15:30", 2027))
    form = theatre.press(IRO, "Satisfied: close")
    theatre.send(IRO, form, outcome="resolved", what_changed="The child has a plan that everyone works to.")


def three_months_later(theatre: Theatre) -> None:
    """The IRO is asked once whether it lasted."""
    theatre.until(at(4, 6, "09:30", 2027))
    form = theatre.press(IRO, "Answer")
    theatre.send(IRO, form, lasted="yes")
