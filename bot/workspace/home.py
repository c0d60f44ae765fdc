"""The page's Home: a person's day as it is now, over their chat. Looking at it is no message.

Every tab asks at every change whose day it shows, so one is worked out anew only where it may read otherwise: when a
transaction marked it, at a new hour, and when everything was replaced.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from bot.homes import digest_of
from bot.workspace.declaration import PAGE
from bot.workspace.drawing import Shown, shown_card
from bot.workspace.hub import Hub
from handlers.cards import Card, Line
from handlers.day.day import day_card
from handlers.office import Scene, rules_in_force
from handlers.terms import in_words
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from scheduling.clock import Clock
from scheduling.working_days import local
from storage import homes, people
from storage.database import transaction

DIGITS = 16
Since = tuple[str, datetime, datetime | None]
"""From when a day was worked out: the data's beginning, the hour, and what marked it last."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """What a seat's Home shows, and by what a page tells that it shows this already."""

    shown: Shown
    mark: str


class Homes:
    """The Homes of one authority; every method in a worker thread."""

    def __init__(self, engine: Engine, authority: str, day: Clock, hub: Hub) -> None:
        self._engine = engine
        self._authority = authority
        self._day = day
        self._hub = hub
        self._kept: dict[str, tuple[Since, Home]] = {}

    def of(self, account: str) -> Home:
        """The Home of the person with that address."""
        begun, now = self._hub.begun, self._day()
        if (found := self._at(account, begun, now)) is None:
            self._open(account, now)
            found = self._at(account, begun, now)
        return found or _home(Card(title="Your day"))

    def _at(self, account: str, begun: str, now: datetime) -> Home | None:
        """None where they have not opened theirs this day: then nobody would mark it."""
        with transaction(self._engine, self._authority, writes=False) as session:
            person = people.by_email(session, account)
            opened = homes.of(session, person.id or 0, PAGE.name, PAGE.name) if person is not None else None
            if opened is None or opened.opened_on != local(now).date():
                return None
            since = (begun, now.replace(minute=0, second=0, microsecond=0), opened.stale_since)
            if account not in self._kept or self._kept[account][0] != since:
                rules = rules_in_force(session, self._authority)
                scene = Scene(session=session, now=now, authority=self._authority, rules=rules)
                self._kept[account] = since, _home(_card(scene, opened.person_id))
            return self._kept[account][1]

    def _open(self, account: str, now: datetime) -> None:
        with transaction(self._engine, self._authority) as session:
            person = people.by_email(session, account)
            if person is not None and person.id is not None:
                where = {"platform": PAGE.name, "workspace": PAGE.name}
                homes.opened(session, person_id=person.id, **where, on=local(now).date())


def _card(scene: Scene, person_id: int) -> Card:
    unread = Card(title="Your day", lines=(Line(text=f"Your day {CANNOT_BE_SHOWN}"),))
    card = drawn(scene, f"day of person {person_id}", partial(day_card, scene, person_id), lambda: unread)
    return in_words(card, scene.rules)


def _home(card: Card) -> Home:
    mark = digest_of(card)[:DIGITS]
    return Home(shown=shown_card(card, mark), mark=mark)
