"""Files for one person: behind a one-time link, opened once, or with a message into their own chat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.delivery.addresses import unreachable
from bot.documents.made import File
from handlers.export.concern_file import ConcernFile
from handlers.export.copying import opened
from handlers.export.links import Shape, digest_of, use
from handlers.figures.asked_report import named_report
from handlers.figures.report_shape import ReportShape
from handlers.messages.of_reports import asked_report, desk_of, file_name
from handlers.office import Desk, Office, rules_in_force
from handlers.refusals import Refused
from handlers.report.asked import report_for, report_of
from handlers.report.gathering import Gathered
from scheduling.procedures import Procedures
from storage import file_links, people
from storage.database import transaction
from storage.file_links import FileLink
from storage.outbox import Outbox
from storage.scope import every_authority


def file_behind(office: Office, secret: str) -> File | None:
    """The file, and the link works no more; None for one that is unknown, used or over, or a leaver's.

    Where the file cannot be drawn, the link stays as it was.
    """
    digest = digest_of(secret)
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        found = file_links.by_digest(session, digest)
        authority = found.authority if found is not None else None
    if authority is None:
        return None
    try:
        with transaction(office.engine, authority) as session:
            link = file_links.locked(session, digest)
            person = people.get(session, link.person_id) if link is not None else None
            now = office.clock()
            if link is None or person is None or unreachable(person, now) is not None:
                return None
            desk = Desk(
                session=session,
                now=now,
                authority=authority,
                rules=rules_in_force(session, authority),
                actor=person,
                platform="link",
            )
            use(desk, link)
            draw = _led_to(desk, link)
    except Refused:
        return None
    with _given_back(office, authority, digest):
        return draw()


@contextmanager
def _given_back(office: Office, authority: str, digest: str) -> Iterator[None]:
    """Let the link work again if what is done here fails: nobody got a file."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            with transaction(office.engine, authority) as session:
                link = file_links.locked(session, digest)
                if link is not None:
                    link.used_at = None


def _led_to(desk: Desk, link: FileLink) -> Callable[[], File]:
    """Gather what the link leads to; drawing it, which takes its time, needs the database no more."""
    if link.concern_id is not None:
        file = opened(desk, link.concern_id)
        return partial(_drawn_record, file, Shape(link.report or Shape.MARKDOWN), desk.rules)
    asked = named_report(link.report)
    return partial(_annual_report, report_for(desk, asked), asked.shape)


def file_to_send(session: Session, row: Outbox, now: datetime) -> Callable[[], File]:
    """Gather the report that a message brings, as the person it goes to may have it now; drawing it comes after.

    Not recorded: that comes when the person has it. Refused to anyone who may not have it any more.
    """
    desk = desk_of(session, row, now)
    if desk is None:
        raise Refused("This person is not on the staff list.")
    asked = asked_report(row)
    try:
        gathered = report_of(desk, asked, in_chat=True)
    except Refused as refusal:
        raise refusal.said_by(desk.rules) from None
    name = file_name(row)
    return lambda: replace(_annual_report(gathered, asked.shape), name=name)


def _annual_report(gathered: Gathered, shape: ReportShape) -> File:
    from bot.documents.annual_report import annual_report  # noqa: PLC0415 - heavy, and seldom asked for

    return annual_report(gathered, shape)


def _drawn_record(file: ConcernFile, shape: Shape, rules: Procedures) -> File:
    from bot.documents.record import drawn_record  # noqa: PLC0415 - heavy, and seldom asked for

    return drawn_record(file, shape, rules)
