"""Messages that tell what happened and ask for nothing, or for help where nobody could be reached."""

from handlers.cards import Card, Line
from handlers.messages.dates import day_of, stages_end, their_reply
from handlers.messages.matter import Matter, asked_names, deciders, iro_words
from handlers.messages.message import message
from handlers.messages.of_concerns import CONCERN, asked_in_error, heard_of_it, takes_all_away
from handlers.messages.owed import card, mend_the_line
from handlers.messages.together import limit, saying, waiting_since
from handlers.standing import place_of
from handlers.wording import name_of, stage_named
from scheduling.deadline_wording import say_day, say_list
from scheduling.procedures.terms import IRO
from storage import people
from storage.concerns import ConcernState


def _asked(matter: Matter) -> str:
    names = asked_names(matter)
    if not names:
        return "Nobody could be found to ask."
    return (
        f"{say_list(names)} {'has' if len(names) == 1 else 'have'} been asked. {their_reply(matter.scene, matter.run)}"
    )


@message(
    "for information",
    CONCERN,
    title="For information: C-12 (nothing to do)",
    to="those who get a copy",
    buttons=("Open",),
    together=saying("For information: {refs} (nothing to do)"),
)
def for_information(matter: Matter) -> Card | None:
    if not matter.is_present or matter.part is None:
        return None
    return card(matter, f"For information: {matter.ref} (nothing to do)", _asked(matter))


