"""Being away, with cover, and coming back."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from handlers.absences.away import away, back, cancel_away, set_away
from handlers.cards import Answer, Errors, Form, Notice
from handlers.people.covering import covered_by
from handlers.refusals import Refused
from storage import people
from storage.addresses import Address
from storage.people import Absence, Person
from tests.handlers.people.cast import TODAY, Cast, asks, ident, rules
from tests.terms_left import as_read

CHRISTMAS = "21 Dec to 4 Jan"


def typed(cast: Cast, who: Person, words: str) -> Answer:
    return away(cast.desk(who), asks(who, "iro.away", words=words))


def absences(cast: Cast) -> list[Absence]:
    return list(cast.session.exec(select(Absence).order_by(col(Absence.from_on))))


def text(answer: Answer) -> str:
    assert isinstance(answer, Notice)
    return answer.text


def test_days_and_cover_typed_are_kept_at_once(cast: Cast) -> None:
    cast.session.add(Address(person_id=ident(cast.team), platform="slack", account="U123"))
    said = text(typed(cast, cast.worker, f"{CHRISTMAS} cover <@U123|tom>"))
    assert said == (
        "You are away from Mon 21 Dec 2026 to Mon 4 Jan 2027, both included. "
        "Tom Team covers, and has your rights on these days."
    )
    kept = absences(cast)[0]
    assert (kept.person_id, kept.cover_id, kept.set_by_id) == (cast.worker.id, cast.team.id, cast.worker.id)
    assert (kept.from_on, kept.to_on) == (date(2026, 12, 21), date(2027, 1, 4))


@pytest.mark.parametrize("name", ["@tom.team", "Tom Team", "tom.team@authority.example", "@Tom", "<at>Tom Team</at>"])
def test_the_cover_may_be_named_in_several_ways(cast: Cast, name: str) -> None:
    assert "Tom Team covers" in text(typed(cast, cast.worker, f"{CHRISTMAS} cover {name}"))


def test_without_cover_the_form_asks_for_it_with_the_days_filled_in(cast: Cast) -> None:
    form = typed(cast, cast.worker, CHRISTMAS)
    assert isinstance(form, Form)
    filled = {field.key: field.initial for field in form.fields}
    assert filled == {"from": "2026-12-21", "to": "2027-01-04", "cover": ""}
    assert absences(cast) == []


def test_a_name_inside_another_is_not_taken_for_it(cast: Cast) -> None:
    cast.hire("Joanna Smith", "social_worker")
    form = typed(cast, cast.worker, f"{CHRISTMAS} cover Anna")
    assert isinstance(form, Form)
    assert form.fields[0].text == "I could not tell who covers: choose them in the form."


def test_dates_not_understood_and_names_not_clear_come_back_in_the_form(cast: Cast) -> None:
    cast.hire("Tom Other", "social_worker")
    for words, sentence in (("whenever", "I did not understand"), (f"{CHRISTMAS} cover @Tom", "Did you mean")):
        form = typed(cast, cast.worker, words)
        assert isinstance(form, Form)
        assert form.fields[0].text.startswith(sentence)


@pytest.mark.parametrize(
    ("who", "cover", "sentence"),
    [
        ("worker", "worker", "Wendy Worker cannot cover for themself: name a colleague."),
        ("iro", "worker", "Wendy Worker is no IRO: only an IRO or IRO manager can cover for an IRO."),
        ("team", "iro", "Ivy Iro reviews children in Tom Team's line, so cannot cover there."),
    ],
)
def test_someone_who_cannot_cover_is_refused_with_the_reason(cast: Cast, who: str, cover: str, sentence: str) -> None:
    person, chosen = getattr(cast, who), getattr(cast, cover)
    answer = set_away(
        cast.desk(person),
        asks(person, "iro.away.set", **{"from": "2026-12-21", "to": "2027-01-04", "cover": str(chosen.id)}),
    )
    assert as_read(answer) == Errors(by_field={"cover": sentence})
    assert absences(cast) == []


def test_an_iro_in_the_line_of_the_covered_iros_child_cannot_cover(cast: Cast) -> None:
    cast.session.add(people.PersonRole(person_id=ident(cast.service), role="iro", from_on=date(2020, 1, 1)))
    form = typed(cast, cast.iro, f"{CHRISTMAS} cover Sue Service")
    assert isinstance(form, Form)
    assert as_read(form.fields[0].text) == "Sue Service is in the line of AB-1042, so cannot act as its IRO."


def test_someone_away_or_gone_cannot_cover(cast: Cast) -> None:
    cast.send_away(cast.team, until=date(2026, 12, 22))
    form = typed(cast, cast.worker, f"{CHRISTMAS} cover Tom Team")
    assert isinstance(form, Form)
    assert form.fields[0].text == "Tom Team is away themself until Tue 22 Dec 2026: name a colleague who is here."
    cast.leave(cast.service)
    unknown = typed(cast, cast.worker, f"{CHRISTMAS} cover Sue Service")
    assert isinstance(unknown, Form)


def test_an_open_end_lasts_until_back(cast: Cast) -> None:
    said = text(typed(cast, cast.worker, "until further notice cover Tom Team"))
    assert said.startswith("You are away from Tue 15 Dec 2026 until /iro back.")
    tomorrow = TODAY + timedelta(days=1)
    later = cast.desk(cast.worker, now=cast.desk(cast.worker).now + timedelta(days=1))
    assert text(back(later, asks(cast.worker, "iro.back"))) == "Welcome back: what is yours comes to you again."
    assert people.absence_on(cast.session, ident(cast.worker), TODAY) is not None
    assert people.absence_on(cast.session, ident(cast.worker), tomorrow) is None


def test_back_on_the_first_day_leaves_no_absence(cast: Cast) -> None:
    typed(cast, cast.worker, "today cover Tom Team")
    back(cast.desk(cast.worker), asks(cast.worker, "iro.back"))
    assert absences(cast) == []


def test_back_without_being_away_offers_to_cancel_what_is_to_come(cast: Cast) -> None:
    assert text(back(cast.desk(cast.worker), asks(cast.worker, "iro.back"))) == "You are not marked as away."
    typed(cast, cast.worker, f"{CHRISTMAS} cover Tom Team")
    answer = back(cast.desk(cast.worker), asks(cast.worker, "iro.back"))
    assert isinstance(answer, Notice)
    button = answer.buttons[0]
    with pytest.raises(Refused):
        cancel_away(cast.desk(cast.iro), asks(cast.iro, button.deed, subject=button.subject))
    cancel_away(cast.desk(cast.worker), asks(cast.worker, button.deed, subject=button.subject))
    assert absences(cast) == []


def test_new_days_take_the_place_of_those_they_overlap(cast: Cast) -> None:
    typed(cast, cast.worker, "14 Dec 2026 to 31 Dec 2026 cover Tom Team")
    said = text(typed(cast, cast.worker, "23 Dec to 28 Dec cover Sue Service"))
    assert said.endswith(
        "The earlier entry, from Mon 14 Dec 2026 to Thu 31 Dec 2026, both included, gives way: you count as here from "
        "Tue 29 Dec 2026. If not, say /iro away for those days too."
    )
    assert [(one.from_on.day, one.to_on and one.to_on.day) for one in absences(cast)] == [(14, 22), (23, 28)]
    assert covered_by(cast.session, rules(), ident(cast.team), date(2026, 12, 24)) == []


def test_someone_who_was_to_cover_is_told_who_is_left_without(cast: Cast) -> None:
    typed(cast, cast.worker, f"{CHRISTMAS} cover Tom Team")
    said = text(typed(cast, cast.team, "28 Dec to 30 Dec cover Sue Service"))
    assert said.endswith("Wendy Worker then has no cover: you were named.")


def test_a_manager_sets_it_for_someone_below_and_for_nobody_else(cast: Cast) -> None:
    days = {"from": "2026-12-21", "to": "2027-01-04"}
    desk = cast.desk(cast.service)
    done = set_away(desk, asks(cast.service, "iro.away.set", person=str(cast.worker.id), **days))
    assert text(done).startswith("Wendy Worker is away from Mon 21 Dec 2026")
    assert absences(cast)[0].set_by_id == cast.service.id
    refused = set_away(desk, asks(cast.service, "iro.away.set", person=str(cast.iro.id), **days))
    assert refused == Errors(by_field={"person": "Choose yourself or someone you manage."})
    upwards = set_away(desk, asks(cast.service, "iro.away.set", person=str(cast.director.id), **days))
    assert isinstance(upwards, Errors)


def test_business_support_sets_anyones_and_a_worker_sees_no_choice(cast: Cast) -> None:
    support = cast.hire("Bea Support", "support")
    form = typed(cast, support, "")
    assert isinstance(form, Form)
    assert "person" in [field.key for field in form.fields]
    own = typed(cast, cast.worker, "")
    assert isinstance(own, Form)
    assert "person" not in [field.key for field in own.fields]


def test_a_managers_cover_sets_it_for_the_managers_people(cast: Cast) -> None:
    cover = cast.hire("Cora Cover", "team_manager")
    cast.send_away(cast.team, cover)
    done = set_away(
        cast.desk(cover), asks(cover, "iro.away.set", person=str(cast.worker.id), **{"from": "2026-12-21", "to": ""})
    )
    assert text(done).startswith("Wendy Worker is away")


def test_a_manager_ends_the_absence_of_someone_below(cast: Cast) -> None:
    cast.send_away(cast.worker)
    said = text(back(cast.desk(cast.team), asks(cast.team, "iro.back", words="@wendy.worker")))
    assert said.startswith("Wendy Worker is back")
    cast.send_away(cast.iro)
    with pytest.raises(Refused):
        back(cast.desk(cast.team), asks(cast.team, "iro.back", words="@ivy.iro"))


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"from": "", "to": ""}, "from"),
        ({"from": "2026-12-21", "to": "x"}, "to"),
        ({"from": "2026-12-21", "to": "2026-12-20"}, "to"),
        ({"from": "2026-12-01", "to": "2026-12-02"}, "to"),
        ({"from": "2026-12-21", "to": "2030-12-21"}, "to"),
    ],
)
def test_wrong_days_are_said_beside_the_field(cast: Cast, days: dict[str, str], field: str) -> None:
    answer = set_away(cast.desk(cast.worker), asks(cast.worker, "iro.away.set", **days))
    assert isinstance(answer, Errors)
    assert list(answer.by_field) == [field]
