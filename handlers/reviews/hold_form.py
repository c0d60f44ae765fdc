"""The form of a review that was held: how, who took part, what was offered, and why it was late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from handlers.cards import Choice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import choice_if_any, day, tick, ticks
from handlers.forms.form import Declared, Place
from handlers.reviews.by_form import until_care_ends
from handlers.reviews.case import ReviewCase, context_of
from handlers.reviews.earliest import LAST_MET, last_met, last_possible, since_last_review
from handlers.reviews.siblings import Siblings, also_for
from handlers.reviews.wording import PARTICIPATION, due_words
from handlers.timetable.counting import latest_day, values_of
from scheduling.deadline_wording import say_day
from scheduling.duration import add_months
from scheduling.timetable import birthday_by, in_time
from storage import reviews
from storage.children import Child
from storage.reviews import BEGUN, Chaired, Participation, Review

NO_MEETING = "no meeting"
HOW = {
    "in person": "In person",
    "video": "By video",
    "telephone": "By telephone",
    "partly in person": "Partly in person",
    NO_MEETING: "No meeting (long-term foster placement of more than a year)",
}
TOOK_PART = {"mother": "Mother", "father": "Father", "carers": "Carers", "others": "Others who matter to the child"}
OFFERED = {"advocate": "Advocate", "visitor": "Independent visitor"}
CHAIRED = {Chaired.NO: "No", Chaired.CHAIRED: "The child chaired it", Chaired.CO_CHAIRED: "The child co-chaired it"}
AWAY = (Participation.PN0, Participation.PN5, Participation.PN6, Participation.PN7)
"""The codes of children who were not there, or too young to be counted."""
SAME = "Their forms open next with the same day, and how it was held. How each child took part is theirs."


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A review to be recorded as held, and the brothers and sisters whose own can be recorded next."""

    case: ReviewCase
    others: Siblings = ()

    @property
    def review(self) -> Review:
        """The review."""
        return self.case.present

    @property
    def begun(self) -> bool:
        """Whether it has met already: what is recorded is that it was completed."""
        return self.review.state in BEGUN

    @property
    def last_day(self) -> date:
        """The last day on which it can have met."""
        return last_possible(self.case.desk, self.case.child)


def _first_day(about: Holding) -> str:
    booked, last = about.review.booked_for, about.last_day
    return (booked if booked is not None and booked <= last else last).isoformat()


def _not_begun(about: Holding) -> bool:
    return not about.begun


def _may_be_late(about: Holding) -> bool:
    return about.case.desk.today > about.review.due_on


def _late_reasons(about: Holding) -> tuple[Choice, ...]:
    return tuple(Choice(value=reason, label=reason) for reason in values_of(about.case.desk).late_reasons)


K = TypeVar("K", bound=str)


def _choices(labels: Mapping[K, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(value), label=label) for value, label in labels.items())


