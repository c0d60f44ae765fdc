"""Shrinks overtaken messages to a line; only while no message waits, since it tells nobody anything new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.lanes import Lane
from bot.delivery.port import Posted, Unanswered, Undeliverable
from bot.delivery.works import Broken, Works
from handlers.cards import Card
from handlers.messages.letters import Told, together
from storage import live_messages, outbox
from storage.live_messages import LiveMessage

LOOK_AHEAD = 200
MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Shrink:
    """One message to shrink, or those of its lines that are overtaken; without a card it is left as it is."""

    live_ids: tuple[int, ...]
    posted: Posted
    card: Card | None


class Shrinking:
    """The overtaken messages of one lane; it remembers over the turns what could not be shrunk yet."""

    def __init__(self, works: Works, lane: Lane) -> None:
        self._works = works
        self._lane = lane
        self._tries: dict[int, int] = {}
        self.paused_until: datetime | None = None

    async def one(self) -> bool:
        """Shrink one message; False when there is nothing to do now. Undeliverable if the workspace is at fault."""
        if self.paused_until is not None and self._works.clock() < self.paused_until:
            return False
        self.paused_until = None
        shrink = await self._works.reading(self._lane.authority, self._next)
        if shrink is None:
            return False
        if shrink.card is not None and not await self._updated(shrink, shrink.card):
            return False
        await self._works.writing(self._lane.authority, lambda session: self._done(session, shrink))
        return True

    async def _updated(self, shrink: Shrink, card: Card) -> bool:
        """True when that settles it: the message is a line now, or the platform will never let it be one."""
        platform = self._works.platforms[self._lane.platform]
        try:
            await platform.update(workspace=self._lane.workspace, posted=shrink.posted, card=card)
        except Undeliverable as refusal:
            if refusal.workspace:
                raise
            return refusal.permanent or self._gives_up(shrink, refusal.retry_after)
        except Unanswered:
            return self._gives_up(shrink, None)
        self._works.counters.shrunk += 1
        return True

    def _gives_up(self, shrink: Shrink, seconds: float | None) -> bool:
        pause = self._works.timing.rest if seconds is None else seconds
        self.paused_until = self._works.clock() + timedelta(seconds=pause)
        if seconds is None:
            for live_id in shrink.live_ids:
                self._tries[live_id] = self._tries.get(live_id, 0) + 1
        return max(self._tries.get(live_id, 0) for live_id in shrink.live_ids) >= MOST_TRIES

    def _next(self, session: Session) -> Shrink | None:
        """The oldest of those tried least."""
        mine = [
            live
            for live in live_messages.to_shrink(session, LOOK_AHEAD)
            if (live.platform, live.workspace) == (self._lane.platform, self._lane.workspace)
        ]
        if not mine:
            return None
        live = min(mine, key=lambda live: self._tries.get(live.id or 0, 0))
        lines = live_messages.in_one(session, live)
        try:
            card: Card | None = self._works.handled(session, "shrinking", lambda: self._redrawn(session, lines))
        except Broken:
            card = None
        ids = tuple(one.id for one in lines if one.id is not None and one.overtaken_at is not None)
        return Shrink(live_ids=ids, posted=Posted(channel=live.channel, message=live.message), card=card)

    def _redrawn(self, session: Session, lines: Sequence[LiveMessage]) -> Card:
        """What is overtaken as its line; beside it, as it now reads, what still has its buttons."""
        now, told = self._works.day(), []
        for live in lines:
            row = outbox.get(session, live.outbox_id)
            assert row is not None  # a foreign key holds it
            as_it_is = self._works.render(session, row, now) if live.overtaken_at is None else None
            card = as_it_is or self._works.shrunk(session, live)
            told.append(Told(row=row, card=card, earlier=as_it_is is None))
        return together(session, told, now)

    def _done(self, session: Session, shrink: Shrink) -> None:
        for live in session.exec(select(LiveMessage).where(col(LiveMessage.id).in_(shrink.live_ids))):
            self._tries.pop(live.id or 0, None)
            live.shrunk_at = self._works.day()
            session.add(live)
