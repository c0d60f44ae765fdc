"""Messages that bring a report as a file, or say what became of it. Who may have it is asked again at its turn."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.figures.asked_report import AskedReport, may_have, named_report, taken
from handlers.figures.entitlement import whose_words
from handlers.messages import subjects
from handlers.messages.message import Hours, Topic, anybody, message
from handlers.messages.owing import details_of
from handlers.messages.undelivered import on_record
from handlers.office import Desk, Scene, rules_in_force
from handlers.refusals import Refused
from scheduling.procedures.terms import CONCERN
from storage import outbox, people
from storage.outbox import Outbox

TOLD_WITHIN = timedelta(minutes=10)
"""People who took a file hear within this time what became of it, even if the bot was stopped in the middle."""
FOR_INSIDE = f"It is for use inside the service. It quotes nobody, and names no child and no single {CONCERN}."
FOR_ALL = "Counts under five are held back: this edition may be published."


class Stand(StrEnum):
    """How an offer stands once it has been answered."""

    DECLINED = "declined"
    TAKEN = "taken"  # wanted; it is being made, or on its way
    STORED = "stored"  # it lies where the person keeps their files
    REFUSED = "refused"  # it certainly does not
    UNKNOWN = "unknown"  # nobody can tell


@dataclass(frozen=True, kw_only=True)
class Post:
    """A message about a report, with its row: how its offer stands is kept there."""

    scene: Scene
    row: Outbox


def _post(scene: Scene, row: Outbox) -> Post:
    return Post(scene=scene, row=row)


def _lost(scene: Scene, row: Outbox) -> list[int]:
    """Put it on record. Nobody else is told: only the person who asked waits for it."""
    on_record(scene, row, subjects.of_person(row.person_id), report=asked_report(row).name)
    return []


def _taken_out(scene: Scene, row: Outbox) -> None:
    """Record the report as taken out where its file stands in the chat; a message without it took nothing out."""
    desk = desk_of(scene.session, row, scene.now)
    if desk is not None and is_placed(row):
        taken(desk, asked_report(row))


REPORT = Topic(name="report", read=_post, reach=anybody, lost=_lost)


@message(
    "report_file",
    REPORT,
    title="Annual report 2025-26: the whole service",
    to="the person who asked for it, with the file",
    hours=Hours.ANY,
    arrived=_taken_out,
)
def report_file(post: Post) -> Card | None:
    """To a person who may not have the report any more, a sentence and no file.

    None where its offer has been answered: then it arrived, whether or not the platform said so.
    """
    if details_of(post.row).get("stand"):
        return None
    asked = asked_report(post.row)
    desk = desk_of(post.scene.session, post.row, post.scene.now)
    if desk is None:
        return None
    try:
        whose = may_have(desk, asked)
    except Refused as refusal:
        return Card(title=f"The annual report {asked.year} was not sent", lines=(Line(text=refusal.sentence),))
    head, said = (", for publication", FOR_ALL) if asked.public else (f": {whose_words(whose)}", FOR_INSIDE)
    return Card(title=f"Annual report {asked.year}{head}", lines=(Line(text=said),), attached=asked.name)


@message(
    "report_outcome",
    REPORT,
    title="Your annual report 2025-26",
    to="the person who took the file, where they were not told how it ended",
    buttons=("Ask for it again",),
    hours=Hours.ANY,
)
def report_outcome(post: Post) -> Card | None:
    """None where they were told when it ended."""
    offer = outbox.by_key(post.scene.session, str(details_of(post.row)["offer"]))
    stand = stand_of(offer, post.scene.now) if offer is not None else None
    if offer is None or stand is None or details_of(offer).get("told"):
        return None
    year = asked_report(offer).year
    again = Button(label="Ask for it again", deed="iro.report", subject=year)
    return Card(
        title=f"Your annual report {year}",
        lines=(Line(text=how_it_ended(offer, stand)),),
        buttons=() if stand is Stand.STORED else (again,),
    )


def stand_of(row: Outbox, now: datetime | None = None) -> Stand | None:
    """How the offer that a message made stands; None where it was not answered, or is none.

    With `now`: of a file that was on its way all this time nobody can tell any more.
    """
    details = details_of(row)
    if not details.get("stand"):
        return None
    stand, at = Stand(str(details["stand"])), datetime.fromtimestamp(int(details.get("at") or 0), UTC)
    lost = stand is Stand.TAKEN and now is not None and now - at >= TOLD_WITHIN
    return Stand.UNKNOWN if lost else stand


def how_it_ended(row: Outbox, stand: Stand) -> str:
    """What is said of a file that was offered."""
    year, name = asked_report(row).year, str(details_of(row).get("file") or file_name(row))
    again = f"/iro report {year} offers it again."
    match stand:
        case Stand.DECLINED:
            return f"You declined the annual report {year}, and nothing was given out. {again}"
        case Stand.TAKEN:
            return f"The annual report {year} is being made and goes into your OneDrive."
        case Stand.STORED:
            return f"{name} is in your OneDrive, in the folder Applications."
        case Stand.REFUSED:
            return f"The annual report {year} could not be put into your OneDrive: nothing is there. {again}"
        case Stand.UNKNOWN:
            return f"Nobody can tell whether {name} arrived: look for it in your OneDrive. If it is not there, {again}"


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
    if row.kind != report_file.name:
        return ""
    try:
        return asked_report(row).file_name(row.owed_at)
    except Refused:
        return ""


def asked_on(row: Outbox) -> str:
    """The platform on which a report was asked for, where it goes if it can; nothing for other messages."""
    return str(details_of(row).get("on") or "") if row.kind in (report_file.name, report_outcome.name) else ""


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


def desk_of(session: Session, row: Outbox, now: datetime) -> Desk | None:
    """The desk of the person a report goes to, to ask what they may have; None where nobody is listed."""
    person = people.get(session, row.person_id)
    if person is None:
        return None
    rules = rules_in_force(session, row.authority)
    return Desk(session=session, now=now, authority=row.authority, rules=rules, actor=person, platform=asked_on(row))