@message(
    "moved, for information",
    CONCERN,
    title="For information: C-12 is at stage 2 (nothing to do)",
    to="those who had a part in it before it moved",
    buttons=("Open",),
    together=saying("For information: {refs} have moved (nothing to do)"),
)
def moved_information(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    title = f"For information: {matter.ref} is at {stage_named(matter.run.number)} (nothing to do)"
    if matter.run.kind.is_immediate:
        title = f"For information: {matter.ref} is urgent (nothing to do)"
    return card(matter, title, _asked(matter))


@message(
    "extended, for information",
    CONCERN,
    title="For information: more time for C-12 (nothing to do)",
    to="those who were told the date before: with a copy, or as a line manager",
    buttons=("Open",),
    together=saying("For information: other dates for {refs} (nothing to do)"),
)
def extended_information(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    what = "another date" if matter.details.get("back") else "more time"
    title = f"For information: {what} for {matter.ref} (nothing to do)"
    return card(matter, title, f"{iro_words(matter)} agreed a new date. {their_reply(matter.scene, matter.run)}")


@message(
    "reopened",
    CONCERN,
    title="C-12 has been reopened",
    to="those who had a part in it before",
    buttons=("Open",),
    together=saying("{refs} have been reopened"),
)
def reopened(matter: Matter) -> Card | None:
    return card(matter, f"{matter.ref} has been reopened", _asked(matter)) if matter.is_present else None


@message(
    "needs my manager",
    CONCERN,
    title="C-12 is now with Sunil Rao",
    to="the IRO, when somebody asked says that it needs their manager",
    buttons=("Open",),
)
def not_mine(matter: Matter) -> Card | None:
    return _now_with(matter, "says it needs their manager")


@message(
    "passed on",
    CONCERN,
    title="C-12 is now with Joy Marsh",
    to="the IRO, when a manager passes it to one of their workers",
    buttons=("Open",),
)
def passed_on(matter: Matter) -> Card | None:
    return _now_with(matter, "passed it on")


def _now_with(matter: Matter, why: str) -> Card | None:
    if not matter.is_present:
        return None
    passer, receiver = matter.number("passed_by"), matter.number("passed_to")
    stays = f" The date stays: {day_of(matter.run.due_at)}." if matter.run.due_at is not None else ""
    title = f"{matter.ref} is now with {name_of(matter.scene, receiver)}"
    return card(matter, title, f"{name_of(matter.scene, passer)} {why}.{stays}")


@message(
    "limit passed",
    CONCERN,
    title="All stages of C-12 ended on Tue 26 Jan 2027",
    to="the IRO and the IRO manager, when the time for all stages is over",
    buttons=("what can be decided", "Open"),
    together=saying("All stages of {refs} ended{day}", day=" on {}", of=limit),
)
def limit_passed(matter: Matter) -> Card | None:
    if matter.concern.limit_at is None or matter.concern.state is ConcernState.CLOSED:
        return None
    ended = stages_end(matter.scene, matter.concern).removeprefix("All stages ").rstrip(".")
    is_theirs = matter.reader_id in place_of(matter.scene, matter.concern, matter.child).heard_by
    closes = "you close" if is_theirs else f"the {IRO} closes"
    return card(matter, f"All stages of {matter.ref} {ended}", f"It stays open until {closes} it.")


@message(
    "undecided",
    CONCERN,
    title="C-12: no decision since Tue 12 Jan 2027",
    to="the IRO manager, when the IRO has not decided in time",
    buttons=("Open",),
    together=saying("{refs}: no decision{day}", day=" since {}", of=waiting_since),
)
def undecided(matter: Matter) -> Card | None:
    if matter.concern.state not in (ConcernState.ASKED, ConcernState.REPLIED) or not matter.is_present:
        return None
    since, due_at = day_of(matter.concern.state_since), matter.run.due_at
    # what is carried on from before was due on an earlier day than the IRO was asked
    by = day_of(due_at) if due_at is not None and matter.run.plan_by is None else since
    what = f"A reply came on {since}." if matter.concern.state is ConcernState.REPLIED else f"No reply came by {by}."
    return card(matter, f"{matter.ref}: no decision since {since}", f"{what} {_who_decides(matter)}")


def _who_decides(matter: Matter) -> str:
    place = place_of(matter.scene, matter.concern, matter.child)
    if matter.reader_id in place.heard_by:
        return "Please decide what comes next."
    who = deciders(matter)
    return f"{say_list(who)} {'has' if len(who) == 1 else 'have'} not decided what comes next."


@message(
    "nobody",
    CONCERN,
    title="C-12 has reached nobody",
    to="the IRO and the IRO manager, when nobody could be found to ask",
    buttons=("Move to stage 2", "Ask again", "Open"),
    together=saying("{refs} have reached nobody"),
)
def nobody(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    roles = ", ".join(matter.scene.rules.role_label(role) for role in matter.words("roles").split(",") if role)
    return card(
        matter,
        f"{matter.ref} has reached nobody",
        f"There is no {roles or 'person to ask'}, and nobody more senior. Telephone somebody who can act.",
        mend_the_line(matter),
    )


def _ended(matter: Matter, title: str) -> Card | None:
    """To those who were asked, a word of thanks; to the IRO and their cover, who did it."""
    if matter.concern.state is not ConcernState.CLOSED:
        return None
    place = place_of(matter.scene, matter.concern, matter.child)
    who = matter.number("person")
    said = "Thank you. There is nothing more for you to do."
    if who is not None and place.is_filled_by(matter.reader_id):
        said = f"{name_of(matter.scene, who)} did it."
    return card(matter, title, said)


@message(
    "closed",
    CONCERN,
    title="C-12 is closed",
    to="those who were asked, the IRO and their cover, but for who closed it",
    buttons=("Open",),
    reach=heard_of_it,
    together=saying("{refs} are closed"),
)
def closed(matter: Matter) -> Card | None:
    return _ended(matter, f"{matter.ref} is closed")


@message(
    "withdrawn",
    CONCERN,
    title="C-12 has been withdrawn",
    to="those who were asked, the IRO and their cover, but for who withdrew it",
    buttons=("Open",),
    reach=heard_of_it,
    together=saying("{refs} have been withdrawn"),
)
def withdrawn(matter: Matter) -> Card | None:
    return _ended(matter, f"{matter.ref} has been withdrawn")


@message(
    "not yours",
    CONCERN,
    title="C-12 is no longer with you",
    to="those who were asked in error, when the child is corrected",
    reach=asked_in_error,
    arrived=takes_all_away,
)
def not_yours(matter: Matter) -> Card | None:
    text = "It was sent to you in error. Nothing is needed from you, and it no longer opens for you."
    return Card(title=f"{matter.ref} is no longer with you", lines=(Line(text=text),))


@message(
    "acted for you",
    CONCERN,
    title="Ida Moss acted on C-12 while you were away",
    to="the IRO, when somebody else acted in their place",
    buttons=("Reopen", "Open"),
)
def acted(matter: Matter) -> Card | None:
    """What somebody did in the IRO's place; what was closed there the IRO can reopen."""
    who = name_of(matter.scene, matter.number("person"))
    away = people.absence_on(matter.scene.session, matter.reader_id, matter.scene.today) is not None
    title = f"{who} acted on {matter.ref} {'while you were away' if away else 'in your place'}"
    is_closed = matter.concern.state is ConcernState.CLOSED
    reopen = (matter.button("Reopen", "concern.reopen"),) if is_closed else ()
    return card(matter, title, f"What was done: {matter.words('act')}.", buttons=reopen)


@message(
    "reply recorded for you",
    CONCERN,
    title="Ann Lee has recorded your reply to C-12",
    to="who gave a reply elsewhere, when it is recorded in their name",
    buttons=("Add to my reply", "Open"),
)
def recorded_for_you(matter: Matter) -> Card | None:
    """In whose name a reply is kept reads it, and puts it right by adding to it."""
    if not matter.is_present:
        return None
    who, own = name_of(matter.scene, matter.number("person")), _whose_reply(matter)
    return card(
        matter,
        f"{who} has recorded {own} to {matter.ref}",
        "Open it to read what was written. If something is wrong or missing, add to it: the first words stay.",
        buttons=(matter.button("Add to my reply", "concern.add"),),
    )


def _whose_reply(matter: Matter) -> str:
    part = matter.part
    own = part is None or part.person_id == matter.reader_id
    return "your reply" if own or part is None else f"the reply of {name_of(matter.scene, part.person_id)}"


@message(
    "new date for a plan",
    CONCERN,
    title="C-12: your plan is now due by Tue 23 Feb 2027",
    to="who promised a plan, when the IRO agrees another date",
    buttons=("Done", "Open"),
)
def plan_moved(matter: Matter) -> Card | None:
    by = matter.run.plan_by
    if not matter.is_present or by is None or matter.concern.state is not ConcernState.PLANNED:
        return None
    return card(
        matter,
        f"{matter.ref}: your plan is now due by {say_day(by, matter.scene.today)}",
        f"{iro_words(matter)} agreed another date for what you promised. Press Done when it is done.",
    )
