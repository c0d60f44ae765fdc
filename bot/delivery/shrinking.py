"""Shrinks overtaken messages to a line; only while no message waits, since it tells nobody anything new."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.delivery.lanes import Lane
from bot.delivery.port import Posted, Unanswered, Undeliverable
from bot.delivery.works import Broken, Works, handled
from handlers.cards import Card
from storage import live_messages
from storage.live_messages import LiveMessage

LOOK_AHEAD = 200
MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Shrink:
    """One message to shrink; without a card it is left as it is."""

    live_id: int
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
            self._tries[shrink.live_id] = self._tries.get(shrink.live_id, 0) + 1
        return self._tries.get(shrink.live_id, 0) >= MOST_TRIES

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
        assert live.id is not None
        try:
            card: Card | None = handled(session, "shrinking", lambda: self._works.shrunk(session, live))
        except Broken:
            card = None
        return Shrink(live_id=live.id, posted=Posted(channel=live.channel, message=live.message), card=card)

    def _done(self, session: Session, shrink: Shrink) -> None:
        self._tries.pop(shrink.live_id, None)
        live = session.exec(select(LiveMessage).where(LiveMessage.id == shrink.live_id)).one_or_none()
        if live is not None:
            live.shrunk_at = self._works.day()
            session.add(live)
