"""Messages from owed to seen: written when their turn comes, shrunk when overtaken."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.day import day_card
from handlers.messages.arriving import due_if_delivered_now
from handlers.messages.kinds import ASKING, Kind
from handlers.messages.matter import Matter
from handlers.messages.owing import details_of
from handlers.messages.writing import WRITERS
from handlers.office import Scene, rules_in_force
from handlers.people.addressees import in_line
from handlers.people.covering import acting_roles
from handlers.praise.messages import praise_card
from handlers.report.message import report_card
from handlers.report.offering import outcome_card
from handlers.reviews.message_cards import WRITERS as WRITERS_OF_REVIEWS
from handlers.reviews.message_cards import about_words, answered_words, open_button, review_card
from handlers.standing import place_of
from handlers.terms import in_words
from storage import children, concerns, people, stage_runs
from storage.live_messages import LiveMessage
from storage.outbox import Outbox
from storage.stage_runs import StageRun


def render(session: Session, row: Outbox, now: datetime) -> Card | None:
    """The message as it reads now; None when it is no longer needed, or no longer this person's to have."""
    rules = rules_in_force(session, row.authority)
    card = _written(Scene(session=session, now=now, authority=row.authority, rules=rules), row)
    return in_words(card, rules) if card is not None else None


def _written(scene: Scene, row: Outbox) -> Card | None:
    kind = Kind(row.kind)
    if kind is Kind.YOUR_DAY:
        day = str(details_of(row)["day"])
        return day_card(scene, row.person_id, date.fromisoformat(day))
    if kind in WRITERS_OF_REVIEWS:
        return review_card(scene, row)
    if kind in _OF_THEIR_OWN:
        return _OF_THEIR_OWN[kind](scene, row)
    matter = matter_of(scene, row)
    if matter is None or not _still_entitled(matter, kind):
        return None
    return WRITERS[kind](matter)


def matter_of(scene: Scene, row: Outbox) -> Matter | None:
    """What a message about a concern works with; None where the concern is not there any more."""
    concern = concerns.get(scene.session, row.concern_id) if row.concern_id is not None else None
    run = stage_runs.get(scene.session, row.run_id) if row.run_id is not None else None
    if concern is None or run is None:
        return None
    due_at = due_if_delivered_now(scene, concern, run) if Kind(row.kind) in ASKING else None
    if due_at is not None:  # the message says the deadline that its own delivery will set
        run = StageRun(**{**run.model_dump(), "due_at": due_at, "counted_from": scene.now})
    return Matter(
        scene=scene,
        concern=concern,
        child=children.get(scene.session, concern.child_id) if concern.child_id is not None else None,
        run=run,
        rules=scene.frozen_rules(concern.procedures_digest),
        reader_id=row.person_id,
        details=details_of(row),
    )


def _still_entitled(matter: Matter, kind: Kind) -> bool:
    """Whether the reader may still know of the concern: people change posts between owing and sending."""
    scene, concern = matter.scene, matter.concern
    person = people.get(scene.session, matter.reader_id)
    if person is None or (person.left_on is not None and person.left_on < scene.today):
        return True  # delivery fails for good with that reason, and the IRO manager hears of it
    if kind is Kind.NOT_YOURS:
        return True
    place = place_of(scene, concern, matter.child)
    if place.is_filled_by(matter.reader_id):
        return True
    assert concern.id is not None
    if matter.parts(stage_runs.parts_in_concern(scene.session, concern.id)) or matter.reader_id in place.heard_by:
        return True
    acting = acting_roles(scene.session, scene.rules, matter.reader_id, scene.today)
    if any("iro_manager" in roles for roles in acting.values()):
        return True
    return matter.child is not None and any(in_line(scene.session, matter.child, one) for one in acting)


def undelivered_card(scene: Scene, row: Outbox) -> Card:
    """Tells the IRO manager that somebody cannot be reached, and what to do."""
    details = details_of(row)
    person = people.get(scene.session, int(str(details["person"])))
    name = person.name if person is not None else "Someone"
    concern = concerns.get(scene.session, row.concern_id) if row.concern_id is not None else None
    about = f" about {concern.reference}" if concern is not None else about_words(scene, row)
    buttons = open_button(scene, row)
    if concern is not None:
        buttons = (Button(label="Open", deed="concern.open", subject=concern.reference),)
    return Card(
        title=f"{name} could not be told{about}",
        lines=(
            Line(text=f"The message was not delivered: {details['reason']}"),
            Line(text="Tell them yourself, and ask your administrator to put this right. The clocks run on."),
        ),
        buttons=buttons,
    )


_OF_THEIR_OWN: dict[Kind, Callable[[Scene, Outbox], Card | None]] = {
    Kind.PRAISE: praise_card,
    Kind.REPORT_FILE: report_card,
    Kind.REPORT_OUTCOME: outcome_card,
    Kind.UNDELIVERED: undelivered_card,
}


def shrunk(session: Session, live: LiveMessage) -> Card:
    """What an overtaken message shrinks to: one line, which says what the answer was where that ended it.

    Otherwise what stands now is in the message that overtook it.
    """
    return Card(title=f"{answered_words(session, live.subject) or 'Earlier'}: {live.title}")
