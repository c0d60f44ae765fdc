"""The message a report comes with as a file: who may have it is asked again when its turn comes."""

import json
from datetime import datetime

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.figures.entitlement import whose_words
from handlers.messages.kinds import Kind
from handlers.messages.owing import details_of
from handlers.office import Desk, Scene, rules_in_force
from handlers.refusals import Refused
from handlers.report.asked import AskedReport, may_have, named_report, taken
from storage import history, people
from storage.outbox import Outbox

KINDS = (Kind.REPORT_FILE, Kind.REPORT_OUTCOME)
FOR_INSIDE = "It is for use inside the service. It quotes nobody, and names no child and no single concern."
FOR_ALL = "Counts under five are held back: this edition may be published."


def report_card(scene: Scene, row: Outbox) -> Card | None:
    """The message as it reads now; to whoever may not have the report any more, a sentence and no file.

    None where its offer has been answered: then it arrived, whether or not the platform said so.
    """
    if details_of(row).get("stand"):
        return None
    asked = asked_report(row)
    desk = desk_of(scene.session, row, scene.now)
    if desk is None:
        return None
    try:
        whose = may_have(desk, asked)
    except Refused as refusal:
        return Card(title=f"The annual report {asked.year} was not sent", lines=(Line(text=refusal.sentence),))
    head, said = (", for publication", FOR_ALL) if asked.public else (f": {whose_words(whose)}", FOR_INSIDE)
    return Card(title=f"Annual report {asked.year}{head}", lines=(Line(text=said),), attached=asked.name)


def without_file(card: Card, reason: str) -> Card:
    """What is sent instead where the chat cannot take the file: why, and the other ways to the report."""
    year = named_report(card.attached).year
    return Card(
        title=f"The annual report {year} could not be sent as a file",
        lines=(Line(text=reason), Line(text=f"The tables can be read here, and /iro report {year} shows other ways.")),
        buttons=(
            Button(label="Other ways to the report", deed="iro.report", subject=year),
            Button(label="See the tables here", deed="iro.figures", subject=year),
        ),
    )


def asked_report(row: Outbox) -> AskedReport:
    """The report that a message brings."""
    return named_report(str(details_of(row)["report"]))


def file_name(row: Outbox) -> str:
    """What the file of a message is called; nothing for messages without one, or with one unknown to this version."""
    if row.kind != Kind.REPORT_FILE:
        return ""
    try:
        return asked_report(row).file_name(row.owed_at)
    except Refused:
        return ""


def asked_on(row: Outbox) -> str:
    """The platform on which a report was asked for, where it goes if it can; nothing for other messages."""
    return str(details_of(row).get("on") or "") if row.kind in KINDS else ""


def placed(row: Outbox, file: str) -> None:
    """Note on the message that this file stands in the chat with it."""
    row.details = json.dumps({**details_of(row), "file": file})


def is_placed(row: Outbox) -> bool:
    """Whether the file stands in the chat: a message may have come without it."""
    return bool(details_of(row).get("file"))


def offered(row: Outbox) -> None:
    """Note on the message that it asks its person whether they want the file."""
    row.details = json.dumps({**details_of(row), "offered": 1})


def is_offer(row: Outbox) -> bool:
    """Whether the message asked its person whether they want the file."""
    return bool(details_of(row).get("offered"))


def delivered(session: Session, row: Outbox, now: datetime) -> None:
    """Record the report as taken out where its file stands in the chat; a message without it took nothing out."""
    desk = desk_of(session, row, now)
    if desk is not None and is_placed(row):
        taken(desk, asked_report(row))


def undeliverable(session: Session, row: Outbox, now: datetime) -> None:
    """Put it on record. Nobody else is told: nobody but the person who asked waits for it."""
    history.record(
        session,
        chain=f"person:{row.person_id}",
        at=now,
        actor_id=None,
        what="could not be delivered",
        details={"person": row.person_id, "message": row.kind, "report": asked_report(row).name},
    )


def desk_of(session: Session, row: Outbox, now: datetime) -> Desk | None:
    """The desk of the person a report goes to, to ask what they may have; None where nobody is listed."""
    person = people.get(session, row.person_id)
    if person is None:
        return None
    rules = rules_in_force(session, row.authority)
    return Desk(session=session, now=now, authority=row.authority, rules=rules, actor=person, platform=asked_on(row))
