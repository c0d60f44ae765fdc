"""`/iro days`: the weekdays somebody works, for reminders and for what cannot wait; deadlines never change by it.

Where somebody else enters them the person is told at once.
"""

from handlers.absences.from_staff_file import DAYS_WORKED
from handlers.absences.whose import NOT_YOURS, whose_chosen, whose_field
from handlers.cards import WRONG, Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.fitting import fitted
from handlers.messages.of_days_worked import about_weekdays, days_worked_set
from handlers.messages.owing import owe
from handlers.messages.subjects import of_person
from handlers.office import Desk
from handlers.people.days_worked import ALL, NAMES, WEEKDAYS, as_kept, say_weekdays, weekdays_in, wrong_weekdays
from handlers.people.line import id_of
from handlers.requests import Request
from storage import history
from storage.people import Person


def days(desk: Desk, request: Request) -> Answer:
    """`/iro days Mon Tue Wed Thu`: kept at once where it is understood, else the form."""
    if not request.words.strip():
        return _form(desk, _present(desk.actor))
    written = weekdays_in(request.words)
    wrong = wrong_weekdays(written)
    if wrong or written is None:
        return _form(desk, written or _present(desk.actor), wrong)
    return _keep(desk, desk.actor, written)


def set_days(desk: Desk, request: Request) -> Answer:
    """Keep the weekdays ticked in the form."""
    person = whose_chosen(desk, request)
    if person is None:
        return Errors(by_field=NOT_YOURS)
    fitted(_form(desk, _present(person)), request)
    ticked = tuple(day for day in WEEKDAYS if day in request.many("days"))
    wrong = wrong_weekdays(ticked)
    return Errors(by_field={"days": wrong}) if wrong else _keep(desk, person, ticked)


def _present(person: Person) -> tuple[str, ...]:
    return tuple(person.works.split()) if person.works else ALL


def _form(desk: Desk, ticked: tuple[str, ...], sentence: str = "") -> Form:
    fields = (
        *((Field(key=WRONG, kind=FieldKind.STATEMENT, text=sentence),) if sentence else ()),
        *whose_field(desk, "Whose days?"),
        Field(
            key="days",
            kind=FieldKind.CHOICES,
            label="Days worked",
            hint="Reminders come on these days. Deadlines do not change.",
            required=True,
            choices=tuple(Choice(value=day, label=name) for day, name in zip(WEEKDAYS, NAMES, strict=True)),
            initial=ticked,
        ),
    )
    return Form(deed="iro.days.set", title="Days worked", submit="Save", fields=fields)


def _keep(desk: Desk, person: Person, worked: tuple[str, ...]) -> Notice:
    before, person.works = person.works, as_kept(worked)
    if person.works != before:
        desk.session.add(person)
        history.record(
            desk.session,
            chain=of_person(person.id),
            at=desk.now,
            actor_id=desk.actor_id,
            what=DAYS_WORKED,
            details={"before": before, "works": person.works},
        )
        if person.id != desk.actor_id:
            because = desk.request_key or desk.now.isoformat()
            owe(desk, days_worked_set, id_of(person), about_weekdays(person.works, desk.actor_id, because))
    who = "You work" if person.id == desk.actor_id else f"{person.name} works"
    text = f"{who} {say_weekdays(person.works)}."
    if person.works:
        text += (
            " What falls on another day is named on the last day worked before it; what cannot wait goes to who is in. "
            "Deadlines do not change."
        )
    return Notice(text=text)
