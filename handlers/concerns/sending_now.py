"""What was done after hours goes out at the next opening; the IRO sees when, and may send it now."""

from dataclasses import replace

from handlers.cards import Answer, Notice
from handlers.concerns.case import Case, OpenCase, open_case
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import when
from storage import outbox


def with_hours(case: OpenCase, notice: Notice, *, starts: bool = True) -> Notice:
    """The answer to an act, with when its messages go out and "Send now" where they wait for working hours.

    Where the act `starts` a stage, that its time counts from today all the same.
    """
    said = goes_out(case)
    if not said:
        return notice
    text = f"{notice.text} {said}{' The time to reply counts from today.' if starts else ''}"
    return replace(notice, text=text, buttons=(*notice.buttons, case.button(*SEND_NOW)))


SEND_NOW = ("Send now", "concern.send_now")


def goes_out(case: Case) -> str:
    """When what waits for working hours goes out; nothing where nothing waits."""
    if case.scene.calendar.is_open(case.scene.now):
        return ""  # what is held within hours only tells, and waits for its hour to end
    held = [row.held_until for row in outbox.held(case.scene.session, case.id, case.scene.now) if row.held_until]
    return f"The messages go out at {when(min(held))}." if held else ""


def send_now(desk: Desk, request: Request) -> Answer:
    """ "Send now": the IRO lets the messages about a concern go out after hours. Pressed again it changes nothing."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    held = outbox.held(desk.session, case.id, desk.now)
    outbox.let_go(desk.session, held)
    if not held:
        return Notice(text=f"Nothing about {case.ref} waits: everything has gone out.")
    case.record("sent after hours", messages=len(held))
    return Notice(text=f"The messages about {case.ref} are going out now.")
