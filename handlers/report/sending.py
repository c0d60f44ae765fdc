"""Sends a report to the person who asks, as a file in their own chat: one message, however often they press."""

import hashlib
from datetime import datetime, timedelta

from handlers.cards import Answer, Notice
from handlers.figures.asked_report import AskedReport, may_have, named_report
from handlers.figures.entitlement import entitled_to
from handlers.messages.of_reports import Stand, asked_on, is_offer, is_placed, report_file, stand_of
from handlers.messages.owing import Cause, details_of, owe
from handlers.office import Desk
from handlers.requests import Request
from storage import outbox
from storage.outbox import Outbox, OutboxState

COMING = "The report is being made and comes to you as a message."
COMING_ALREADY = "The report is being made already: it comes to you as a message, once."
JUST_SENT = "The report was sent to you a moment ago: look into your messages from this app."
JUST_OFFERED = "The report was offered to you a moment ago: look into your messages from this app."
ONCE_WITHIN = timedelta(minutes=1)
"""A second press within this time asks for nothing new, even where the first file has arrived."""


def send_report(desk: Desk, request: Request) -> Answer:
    """Owe the person who asks the report as a file. Refused to the unentitled and for a wrong year.

    While one is on its way to the same platform, or has just arrived there, the same report is not owed again.
    """
    entitled_to(desk)
    asked = named_report(request.subject)
    may_have(desk, asked)
    desk.session.refresh(desk.actor, with_for_update=True)  # of two presses at once, one waits for the other
    before = _asked_before(desk, asked)
    if before is None:
        _owe(desk, asked)
    return Notice(text=before or COMING)


def _asked_before(desk: Desk, asked: AskedReport) -> str | None:
    """The sentence about the same report, asked for before on this platform, where that is not to be owed again."""
    for row in outbox.to_person(desk.session, desk.actor_id, report_file.name):
        if (asked_on(row), details_of(row).get("report")) == (desk.platform, asked.name):
            said = _how_it_stands(row, desk.now)
            if said is not None:
                return said
    return None


def _how_it_stands(row: Outbox, now: datetime) -> str | None:
    """What is said while the file of this message is on its way, or has just come; None where it did not come."""
    stand = stand_of(row, now)
    if stand is Stand.TAKEN or (stand is None and row.state in (OutboxState.OWED, OutboxState.ATTEMPTED)):
        return COMING_ALREADY
    if row.owed_at <= now - ONCE_WITHIN:
        return None
    if is_placed(row):
        return JUST_SENT
    return JUST_OFFERED if stand is None and is_offer(row) else None


def _owe(desk: Desk, asked: AskedReport) -> None:
    digest = hashlib.sha256(desk.request_key.encode()).hexdigest()
    cause = Cause(key=digest, details={"report": asked.name, "on": desk.platform})
    owe(desk, report_file, desk.actor_id, cause)
