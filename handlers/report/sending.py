"""Sends a report to whoever asks for it, as a file in their own chat: one message is owed, however often they press."""

import hashlib
import json
from datetime import timedelta

from handlers.cards import Answer, Notice
from handlers.figures.entitlement import entitled_to
from handlers.messages.kinds import Kind
from handlers.office import Desk
from handlers.report.asked import AskedReport, may_have, named_report
from handlers.report.message import asked_report
from handlers.report.offering import Stand, stand_of
from handlers.requests import Request
from storage import outbox
from storage.outbox import Outbox, OutboxState

COMING = "The report is being made and comes to you as a message."
COMING_ALREADY = "The report is being made already: it comes to you as a message, once."
JUST_SENT = "The report was sent to you a moment ago: look into your messages from this app."
ONCE_WITHIN = timedelta(minutes=1)
"""A second press within this time asks for nothing new, even where the first file has arrived."""


def send_report(desk: Desk, request: Request) -> Answer:
    """Owe the person who asks the report as a file. Refused to the unentitled and for a wrong year.

    While one is on its way, or has just arrived, the same report is not owed again.
    """
    entitled_to(desk)
    asked = named_report(request.subject)
    may_have(desk, asked)
    desk.session.refresh(desk.actor, with_for_update=True)  # of two presses at once, one waits for the other
    before = _asked_before(desk, asked)
    if before is None:
        _owe(desk, asked)
        return Notice(text=COMING)
    return Notice(text=JUST_SENT if before.state is OutboxState.SENT else COMING_ALREADY)


def _asked_before(desk: Desk, asked: AskedReport) -> Outbox | None:
    """The message by which the same report is on its way, or has just come."""
    waiting = (OutboxState.OWED, OutboxState.ATTEMPTED)
    for row in outbox.to_person(desk.session, desk.actor_id, Kind.REPORT_FILE):
        standing = stand_of(row) in (None, Stand.TAKEN, Stand.STORED)
        just_sent = row.state is OutboxState.SENT and row.owed_at > desk.now - ONCE_WITHIN and standing
        if (row.state in waiting or just_sent) and asked_report(row) == asked:
            return row
    return None


def _owe(desk: Desk, asked: AskedReport) -> None:
    digest = hashlib.sha256(desk.request_key.encode()).hexdigest()
    outbox.owe(
        desk.session,
        Outbox(
            authority=desk.authority,
            key=f"{Kind.REPORT_FILE.value}:{digest}",
            kind=Kind.REPORT_FILE.value,
            person_id=desk.actor_id,
            details=json.dumps({"report": asked.name, "on": desk.platform}),
            owed_at=desk.now,
        ),
    )
