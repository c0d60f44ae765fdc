"""Links that work once, for ten minutes, for one person: made here, kept by a digest of their secret alone."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from handlers.office import Desk
from handlers.refusals import NotFound
from storage.file_links import FileLink

LINK_LIVES = timedelta(minutes=10)


class Shape(StrEnum):
    """In which shape a record is given."""

    MARKDOWN = "md"
    DOCX = "docx"


def lead_to_concern(desk: Desk, concern_id: int, shape: Shape) -> str:
    """The secret of a new link to a concern's file in that shape."""
    return _lead(desk, concern_id=concern_id, report=shape.value)


def lead_to_report(desk: Desk, report: str) -> str:
    """The secret of a new link to a report; `report` names it (year and kind) and carries no words."""
    return _lead(desk, concern_id=None, report=report)


def _lead(desk: Desk, *, concern_id: int | None, report: str) -> str:
    secret = secrets.token_urlsafe(32)
    desk.session.add(
        FileLink(
            authority=desk.authority,
            digest=digest_of(secret),
            concern_id=concern_id,
            report=report,
            person_id=desk.actor_id,
            expires_at=desk.now + LINK_LIVES,
        )
    )
    return secret


def use(desk: Desk, link: FileLink) -> None:
    """Use a link up. Refused once it has been used, when its ten minutes are over, and to anybody else."""
    if link.used_at is not None or link.expires_at <= desk.now or link.person_id != desk.actor_id:
        raise NotFound("This link has been used, or its ten minutes are over. Ask for the file again in the chat.")
    link.used_at = desk.now
    desk.session.add(link)


def address_of(desk: Desk, secret: str) -> str:
    """The address people open."""
    return f"{desk.public_url.rstrip('/')}/file/{secret}"


def digest_of(secret: str) -> str:
    """The digest under which a link's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
