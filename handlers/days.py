"""A day given in a form: its field, what is wrong with it beside that field, and the question about a doubtful year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from handlers.cards import Choice, Field, FieldKind, Form
from handlers.day_windows import DayOf, doubt, outside
from handlers.office import Scene
from handlers.people.dates import written_day
from handlers.requests import Request
from scheduling.deadline_wording import say_day

CHECKED = "years_checked"
_ASKED = "years_asked"
_NO_DATE = "Give a date, such as 2027-01-12."


@dataclass(frozen=True, kw_only=True)
class Edge:
    """The earliest or the last day, and what lies on it in words; no day where nothing is known."""

    day: date | None
    why: str


def day_field(
    means: DayOf,
    key: str,
    label: str,
    initial: date | str | None = None,
    *,
    hint: str = "",
    required: bool = True,
) -> Field:
    """The field of a day, filled in where one is likely. `means` says between which days it can lie."""
    text = initial.isoformat() if isinstance(initial, date) else initial or ""
    return Field(key=key, kind=FieldKind.DATE, label=label, hint=hint, required=required, initial=text, means=means)


def given_day(request: Request, key: str) -> date | None:
    """The day given; None where there is none, or it is no day."""
    return written_day(request.text(key))


def wrong_day(
    scene: Scene,
    form: Form,
    request: Request,
    key: str,
    *,
    since: Edge | None = None,
    until: Edge | None = None,
) -> dict[str, str]:
    """What is wrong with the day of a field of this form, beside it: by what it means, and between what is known."""
    field = next(one for one in form.fields if one.key == key)
    assert field.means is not None
    day = given_day(request, key)
    if day is None:
        missing = {key: "Give a date."} if field.required else {}
        return {key: _NO_DATE} if request.text(key) else missing
    if early := too_early(day, since):
        return {key: early}
    if until is not None and until.day is not None and until.day < day <= scene.today:
        return {key: f"This is after {say_day(until.day)}, {until.why}."}
    sentence = outside(field.means, day, scene.today)
    return {key: sentence} if sentence else {}


def too_early(day: date, since: Edge | None) -> str:
    """The sentence for a day before what is known of the case; nothing for any other."""
    if since is None or since.day is None or day >= since.day:
        return ""
    return f"This is before {say_day(since.day)}, {since.why}."


def years_in_doubt(scene: Scene, form: Form, request: Request) -> tuple[Field, ...]:
    """The question about years that are possible and not likely, with its tick; nothing once that is ticked."""
    found = list(_doubts(scene, form, request))
    if {day.isoformat() for day, _ in found} <= set(request.many(CHECKED)):
        return ()
    text = f"Check the year: {'; '.join(said for _, said in found)}. Put it right, or tick that it is right."
    days = tuple(dict.fromkeys(day for day, _ in found))
    return (Field(key=_ASKED, kind=FieldKind.STATEMENT, text=text), _tick(days))


def ticked_years(form: Form, request: Request) -> tuple[Field, ...]:
    """The tick once more, where it was given and the form has to be asked again for another reason."""
    days = [day for text in request.many(CHECKED) if (day := written_day(text)) is not None]
    if not days or any(one.key == CHECKED for one in form.fields):
        return ()
    return (replace(_tick(days), initial=tuple(day.isoformat() for day in days)),)


def _tick(days: "list[date] | tuple[date, ...]") -> Field:
    choices = tuple(Choice(value=day.isoformat(), label=f"Yes, {say_day(day)} is right") for day in days)
    return Field(key=CHECKED, kind=FieldKind.CHOICES, label="Check the year", choices=choices)


def _doubts(scene: Scene, form: Form, request: Request) -> Iterator[tuple[date, str]]:
    for field in _days_of(form):
        day = given_day(request, field.key)
        if day is not None and field.means is not None and (said := doubt(field.means, day, scene.today)):
            yield day, f"{field.label}, {said}" if field.label else said


def _days_of(form: Form) -> Iterator[Field]:
    return (one for one in form.fields if one.kind is FieldKind.DATE)
