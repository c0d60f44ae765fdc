"""Keeps App Homes true: those said to be stale are drawn anew, newest state only, at the pace the platform takes.

Opening and drawing anew take turns for each person, so that what was drawn first never comes last.
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

Publish = Callable[[str, str, Card], Awaitable[bool]]
"""Workspace, account, what it shows now -> whether the platform took it."""


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
        self._at_work = False
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def open(self, workspace: str, account: str, drawn: Drawn) -> None:
        """Show somebody their home; what it shows is kept, so that the same is not published again."""
        async with self._turn(workspace, account):
            found = await drawn()
            if found is not None and await self._publish(workspace, account, found[1]):
                await self._threads.run(partial(self._opened, found[0], workspace, account, digest_of(found[1])))

    async def refresh(self) -> None:
        """Draw anew what is stale, as far as the pace allows; the second of two calls leaves it to the first."""
        if self._at_work:
            return
        self._at_work = True
        try:
            while await self._some():
                pass
        finally:
            self._at_work = False

    async def _some(self) -> bool:
        """A few of every authority; whether there may be more."""
        found = await self._threads.run(self._stale)
        done = [await self._shown(one) for one in found]
        return any(done) and len(found) >= PAGE

    def _turn(self, workspace: str, account: str) -> asyncio.Lock:
        return self._turns.setdefault((workspace, account), asyncio.Lock())

    async def _shown(self, one: Stale) -> bool:
        """Whether it is true now; what the platform does not take waits behind the others."""
        if one.card is not None and not self._has_room(one.workspace):
            return False
        async with self._turn(one.workspace, one.account):
            if one.card is not None:
                if not await self._threads.run(lambda: self._still_stands(one)):
                    return False  # opened, or changed once more, since it was drawn: what was drawn is old
                if not await self._publish(one.workspace, one.account, one.card):
                    await self._threads.run(lambda: self._put_back(one))
                    return False
            await self._threads.run(lambda: self._settle(one))
        return True

    def _has_room(self, workspace: str) -> bool:
        """Whether this minute has room for one more."""
        now, published = self._monotonic(), self._published.setdefault(workspace, deque())
        while published and published[0] <= now - 60:
            published.popleft()
        if len(published) >= A_MINUTE:
            return False
        published.append(now)
        return True

    def _stale(self) -> list[Stale]:
        return [one for authority in self._authorities() for one in self._stale_of(authority)]

    def _authorities(self) -> Iterable[str]:
        with transaction(self._office.engine, None, writes=False) as session:
            return homes.with_stale(session, self._platform, local(self._office.clock()).date())

    def _stale_of(self, authority: str) -> list[Stale]:
        now = self._office.clock()
        with transaction(self._office.engine, authority, writes=False) as session:
            scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
            found = homes.stale(session, self._platform, scene.today, PAGE)
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
            if home is not None:
                homes.shown(session, home.id or 0, Seen(stale_since=None, shown=""), digest, self._office.clock())

    def _put_back(self, one: Stale) -> None:
        with transaction(self._office.engine, one.authority) as session:
            homes.put_back(session, one.home_id, self._office.clock())


def digest_of(card: Card) -> str:
    """By which two drawings of a day are told apart without keeping what they say."""
    return hashlib.sha256(answers.to_text(card).encode()).hexdigest()
