"""Messages that tell what happened and ask for nothing, or for help where somebody cannot be reached."""

from collections.abc import Callable

from handlers.cards import Card, Line
from handlers.messages.matter import Matter, limit_left
from handlers.messages.owed import card
from handlers.standing import iro_of
from handlers.wording import (
    name_of,
    when,
)
from scheduling.duration import Unit, say_count
from scheduling.working_days import local
from storage import people
from storage.concerns import ConcernState


def not_mine(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    passer, receiver = matter.number("passed_by"), matter.number("passed_to")
    return card(
        matter,
        f"{matter.ref}: {name_of(matter.scene, passer)} says it needs their manager",
        f"{name_of(matter.scene, receiver)} has been asked; the deadline stays.",
    )


def passed_on(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    passer, receiver = matter.number("passed_by"), matter.number("passed_to")
    return card(
        matter,
        f"{matter.ref}: passed on by {name_of(matter.scene, passer)}",
        f"{name_of(matter.scene, receiver)} has been asked; the deadline stays.",
    )


def limit_near(matter: Matter) -> Card | None:
    if matter.concern.limit_at is None or matter.concern.state is ConcernState.CLOSED:
        return None
    if matter.concern.limit_at <= matter.scene.now:  # it passed meanwhile, and that is told
        return None
    left = matter.scene.calendar.count(matter.scene.today, local(matter.concern.limit_at).date())
    days = say_count(left, Unit.WORKING_DAYS) if left > 0 else "less than a working day"
    return card(matter, f"{matter.ref}: {days} left of all stages", limit_left(matter))


def limit_passed(matter: Matter) -> Card | None:
    if matter.concern.limit_at is None or matter.concern.state is ConcernState.CLOSED:
        return None
    return card(
        matter, f"{matter.ref}: the time for all stages has passed", limit_left(matter), "The concern stays open."
    )


def undecided(matter: Matter) -> Card | None:
    if matter.concern.state not in (ConcernState.ASKED, ConcernState.REPLIED) or not matter.is_present:
        return None
    what = "a reply" if matter.concern.state is ConcernState.REPLIED else "a deadline without a reply"
    iro = name_of(matter.scene, iro_of(matter.concern, matter.child))
    since = when(matter.concern.state_since)
    return card(matter, f"{matter.ref} waits for a decision", f"{iro} has had {what} to decide on since {since}.")


def nobody(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    roles = ", ".join(matter.scene.rules.role_label(role) for role in matter.words("roles").split(",") if role)
    return card(
        matter,
        f"{matter.ref} has reached nobody",
        f"No {roles or 'addressee'} and nobody more senior could be found. Telephone them, then record the reply, "
        "or ask your administrator to correct the line of managers.",
    )


def ended(title: str) -> Callable[[Matter], Card | None]:
    def write(matter: Matter) -> Card | None:
        if matter.concern.state is not ConcernState.CLOSED:
            return None
        return card(matter, title.format(ref=matter.ref), "Thank you. Nothing more is needed from you on it.")

    return write


def not_yours(matter: Matter) -> Card | None:
    return Card(
        title=f"{matter.ref} is no longer with you",
        lines=(Line(text="It was sent to you in error. Nothing is needed from you, and it no longer opens for you."),),
    )


def acted(matter: Matter) -> Card | None:
    """What somebody did in the IRO's place; what was closed there the IRO can reopen."""
    who = name_of(matter.scene, matter.number("person"))
    away = people.absence_on(matter.scene.session, matter.reader_id, matter.scene.today) is not None
    title = f"{who} acted on {matter.ref} {'while you were away' if away else 'in your place'}"
    closed = matter.concern.state is ConcernState.CLOSED
    reopen = (matter.button("Reopen", "concern.reopen"),) if closed else ()
    return card(matter, title, f"What was done: {matter.words('act')}.", buttons=reopen)
