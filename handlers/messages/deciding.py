"""Messages that put a decision before the IRO."""

from datetime import date, datetime

from handlers.cards import Card
from handlers.messages.dates import by, day_of, decide_by, reply_by, stages_end
from handlers.messages.matter import Matter, asked_names, asked_parts, short, silent_names
from handlers.messages.message import message
from handlers.messages.of_concerns import CONCERN
from handlers.messages.owed import card, may_close, plan_buttons, undecided_buttons, verdict_buttons, wishes
from handlers.messages.together import replies_came, saying
from handlers.wording import name_of, run_words, stage_named, when
from scheduling.deadline_wording import say_day, say_list
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage import outbox
from storage.concerns import ConcernState


@message(
    "no reply",
    CONCERN,
    title="No reply to C-12 by Wed 30 Dec. What next?",
    to="the IRO, at the deadline",
    buttons=("Move to stage 2", "Agree an extension", "Record a reply", "Open"),
    together=saying("No reply to {refs}{day}. What next?", day=" by {}"),
)
def no_reply(matter: Matter) -> Card | None:
    if not matter.is_present or not matter.is_undecided or matter.run.due_at is None:
        return None
    return card(
        matter,
        f"No reply to {matter.ref} by {by(matter.scene, matter.run.due_at)}. What next?",
        _who_was_asked(matter),
        _who_wishes(matter),
        f"It stays where it is until you decide. {_please_decide(matter)}",
        stages_end(matter.scene, matter.concern),
        buttons=undecided_buttons(matter),
    )


def _who_was_asked(matter: Matter) -> str:
    """ "Tess Hill was asked on Mon 14 Dec 2026, stage 1, and opened it the next day."."""
    names = asked_names(matter)
    if not names:
        return "Nobody could be found to ask."
    asked = f"{say_list(names)} {'was' if len(names) == 1 else 'were'} asked on {day_of(_asked_at(matter))}"
    return f"{asked}, {run_words(matter.run)}{_opened(matter)}."


def _asked_at(matter: Matter) -> datetime:
    """When the clock began; where only one is asked who came to it later, in another's place, when they were."""
    parts, began = asked_parts(matter), matter.run.counted_from
    return max(began, parts[0].added_at) if len(parts) == 1 else began


def _who_wishes(matter: Matter) -> str:
    asked = dict.fromkeys(name_of(matter.scene, wish.person_id) for wish in wishes(matter))
    return f"{say_list(list(asked))} asked for more time." if asked else ""


def _opened(matter: Matter) -> str:
    parts = asked_parts(matter)
    if len(parts) != 1:
        return ""
    seen_at = parts[0].seen_at
    if seen_at is None:
        lost = outbox.not_reached(matter.scene.session, parts[0].run_id)
        return ", and cannot be reached" if parts[0].person_id in lost else ", and has not opened it"
    days = (local(seen_at).date() - local(_asked_at(matter)).date()).days
    said = {0: "the same day", 1: "the next day"}.get(days, f"on {day_of(seen_at)}")
    return f", and opened it {said}"


def _please_decide(matter: Matter) -> str:
    within = matter.rules.ladder
    waits = within.verdict_within if matter.concern.state is ConcernState.REPLIED else within.decision_within
    return f"Please decide by {decide_by(matter.scene, waits, matter.concern.state_since)}."


