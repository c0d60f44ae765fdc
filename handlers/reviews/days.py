"""A day given in a form about a review: its field, and what can be wrong with it."""

from datetime import date

from handlers.cards import Field, FieldKind
from handlers.office import Scene
from handlers.people.dates import written_day
from handlers.requests import Request
from scheduling.deadline_wording import say_day_long


def day_field(key: str, label: str, initial: date | None, *, hint: str = "", required: bool = True) -> Field:
    """The field of a day, filled in where one is likely."""
    return Field(
        key=key,
        kind=FieldKind.DATE,
        label=label,
        hint=hint,
        required=required,
        initial=initial.isoformat() if initial is not None else "",
    )


def given_day(request: Request, key: str) -> date | None:
    """The day given; None where there is none, or it is no day."""
    return written_day(request.text(key))


def wrong_past_day(
    scene: Scene,
    request: Request,
    key: str,
    *,
    not_before: date | None = None,
    why: str = "",
    not_after: date | None = None,
    why_not: str = "",
) -> dict[str, str]:
    """What is wrong with the day of something that has happened.

    `why` says what lies on the earliest day, `why_not` what lies on the last.
    """
    day = given_day(request, key)
    if day is None:
        return {key: "Give a date."}
    if day > scene.today:
        return {key: "This date is still to come."}
    if not_before is not None and day < not_before:
        return {key: f"This is before {say_day_long(not_before)}, {why}."}
    if not_after is not None and day > not_after:
        return {key: f"This is after {say_day_long(not_after)}, {why_not}."}
    return {}
