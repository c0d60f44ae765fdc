"""Telling of a change of somebody's absences: the cover, and the person where somebody else entered it; each once.

The person is told what was entered and what ended, and not what else lies ahead of them.

What is the same before and after is told to nobody. Who leads the person reads it the next morning.
"""

from handlers.messages.of_absences import about_absences, covers, covers_no_more, said_to_be_away, said_to_be_here
from handlers.messages.owing import Cause, newly_owed, number_of, owe
from handlers.messages.subjects import of_absence, of_cover
from handlers.office import Desk
from handlers.people.cover_days import Ahead, ahead_of, as_kept, without
from handlers.people.line import id_of
from handlers.places import look_again
from storage import live_messages, outbox
from storage.outbox import OutboxState
from storage.people import Absence, Person


def known_of(desk: Desk, person: Person) -> Ahead:
    """What is known of a person's absences, to be asked before they change."""
    return ahead_of(desk.session, id_of(person), desk.today)


def tell(desk: Desk, person: Person, before: Ahead, entered: Absence | None = None) -> list[int]:
    """Tell those concerned what has changed since, and ask at once who fills the person's places in open concerns.

    `entered` is the absence that was entered, where one was. Gives the covers who are told.
    """
    desk.session.flush()
    after = known_of(desk, person)
    if after == before:
        return []
    cause = about_absences(id_of(person), desk.actor_id, desk.request_key or desk.now.isoformat())
    look_again(desk, id_of(person))
    told = _tell_covers(desk, person, before, after, cause)
    if person.id != desk.actor_id:
        changed = {"ended": as_kept(without(before.away, after.away)), "entered": entered.id if entered else None}
        owe(desk, said_to_be_away if entered else said_to_be_here, id_of(person), cause, **changed)
    if person.id == desk.actor_id or not after.away:
        live_messages.overtake(desk.session, of_absence(person.id), desk.now, person.id)
    return told


def _tell_covers(desk: Desk, person: Person, before: Ahead, after: Ahead, cause: Cause) -> list[int]:
    told = []
    for cover_id in sorted({*before.covers, *after.covers} - {desk.actor_id}):
        if cover_id not in after.covers:
            live_messages.overtake(desk.session, of_cover(person.id), desk.now, cover_id)
            if _knows(desk, person, cover_id):
                ended = as_kept(before.covers[cover_id])
                told += newly_owed(desk, owe(desk, covers_no_more, cover_id, cause, ended=ended))
        elif before.covers.get(cover_id) != after.covers[cover_id]:
            told += newly_owed(desk, owe(desk, covers, cover_id, cause))
    return told


def _knows(desk: Desk, person: Person, cover_id: int) -> bool:
    """Whether the cover may have heard of it: not where all that was owed of it still waits."""
    about = [
        one for one in outbox.to_person(desk.session, cover_id, covers.name) if number_of(one, "person") == person.id
    ]
    return not about or any(one.state is not OutboxState.OWED for one in about)