class Held(
    Declared[Holding],
    deed="review.hold",
    title=lambda about: f"{'Completed' if about.begun else 'Held'}: {about.case.ref}",
    submit="Record",
):
    """When it was held, how, and who took part; of the first meeting of a series, the day alone."""

    held_on: date = day(
        DayOf.MET,
        "Held on",
        first=_first_day,
        since=lambda about: since_last_review(about.case.desk, about.case.child),
        until=lambda about: until_care_ends(about.case),
        asks=_not_begun,
    )
    series: bool = tick(
        "Series",
        (Choice(value="yes", label="More meetings are to follow: record this as the first of a series"),),
        asks=_not_begun,
    )
    completed_on: date = day(
        DayOf.MET,
        "Completed on",
        hint="The day of the last meeting.",
        first=lambda about: about.last_day.isoformat(),
        since=lambda about: Edge(day=last_met(about.case.desk, about.review), why=LAST_MET),
        until=lambda about: until_care_ends(about.case),
        asks=lambda about: about.begun,
    )
    held_how: str | None = choice_if_any("How it was held", _choices(HOW), str, missing="Say how it was held.")
    participation: Participation | None = choice_if_any(
        "How the child took part", _choices(PARTICIPATION), Participation, missing="Say how the child took part."
    )
    chaired: Chaired | None = choice_if_any(
        "Led by the child", _choices(CHAIRED), Chaired, first=lambda _: Chaired.NO.value
    )
    took_part: tuple[str, ...] = ticks("Parents and carers who took part", _choices(TOOK_PART))
    offered: tuple[str, ...] = ticks("Offered to the child", _choices(OFFERED))
    late_reason: str | None = choice_if_any(
        "If it was late: why", _late_reasons, str, missing="It was not in time: say why.", asks=_may_be_late
    )
    also: tuple[str, ...] = also_for(SAME)

    @classmethod
    def place(cls, about: Holding) -> Place:
        """The review, and how it stood."""
        return Place(subject=about.case.ref, run=about.case.review_id, context=context_of(about.case))

    @classmethod
    def above(cls, about: Holding) -> tuple[str, ...]:
        """By when it is due."""
        return (due_words(about.case.desk, about.review),)

    def met(self, about: Holding) -> tuple[date, date]:
        """The first and the last day on which it met."""
        if not about.begun:
            return self.held_on, self.held_on
        return about.review.held_on or self.completed_on, self.completed_on

    def is_timely(self, about: Holding) -> bool:
        """Whether it was in time, as the procedures count it."""
        desk, (held_on, completed_on) = about.case.desk, self.met(about)
        return in_time(
            values_of(desk).counting,
            due_on=about.review.due_on,
            held_on=held_on,
            completed_on=completed_on,
            adjourned_until=latest_day(desk, about.review),
        )

    def wrong(self, about: Holding) -> dict[str, str]:
        """What does not fit the child, or is missing where it is not the first of a series."""
        twice = self._recorded_before(about)
        if twice or self.series:
            return twice
        held_on, _ = self.met(about)
        late = not self.is_timely(about) and self.late_reason is None
        return {
            **self._wrong_meeting(about.case.child, held_on),
            **self._wrong_participation(about.case.child, held_on),
            **({"late_reason": "It was not in time: say why."} if late else {}),
        }

    def _recorded_before(self, about: Holding) -> dict[str, str]:
        before = reviews.last_held(about.case.desk.session, about.case.child_id)
        if about.begun or before is None or before.held_on is None or self.held_on != before.held_on:
            return {}
        return {"held_on": f"A review is recorded for {say_day(before.held_on)} already."}

    def _wrong_meeting(self, child: Child, held_on: date) -> dict[str, str]:
        if self.held_how is None:
            return {"held_how": "Say how it was held."}
        if self.held_how == NO_MEETING and not _long_in_care(child, held_on):
            return {"held_how": "The child has not been looked after for more than a year: a meeting is needed."}
        return {}

    def _wrong_participation(self, child: Child, held_on: date) -> dict[str, str]:
        code = self.participation
        if code is None:
            return {"participation": "Say how the child took part."}
        if child.born is not None and code is Participation.PN0 and held_on > birthday_by(child.born, 4):
            return {"participation": "PN0 is for children under four; this child was four or older."}
        if child.born is not None and code is not Participation.PN0 and held_on < _first_day_of(child.born, 4):
            return {"participation": "The child was under four: PN0."}
        if code in AWAY and self.chaired in (Chaired.CHAIRED, Chaired.CO_CHAIRED):
            return {"chaired": "A child who was not there did not lead it."}
        return {}


def _long_in_care(child: Child, held_on: date) -> bool:
    start = child.looked_after_from
    return start is not None and add_months(start, 12) < held_on


def _first_day_of(born: str, age: int) -> date:
    """The first day on which someone born in that month can reach the age."""
    return birthday_by(born, age).replace(day=1)
