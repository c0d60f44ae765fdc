"""Files that were offered, as they are kept in the database."""

from bot.documents.made import File
from bot.files import file_to_send
from handlers.messages.of_reports import Stand
from handlers.office import Office, rules_in_force
from handlers.refusals import Refused
from handlers.report import offering
from handlers.report.offering import Answered
from storage import outbox
from storage.database import transaction


class StoredOffers:
    """Every method is plain and runs in a worker thread."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._engine = office.engine

    def take_up(self, authority: str, person: int, offer: str, *, wanted: bool, act: str) -> Answered | None:
        """Take the answer to an offered file. None: this act was taken before. Refused; Stale where it was answered."""
        now = self._office.clock()
        with transaction(self._engine, authority) as session:
            try:
                return offering.take_up(session, offer, person, now, wanted=wanted, act=act)
            except Refused as refusal:
                raise refusal.said_by(rules_in_force(session, authority)) from None

    def file_of(self, authority: str, offer: str) -> File:
        """The file that was offered, as the person may have it now: gathered, then drawn. Raises Refused."""
        with transaction(self._engine, authority, writes=False) as session:
            row = outbox.by_key(session, offer)
            if row is None:
                raise Refused(offering.NO_OFFER)
            draw = file_to_send(session, row, self._office.clock())
        return draw()

    def ended(self, authority: str, offer: str, stand: Stand, file: str) -> Answered:
        """How it ended, and under which name the file is there."""
        with transaction(self._engine, authority) as session:
            return offering.ended(session, offer, stand, self._office.clock(), file)

    def told(self, authority: str, offer: str) -> None:
        """The person knows how it ended."""
        with transaction(self._engine, authority) as session:
            offering.told(session, offer)
