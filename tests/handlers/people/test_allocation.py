"""Adding children and changing who reviews them and who holds the case."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from handlers.adding_children import add_child, add_child_form
from handlers.allocation import allocate, allocate_form
from handlers.cards import Answer, Errors, Form, Notice
from handlers.refusals import NotFound, Refused, Unfit
from storage import children
from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from tests.handlers.people.cast import TODAY, Cast, asks, ident, rules
from tests.terms_left import as_read


def raise_concern(cast: Cast, number: int, state: ConcernState) -> Concern:
    moment = datetime(2026, 12, 1, 10, tzinfo=UTC)
    concern = Concern(
        number=number,
        child_id=cast.child.id,
        iro_id=ident(cast.iro),
        state=state,
        procedures_digest=rules().digest,
        drafted_at=moment,
        state_since=moment,
    )
    cast.session.add(concern)
    cast.session.flush()
    return concern


def new_child(cast: Cast, actor: Person, **values: str) -> Answer:
    given = {
        "reference": "AB-2000",
        "looked_after_from": "2026-12-10",
        "track": "looked_after",
        "iro": str(cast.iro.id),
        "holder": str(cast.worker.id),
    } | values
    return add_child(cast.desk(actor), asks(actor, "iro.child.add", **given))


def wrong(answer: Answer) -> dict[str, str]:
    assert isinstance(answer, Errors)
    return as_read(dict(answer.by_field))


def change(cast: Cast, actor: Person, subject: str = "AB-1042", **values: str) -> Answer:
    return allocate(cast.desk(actor), asks(actor, "iro.allocate.send", subject=subject, **values))


def shown(cast: Cast, actor: Person) -> Form:
    form = allocate_form(cast.desk(actor), asks(actor, "iro.allocate", subject="ab-1042", words="ab-1042"))
    assert isinstance(form, Form)
    return form


# ---------------------------------------------------------------- adding


def test_an_iro_adds_a_child_of_their_own(cast: Cast) -> None:
    form = add_child_form(cast.desk(cast.iro), asks(cast.iro, "iro.child", words="ab-2000"))
    assert isinstance(form, Form)
    assert form.fields[0].initial == "AB-2000"
    assert "iro" not in [field.key for field in form.fields]
    other = cast.hire("Una Iro", "iro")
    answer = new_child(cast, cast.iro, iro=str(other.id), reference="ab-2000")
    assert as_read(answer) == Notice(text="AB-2000 is listed. IRO: Ivy Iro. The case is held by Wendy Worker.")
    child = children.by_reference(cast.session, "AB-2000")
    assert child is not None
    assert (child.iro_id, child.holder_id) == (cast.iro.id, cast.worker.id)
    rows = cast.session.exec(select(Allocation).where(Allocation.child_id == child.id)).all()
    assert sorted(row.capacity for row in rows) == [Capacity.HOLDER, Capacity.IRO]


def test_the_office_adds_a_child_for_any_iro(cast: Cast) -> None:
    for number, role in enumerate(("iro_manager", "support", "admin")):
        actor = cast.hire(f"Olive {role}", role)
        assert isinstance(new_child(cast, actor, reference=f"AB-300{number}"), Notice)


def test_workers_and_managers_do_not_add_children(cast: Cast) -> None:
    for actor in (cast.worker, cast.team, cast.director):
        with pytest.raises(Refused):
            add_child_form(cast.desk(actor), asks(actor, "iro.child"))
        with pytest.raises(Refused):
            new_child(cast, actor)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reference": "Tommy Smith"}, "reference"),
        ({"reference": "C-12"}, "reference"),
        ({"reference": "AB-1042"}, "reference"),
        ({"looked_after_from": ""}, "looked_after_from"),
        ({"looked_after_from": "2026-12-16"}, "looked_after_from"),
        ({"track": "adoption_placed"}, "track_from"),
        ({"iro": ""}, "iro"),
        ({"iro": "worker"}, "iro"),
        ({"holder": "99999"}, "holder"),
        ({"holder": "iro"}, "holder"),
    ],
)
def test_a_wrong_field_is_said_beside_it(cast: Cast, values: dict[str, str], field: str) -> None:
    people = {"worker": cast.worker, "iro": cast.iro}
    given = {key: str(people[value].id) if value in people else value for key, value in values.items()}
    answer = wrong(new_child(cast, cast.iro_manager, **given))
    assert field in answer
    assert "Tommy" not in " ".join(answer.values())
    assert children.by_reference(cast.session, "AB-2000") is None


def test_a_track_that_the_form_does_not_offer_is_refused(cast: Cast) -> None:
    with pytest.raises(Unfit) as unfit:
        new_child(cast, cast.iro_manager, track="fostered")
    assert unfit.value.by_field == {"track": "Choose one of the list."}


def test_an_iro_who_is_not_independent_is_refused(cast: Cast) -> None:
    both = cast.hire("Bo Both", "iro", "team_manager")
    cast.worker.manager_id = both.id
    cast.session.add(cast.worker)
    cast.session.flush()
    answer = wrong(new_child(cast, cast.iro_manager, iro=str(both.id)))
    assert answer["holder"].startswith("Bo Both manages Wendy Worker")


def test_a_child_known_from_the_past_is_taken_up(cast: Cast) -> None:
    cast.session.add(Child(reference="AB-2000", historical=True))
    cast.session.flush()
    assert isinstance(new_child(cast, cast.iro), Notice)
    child = children.by_reference(cast.session, "AB-2000")
    assert child is not None
    assert not child.historical


# ---------------------------------------------------------------- allocating


def test_the_form_shows_who_has_the_case_and_what_is_open(cast: Cast) -> None:
    raise_concern(cast, 3, ConcernState.WAITING)
    raise_concern(cast, 4, ConcernState.CLOSED)
    raise_concern(cast, 5, ConcernState.DRAFT)
    form = shown(cast, cast.iro_manager)
    assert as_read(form.fields[0].text) == (
        "AB-1042: the IRO is Ivy Iro; the case is held by Wendy Worker. Open concerns: 1 (C-3). Drafts: 1."
    )
    assert [field.key for field in form.fields] == ["now", "iro", "holder", "open"]


def test_a_manager_in_the_line_changes_the_worker_only_and_hears_of_no_drafts(cast: Cast) -> None:
    raise_concern(cast, 5, ConcernState.DRAFT)
    form = shown(cast, cast.service)
    assert [field.key for field in form.fields] == ["now", "holder"]
    assert "Draft" not in form.fields[0].text
    other = cast.hire("Una Iro", "iro")
    worker = cast.hire("Will Worker", "social_worker", manager=cast.team)
    change(cast, cast.service, iro=str(other.id), holder=str(worker.id))
    assert (cast.child.iro_id, cast.child.holder_id) == (cast.iro.id, worker.id)


def test_a_new_worker_leaves_those_asked_as_they_are_and_says_so(cast: Cast) -> None:
    raise_concern(cast, 3, ConcernState.WAITING)
    worker = cast.hire("Will Worker", "social_worker", manager=cast.team)
    answer = change(cast, cast.team, holder=str(worker.id))
    assert isinstance(answer, Notice)
    assert as_read(answer.text) == (
        "AB-1042: the IRO is Ivy Iro; the case is held by Will Worker. Open concerns: 1 (C-3). Those asked "
        "to reply stay asked."
    )
    rows = cast.session.exec(select(Allocation).where(Allocation.capacity == Capacity.HOLDER)).all()
    assert [(row.person_id, row.to_on) for row in rows] == [(cast.worker.id, TODAY), (worker.id, None)]


def test_what_is_open_follows_a_new_iro_and_what_is_closed_does_not(cast: Cast) -> None:
    waiting = raise_concern(cast, 3, ConcernState.WAITING)
    closed = raise_concern(cast, 4, ConcernState.CLOSED)
    draft = raise_concern(cast, 5, ConcernState.DRAFT)
    other = cast.hire("Una Iro", "iro")
    change(cast, cast.iro_manager, iro=str(other.id), holder=str(cast.worker.id))
    assert [one.iro_id for one in (waiting, closed, draft)] == [other.id, cast.iro.id, other.id]


def test_choosing_the_same_people_changes_nothing(cast: Cast) -> None:
    answer = change(cast, cast.iro_manager, iro=str(cast.iro.id), holder=str(cast.worker.id))
    assert isinstance(answer, Notice)
    assert answer.text.startswith("Nothing was changed.")
    assert len(cast.session.exec(select(Allocation)).all()) == 2


def test_outsiders_hear_that_there_is_no_such_child(cast: Cast) -> None:
    outsider = cast.hire("Otto Outside", "team_manager")
    for actor in (outsider, cast.worker):
        with pytest.raises(NotFound) as known:
            change(cast, actor)
        with pytest.raises(NotFound) as unknown:
            change(cast, actor, subject="AB-9999")
        assert str(known.value).replace("AB-1042", "AB-9999") == str(unknown.value)


def test_the_childs_own_iro_is_told_who_can(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change(cast, cast.iro)
    assert not isinstance(refused.value, NotFound)


def test_a_dependent_or_unfit_choice_is_said_beside_the_field(cast: Cast) -> None:
    assert wrong(change(cast, cast.iro_manager, iro=str(cast.worker.id))) == {"iro": "Choose an IRO of this service."}
    assert wrong(change(cast, cast.iro_manager, holder="77777")) == {"holder": "Choose someone of this service."}
    both = cast.hire("Bo Both", "iro", "social_worker")
    answer = wrong(change(cast, cast.iro_manager, iro=str(both.id), holder=str(both.id)))
    assert answer == {"iro": "Bo Both holds this case, so Bo Both cannot be the child's IRO."}
    assert cast.child.iro_id == cast.iro.id
