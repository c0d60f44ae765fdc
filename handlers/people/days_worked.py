"""The weekdays a person works: what falls on a day off is named on the last day worked before it.

Bank holidays and absences are other questions: the first is the calendar's, the second the absences'.
"""

import re
from datetime import date

from handlers.typed import DASHES
from scheduling.deadline_wording import say_list
from scheduling.working_days import WorkingCalendar
from storage.people import Person

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALL = WEEKDAYS[:5]
MOST_OFF = 10
"""Working days: nobody who works on one day of the week is off for longer, a bank holiday on it included."""
_SPAN = re.compile(r"([a-z]+)\s*(?:-|\bto\b)\s*([a-z]+)")


def works_on(person: Person, day: date) -> bool:
    """Whether the day is one of the weekdays the person works."""
    return not person.works or WEEKDAYS[day.weekday()] in person.works.split()


def days_named(calendar: WorkingCalendar, person: Person | None, today: date) -> tuple[date, ...]:
    """The days whose reminders the person gets today: today, and the working days off before the next day worked."""
    days = [today]
    while person is not None and len(days) <= MOST_OFF:
        following = calendar.following(days[-1])
        if works_on(person, following):
            break
        days.append(following)
    return tuple(days)


def worked_before(calendar: WorkingCalendar, person: Person | None, today: date) -> date:
    """The last working day before today that the person works."""
    day = calendar.add(today, -1)
    for _ in range(MOST_OFF):
        if person is None or works_on(person, day):
            break
        day = calendar.add(day, -1)
    return day


def first_worked(calendar: WorkingCalendar, person: Person, day: date) -> date:
    """That day where it is a working day the person works, else the first such day after it."""
    found = calendar.next_working(day)
    for _ in range(MOST_OFF):
        if works_on(person, found):
            break
        found = calendar.following(found)
    return found


def weekdays_in(words: str) -> tuple[str, ...] | None:
    """The weekdays written: "Mon Tue Thu", "Monday, Tuesday", "Mon to Thu"; None where a word is no weekday."""
    plain = _SPAN.sub(_spelled_out, words.translate(DASHES).casefold())
    written = [word for word in re.split(r"[\s,;/&.]+|\band\b", plain) if word]
    found = {_weekday(word) for word in written}
    return None if None in found else tuple(day for day in WEEKDAYS if day in found)


def _spelled_out(span: re.Match[str]) -> str:
    first, last = _weekday(span[1]), _weekday(span[2])
    if first is None or last is None or WEEKDAYS.index(first) > WEEKDAYS.index(last):
        return span[0]
    return " ".join(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1])


def _weekday(word: str) -> str | None:
    stem = word.casefold().removesuffix("s")
    written = (day for day, name in zip(WEEKDAYS, NAMES, strict=True) if name.casefold().startswith(stem))
    return next(written, None) if len(stem) >= len("mon") else None


def as_kept(days: tuple[str, ...]) -> str | None:
    """The weekdays as they are kept: nothing where they are all from Monday to Friday."""
    return None if not days or set(days) == set(ALL) else " ".join(days)


def wrong_weekdays(days: tuple[str, ...] | None) -> str:
    """Why these cannot be somebody's weekdays, as a sentence; nothing where they can."""
    if days is None:
        return "I did not understand the weekdays: write them like Mon Tue Wed Thu."
    return "" if set(days) & set(ALL) else "Name at least one day from Monday to Friday."


def say_weekdays(works: str | None) -> str:
    """ "on Mon, Tue and Thu", or "on every working day"."""
    return f"on {say_list(works.split())}" if works else "on every working day"


def off_words(person: Person, day: date) -> str:
    """ "Tess Hill does not work on Fridays"."""
    return f"{person.name} does not work on {NAMES[day.weekday()]}s"
