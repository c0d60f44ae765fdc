"""Between which days each kind of day can lie, and from when on its year is asked about: declared here, and only here.

A field of a form names the kind of its day (`Field.means`), a file its column's, a command its option's.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduling.deadline_wording import say_day
from scheduling.duration import add_months
from scheduling.working_days import FIRST_YEAR, LAST_YEAR, is_known

YEARS = 12
OLDEST = 25
"""Years: nobody looked after by an authority is older, care leavers included."""
CHILDHOOD = 18
"""Years: nobody is looked after for longer."""


class DayOf(StrEnum):
    """What a day is the day of."""

    MORE_TIME = "more time"
    ASKED_BEFORE = "asked elsewhere, before it is carried on"
    WANTED_BEFORE = "reply wanted, of what is carried on"
    PLAN = "plan"
    NEEDED = "needed by"
    REPLY_GIVEN = "reply given"
    BESIDE = "cafcass or legal advice"
    SPOKEN_TO = "spoken to"
    ON_RECORD = "on the record"
    CARE_BEGAN = "care began"
    TRACK_BEGAN = "track began"
    TRACK_CHANGED = "track changed"
    CARE_ENDED = "care ended"
    LAST_REVIEW = "last review"
    AWAY_FROM = "away from"
    AWAY_TO = "away to"
    AN_ABSENCE = "an absence in a file"
    SERVES_UNTIL = "the end of service in a file"
    BOOKED = "review booked"
    BROUGHT_FORWARD = "review brought forward"
    MET = "review met"
    AROUND_REVIEW = "around a review"  # papers, records, tasks, contacts, the midway check
    DECISION = "decision due"
    REVIEW_DUE = "review was due"
    PAST_REVIEW = "past review"
    PAST_CONCERN = "past concern"
    PRINTED = "printed total"
    LOOKED_AHEAD = "looked ahead"


@dataclass(frozen=True, kw_only=True)
class Window:
    """How many months from today a day may lie: 0 is not at all, None as far as working days are known.

    Beyond the likely number, where there is one, the year is asked about.
    """

    back: int | None
    ahead: int | None
    likely_back: int | None = None
    likely_ahead: int | None = None


WINDOWS: dict[DayOf, Window] = {
    DayOf.MORE_TIME: Window(back=0, ahead=6, likely_ahead=2),  # stages last days or weeks, all of them a month
    DayOf.ASKED_BEFORE: Window(back=None, ahead=0, likely_back=YEARS),
    DayOf.WANTED_BEFORE: Window(back=None, ahead=6, likely_back=YEARS, likely_ahead=2),
    DayOf.PLAN: Window(back=0, ahead=YEARS, likely_ahead=6),  # by the next review, or the one after
    DayOf.NEEDED: Window(back=YEARS, ahead=2 * YEARS, likely_back=2, likely_ahead=YEARS),
    DayOf.REPLY_GIVEN: Window(back=None, ahead=0, likely_back=6),
    DayOf.BESIDE: Window(back=None, ahead=0, likely_back=6),
    DayOf.SPOKEN_TO: Window(back=2 * YEARS, ahead=0, likely_back=6),
    DayOf.ON_RECORD: Window(back=None, ahead=0, likely_back=6),  # and not before it was raised, or closed
    DayOf.CARE_BEGAN: Window(back=OLDEST * YEARS, ahead=0, likely_back=CHILDHOOD * YEARS),
    DayOf.TRACK_BEGAN: Window(back=OLDEST * YEARS, ahead=0, likely_back=CHILDHOOD * YEARS),
    DayOf.TRACK_CHANGED: Window(back=OLDEST * YEARS, ahead=0, likely_back=YEARS),
    DayOf.CARE_ENDED: Window(back=None, ahead=0),
    DayOf.LAST_REVIEW: Window(back=OLDEST * YEARS, ahead=0),
    DayOf.AWAY_FROM: Window(back=YEARS, ahead=YEARS, likely_back=3, likely_ahead=9),
    DayOf.AWAY_TO: Window(back=0, ahead=2 * YEARS, likely_ahead=YEARS),
    DayOf.AN_ABSENCE: Window(back=None, ahead=2 * YEARS),
    DayOf.SERVES_UNTIL: Window(back=None, ahead=10 * YEARS),  # fixed terms, secondments, notice
    DayOf.BOOKED: Window(back=0, ahead=2 * YEARS, likely_ahead=9),  # nothing is due later than in six months
    DayOf.BROUGHT_FORWARD: Window(back=0, ahead=YEARS, likely_ahead=9),
    DayOf.MET: Window(back=5 * YEARS, ahead=0, likely_back=9),
    DayOf.AROUND_REVIEW: Window(back=5 * YEARS, ahead=0, likely_back=9),
    DayOf.DECISION: Window(back=YEARS, ahead=10 * YEARS, likely_ahead=13),
    DayOf.REVIEW_DUE: Window(back=None, ahead=2 * YEARS),  # and within a year of when it was held
    DayOf.PAST_REVIEW: Window(back=None, ahead=0),
    DayOf.PAST_CONCERN: Window(back=None, ahead=0),
    DayOf.PRINTED: Window(back=None, ahead=YEARS),
    DayOf.LOOKED_AHEAD: Window(back=0, ahead=2 * YEARS),
}


_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Whether a month is written as year and month: 2014-05."""
    return _MONTH.fullmatch(text) is not None


def could_be_born(month: str, today: date) -> bool:
    """Whether a child of today, or a care leaver, can have been born in that month (YYYY-MM)."""
    return today.year - OLDEST <= int(month[:4]) and not born_after(month, today)


def born_after(month: str, day: date) -> bool:
    """Whether the month of birth lies after the day."""
    return month > f"{day:%Y-%m}"


def outside(means: DayOf, day: date, today: date) -> str:
    """Why the day cannot be, as a sentence; nothing where it can."""
    window = WINDOWS[means]
    if not is_known(day):
        return f"Give a day from {FIRST_YEAR} to {LAST_YEAR}: check the year."
    if window.ahead == 0 and day > today:
        return "This date is still to come."
    if window.back == 0 and day < today:
        return "This date has passed."
    if _is_later(day, today, window.ahead):
        return f"This is more than {_span(window.ahead)} ahead: check the year."
    if _is_earlier(day, today, window.back):
        return f"This is more than {_span(window.back)} ago: check the year."
    return ""


def is_too_far(means: DayOf, day: date, today: date) -> bool:
    """Whether a day that was taken lies further ahead than one that would be taken today."""
    return not is_known(day) or _is_later(day, today, WINDOWS[means].ahead)


def doubt(means: DayOf, day: date, today: date) -> str:
    """The question about a year that is possible and not likely; nothing where there is none."""
    window = WINDOWS[means]
    if _is_later(day, today, window.likely_ahead):
        return f"{say_day(day)} is more than {_span(window.likely_ahead)} ahead"
    if _is_earlier(day, today, window.likely_back):
        return f"{say_day(day)} is more than {_span(window.likely_back)} ago"
    return ""


def _is_later(day: date, today: date, months: int | None) -> bool:
    return months is not None and day > add_months(today, months)


def _is_earlier(day: date, today: date, months: int | None) -> bool:
    return months is not None and day < add_months(today, -months)


def _span(months: int | None) -> str:
    """ "9 months", "a year", "18 years"."""
    assert months is not None
    if months == YEARS:
        return "a year"
    return f"{months // YEARS} years" if months % YEARS == 0 else f"{months} months"
