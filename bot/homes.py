"""Keeps App Homes true: those said to be stale are drawn anew, newest state only, at the pace the platform takes.

Opening and drawing anew take turns for each person, so that what was drawn first never comes last. Each workspace has a
lane of its own: one that does not answer, or asks to wait, holds up no other.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from weakref import WeakValueDictionary

from bot.threads import WorkerThreads
from handlers import answers
from handlers.cards import Card
from handlers.day.day import day_card
from handlers.office import Office, Scene, rules_in_force
from handlers.terms import in_words
from handlers.undrawn import drawn
from scheduling.working_days import local
from storage import addresses, homes
from storage.database import transaction
from storage.homes import Seen

PAGE = 20
A_MINUTE = 100
"""Homes drawn anew in a workspace in a minute: views.publish is a method of Slack's tier 4."""

Drawn = Callable[[], Awaitable[tuple[str, Card] | None]]
"""The authority and what somebody's home shows; None where nothing can be shown."""

AGAIN_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """The platform did not take it. `seconds`: how long its whole workspace waits; None where only this one does."""

    seconds: float | None = None


Publish = Callable[[str, str, Card], Awaitable[NotTaken | None]]
"""Workspace, account, what it shows now -> why the platform did not take it; None where it did."""


@dataclass(frozen=True, kw_only=True)
class Stale:
    """One home to be drawn anew: whose it is, as of when, and what it shows now; nothing where it is true already."""

    authority: str
    home_id: int
    workspace: str
    account: str
    seen: Seen
    digest: str
    card: Card | None


