"""Moves the service's day on, walking through everything that falls due on the way, and says what was passed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session

from bot.workspace.day import ServiceDay
from handlers.office import rules_in_force
from scheduling.deadline_wording import say_day, say_first
from scheduling.procedures import Procedures
from scheduling.working_days import at_local, local
from storage import nudges, page_messages, people
from storage.database import transaction

LONGEST = timedelta(days=400)
MORNING = time(9, 1)
"""A minute past the hour at which mornings are sent, so that what came in is there to read."""


class By(StrEnum):
    """How far."""

    HOUR = "hour"
    NEXT = "next"
    MORNING = "morning"
    DAY = "day"
    WEEK = "week"


class Mover:
    """One for the page; of two moves asked for at once the second waits. `step` acts on what is due by now."""

    def __init__(self, engine: Engine, authority: str, day: ServiceDay, step: Callable[[], Awaitable[None]]) -> None:
        self._engine = engine
        self._authority = authority
        self._day = day
        self._step = step
        self._turn = asyncio.Lock()
        self.passed = ""
        self.moving = False
        self._halted = False

    def halt(self) -> None:
        """Stop where the walk is: it goes on from there when it is asked for again."""
        self._halted = True

    async def on(self, by: By) -> None:
        """Move on, and keep in `passed` what that brought."""
        async with self._turn:
            self.moving = True
            try:
                self.passed = await self._moved(by)
            finally:
                self.moving = False

    async def _moved(self, by: By) -> str:
        before = await asyncio.to_thread(self._version)
        began = self._day()
        target = await asyncio.to_thread(self._target, by, began)
        if target is None:
            return "Nothing more falls due."
        await self._walk(target)
        return await asyncio.to_thread(self._said, before, began)

    async def to(self, moment: datetime) -> None:
        """Move on to a moment."""
        async with self._turn:
            await self._walk(moment)

    async def _walk(self, target: datetime) -> None:
        """Every due moment on the way in its order, each with all that follows from it, then the target itself."""
        await self._step()
        while not self._halted:
            due = await asyncio.to_thread(self._next_due)
            if due is None or due > target:
                break
            before = self._day()
            await asyncio.to_thread(self._day.move_to, max(due, before))
            await self._step()
            if await asyncio.to_thread(self._next_due) == due and due <= before:
                break  # it cannot be done now: going on is better than standing still
        if self._halted:
            return
        await asyncio.to_thread(self._day.move_to, target)
        await self._step()

    def _next_due(self) -> datetime | None:
        with transaction(self._engine, self._authority, writes=False) as session:
            return nudges.next_due(session)

    def _version(self) -> int:
        with transaction(self._engine, self._authority, writes=False) as session:
            return page_messages.next_version(session) - 1

    def _rules(self) -> Procedures:
        with transaction(self._engine, self._authority, writes=False) as session:
            return rules_in_force(session, self._authority)

    def _target(self, by: By, now: datetime) -> datetime | None:
        here = local(now)
        calendar = self._rules().calendar()
        match by:
            case By.HOUR:
                return now + timedelta(hours=1)
            case By.NEXT:
                due = self._next_due()
                return max(due, now) if due is not None and due < now + LONGEST else None
            case By.MORNING:
                today = at_local(here.date(), MORNING)
                if calendar.is_working(here.date()) and now < today:
                    return today
                return at_local(calendar.add(here.date(), 1), MORNING)
            case By.DAY:
                return at_local(calendar.add(here.date(), 1), here.time())
            case By.WEEK:
                return at_local(here.date() + timedelta(days=7), here.time())

    def _said(self, before: int, began: datetime) -> str:
        """In one line: how many days passed, and who heard what."""
        with transaction(self._engine, self._authority, writes=False) as session:
            new = page_messages.changed_since(session, before, limit=100_000)
            heard = Counter(message.account for message in new if not message.shrunk)
            names = {account: _name(session, account) for account in heard}
        passed = _days(local(began).date(), local(self._day()).date(), self._rules())
        if not heard:
            return f"{passed} Nobody heard anything."
        most = [f"{names[account]} ({number})" for account, number in heard.most_common(4)]
        who = say_first(most, len(most), of=len(heard))
        return f"{passed} {heard.total()} message{'s' if heard.total() != 1 else ''}: {who}."


def _days(first: date, last: date, rules: Procedures) -> str:
    calendar = rules.calendar()
    days = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    if not days:
        return "Still the same day."
    working = sum(calendar.is_working(day) for day in days)
    off = [day for day in days if not calendar.is_working(day) and day.weekday() < 5]
    said = f"{len(days)} day{'s' if len(days) != 1 else ''} passed, {working} of them working days"
    if off:
        said += f" ({', '.join(say_day(day, last) for day in off)} not worked)"
    return said + "."


def _name(session: Session, account: str) -> str:
    person = people.by_email(session, account)
    return person.name if person is not None else account
