"""Finds a person whose address is not known, is out of date, or is gone: nothing is posted on the way."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery.addresses import FindsAddresses, believed, known_address, no_account, not_believed
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.pace import Pace
from bot.delivery.port import FindsAnew, Undeliverable
from bot.delivery.works import Works
from storage import addresses, history, people
from storage.addresses import Address

OPEN_FOR = timedelta(days=1)
"""How long an account is taken to be open after the platform has said so."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which messages go to an account that is open, which do not or cannot be told, and about which no answer came yet.

    The others were not asked about, for the platform is asked no faster than it takes.
    """

    open: Sequence[Job]
    shut: Sequence[Job]
    awaited: Sequence[tuple[Job, asyncio.Task[bool]]]


class Finding:
    """Looks people up for one lane. `lanes` are all those of the authority.

    Every way raises Undeliverable where the person is not found, or cannot be looked for now.
    """

    def __init__(self, works: Works, lane: Lane, lanes: Sequence[Lane], pace: Pace) -> None:
        self._works = works
        self._lane = lane
        self._lanes = lanes
        self._pace = pace
        self.elsewhere = False  # somebody turned out to be in another lane

    async def address(self, job: Job) -> str | None:
        """Where the person is written to, known to be open where that has to be asked; None: in another lane."""
        if job.address is None:
            return await self._by_email(job)
        return await self.anew(job, job.address) if self.is_to_be_asked(job) else job.address

    async def open_among(self, jobs: Sequence[Job], seconds: float) -> Asked:
        """Of messages with an address, whether it is known to be open within so many seconds; what is heard is kept."""
        unknown = [job for job in jobs if self.is_to_be_asked(job)]
        asked = [(job, asyncio.create_task(self._is_open(job))) for job in unknown if self._may_ask(job)]
        if asked:
            await asyncio.wait([answer for _, answer in asked], timeout=seconds)
        answered = [(job, answer.result()) for job, answer in asked if answer.done()]
        heard = [job for job, is_open in answered if is_open]
        await self.are_open(heard)
        return Asked(
            open=[job for job in jobs if job not in unknown] + heard,
            shut=[job for job, is_open in answered if not is_open],
            awaited=[(job, answer) for job, answer in asked if not answer.done()],
        )

    async def are_open(self, jobs: Sequence[Job]) -> None:
        """Keep that these readers' accounts are open, as the platform has just said."""
        accounts = {job.person_id: job.address for job in jobs if job.address is not None}
        if accounts and isinstance(self._works.platforms[self._lane.platform], FindsAnew):
            lane, now = self._lane, self._works.clock()
            await self._works.writing(
                lane.authority,
                lambda session: addresses.are_open(session, accounts, lane.platform, lane.workspace, now),
            )

    def _may_ask(self, job: Job) -> bool:
        """Whether one more may be asked about now; else its reader waits a moment, for nobody else has to."""
        if self._pace.looks.room(urgent=job.urgent):
            self._pace.looked(job.person_id)
            return True
        self._pace.look_later(job.person_id, urgent=job.urgent)
        return False

    async def _is_open(self, job: Job) -> bool:
        platform = self._works.platforms[self._lane.platform]
        if not isinstance(platform, FindsAnew) or job.address is None:
            return True
        try:
            await platform.check(workspace=self._lane.workspace, address=job.address)
        except Undeliverable:
            return False
        return True

    async def anew(self, job: Job, address: str) -> str | None:
        """Where the person can be written to after all, when their address may be gone; None: in another lane."""
        try:
            await self._checked(job, address)
        except Undeliverable as refusal:
            if not refusal.gone:
                raise
            return await self._another(job, address, refusal)
        return address

    async def make_sure(self, job: Job) -> None:
        """Pass where the message, found to have been posted, may count as delivered to somebody."""
        if job.address is not None and self.is_to_be_asked(job):
            await self._checked(job, job.address)

    def is_to_be_asked(self, job: Job) -> bool:
        """Whether the platform has to say that the account is open before anything is posted to it."""
        if not self._works.called(self._lane).takes_for_closed:
            return False
        return job.open_at is None or self._works.clock() - job.open_at >= OPEN_FOR

    async def _checked(self, job: Job, address: str) -> None:
        """Ask the platform, and keep what it says."""
        platform, authority = self._works.platforms[self._lane.platform], self._lane.authority
        if not isinstance(platform, FindsAnew):
            return
        try:
            await platform.check(workspace=self._lane.workspace, address=address)
        except Undeliverable as refusal:
            if refusal.gone:
                await self._works.writing(authority, lambda session: self._keep(session, job, address, None))
            raise
        await self._works.writing(authority, lambda session: self._keep(session, job, address, self._works.clock()))

    def _keep(self, session: Session, job: Job, address: str, open_at: datetime | None) -> None:
        found = self._held(session, job)
        if found is not None and found.account == address:
            found.open_at = open_at
            session.add(found)

    async def _by_email(self, job: Job) -> str | None:
        """The person's address by their e-mail, here or on the authority's other platforms; kept when found."""
        lanes = await self._believed(job)
        for lane in sorted(lanes, key=lambda lane: lane != self._lane):
            address = await self._asked(job, lane)
            if address is not None and await self._linked(job, lane, address):
                self.elsewhere = self.elsewhere or lane != self._lane
                return address if lane == self._lane else None
        called = self._works.called(self._lane)
        raise Undeliverable(no_account(called) if lanes else not_believed(called, job.email), unreached=True)

    async def _another(self, job: Job, gone: str, refusal: Undeliverable) -> str | None:
        """Another account of the same confirmed address, or one known in another lane; else the refusal stands.

        What is gone is forgotten only for something that takes its place, so that a person who comes back is known.
        """
        found = await self._asked(job, self._lane) if self._lane in await self._believed(job) else None
        if found not in (None, gone) and await self._works.writing(
            self._lane.authority, lambda session: self._relinked(session, job, gone, found)
        ):
            return found
        if await self._works.writing(self._lane.authority, lambda session: self._left_to_another(session, job, gone)):
            self.elsewhere = True
            return None
        raise refusal

    async def _believed(self, job: Job) -> list[Lane]:
        return await self._works.reading(
            self._lane.authority, lambda session: believed(session, self._lanes, job.email)
        )

    async def _asked(self, job: Job, lane: Lane) -> str | None:
        platform = self._works.platforms[lane.platform]
        if not isinstance(platform, FindsAddresses):
            return None
        return await platform.address_of(workspace=lane.workspace, email=job.email)

    async def _linked(self, job: Job, lane: Lane, account: str) -> bool:
        now = self._works.clock()
        return await self._works.writing(
            lane.authority,
            lambda session: addresses.link(session, job.person_id, lane.platform, lane.workspace, account, now),
        )

    def _relinked(self, session: Session, job: Job, gone: str, account: str) -> bool:
        held = self._held(session, job)
        if held is None or held.account != gone:
            return False
        if not addresses.relink(session, held, account, self._works.clock()):
            return False
        history.record(
            session,
            chain="authority",
            at=self._works.day(),
            actor_id=None,
            what=f"linked anew to {self._works.called(self._lane).label}",
            details={"person": job.person_id, "workspace": self._lane.workspace},
        )
        return True

    def _left_to_another(self, session: Session, job: Job, gone: str) -> bool:
        """Forget the account here where the person has one in another lane, to which the message then belongs."""
        held, person = self._held(session, job), people.get(session, job.person_id)
        if held is None or held.account != gone or person is None:
            return False
        theirs = addresses.of_people(session, [job.person_id]).get(job.person_id, {})
        others = [lane for lane in self._lanes if lane != self._lane]
        if not any(known_address(person, theirs, lane, self._works.called(lane)) for lane in others):
            return False
        addresses.unlink(session, job.person_id, self._lane.platform, self._lane.workspace)
        return True

    def _held(self, session: Session, job: Job) -> Address | None:
        return addresses.held(session, job.person_id, self._lane.platform, self._lane.workspace)
