"""Deadlines as messages say them: days, in full, and never how many are left, since a message stands."""

from datetime import datetime

from handlers.office import Scene
from handlers.wording import allowed, when
from scheduling.deadline_wording import say_counted, say_day, say_not_counting, say_time
from scheduling.deadlines import Deadline, day_due
from scheduling.duration import Duration
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage.concerns import Concern
from storage.stage_runs import StageRun


def by(scene: Scene, moment: datetime) -> str:
    """The end of a first line: "Tue 12 Jan", and with its time where that is not close of business."""
    here = local(moment)
    day = say_day(here.date(), scene.today)
    if here.time() == scene.calendar.closes:
        return day
    return f"{say_time(here.time())}, {day}"


def at(scene: Scene, moment: datetime) -> str:
    """For what is urgent: "5:30 pm", and with its day where that is another."""
    here = local(moment)
    return say_time(here.time()) if here.date() == scene.today else by(scene, moment)


def reply_by(scene: Scene, rules: Procedures, run: StageRun) -> str:
    """ "Reply by 5 pm, Tue 12 Jan 2027: 10 working days, not counting 25 Dec and 28 Dec."; later, that it was due."""
    if run.due_at is None:
        return f"There is no set time to reply. The {IRO} will ask if it stays quiet."
    if run.wanted_by is not None and run.due_at <= scene.now:
        return f"A reply was wanted by {when(run.due_at)}. You can still reply."
    asks = "Reply" if scene.now < run.due_at else "The reply was due"
    return f"{asks} by {when(run.due_at)}: {_how_counted(scene, rules, run)}."


def _how_counted(scene: Scene, rules: Procedures, run: StageRun) -> str:
    counted, hours_rule = allowed(rules, run)
    if counted is None or run.is_by_date or run.due_at is None:
        return "the date agreed" if run.wanted_by is None or run.extensions else f"the day the {IRO} gave"
    first, last = local(run.counted_from).date(), local(run.due_at).date()
    due = Deadline(at=run.due_at, not_counted=(), counted=counted, hours_rule=hours_rule)
    return say_counted(due) + say_not_counting(scene.calendar.not_counted(first, last))


def their_reply(scene: Scene, run: StageRun) -> str:
    """For those who have nothing to do: when the reply of others is due, or was."""
    if run.due_at is None:
        return "There is no set time for their reply."
    return f"Their reply {'was' if run.due_at <= scene.now else 'is'} due by {when(run.due_at)}."


def stages_end(scene: Scene, concern: Concern) -> str:
    """The limit of all stages; nothing before the first formal one."""
    if concern.limit_at is None:
        return ""
    ended = concern.limit_at <= scene.now
    return f"All stages {'ended' if ended else 'end'} on {say_day(local(concern.limit_at).date())}."


def decide_by(scene: Scene, within: Duration, since: datetime) -> str:
    """The day by which the IRO is to decide on what has waited since then."""
    return say_day(day_due(since, within, scene.calendar))


def day_of(moment: datetime) -> str:
    """The day of a moment, in full."""
    return say_day(local(moment).date())