class Homes:
    """One for a platform. `publish` shows a card as somebody's home."""

    def __init__(
        self, office: Office, threads: WorkerThreads, platform: str, publish: Publish, monotonic: Callable[[], float]
    ) -> None:
        self._office = office
        self._threads = threads
        self._platform = platform
        self._publish = publish
        self._monotonic = monotonic
        self._published: dict[str, deque[float]] = {}
        self._not_before: dict[str, float] = {}
        self._at_work: set[str] = set()
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def open(self, workspace: str, account: str, drawn: Drawn) -> None:
        """Show somebody their home; what it shows is kept, so that the same is not published again.

        What the platform does not take is drawn anew later, as if something had changed.
        """
        async with self._turn(workspace, account):
            found = await drawn()
            if found is not None:
                taken = not self._waits(workspace) and await self._taken(workspace, account, found[1])
                digest = digest_of(found[1]) if taken else ""
                await self._threads.run(partial(self._opened, found[0], workspace, account, digest))

    async def refresh(self) -> None:
        """Draw anew what is stale, as far as the pace allows; what another call is at work on is left to that."""
        while await self._some():
            pass

    async def _some(self) -> bool:
        """A few of every authority, each workspace in its own lane; whether there may be more."""
        closed = frozenset(self._at_work | {one for one in self._not_before if self._waits(one)})
        found = await self._threads.run(partial(self._stale, closed))
        lanes: dict[str, list[Stale]] = {}
        for one in found:
            lanes.setdefault(one.workspace, []).append(one)
        done = await asyncio.gather(*(self._lane(workspace, several) for workspace, several in lanes.items()))
        return any(done) and len(found) >= PAGE

    async def _lane(self, workspace: str, several: Iterable[Stale]) -> bool:
        """Those of one workspace, one after the other; whether any is true now that was not."""
        if workspace in self._at_work:
            return False
        self._at_work.add(workspace)
        try:
            return any([await self._shown(one) for one in several])
        finally:
            self._at_work.discard(workspace)

    def _turn(self, workspace: str, account: str) -> asyncio.Lock:
        return self._turns.setdefault((workspace, account), asyncio.Lock())

    async def _shown(self, one: Stale) -> bool:
        """Whether it is true now; what the platform does not take waits behind the others."""
        if one.card is not None and (self._waits(one.workspace) or not self._has_room(one.workspace)):
            return False
        async with self._turn(one.workspace, one.account):
            if one.card is not None:
                if not await self._threads.run(lambda: self._still_stands(one)):
                    return False  # opened, or changed once more, since it was drawn: what was drawn is old
                if not await self._taken(one.workspace, one.account, one.card):
                    await self._threads.run(lambda: self._put_back(one))
                    return False
            await self._threads.run(lambda: self._settle(one))
        return True

    async def _taken(self, workspace: str, account: str, card: Card) -> bool:
        refusal = await self._publish(workspace, account, card)
        if refusal is not None and refusal.seconds is not None:
            self._not_before[workspace] = self._monotonic() + refusal.seconds
        return refusal is None

    def _waits(self, workspace: str) -> bool:
        """Whether the platform asked that it be left alone until later, or did not answer just now."""
        return self._monotonic() < self._not_before.get(workspace, 0.0)

    def _has_room(self, workspace: str) -> bool:
        """Whether this minute has room for one more."""
        now, published = self._monotonic(), self._published.setdefault(workspace, deque())
        while published and published[0] <= now - 60:
            published.popleft()
        if len(published) >= A_MINUTE:
            return False
        published.append(now)
        return True

    def _stale(self, closed: frozenset[str]) -> list[Stale]:
        return [one for authority in self._authorities() for one in self._stale_of(authority, closed)]

    def _authorities(self) -> Iterable[str]:
        with transaction(self._office.engine, None, writes=False) as session:
            return homes.with_stale(session, self._platform, local(self._office.clock()).date())

    def _stale_of(self, authority: str, closed: frozenset[str]) -> list[Stale]:
        now = self._office.clock()
        with transaction(self._office.engine, authority, writes=False) as session:
            scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
            found = homes.stale(session, self._platform, scene.today, PAGE, closed)
            return [self._drawn(scene, one) for one in found]

    def _drawn(self, scene: Scene, home: homes.Home) -> Stale:
        account = addresses.account_of(scene.session, home.person_id, home.platform, home.workspace)
        card = self._card(scene, home) if account is not None else None
        digest = digest_of(card) if card is not None else ""
        return Stale(
            authority=scene.authority,
            home_id=home.id or 0,
            workspace=home.workspace,
            account=account or "",
            seen=homes.seen(home),
            digest=digest,
            card=card if digest != home.shown else None,
        )

    def _card(self, scene: Scene, home: homes.Home) -> Card | None:
        """The day; none where it cannot be drawn, which takes no other with it."""
        draw = partial(day_card, scene, home.person_id)
        card = drawn(scene, f"day of person {home.person_id}", draw, lambda: None)
        return in_words(card, scene.rules) if card is not None else None

    def _still_stands(self, one: Stale) -> bool:
        with transaction(self._office.engine, one.authority, writes=False) as session:
            return homes.still(session, one.home_id, one.seen)

    def _settle(self, one: Stale) -> None:
        with transaction(self._office.engine, one.authority) as session:
            homes.shown(session, one.home_id, one.seen, one.digest, self._office.clock())

    def _opened(self, authority: str, workspace: str, account: str, digest: str) -> None:
        with transaction(self._office.engine, authority) as session:
            person = addresses.person_at(session, self._platform, workspace, account)
            home = homes.of(session, person.id or 0, self._platform, workspace) if person is not None else None
            if home is None or home.id is None:
                return
            if digest:
                homes.shown(session, home.id, Seen(stale_since=None, shown=""), digest, self._office.clock())
            else:
                homes.put_back(session, home.id, self._office.clock())

    def _put_back(self, one: Stale) -> None:
        with transaction(self._office.engine, one.authority) as session:
            homes.put_back(session, one.home_id, self._office.clock())


def digest_of(card: Card) -> str:
    """By which two drawings of a day are told apart without keeping what they say."""
    return hashlib.sha256(answers.to_text(card).encode()).hexdigest()
