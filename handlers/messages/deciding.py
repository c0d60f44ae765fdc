"""Messages that put a decision before the IRO, and the one that says a reply is overdue."""

from datetime import date

from handlers.cards import Card
from handlers.messages.matter import Matter, asked_names, limit_left, silent_names
from handlers.messages.owed import card, may_close, plan_buttons, undecided_buttons, verdict_buttons, wishes
from handlers.wording import (
    due_words,
    limit_words,
    name_of,
    when,
)
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage.concerns import ConcernState
from storage.stage_runs import Part


def no_reply(matter: Matter) -> Card | None:
    if not matter.is_present or matter.concern.state is not ConcernState.ASKED:
        return None
    assert matter.run.due_at is not None
    return card(
        matter,
        f"No reply to {matter.ref} by {when(matter.run.due_at)}",
        f"Asked: {asked_names(matter)}. What happens next is for you to decide.",
        limit_words(matter.scene, matter.rules, matter.concern),
        buttons=undecided_buttons(matter),
    )


def quiet(matter: Matter) -> Card | None:
    if not matter.is_present or matter.concern.state is not ConcernState.ASKED:
        return None
    since = say_day(local(matter.run.counted_from).date())
    return card(
        matter,
        f"No reply to {matter.ref} yet",
        f"Raised informally with {asked_names(matter)} on {since}, and quiet "
        f"for {matter.rules.ladder.informal_asked_after}. What happens next is for you to decide.",
        buttons=undecided_buttons(matter),
    )


def overdue(matter: Matter) -> Card | None:
    if not matter.is_present or matter.run.due_at is None or matter.concern.state is not ConcernState.ASKED:
        return None
    part = matter.part
    addressed = part is not None and part.part is Part.ADDRESSED
    if addressed and part is not None and part.passed_to_id and matter.is_alerted:
        addressed = False  # whoever passed it on hears, as a manager, that no reply came
    if addressed and part is not None and (part.replied_at or part.passed_to_id):
        return None
    theirs = part is not None and part.person_id != matter.reader_id
    line = "Your reply" if addressed and not theirs else f"The reply of {silent_names(matter)}"
    reply = (matter.button("Reply", "concern.reply", "primary"),) if addressed else ()
    return card(
        matter,
        f"Overdue: {matter.ref}",
        f"{line} was due by {when(matter.run.due_at)}.",
        limit_left(matter),
        buttons=reply,
    )


def replied(matter: Matter) -> Card | None:
    if matter.concern.state is ConcernState.CLOSED:
        return None
    recorded = "You recorded it. " if matter.details.get("recorded") else ""
    late = " It came after the deadline." if matter.details.get("late") else ""
    closer = "you" if may_close(matter) else "the IRO"
    return card(
        matter,
        f"Reply to {matter.ref} from {name_of(matter.scene, matter.number('person'))}",
        f"{recorded}{_plan_words(matter)}Open it to read the reply; only {closer} can close the concern.{late}",
        _still_awaited(matter),
        buttons=verdict_buttons(matter) if matter.is_present else (),
    )


def _plan_words(matter: Matter) -> str:
    day = matter.words("plan_by")
    return f"There is a plan by {say_day(date.fromisoformat(day))}. " if day else ""


def _still_awaited(matter: Matter) -> str:
    if matter.concern.state is not ConcernState.WAITING or not matter.is_present:
        return ""
    return f"Still awaited: {silent_names(matter)}."


def added(matter: Matter) -> Card | None:
    if matter.concern.state is ConcernState.CLOSED:
        return None
    who = name_of(matter.scene, matter.number("person"))
    words = "They say the plan is done." if matter.details.get("done") else "Open it to read what was added."
    return card(
        matter,
        f"Reply to {matter.ref} from {who}: something was added",
        words,
        buttons=verdict_buttons(matter)
        if matter.is_present and matter.concern.state is not ConcernState.WAITING
        else (),
    )


def plan_due(matter: Matter) -> Card | None:
    if not matter.is_present or matter.run.plan_by is None:
        return None
    return card(
        matter,
        f"The plan for {matter.ref} was due by {say_day(matter.run.plan_by)}",
        "Has it been done?",
        buttons=plan_buttons(matter),
    )


def more_time(matter: Matter) -> Card | None:
    if not matter.is_present or matter.number("person") not in {wish.person_id for wish in wishes(matter)}:
        return None
    until = date.fromisoformat(matter.words("until"))
    who = name_of(matter.scene, matter.number("person"))
    return card(
        matter,
        f"{who} asks for more time for {matter.ref}",
        f"Until {say_day(until)}. Only you can agree; until then the deadline stands.",
        due_words(matter.scene, matter.rules, matter.run),
        buttons=(matter.button("Agree an extension", "concern.extend", "primary"),),
    )
