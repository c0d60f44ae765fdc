"""What people do about one concern in the last weeks: each act at its moment, by the person whose turn it is then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.sample import words
from bot.sample.absences import acting
from bot.sample.days import Days
from bot.sample.shown import said
from bot.sample.stage import Stage
from handlers.cards import Form
from handlers.requests import Value
from scheduling.procedures import Procedures
from scheduling.working_days import local
from storage import concerns, people, stage_runs
from storage.concerns import ChildTold, Outcome
from storage.database import transaction
from storage.replies import AnswerKind
from storage.stage_runs import Part


@dataclass(kw_only=True)
class OneConcern:
    """A concern on its way; `about` is a child's reference, or "service". It has a reference once it is logged."""

    about: str
    iro: str
    days: Days
    rules: Procedures
    chance: Random
    ref: str = ""
    form: Form | None = field(default=None)

    def by(self, stage: Stage) -> str:
        """The IRO, or who covers today."""
        return acting(self.iro, self.days.offset(stage.now))


Act = Callable[[OneConcern, Stage], None]


def log(number: int, *, draft: bool = False, **typed: Value) -> Act:
    """The IRO logs it at a formal stage, 1 being the first and whatever is above the top the top; or informally: 0."""

    def act(one: OneConcern, stage: Stage) -> None:
        form = stage.command(one.by(stage), f"/concern {one.about}")
        at_stage = _stage_number(one.rules, number, service=one.about == "service")
        values = {**_written(one, at_stage), **typed}
        if draft:
            given = stage.press(one.by(stage), "Save draft", on=form, values=values)
        else:
            given = stage.send(one.by(stage), form, **values)
        if isinstance(given, Form) and given.deed == "concern.log":  # asked once: the child has one like it open
            given = stage.send(one.by(stage), given)
        if isinstance(given, Form):  # asked to confirm the immediate route
            one.ref = given.subject
            stage.send(one.by(stage), given)
            return
        one.ref = next(word.strip(".,:") for word in said(given).split() if word.startswith("C-"))

    return act


def _stage_number(rules: Procedures, wanted: int, *, service: bool) -> int:
    numbers = [stage.number for stage in rules.stages]
    if service:
        return numbers[-1]
    if wanted == 0:
        return 0 if rules.informal is not None else numbers[0]
    return numbers[min(wanted, len(numbers)) - 1]


def _written(one: OneConcern, at_stage: int) -> dict[str, Value]:
    chance, rules = one.chance, one.rules
    reasons = [category.key for category in rules.categories if category.used_at(at_stage)]
    place = chance.randrange(len(words.WORRIES))
    return {
        "worries": words.WORRIES[place],
        "impact": chance.choice(words.IMPACTS),
        "needs": chance.choice(words.NEEDS),
        "main_reason": (reasons or [category.key for category in rules.categories])[place % max(len(reasons), 1)],
        "start_at": str(at_stage),
        "start_reason": "It has been raised in two reviews already." if at_stage else "",
        "raised_during": chance.choice(("review", "midway", "between")),
        "child_voice": ("told", "wishes") if one.about != "service" else (),
    }


def reply(answer: AnswerKind, *, by: int = 0, only: str = "") -> Act:
    """The person asked answers: the first of them where one is enough. `by`: the working day of a plan."""

    def act(one: OneConcern, stage: Stage) -> None:
        who = only if only in asked(one, stage) else asked(one, stage)[0]
        plan = {"plan_by": one.days.on(by).isoformat()} if answer is AnswerKind.PLAN else {}
        stage.fill(who, f"/concern {one.ref} reply", answer=answer.value, words=_answer(one, answer), **plan)

    return act


def _answer(one: OneConcern, answer: AnswerKind) -> str:
    said_of = {AnswerKind.DONE: words.ANSWERS, AnswerKind.PLAN: words.PLANS}
    other = words.PARTLY if answer is AnswerKind.PARTLY else words.NOT_AGREED
    return one.chance.choice(said_of.get(answer, (other,)))


def opened(one: OneConcern, stage: Stage) -> None:
    """The person asked opens the form to reply and leaves it: that counts as seen."""
    for who in asked(one, stage)[:1]:
        stage.command(who, f"/concern {one.ref} reply")


def seen(one: OneConcern, stage: Stage) -> None:
    """The person asked on the immediate route presses Seen."""
    for who in asked(one, stage):
        stage.press(who, "Seen", about=one.ref)


def move_up(one: OneConcern, stage: Stage) -> None:
    """The IRO takes it to the next stage."""
    stage.fill(one.by(stage), f"/concern {one.ref} move", reason=one.chance.choice(words.REASONS_TO_MOVE))


def close(outcome: str) -> Act:
    """The IRO closes it. The copy goes on the record at once, but for what is only partly resolved."""

    def act(one: OneConcern, stage: Stage) -> None:
        changed = one.chance.choice(words.CHANGES) if outcome != "withdrawn" else "It turned out to be settled already."
        typed: dict[str, Value] = {"outcome": outcome, "what_changed": changed}
        if one.about != "service":
            filed = local(stage.now).date().isoformat() if outcome != Outcome.PARTLY_RESOLVED else ""
            typed |= {"child_told": ChildTold.YES.value, "on_record_on": filed}
        stage.fill(one.by(stage), f"/concern {one.ref} close", **typed)

    return act


def ask_for_time(until: int) -> Act:
    """The person asked wants more time."""

    def act(one: OneConcern, stage: Stage) -> None:
        who = asked(one, stage)[0]
        form = stage.press(who, "Ask for more time", on=stage.command(who, f"/concern {one.ref}"))
        stage.send(who, form, until=one.days.on(until).isoformat(), reason="The panel meets later than was thought.")

    return act


def give_time(one: OneConcern, stage: Stage) -> None:
    """The IRO agrees to what was asked for."""
    stage.fill(
        one.by(stage), f"/concern {one.ref} extend", reason="The panel's day is fixed, and nothing waits for it."
    )


def ask_to_add(worker: str) -> Act:
    """The manager who is asked wants one of their workers to add what they know."""

    def act(one: OneConcern, stage: Stage) -> None:
        who = asked(one, stage)[0]
        form = stage.press(who, "Ask a worker to add", on=stage.command(who, f"/concern {one.ref}"))
        stage.send(who, form, person=str(stage.person_id(worker)))

    return act


def refer_to_cafcass(one: OneConcern, stage: Stage) -> None:
    """The IRO notes that Cafcass was told; the stage goes on."""
    stage.fill(one.by(stage), f"/concern {one.ref} cafcass", words="Told in writing; the court has the plan.")


def asked(one: OneConcern, stage: Stage) -> list[str]:
    """Who is asked at the present stage and has not answered."""
    with transaction(stage.engine, stage.authority, writes=False) as session:
        concern = concerns.by_number(session, int(one.ref.removeprefix("C-")))
        assert concern is not None
        parts = stage_runs.people_of(session, concern.run_id or 0, Part.ADDRESSED)
        waiting = [part.person_id for part in parts if part.replied_at is None and part.passed_to_id is None]
        found = [people.get(session, ident) for ident in waiting]
    return [person.name for person in found if person is not None]
