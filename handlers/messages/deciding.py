"""Messages that put a decision before the IRO, and the one that says a reply is overdue."""

from datetime import date

from handlers.cards import Button, Card
from handlers.messages.matter import Matter, asked_names, card, limit_left, next_stage, silent_names
from handlers.wording import (
    due_words,
    limit_words,
    name_of,
    when,
)
from scheduling.deadline_wording import say_day_long
from scheduling.working_days import local
from storage.concerns import ConcernState
from storage.stage_runs import Part


def _move_button(matter: Matter) -> tuple[Button, ...]:
    following = next_stage(matter.rules, matter.run)
    if following is None:
        cafcass = (matter.button("Refer to Cafcass", "concern.cafcass"),)
        return (
            *(cafcass if not matter.concern.about_service else ()),
            matter.button("Legal advice", "concern.legal"),
            matter.button("Ask again", "concern.ask_again"),
        )
    return (matter.button(f"Move to stage {following}", "concern.move", "primary"),)


def no_reply(matter: Matter) -> Card | None:
    if not matter.is_present or matter.concern.state is not ConcernState.ASKED:
        return None
    assert matter.run.due_at is not None
    return card(
        matter,
        f"No reply to {matter.ref} by {when(matter.run.due_at)}",
        f"Asked: {asked_names(matter)}. What happens next is for you to decide.",
        limit_words(matter.scene, matter.rules, matter.concern),
        buttons=_undecided_buttons(matter),
    )


def _undecided_buttons(matter: Matter) -> tuple[Button, ...]:
    return (
        *_move_button(matter),
        matter.button("Agree an extension", "concern.extend"),
        matter.button("Record a reply", "concern.record"),
    )


def quiet(matter: Matter) -> Card | None:
    if not matter.is_present or matter.concern.state is not ConcernState.ASKED:
        return None
    since = say_day_long(local(matter.run.counted_from).date())
    return card(
        matter,
        f"No reply to {matter.ref} yet",
        f"Raised informally with {asked_names(matter)} on {since}, and quiet "
        f"for {matter.rules.ladder.informal_asked_after}. What happens next is for you to decide.",
        buttons=_undecided_buttons(matter),
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


def _verdict_buttons(matter: Matter) -> tuple[Button, ...]:
    following = next_stage(matter.rules, matter.run)
    up = (matter.button("Not satisfied: move up", "concern.move"),) if following is not None else ()
    return (
        matter.button("Satisfied: close", "concern.close", "primary"),
        *up,
        matter.button("Ask again", "concern.ask_again"),
    )


def replied(matter: Matter) -> Card | None:
    if matter.concern.state is ConcernState.CLOSED:
        return None
    recorded = "You recorded it. " if matter.details.get("recorded") else ""
    late = " It came after the deadline." if matter.details.get("late") else ""
    return card(
        matter,
        f"Reply to {matter.ref} from {name_of(matter.scene, matter.number('person'))}",
        f"{recorded}{_plan_words(matter)}Open it to read the reply; only you can close the concern.{late}",
        _still_awaited(matter),
        buttons=_verdict_buttons(matter) if matter.is_present else (),
    )


def _plan_words(matter: Matter) -> str:
    day = matter.words("plan_by")
    return f"There is a plan by {say_day_long(date.fromisoformat(day))}. " if day else ""


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
        buttons=_verdict_buttons(matter)
        if matter.is_present and matter.concern.state is not ConcernState.WAITING
        else (),
    )


def plan_due(matter: Matter) -> Card | None:
    if not matter.is_present or matter.run.plan_by is None:
        return None
    following = next_stage(matter.rules, matter.run)
    up = (matter.button("Not done: move up", "concern.move"),) if following is not None else ()
    return card(
        matter,
        f"The plan for {matter.ref} was due by {say_day_long(matter.run.plan_by)}",
        "Has it been done?",
        buttons=(
            matter.button("Done: close", "concern.close", "primary"),
            *up,
            matter.button("New date", "concern.new_date"),
        ),
    )


def more_time(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    until = date.fromisoformat(matter.words("until"))
    who = name_of(matter.scene, matter.number("person"))
    return card(
        matter,
        f"{who} asks for more time for {matter.ref}",
        f"Until {say_day_long(until)}. Only you can agree; until then the deadline stands.",
        due_words(matter.scene, matter.rules, matter.run),
        buttons=(matter.button("Agree an extension", "concern.extend", "primary"),),
    )
