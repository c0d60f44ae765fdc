"""Being away and coming back: the days, the cover, and the same for the people someone manages."""

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import select

from handlers import did_you_mean
from handlers.absences.keeping import days_in_words, end_absence, keep_absence, record_absence
from handlers.absences.returning import closed_meanwhile
from handlers.absences.telling import known_of, tell
from handlers.absences.whose import NOT_YOURS, whose_chosen, whose_field
from handlers.absences.words import Away, understood, wrong_days
from handlers.asking import check_years
from handlers.cards import WRONG, Answer, Button, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf, outside
from handlers.days import day_field, given_day, wrong_day
from handlers.did_you_mean import MOST
from handlers.fitting import fitted
from handlers.namesakes import names_apart, person_label
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.people.chosen import chosen_person
from handlers.people.cover import cover_refused
from handlers.people.cover_days import absences_from, say_days
from handlers.people.entitlement import may_set_absence
from handlers.people.finding import colleagues, people_of_kind, who_is_meant
from handlers.people.line import id_of
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.wording import name_of
from scheduling.deadline_wording import say_list
from storage import people
from storage.people import Absence, Person

MOST_CLOSED = 5
"""So many concerns that were closed meanwhile are named at once; the day and the list name them all."""


def away(desk: Desk, request: Request) -> Answer:
    """`/iro away 21 Dec to 4 Jan cover @name`: kept at once when all is said, else the form with what was said."""
    said = understood(request.words, desk.today)
    cover, unclear = _cover_meant(desk, said.cover)
    wrong = said.wrong or unclear or _days_outside(desk, said)
    if said.from_on is None or cover is None or wrong:
        return away_form(desk, said, cover, wrong)
    asked = check_years(desk, away_form(desk, said, cover), _as_filled_in(request, said))
    if asked is not None:
        return asked
    refused = _cannot_cover(desk, desk.actor, cover, said.from_on)
    if refused is not None:
        return away_form(desk, said, None, refused)
    return keep_absence(desk, desk.actor, said.from_on, said.to_on, cover)


def _cannot_cover(desk: Desk, person: Person, cover: Person, from_on: date) -> str | None:
    first = max(from_on, desk.today)
    return cover_refused(desk.session, desk.rules, person, cover, first, named_by=desk.actor_id)


def _days_outside(desk: Desk, said: Away) -> str:
    """Why the days typed cannot be, by what they mean."""
    days = ((DayOf.AWAY_FROM, said.from_on), (DayOf.AWAY_TO, said.to_on))
    found = (outside(means, day, desk.today) for means, day in days if day is not None)
    return next((f"{sentence} The days are in the form." for sentence in found if sentence), "")


def _as_filled_in(request: Request, said: Away) -> Request:
    """The days typed after the command as the form would send them."""
    days = {"from": said.from_on, "to": said.to_on}
    return replace(request, values={key: day.isoformat() for key, day in days.items() if day is not None})


def _cover_meant(desk: Desk, written: str) -> tuple[Person | None, str]:
    """The cover someone named, and a sentence where it is not clear who that is."""
    if not written:
        return None, ""
    found = who_is_meant(desk, written)
    if len(found) == 1:
        return found[0], ""
    near = [one for one in found or did_you_mean.people(written, colleagues(desk)) if one in colleagues(desk)][:MOST]
    if not near:
        return None, "I could not tell who covers: choose them in the form."
    asked = did_you_mean.question(*names_apart(desk, map(id_of, near)).values())
    if len(near) > 1:
        return None, f"{asked} Choose who covers in the form."
    return near[0], f"{asked} They stand in the form: save it if that is right."


def away_form(desk: Desk, said: Away, cover: Person | None, sentence: str = "") -> Form:
    """The form for days away, with what is known filled in and what is wrong on top."""
    fields = (
        *((Field(key=WRONG, kind=FieldKind.STATEMENT, text=sentence),) if sentence else ()),
        *whose_field(desk, "Who is away?"),
        day_field(DayOf.AWAY_FROM, "from", "First day away", said.from_on or desk.today),
        day_field(DayOf.AWAY_TO, "to", "Last day away", said.to_on, hint="Empty: until /iro back.", required=False),
        Field(
            key="cover",
            kind=FieldKind.SEARCH,
            label="Who covers?",
            hint="Without cover, the next senior person is asked.",
            search="person.cover",
            initial=str(cover.id) if cover is not None else "",
            initial_label=person_label(desk, cover) if cover is not None else "",
        ),
    )
    return Form(deed="iro.away.set", title="Away", submit="Save", fields=fields)


