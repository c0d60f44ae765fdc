"""The form of a review that was held: how, who took part, what was offered, and why it was late."""

from dataclasses import dataclass
from datetime import date

from handlers.cards import Choice, Field, FieldKind
from handlers.day_windows import DayOf
from handlers.days import day_field
from handlers.requests import Request
from handlers.reviews.case import ReviewCase
from handlers.reviews.earliest import last_possible
from handlers.reviews.wording import PARTICIPATION, due_words
from handlers.timetable.counting import values_of
from scheduling.duration import add_months
from scheduling.timetable import birthday_by
from storage.children import Child
from storage.reviews import Chaired, Participation, Review

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


@dataclass(frozen=True, kw_only=True)
class HowHeld:
    """What a form said of a review that was held."""

    in_time: bool
    late_reason: str | None
    held_how: str
    participation: Participation
    chaired: Chaired
    took_part: tuple[str, ...]
    offered: tuple[str, ...]


def hold_fields(case: ReviewCase, review: Review, *, begun: bool) -> tuple[Field, ...]:
    """The fields, by whether the review has begun; the reason for lateness only where it can be late."""
    return (
        Field(key="due", kind=FieldKind.STATEMENT, text=due_words(case.desk, review)),
        *(_last_day(case) if begun else _first_day(case, review)),
        _choice("held_how", "How it was held", HOW),
        _choice("participation", "How the child took part", {key.value: text for key, text in PARTICIPATION.items()}),
        _choice("chaired", "Led by the child", {key.value: text for key, text in CHAIRED.items()}, Chaired.NO.value),
        _ticks("took_part", "Parents and carers who took part", TOOK_PART),
        _ticks("offered", "Offered to the child", OFFERED),
        *(_late_field(case) if case.desk.today > review.due_on else ()),
    )


def _first_day(case: ReviewCase, review: Review) -> tuple[Field, ...]:
    booked, last = review.booked_for, last_possible(case.desk, case.child)
    return (
        day_field(DayOf.MET, "held_on", "Held on", booked if booked is not None and booked <= last else last),
        _ticks("series", "Series", {"yes": "More meetings are to follow: record this as the first of a series"}),
    )


def _last_day(case: ReviewCase) -> tuple[Field, ...]:
    return (
        day_field(
            DayOf.MET,
            "completed_on",
            "Completed on",
            last_possible(case.desk, case.child),
            hint="The day of the last meeting.",
        ),
    )


def _choice(key: str, label: str, choices: dict[str, str], initial: str = "") -> Field:
    options = tuple(Choice(value=value, label=text) for value, text in choices.items())
    return Field(key=key, kind=FieldKind.CHOICE, label=label, choices=options, initial=initial)


def _ticks(key: str, label: str, choices: dict[str, str]) -> Field:
    options = tuple(Choice(value=value, label=text) for value, text in choices.items())
    return Field(key=key, kind=FieldKind.CHOICES, label=label, choices=options)


def _late_field(case: ReviewCase) -> tuple[Field, ...]:
    reasons = values_of(case.desk).late_reasons
    options = tuple(Choice(value=reason, label=reason) for reason in reasons)
    return (Field(key="late_reason", kind=FieldKind.CHOICE, label="If it was late: why", choices=options),)


def wrong_how_held(case: ReviewCase, request: Request, held_on: date, *, timely: bool) -> dict[str, str]:
    """What is missing or cannot be, beside its field."""
    wrong: dict[str, str] = {}
    if request.text("held_how") not in HOW:
        wrong["held_how"] = "Say how it was held."
    elif request.text("held_how") == NO_MEETING and not _long_in_care(case.child, held_on):
        wrong["held_how"] = "The child has not been looked after for more than a year: a meeting is needed."
    wrong |= _wrong_participation(case.child, request, held_on)
    if request.text("chaired") and request.text("chaired") not in {one.value for one in Chaired}:
        wrong["chaired"] = "Choose one of the list."
    if not set(request.many("took_part")) <= set(TOOK_PART):
        wrong["took_part"] = "Choose from the list."
    if not set(request.many("offered")) <= set(OFFERED):
        wrong["offered"] = "Choose from the list."
    if not timely and request.text("late_reason") not in values_of(case.desk).late_reasons:
        wrong["late_reason"] = "It was not in time: say why."
    return wrong


def _long_in_care(child: Child, held_on: date) -> bool:
    start = child.looked_after_from
    return start is not None and add_months(start, 12) < held_on


def _wrong_participation(child: Child, request: Request, held_on: date) -> dict[str, str]:
    code = request.text("participation")
    if code not in {one.value for one in Participation}:
        return {"participation": "Say how the child took part."}
    if child.born is not None and code == Participation.PN0 and held_on > birthday_by(child.born, 4):
        return {"participation": "PN0 is for children under four; this child was four or older."}
    if child.born is not None and code != Participation.PN0 and held_on < _first_day_of(child.born, 4):
        return {"participation": "The child was under four: PN0."}
    if code in AWAY and request.text("chaired") in (Chaired.CHAIRED, Chaired.CO_CHAIRED):
        return {"chaired": "A child who was not there did not lead it."}
    return {}


def _first_day_of(born: str, age: int) -> date:
    """The first day on which someone born in that month can reach the age."""
    return birthday_by(born, age).replace(day=1)


def how_held(request: Request, *, timely: bool) -> HowHeld:
    """The form's values, once nothing is wrong with them."""
    return HowHeld(
        in_time=timely,
        late_reason=None if timely else request.text("late_reason"),
        held_how=request.text("held_how"),
        participation=Participation(request.text("participation")),
        chaired=Chaired(request.text("chaired") or Chaired.NO.value),
        took_part=tuple(one for one in TOOK_PART if one in request.many("took_part")),
        offered=tuple(one for one in OFFERED if one in request.many("offered")),
    )
