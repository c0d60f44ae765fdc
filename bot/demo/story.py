"""The story: a concern by Rotherham's procedures, from informal to stage 3 and to its closure, over a Christmas."""

from datetime import date, datetime, time

from bot.sample.people import ASSISTANT_DIRECTOR, IRO, SERVICE_MANAGER
from bot.sample.stage import Stage
from handlers.cards import FieldKind, Form
from scheduling.working_days import at_local

CHILD = "RO-1042"

BEGINS = at_local(date(2026, 11, 30), time(9, 30))


def at(month: int, day: int, wall: str, year: int = 2026) -> datetime:
    """A moment by the clock in London."""
    return at_local(date(year, month, day), time.fromisoformat(wall))


def tell(stage: Stage) -> None:
    """Play it through."""
    informally(stage)
    to_stage_1(stage)
    to_stage_2(stage)
    to_stage_3(stage)
    closed(stage)
    three_months_later(stage)


def informally(stage: Stage) -> None:
    """Logged informally, in seconds, and then nobody answers for ten working days."""
    form = stage.command(IRO, f"/concern {CHILD}")
    assert isinstance(form, Form)
    reasons = next(field for field in form.fields if field.key == "main_reason")
    assert reasons.kind is FieldKind.CHOICE
    stage.send(
        IRO,
        form,
        worries="The plan agreed at the last review has not been written up.",
        impact="Decisions wait.",
        needs="The updated plan on file.",
        main_reason=reasons.choices[0].value,
        start_at="0",
    )
    stage.until(at(12, 14, "17:00"))


def to_stage_1(stage: Stage) -> None:
    """The IRO is asked, and takes it to stage 1; Christmas lies inside the ten working days."""
    stage.until(at(12, 14, "17:20"))
    form = stage.press(IRO, "Move to stage 1")
    stage.send(IRO, form, reason="No reply to the informal concern.")
    stage.until(at(12, 30, "17:00"))


def to_stage_2(stage: Stage) -> None:
    """The deadline passes; stage 2 asks the service manager, who disagrees."""
    stage.until(at(12, 30, "17:05"))
    form = stage.press(IRO, "Move to stage 2")
    stage.send(IRO, form, reason="No reply at stage 1.")
    stage.until(at(1, 5, "11:00", 2027))
    form = stage.press(SERVICE_MANAGER, "Reply")
    stage.send(SERVICE_MANAGER, form, answer="not agreed", words="The plan can wait for the next review in my view.")


def to_stage_3(stage: Stage) -> None:
    """Not satisfied: the assistant director has until the same time on the next working day."""
    stage.until(at(1, 5, "14:15", 2027))
    form = stage.press(IRO, "Not satisfied: move up")
    stage.send(IRO, form, reason="The child cannot wait six months.")
    stage.until(at(1, 6, "10:40", 2027))
    form = stage.press(ASSISTANT_DIRECTOR, "Reply")
    stage.send(
        ASSISTANT_DIRECTOR, form, answer="agreed and done", words="The updated plan is on file as of this morning."
    )


def closed(stage: Stage) -> None:
    """Only the IRO closes, and says what changed for the child."""
    stage.until(at(1, 6, "15:30", 2027))
    form = stage.press(IRO, "Satisfied: close")
    changed = "The child has a plan that everyone works to."
    stage.send(IRO, form, outcome="resolved", what_changed=changed, child_told="yes", on_record_on="2027-01-06")


def three_months_later(stage: Stage) -> None:
    """The IRO is asked once whether it lasted."""
    stage.until(at(4, 6, "09:30", 2027))
    form = stage.press(IRO, "Answer")
    stage.send(IRO, form, lasted="yes")
