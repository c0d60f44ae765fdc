"""The doctor and what is kept: the concerns of which something cannot be shown, or waits for a day too far ahead."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine

from bot.findings import Finding
from handlers.odd_rows import examined
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from storage import authorities
from storage.database import transaction

NAMED_AT_MOST = 20


def examine_rows(engine: Engine, authority: str, now: datetime) -> Iterator[Finding]:
    """A line for each, up to twenty; else one that all can be shown. Nothing before the authority is set up."""
    with transaction(engine, authority, writes=False) as session:
        if authorities.find(session, authority) is None:
            return
        try:
            rules = rules_in_force(session, authority)
        except Refused as refusal:
            yield Finding(about="concerns", said=str(refusal), mend="Set PROCEDURES and start the bot once.")
            return
        odd = examined(Scene(session=session, now=now, authority=authority, rules=rules))
    for one in odd[:NAMED_AT_MOST]:
        yield Finding(about="concerns", said=f"{one.name} {one.said}", mend=one.mend)
    if len(odd) > NAMED_AT_MOST:
        yield Finding(about="concerns", said=f"{len(odd) - NAMED_AT_MOST} more like these.", mend="Begin with those.")
    if not odd:
        yield Finding(about="concerns", said="all that are open can be shown.")