@message(
    "moved by the clock",
    CONCERN,
    title="C-12 has moved to stage 2 by itself",
    to="the IRO, where the procedures let a stage end by itself (`escalate`)",
    buttons=("Agree an extension", "Record a reply", "Open"),
)
def moved_by_clock(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    stage = stage_named(matter.run.number)
    late = f"No reply by {matter.words('late')}: " if matter.words("late") else ""
    names = say_list(asked_names(matter)) or "Nobody"
    until = f" They have until {when(matter.run.due_at)}." if matter.run.due_at is not None else ""
    return card(
        matter,
        f"{matter.ref} has moved to {stage} by itself",
        f"{late}moved to {stage} by itself, as your procedures say.",
        f"Now asked: {names}.{until}",
        stages_end(matter.scene, matter.concern),
        buttons=(
            matter.button("Agree an extension", "concern.extend"),
            matter.button("Record a reply", "concern.record"),
        ),
    )


@message(
    "quiet",
    CONCERN,
    title="No reply to C-12 yet. What next?",
    to="the IRO, when an informal one without a set time stays quiet",
    buttons=("Move to stage 1", "Agree an extension", "Record a reply", "Open"),
)
def quiet(matter: Matter) -> Card | None:
    if not matter.is_present or not matter.is_undecided:
        return None
    names = asked_names(matter)
    asked = f"{say_list(names)} {'was' if len(names) == 1 else 'were'}"
    after = matter.rules.ladder.informal_asked_after
    return card(
        matter,
        f"No reply to {matter.ref} yet. What next?",
        f"{asked} asked informally on {day_of(matter.run.counted_from)}. It has been quiet for {after}.",
        _please_decide(matter),
        buttons=undecided_buttons(matter),
    )


@message(
    "replied",
    CONCERN,
    title="Tess Hill has replied to C-12",
    to="the IRO",
    buttons=("Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"),
    together=replies_came,
)
def replied(matter: Matter) -> Card | None:
    if matter.concern.state is ConcernState.CLOSED:
        return None
    who = name_of(matter.scene, matter.number("person"))
    recorded = "You recorded it. " if matter.details.get("recorded") else ""
    late = " It came after the deadline." if matter.details.get("late") else ""
    return card(
        matter,
        f"{who} has replied to {matter.ref}",
        f"{recorded}{_please_read(matter)}{late}",
        _beside(matter),
        _plan_words(matter),
        _still_awaited(matter),
        buttons=verdict_buttons(matter) if matter.is_present else (),
    )


def _beside(matter: Matter) -> str:
    """Of a further reply, where one was enough."""
    first = matter.number("beside")
    if first is None:
        return ""
    stays = ", and the day to decide by stays" if matter.concern.state is ConcernState.REPLIED else ""
    return f"It adds to the reply of {name_of(matter.scene, first)}{stays}."


def _please_read(matter: Matter) -> str:
    closer = "you" if may_close(matter) else f"the {IRO}"
    if matter.concern.state is not ConcernState.REPLIED or not matter.is_present:
        return f"Please read it. Only {closer} can close it."
    until = decide_by(matter.scene, matter.rules.ladder.verdict_within, matter.concern.state_since)
    return f"Please read it and say by {until} whether you are satisfied. Only {closer} can close it."


def _plan_words(matter: Matter) -> str:
    day = matter.words("plan_by")
    return f"There is a plan by {say_day(date.fromisoformat(day))}." if day else ""


def _still_awaited(matter: Matter) -> str:
    if matter.concern.state is not ConcernState.WAITING or not matter.is_present:
        return ""
    return f"Still awaited: {silent_names(matter)}."


@message(
    "added",
    CONCERN,
    title="Tess Hill has added to their reply to C-12",
    to="the IRO",
    buttons=("Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"),
)
def added(matter: Matter) -> Card | None:
    if matter.concern.state is ConcernState.CLOSED:
        return None
    who = name_of(matter.scene, matter.number("person"))
    decides = matter.is_present and matter.concern.state is not ConcernState.WAITING
    if matter.details.get("done"):
        return card(
            matter,
            f"{who} says the plan for {matter.ref} is done",
            "Please look, and say whether you are satisfied.",
            buttons=verdict_buttons(matter) if decides else (),
        )
    return card(
        matter,
        f"{who} has added to their reply to {matter.ref}",
        "Open it to read what was added.",
        buttons=verdict_buttons(matter) if decides else (),
    )


@message(
    "plan due",
    CONCERN,
    title="C-12: the plan was due by Tue 9 Feb 2027. Is it done?",
    to="the IRO, on the day a plan was promised for",
    buttons=("Read the reply", "Not done: move up", "New date", "Done: close"),
)
def plan_due(matter: Matter) -> Card | None:
    if not matter.is_present or matter.run.plan_by is None:
        return None
    return card(
        matter,
        f"{matter.ref}: the plan was due by {say_day(matter.run.plan_by, matter.scene.today)}. Is it done?",
        f"{silent_or_asked(matter)} promised it. Please say whether it is done.",
        buttons=plan_buttons(matter),
    )


def silent_or_asked(matter: Matter) -> str:
    """Those asked who have replied."""
    replied_names = [name_of(matter.scene, part.person_id) for part in asked_parts(matter) if part.replied_at]
    return say_list(replied_names) or "Those asked"


@message(
    "more time",
    CONCERN,
    title="Tess Hill asks for more time for C-12, to Fri 22 Jan 2027",
    to="the IRO",
    buttons=("Agree an extension", "Refuse more time", "Open"),
)
def more_time(matter: Matter) -> Card | None:
    if not matter.is_present or matter.number("person") not in {wish.person_id for wish in wishes(matter)}:
        return None
    until = date.fromisoformat(matter.words("until"))
    who, to = name_of(matter.scene, matter.number("person")), say_day(until, matter.scene.today)
    return card(
        matter,
        short(f"{who} asks for more time for {matter.ref}, to {to}", f"More time is asked for {matter.ref}, to {to}"),
        f"{who} asks for it. Only you can agree. Until you do, the date stands.",
        reply_by(matter.scene, matter.rules, matter.run)
        .replace("Reply by", "It is", 1)
        .replace("was due by", "was due", 1),
        buttons=(
            matter.button("Agree an extension", "concern.extend", "primary"),
            matter.button("Refuse more time", "concern.refuse_time"),
        ),
    )
