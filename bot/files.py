"""The file behind a one-time link: found by its digest, opened once, for the person it was made for."""

from bot.documents.record import drawn_record
from bot.web import File
from handlers.export.copying import open_link
from handlers.export.links import digest_of
from handlers.office import Desk, Office, rules_in_force
from handlers.refusals import Refused
from storage import file_links, people
from storage.database import transaction
from storage.scope import every_authority


def file_behind(office: Office, secret: str) -> File | None:
    """The file, and the link works no more; None for a link that is unknown, used or over."""
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
            if link is None or person is None:
                return None
            desk = Desk(
                session=session,
                now=office.clock(),
                authority=authority,
                rules=rules_in_force(session, authority),
                actor=person,
                platform="link",
            )
            opened, shape = open_link(desk, link)
    except Refused:
        return None
    return drawn_record(opened, shape)
