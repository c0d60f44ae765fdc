"""What someone means by "21 Dec to 4 Jan cover @name": the days, and the words that name the cover."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.people.dates import typed_day
from handlers.typed import DASHES

LONGEST = 366
"""Days: an absence longer than a year is a slip of the pen, or someone who has left."""
_COVER = re.compile(r"(?:^|[\s,;])(?:cover(?:ed)?(?:\s+by)?|covering)\b[\s:]*(?P<who>.*)$", re.IGNORECASE | re.DOTALL)
_SHARED_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?\s*(?:to|-)\s*(\d{1,2}(?:st|nd|rd|th)?\s+([a-z]{3,9}))", re.I)
_TO = re.compile(
    r"\s+(?:to|until|till|through)\s+|\s+-\s+"
    r"|(?<=[a-z])-(?=\d{1,2}(?:\D|$))|(?<=\d/\d)-|(?<=\d/\d\d)-|(?<=/\d{4})-",
    re.IGNORECASE,
)
_OPEN = ("further notice", "i am back", "back", "open end")


@dataclass(frozen=True, kw_only=True)
class Away:
    """The days away, both included; no end when it is open. `cover` is as it was written."""

    from_on: date | None = None
    to_on: date | None = None
    cover: str = ""
    wrong: str = ""


def understood(words: str, today: date) -> Away:
    """The absence someone typed; `wrong` is a sentence where it could not be understood."""
    plain = words.translate(DASHES).strip()
    found = _COVER.search(plain)
    cover = found["who"].strip(" .,;") if found else ""
    days = (plain[: found.start()] if found else plain).strip(" .,;")
    if not days:
        return Away(cover=cover)
    first, last, is_open = _parts(days)
    away = _days(first, last, today, is_open=is_open)
    if away is None:
        return Away(cover=cover, wrong="I did not understand the dates: write them like /iro away 21 Dec to 4 Jan.")
    wrong = wrong_days(*away)
    return Away(from_on=away[0], to_on=away[1], cover=cover, wrong=wrong)


def wrong_days(from_on: date, to_on: date | None) -> str:
    """The sentence for days in the wrong order or too far apart; nothing when they are right."""
    if to_on is None:
        return ""
    if to_on < from_on:
        return "The last day lies before the first: check the dates."
    return "That is more than a year: check the years." if (to_on - from_on).days > LONGEST else ""


def _parts(days: str) -> tuple[str, str, bool]:
    """The first day's words, the last day's words, and whether the end is open."""
    plain = re.sub(r"^from\s+", "", days, flags=re.IGNORECASE)
    began_with_from = plain != days
    if only_end := re.match(r"^(?:until|till|to)\s+(.+)$", plain, re.IGNORECASE):
        end = only_end[1]
        return ("today", "", True) if end.lower() in _OPEN else ("today", end, False)
    if shared := _SHARED_MONTH.match(plain):
        plain = f"{shared[1]} {shared[3]} to {shared[2]}{plain[shared.end() :]}"
    first, *rest = _TO.split(plain, maxsplit=1)
    if rest and rest[0].lower() in _OPEN:
        return first, "", True
    return first, rest[0] if rest else "", began_with_from and not rest


def _days(first: str, last: str, today: date, *, is_open: bool) -> tuple[date, date | None] | None:
    from_on = typed_day(first, today)
    if from_on is None:
        return None
    if not last:
        return from_on, None if is_open else from_on
    to_on = typed_day(last, today, not_before=from_on)
    if to_on is None:
        return None
    return _begun_already(first, last, today, from_on) or (from_on, to_on)


def _begun_already(first: str, last: str, today: date, from_on: date) -> tuple[date, date] | None:
    """The same days a year earlier, where that absence is not over and its beginning is nearer.

    "21 Dec to 4 Jan" typed on 28 December has begun; "4 Jan to 21 Dec" typed on 30 November is still to come.
    """
    earlier = typed_day(first, today, not_before=from_on - timedelta(days=LONGEST))
    if earlier is None or earlier >= from_on or (earlier.month, earlier.day) != (from_on.month, from_on.day):
        return None
    if today - earlier > from_on - today:
        return None
    end = typed_day(last, today, not_before=earlier)
    return (earlier, end) if end is not None and end >= today else None
