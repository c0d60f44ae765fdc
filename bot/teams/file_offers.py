"""Gives a file to whoever allowed it: Teams is answered at once, and the file follows into their OneDrive.

A file that was asked for is drawn only now, from the state as it is, and kept nowhere on the way.
"""

import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.incidents import apology
from bot.reception.reception import Reception
from bot.teams import cards, faults, uploading
from bot.teams.clouds import is_loopback
from bot.teams.connector import Connector
from bot.teams.consents import Consent, FilePlace
from bot.teams.declaration import TEAMS
from bot.teams.installs import chat_of
from bot.teams.replies import Replies
from bot.teams.stored_offers import StoredOffers
from bot.teams.uploading import LARGEST_FILE, Put, may_be_filled
from bot.threads import WorkerThreads
from handlers.cards import Notice
from handlers.messages.of_reports import Stand
from handlers.refusals import Refused, Stale
from handlers.report.offering import NO_OFFER, Answered

log = logging.getLogger("bot")

ODD_PLACE = (
    "Teams named a place for this file that I do not write to, so nothing was given out. "
    "Ask your administrator to look for “a place for a file” in the log."
)
STANDS = {Put.STORED: Stand.STORED, Put.REFUSED: Stand.REFUSED, Put.UNKNOWN: Stand.UNKNOWN}


@dataclass(frozen=True, kw_only=True)
class _Taken:
    authority: str
    answered: Answered


class FileOffers:
    """`trial`: on this machine a place may be on this machine too."""

    def __init__(
        self,
        reception: Reception,
        offers: StoredOffers,
        connector: Connector,
        replies: Replies,
        threads: WorkerThreads,
        *,
        trial: bool,
    ) -> None:
        self._reception = reception
        self._offers = offers
        self._connector = connector
        self._replies = replies
        self._threads = threads
        self._trial = trial

    async def answered(self, consent: Consent) -> None:
        """Take what the person answered. What follows from it goes on after Teams has been answered."""
        if consent.place is not None and not self._may_fill(consent.place, consent):
            log.warning(
                "Teams: a place for a file was named that is not Microsoft's storage, and nothing was put there"
            )
            self._follow(self._said(consent, ODD_PLACE))
            return
        try:
            taken = await self._threads.run(partial(self._taken, consent))
        except Stale as stale:
            self._follow(self._posted(consent, stale.sentence))
        except Refused as refusal:
            self._follow(self._said(consent, refusal.sentence))
        except Exception as error:  # noqa: BLE001 - whatever it is, Teams must not be answered with an error
            sorry = apology(error, platform=TEAMS.name, deed="answer to an offered file")
            self._follow(self._posted(consent, sorry.text))
        else:
            if taken is not None:
                asked = replace(consent, card=consent.card or taken.answered.message)
                self._follow(self._given(asked, consent.place, taken))

    def _taken(self, consent: Consent) -> _Taken | None:
        known = self._reception.known(TEAMS, consent.where.tenant, consent.where.account)
        if known is None:
            raise Refused(NO_OFFER)
        wanted = consent.place is not None
        answered = self._offers.take_up(known.authority, known.person, consent.offer, wanted=wanted, act=consent.key)
        return _Taken(authority=known.authority, answered=answered) if answered is not None else None

    async def _given(self, consent: Consent, place: FilePlace | None, taken: _Taken) -> None:
        """Make the file, put it there and say how it ended; or just say that it was declined."""
        if place is None:
            await self._said(consent, taken.answered.sentence)
            return
        stand, why = await self._put(consent, place, taken.authority)
        end = partial(self._offers.ended, taken.authority, consent.offer, stand, place.name)
        answered = await self._threads.run(end)
        shown = stand is Stand.STORED and await self._replies.posted(chat_of(consent.where), cards.showing(place))
        said = await self._said(consent, why or answered.sentence, post=not shown)
        if shown or said:
            await self._threads.run(partial(self._offers.told, taken.authority, consent.offer))

    async def _put(self, consent: Consent, place: FilePlace, authority: str) -> tuple[Stand, str]:
        """What became of the file; and why there was none to put, where that has a sentence of its own."""
        try:
            file = await self._threads.run(partial(self._offers.file_of, authority, consent.offer))
        except Refused as refusal:
            return Stand.REFUSED, refusal.sentence
        except Exception as error:  # noqa: BLE001 - the person waits for a sentence, whatever it is
            return Stand.REFUSED, apology(error, platform=TEAMS.name, deed="making a file").text
        if not 0 < len(file.content) <= LARGEST_FILE:
            return Stand.REFUSED, ""
        return STANDS[await uploading.put(self._connector.http, place.address, file.content)], ""

    async def _said(self, consent: Consent, sentence: str, *, post: bool = True) -> bool:
        """Say it in the place of the question, which then asks no more; or else as a message. Whether it was said."""
        try:
            if consent.card:
                drawn = cards.notice(Notice(text=sentence))
                await self._connector.update(chat_of(consent.where), consent.card, drawn)
                return True
        except faults.LOST as lost:
            log.info("Teams: the question about a file stays as it is (%s)", type(lost).__name__)
        return post and await self._posted(consent, sentence)

    async def _posted(self, consent: Consent, sentence: str) -> bool:
        return await self._replies.posted(chat_of(consent.where), cards.notice(Notice(text=sentence)))

    def _may_fill(self, place: FilePlace, consent: Consent) -> bool:
        here = self._trial and is_loopback(consent.where.service_url)
        return may_be_filled(place.address, on_this_machine=here) and may_be_filled(place.content_url)

    def _follow(self, work: Coroutine[Any, Any, object]) -> None:
        self._threads.keep(work, what="giving a file")