def set_away(desk: Desk, request: Request) -> Answer:
    """Keep the absence of the form. Errors beside the field for wrong days, and for a person who cannot cover."""
    person = whose_chosen(desk, request)
    if person is None:
        return Errors(by_field=NOT_YOURS)
    form = fitted(away_form(desk, Away(), None), request)
    from_on, to_on = given_day(request, "from"), given_day(request, "to")
    wrong = _wrong_days(desk, form, request)
    cover = chosen_person(desk, request, "cover")
    if request.text("cover") and from_on is not None:
        sentence = "Choose a colleague who is here."
        if cover is not None:
            sentence = _cannot_cover(desk, person, cover, from_on) or ""
        wrong |= {"cover": sentence} if sentence else {}
    if wrong or from_on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    return keep_absence(desk, person, from_on, to_on, cover)


def _wrong_days(desk: Desk, form: Form, request: Request) -> dict[str, str]:
    from_on, to_on = given_day(request, "from"), given_day(request, "to")
    if not request.text("from"):
        return {"from": "Give the first day away."}
    if to_on is not None and from_on is not None and from_on <= to_on < desk.today:
        return {"to": "This absence is over already: there is nothing to cover."}
    wrong = wrong_day(desk, form, request, "from") | wrong_day(desk, form, request, "to")
    sentence = wrong_days(from_on, to_on) if from_on is not None and not wrong else ""
    return {"to": sentence} if sentence else wrong


def back(desk: Desk, request: Request) -> Answer:
    """`/iro back`: the absence ended yesterday; `/iro back @name` for someone one manages."""
    person = _whose_return(desk, request.words.strip())
    present = [one for one in _ahead(desk, person) if one.from_on <= desk.today]
    own = person.id == desk.actor_id
    if not present:
        return _not_away(desk, person)
    before = known_of(desk, person)
    for absence in present:
        end_absence(desk, absence, desk.today - timedelta(days=1))
    record_absence(desk, person, "back", None, None, before)
    tell(desk, person, before)
    if own:
        found = closed_meanwhile(desk, present[-1])[:MOST_CLOSED] if present[-1].from_on < desk.today else []
        text = " ".join(("Welcome back: what is yours comes to you again.", *(line.text for line in found)))
        return Notice(
            text=text,
            buttons=tuple(replace(line.buttons[0], label=f"Reopen {line.buttons[0].subject}") for line in found),
        )
    return Notice(text=f"{person.name} is back: what is theirs comes to them again.")


def _whose_return(desk: Desk, words: str) -> Person:
    if not words:
        return desk.actor
    found = [one for one in who_is_meant(desk, words) if may_set_absence(desk, one)]
    if len(found) != 1:
        near = (found or did_you_mean.people(words, people_of_kind(desk, "staff")))[:MOST]
        named = names_apart(desk, map(id_of, near)).values()
        asked = f" {did_you_mean.question(*named)}" if named else ""
        raise Refused(f"I could not tell who is back: write /iro back @name, for someone you manage.{asked}")
    return found[0]


def _not_away(desk: Desk, person: Person) -> Notice:
    who = "You are" if person.id == desk.actor_id else f"{person.name} is"
    coming = _ahead(desk, person)
    if not coming:
        return Notice(text=f"{who} not marked as away.")
    cancel = Button(label="Cancel it", deed="iro.away.cancel", subject=str(coming[0].id))
    return Notice(text=f"{who} not away today. Next: {days_in_words(coming[0])}.", buttons=(cancel,))


def cancel_away(desk: Desk, request: Request) -> Answer:
    """ "Cancel it": an absence that has not begun is dropped."""
    number = number_of(request.subject)
    absence = desk.session.exec(select(Absence).where(Absence.id == number)).one_or_none()
    person = people.get(desk.session, absence.person_id) if absence is not None else None
    if absence is None or person is None or not may_set_absence(desk, person):
        raise Refused("There is no such absence any more.")
    if absence.from_on <= desk.today:
        raise Refused("This absence has begun: /iro back ends it.")
    before = known_of(desk, person)
    record_absence(desk, person, "away cancelled", (absence.from_on, absence.to_on), None, before)
    desk.session.delete(absence)
    tell(desk, person, before)
    return Notice(text="Cancelled.")


def here(desk: Desk, _request: Request) -> Answer:
    """ "I am here": what somebody else entered of one's absences ends, or never begins; the cover is told."""
    person, before = desk.actor, known_of(desk, desk.actor)
    entered = [one for one in _ahead(desk, person) if one.set_by_id != person.id]
    if not entered:
        return Notice(text="Nobody has marked you as away.")
    for absence in entered:
        end_absence(desk, absence, desk.today - timedelta(days=1))
    record_absence(desk, person, "said they are here", None, None, before)
    names = [name_of(desk, one) for one in tell(desk, person, before)]
    told = f" {say_list(names)} {'is' if len(names) == 1 else 'are'} told." if names else ""
    still = known_of(desk, person).away
    if still:
        return Notice(text=f"Noted.{told} You are away {say_days(still, desk.today, 'you')}, as you entered yourself.")
    return Notice(text=f"Noted: you are here, and what is yours comes to you.{told}")


def _ahead(desk: Desk, person: Person) -> list[Absence]:
    return absences_from(desk.session, id_of(person), desk.today)
