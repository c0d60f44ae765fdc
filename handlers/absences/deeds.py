"""The deeds of `/iro` about absences and days worked, by name."""

from collections.abc import Callable

from handlers.absences.away import away, back, cancel_away, here, set_away
from handlers.absences.weekdays import days, set_days
from handlers.cards import Answer
from handlers.office import Desk
from handlers.requests import Request

DEEDS: dict[str, Callable[[Desk, Request], Answer]] = {
    "iro.away": away,
    "iro.away.set": set_away,
    "iro.away.cancel": cancel_away,
    "iro.back": back,
    "iro.here": here,
    "iro.days": days,
    "iro.days.set": set_days,
}
