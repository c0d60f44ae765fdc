"""Staff, children and absences come in whole or not at all, and coming in again changes nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from handlers.imports import ImportRefused, ImportResult, import_absences, import_children, import_staff
from storage import children, people, starts
from storage.addresses import Address
from storage.children import Allocation, Capacity
from storage.database import transaction
from storage.outbox import Outbox
from storage.people import Absence, Person, PersonRole
from storage.reviews import Order, Review, ReviewState
from tests.handlers.people.cast import NOW, TODAY, Cast, ident, named, rules
from tests.terms_left import as_read

RULES = rules()
STAFF = "email,name,roles,manager_email,team,fte,slack_id,teams_id,prefers"
CHILDREN = "reference,looked_after_from,iro_email,holder_email,track,track_from,last_review_on,left_care_on,born"
TOMORROW = TODAY + timedelta(days=1)
SERVICE = f"""{STAFF}
ann@a.example,Ann Lee,social_worker,bob@a.example,North,1,U1,,slack
bob@a.example,Bob Ray,team_manager,cat@a.example,North,0.8,,,
cat@a.example,Cat Fox,service_manager;admin,,,,,,
ira@a.example,Ira Poe,iro,ivo@a.example,IRO team,0.5,,T9,teams
ivo@a.example,Ivo Orr,iro_manager,cat@a.example,IRO team,,,,
"""


def ids(session: Session, workspace: str = "") -> dict[str, dict[str, str]]:
    """The ids in a workspace by e-mail address and platform."""
    found: dict[str, dict[str, str]] = {}
    for one in session.exec(select(Address).where(Address.workspace == workspace)):
        person = people.get(session, one.person_id)
        assert person is not None
        found.setdefault(person.email, {})[one.platform] = one.account
    return found


def staff(session: Session, text: str, *, leavers: bool = False, today: date = TODAY) -> ImportResult:
    return import_staff(session, RULES, text, today, NOW, leavers=leavers)


def wrong_staff(session: Session, *rows: str, leavers: bool = False) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        staff(session, "\n".join([STAFF, *rows]), leavers=leavers)
    return [str(problem) for problem in refused.value.problems]


def kids(session: Session, *rows: str) -> ImportResult:
    return import_children(session, RULES, "\n".join([CHILDREN, *rows]), TODAY, NOW)


def wrong_kids(session: Session, *rows: str, header: str = CHILDREN) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_children(session, RULES, "\n".join([header, *rows]), TODAY, NOW)
    return [str(problem) for problem in refused.value.problems]


def away(session: Session, *rows: str) -> ImportResult:
    return import_absences(session, RULES, "\n".join(["email,from,to,cover_email", *rows]), TODAY, NOW)


def wrong_away(session: Session, *rows: str) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        away(session, *rows)
    return [str(problem) for problem in refused.value.problems]


# ---------------------------------------------------------------- staff


def test_a_staff_file_makes_people_with_roles_managers_and_ids(session: Session) -> None:
    done = staff(session, SERVICE)
    assert (done.added, done.changed, done.unchanged, done.left) == (5, 0, 0, ())
    ann = named(session, "ann@a.example")
    assert (ann.name, ann.team, ann.fte, ann.prefers) == ("Ann Lee", "North", 1.0, "slack")
    assert ids(session) == {"ann@a.example": {"slack": "U1"}, "ira@a.example": {"teams": "t9"}}, "as Teams sends them"
    assert ann.manager_id == named(session, "bob@a.example").id
    assert people.roles_on(session, ident(named(session, "cat@a.example")), TODAY) == {"service_manager", "admin"}
    assert people.roles_on(session, ident(ann), date(2015, 1, 1)) == {"social_worker"}


def test_the_same_staff_file_again_changes_nothing(session: Session) -> None:
    staff(session, SERVICE)
    done = staff(session, SERVICE, leavers=True, today=TOMORROW)
    assert (done.added, done.changed, done.unchanged, done.left, done.notes) == (0, 0, 5, (), ())
    assert len(session.exec(select(PersonRole)).all()) == 6


def test_an_import_owes_nobody_a_message(session: Session) -> None:
    staff(session, SERVICE)
    kids(session, "AB-1042,2026-01-05,ira@a.example,ann@a.example,,,,,")
    assert session.exec(select(Outbox)).all() == []


def test_a_byte_order_mark_quotes_empty_lines_and_headings_in_capitals_are_read(session: Session) -> None:
    text = '\ufeffEmail,Name,Roles,Manager Email\r\n\r\n"ann@a.example","Lee, Ann","Social worker; iro",\r\n,,,\r\n'
    assert staff(session, text).added == 1
    ann = named(session, "ann@a.example")
    assert ann.name == "Lee, Ann"
    assert people.roles_on(session, ident(ann), TODAY) == {"social_worker", "iro"}


def test_roles_that_change_are_dated(session: Session) -> None:
    staff(session, SERVICE)
    staff(session, SERVICE.replace("Bob Ray,team_manager", "Bob Ray,service_manager"), today=TOMORROW)
    bob = ident(named(session, "bob@a.example"))
    assert people.roles_on(session, bob, TODAY) == {"team_manager"}
    assert people.roles_on(session, bob, TOMORROW) == {"service_manager"}


def test_a_role_given_and_taken_on_one_day_leaves_no_trace(session: Session) -> None:
    staff(session, SERVICE)
    with_role = SERVICE.replace("Bob Ray,team_manager", "Bob Ray,team_manager;support")
    assert staff(session, with_role).changed == 1
    assert staff(session, SERVICE).changed == 1
    assert "support" not in session.exec(select(PersonRole.role)).all()


def test_leavers_are_listed_and_lose_their_roles(session: Session) -> None:
    staff(session, SERVICE)
    kids(session, "AB-1042,2026-01-05,ira@a.example,ann@a.example,,,,,")
    rows = [line for line in SERVICE.splitlines() if not line.startswith(("ann@", "ira@"))]
    done = staff(session, "\n".join(rows), leavers=True)
    assert done.left == ("Ann Lee (ann@a.example)", "Ira Poe (ira@a.example)")
    assert as_read(done.notes) == (
        "Ira Poe is still the IRO of 1 child: allocate them anew.",
        "Ann Lee still holds the cases of 1 child: allocate them anew.",
        "Review tasks of AB-1042 wait for Ann Lee, who has left.",
    )
    ann = named(session, "ann@a.example")
    assert ann.left_on == TODAY - timedelta(days=1)
    assert people.roles_on(session, ident(ann), TODAY) == set()
    assert staff(session, "\n".join(rows), leavers=True).left == ()


def test_someone_who_comes_back_is_in_service_again(session: Session) -> None:
    staff(session, SERVICE)
    rows = [line for line in SERVICE.splitlines() if not line.startswith("ann@")]
    staff(session, "\n".join(rows), leavers=True)
    assert staff(session, SERVICE, today=TOMORROW).changed == 1
    ann = named(session, "ann@a.example")
    assert ann.left_on is None
    assert people.roles_on(session, ident(ann), TOMORROW) == {"social_worker"}


def test_without_leavers_those_missing_stay(session: Session) -> None:
    staff(session, SERVICE)
    assert staff(session, "\n".join(SERVICE.splitlines()[:3] + SERVICE.splitlines()[3:4])).left == ()
    assert named(session, "ira@a.example").left_on is None


def test_the_last_administrator_stays_one(session: Session) -> None:
    staff(session, SERVICE)
    without = SERVICE.replace(";admin", "")
    done = staff(session, without)
    assert done.notes == ("Cat Fox stays administrator: there is no other.",)
    assert done.changed == 0
    with_other = without.replace("Ivo Orr,iro_manager", "Ivo Orr,iro_manager;admin")
    staff(session, with_other)
    assert people.roles_on(session, ident(named(session, "cat@a.example")), TODAY) == {"service_manager"}


def test_the_last_administrator_is_not_marked_as_left(session: Session, cast: Cast) -> None:
    boss = cast.hire("Bo Admin", "admin")
    done = staff(session, SERVICE.replace(";admin", ""), leavers=True)
    assert boss.left_on is None
    assert "Bo Admin stays administrator: there is no other." in done.notes


def test_ids_may_pass_from_one_person_to_another(session: Session) -> None:
    staff(session, SERVICE)
    swapped = SERVICE.replace("North,1,U1,,slack", "North,1,U2,,slack").replace("North,0.8,,,", "North,0.8,U1,,")
    assert staff(session, swapped).changed == 2
    assert ids(session)["bob@a.example"] == {"slack": "U1"}
    assert ids(session)["ann@a.example"] == {"slack": "U2"}


def test_columns_the_file_does_not_have_stay_as_they_are(session: Session) -> None:
    staff(session, SERVICE)
    staff(session, "email,name,roles,manager_email\nann@a.example,Ann Lee,social_worker,bob@a.example\n")
    assert ids(session)["ann@a.example"] == {"slack": "U1"}


def test_every_wrong_cell_is_named_with_line_and_column(session: Session) -> None:
    problems = wrong_staff(
        session,
        "ann@a.example,Ann,social_wroker,,,,,,",
        "not-an-address,Bob,,,,,,,",
        "cat@a.example,,iro,nobody@a.example,,2,,,fax",
        "ann@a.example,Ann again,,,,,,,",
    )
    assert problems == [
        'line 2, roles: "social_wroker" is no role; did you mean social_worker?',
        'line 3, email: "not-an-address" is no e-mail address',
        "line 4, name: is empty: it is needed",
        'line 4, fte: "2" is no share of full time: write 1 for full time, 0.5 for half',
        'line 4, prefers: "fax" is no platform: write slack, teams or nothing',
        'line 4, manager_email: "nobody@a.example" is neither in this file nor known',
        'line 5, email: "ann@a.example" stands in line 2 already',
    ]
    assert session.exec(select(Person)).all() == []


@pytest.mark.parametrize("share", ["0", "-1", "1.5", "37", "80%", "nan", "inf", "1e-3", "half"])
def test_a_share_of_full_time_is_between_nothing_and_one(session: Session, share: str) -> None:
    assert len(wrong_staff(session, f"ann@a.example,Ann,,,,{share},,,")) == 1


def test_a_ring_of_managers_is_refused_once(session: Session) -> None:
    problems = wrong_staff(
        session,
        "a@a.example,A,,b@a.example,,,,,",
        "b@a.example,B,,c@a.example,,,,,",
        "c@a.example,C,,a@a.example,,,,,",
        "d@a.example,D,,a@a.example,,,,,",
        "e@a.example,E,,e@a.example,,,,,",
    )
    assert problems == [
        "line 2, manager_email: the line runs in a ring: a@a.example -> b@a.example -> c@a.example -> a@a.example",
        "line 6, manager_email: is the person's own address: leave it empty for someone without a manager",
    ]


def test_a_ring_closed_through_people_already_known_is_refused(session: Session) -> None:
    staff(session, SERVICE)
    problems = wrong_staff(session, "cat@a.example,Cat Fox,service_manager,ann@a.example,,,,,")
    assert len(problems) == 1
    assert problems[0].startswith("line 2, manager_email: the line runs in a ring")


def test_an_id_in_use_by_someone_else_is_refused(session: Session) -> None:
    staff(session, SERVICE)
    assert wrong_staff(
        session, "bob@a.example,Bob Ray,,,,,U1,,", "two@a.example,Two,,,,,U7,,", "x@a.example,X,,,,,U7,,"
    ) == [
        'line 2, slack_id: "U1" belongs to ann@a.example, who is not in this file',
        'line 4, slack_id: "U7" stands in line 3 already',
    ]


def test_a_manager_who_would_be_marked_as_left_is_refused(session: Session) -> None:
    staff(session, SERVICE)
    problems = wrong_staff(session, "ann@a.example,Ann Lee,social_worker,bob@a.example,,,,,", leavers=True)
    assert problems == ['line 2, manager_email: "bob@a.example" is not in this file, so would be marked as left']


def test_managers_that_make_an_iro_dependent_are_refused(engine: Engine) -> None:
    with transaction(engine, "local") as session:
        staff(session, SERVICE)
        kids(session, "AB-1042,2026-01-05,ira@a.example,ann@a.example,,,,,")
    with pytest.raises(ImportRefused) as refused, transaction(engine, "local") as session:
        staff(session, SERVICE.replace("team_manager,cat@a.example", "team_manager,ira@a.example"))
    assert [str(one) for one in refused.value.problems] == [
        "line 2, manager_email: AB-1042: Ira Poe manages Ann Lee, who holds this case, "
        "so Ira Poe cannot be the child's IRO."
    ]
    with transaction(engine, "local") as session:
        assert named(session, "bob@a.example").manager_id == named(session, "cat@a.example").id


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "line 1: The file is empty: its first line names the columns email, name, roles, manager_email."),
        (
            "email;name;roles;manager_email",
            "line 1: The columns are not separated by commas: save the file as CSV with commas.",
        ),
        (
            "email,name,roles,manager_mail",
            "line 1, manager_mail: is no column of this file; did you mean manager_email?",
        ),
        ("email,name,roles,manager_email,email", "line 1, email: is there twice: keep one"),
        ("email,name,roles", "line 1, manager_email: is missing: the file needs email, name, roles, manager_email"),
    ],
)
def test_a_wrong_header_says_what_would_be_right(session: Session, header: str, problem: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        staff(session, f"{header}\n")
    assert str(refused.value.problems[0]) == problem


def test_a_row_with_too_many_values_and_an_open_quote_are_named(session: Session) -> None:
    assert wrong_staff(session, "ann@a.example,Lee, Ann,iro,,,,,,") == [
        "line 2: has 10 values, the header 9: a value with a comma stands in double quotes"
    ]
    assert wrong_staff(session, '"ann@a.example,Ann')[0].startswith("line 2: is no CSV")


# ---------------------------------------------------------------- children


def test_a_children_file_makes_children_with_both_allocations(session: Session) -> None:
    staff(session, SERVICE)
    done = kids(session, "AB-1042,05/01/2026,IRA@a.example,ann@a.example,,,2026-06-01,,2014-05")
    assert done.added == 1
    child = children.by_reference(session, "AB-1042")
    assert child is not None
    assert (child.looked_after_from, child.last_review_on, child.born) == (
        date(2026, 1, 5),
        date(2026, 6, 1),
        "2014-05",
    )
    assert child.track == "looked_after"
    assert child.iro_id == named(session, "ira@a.example").id
    kept = {(row.capacity, row.person_id, row.from_on) for row in session.exec(select(Allocation))}
    assert kept == {
        (Capacity.IRO, child.iro_id, date(2026, 1, 5)),
        (Capacity.HOLDER, child.holder_id, date(2026, 1, 5)),
    }


def test_the_same_children_again_change_nothing_and_a_new_worker_is_dated(session: Session) -> None:
    staff(session, SERVICE)
    row = "AB-1042,2026-01-05,ira@a.example,ann@a.example,adoption_placed,2026-03-01,,,"
    kids(session, row)
    assert kids(session, row).unchanged == 1
    assert kids(session, row.replace("ann@", "bob@")).changed == 1
    rows = session.exec(select(Allocation).where(Allocation.capacity == Capacity.HOLDER)).all()
    assert [(one.from_on, one.to_on) for one in rows] == [(date(2026, 1, 5), TODAY), (TODAY, None)]


def test_a_column_of_names_is_refused_with_the_reason(session: Session) -> None:
    for column in ("name", "child_name", "date_of_birth", "NHS number"):
        problems = wrong_kids(session, header=f"{CHILDREN},{column}")
        assert len(problems) == 1
        assert problems[0].endswith(
            "is never kept: a child is known here by reference alone, so take this column out of the file"
        )


def test_every_wrong_child_is_named_and_no_cell_that_could_hold_a_name_is_quoted(session: Session) -> None:
    staff(session, SERVICE)
    problems = wrong_kids(
        session,
        "Tommy Smith,2026-01-05,ira@a.example,ann@a.example,,,,,",
        "AB-2,2026-02-30,ira@a.example,ann@a.example,,,,,",
        "AB-20,,ira@a.example,ann@a.example,,,,,2014-05-03",
        "AB-21,2026-01-05,ann@a.example,ira@a.example,,,,,",
        "AB-22,2026-01-05,who@a.example,,adoption_placed,,,,",
        "AB-23,2027-01-05,ira@a.example,ann@a.example,fostered,,2025-01-01,,1990-01",
        "AB-20,2026-01-05,ira@a.example,ann@a.example,,,,,",
    )
    assert "Tommy" not in " ".join(problems)
    assert [one.split(": ")[0] for one in problems] == [
        "line 2, reference",
        "line 3, reference",
        "line 3, looked_after_from",
        "line 4, born",
        "line 4, looked_after_from",
        "line 5, iro_email",
        "line 5, holder_email",
        "line 6, holder_email",
        "line 6, track_from",
        "line 6, iro_email",
        "line 7, looked_after_from",
        "line 7, track",
        "line 7, born",
        "line 7, last_review_on",
        "line 8, reference",
    ]
    assert children.by_reference(session, "AB-20") is None


def test_an_iro_who_manages_the_holder_is_refused(session: Session) -> None:
    staff(session, SERVICE.replace("service_manager;admin", "service_manager;admin;iro"))
    assert wrong_kids(session, "AB-1042,2026-01-05,cat@a.example,ann@a.example,,,,,") == [
        "line 2, iro_email: Cat Fox manages Ann Lee, who holds this case, so Cat Fox cannot be the child's IRO."
    ]


def test_a_child_who_left_care_needs_neither_iro_nor_holder(session: Session) -> None:
    assert kids(session, "AB-1042,2020-01-05,,,,,,2025-05-01,").added == 1


LEFT = "AB-1042,2026-01-05,ira@a.example,ann@a.example,adoption_placed,2026-03-01,2026-06-01,2026-10-30,2014-05"


def test_a_start_later_than_the_end_begins_a_new_stay_and_says_so(session: Session) -> None:
    """Only the four columns that are needed: the end goes, the track begins anew, the first review counts from it."""
    staff(session, SERVICE)
    kids(session, LEFT)
    back = "reference,looked_after_from,iro_email,holder_email\nAB-1042,2026-12-01,ira@a.example,ann@a.example"
    done = import_children(session, RULES, back, TODAY, NOW)
    assert (done.changed, done.notes) == (
        1,
        (
            "AB-1042 is looked after again since Tue 1 Dec 2026, having left care on Fri 30 Oct 2026: the first review "
            "counts from it.",
        ),
    )
    child = children.by_reference(session, "AB-1042")
    assert child is not None
    assert child.model_dump(include={"left_care_on", "track", "track_from", "last_review_on", "born"}) == {
        "left_care_on": None,
        "track": "looked_after",
        "track_from": None,
        "last_review_on": None,
        "born": "2014-05",
    }
    review = session.exec(select(Review).where(Review.child_id == child.id, Review.state == ReviewState.DUE)).one()
    assert (review.order, review.due_on) == (Order.FIRST, date(2026, 12, 31))
    again = import_children(session, RULES, back, TODAY, NOW)
    assert (again.changed, again.unchanged, again.notes) == (0, 1, ())


def test_a_new_stay_takes_the_track_that_the_file_gives(session: Session) -> None:
    staff(session, SERVICE)
    kids(session, LEFT)
    header = "reference,looked_after_from,iro_email,holder_email,track,track_from,left_care_on"
    row = "AB-1042,2026-12-01,ira@a.example,ann@a.example,short_breaks,2026-12-07,"
    import_children(session, RULES, f"{header}\n{row}", TODAY, NOW)
    child = children.by_reference(session, "AB-1042")
    assert child is not None
    assert (child.track, child.track_from, child.left_care_on) == ("short_breaks", date(2026, 12, 7), None)


PLACED = "AB-1042,2026-01-05,ira@a.example,ann@a.example,adoption_placed,2026-03-01,2026-06-01,,2014-05"


@pytest.mark.parametrize(
    ("stored", "columns", "cells", "problems"),
    [
        (
            PLACED,
            "left_care_on",
            "2026-01-05,2026-01-04",
            ["left_care_on: 2026-01-04 lies before 2026-01-05, when the child became looked after"],
        ),
        (
            PLACED,
            "left_care_on",
            ",2026-01-04",
            ["left_care_on: 2026-01-04 lies before 2026-01-05, when the child became looked after, as it is stored"],
        ),
        (
            PLACED,
            "track_from",
            "2026-01-05,2025-12-01",
            ["track_from: 2025-12-01 lies before 2026-01-05, when the child became looked after"],
        ),
        (
            PLACED,
            "track_from",
            "2026-01-05,",
            ["track_from: is empty: the reviews of adoption_placed are counted from it"],
        ),
        (PLACED, "track", "2026-01-05,adoption_placed", []),
        (
            PLACED,
            "track",
            "2026-01-05,short_breaks",
            ["track_from: is empty: the reviews of short_breaks are counted from it"],
        ),
        (
            PLACED,
            "born",
            "2026-07-01,2014-05",
            [
                "looked_after_from: 2026-07-01 lies after 2026-06-01, the last_review_on that is stored: give both, or "
                "neither",
                "looked_after_from: 2026-07-01 lies after 2026-03-01, the track_from that is stored: give both, or "
                "neither",
            ],
        ),
        (
            PLACED,
            "born",
            "2026-01-05,2026-02",
            ["born: 2026-02 lies after 2026-01-05, when the child became looked after"],
        ),
        (
            PLACED,
            "last_review_on",
            ",2025-12-01",
            ["last_review_on: 2025-12-01 lies before 2026-01-05, when the child became looked after, as it is stored"],
        ),
        (
            LEFT,
            "left_care_on",
            "2026-12-01,2026-10-30",
            ["left_care_on: 2026-10-30 lies before 2026-12-01, when the child became looked after"],
        ),
        (
            LEFT,
            "last_review_on",
            ",2026-12-05",
            ["last_review_on: 2026-12-05 lies after 2026-10-30, when the child left care: give looked_after_from anew"],
        ),
        (LEFT, "born", "2026-01-06,2014-05", []),
    ],
)  # fmt: skip
def test_a_row_is_judged_against_what_is_stored(
    session: Session, stored: str, columns: str, cells: str, problems: list[str]
) -> None:
    staff(session, SERVICE)
    kids(session, stored)
    began, _, more = cells.partition(",")
    emails = "ira@a.example,ann@a.example"
    text = f"reference,looked_after_from,iro_email,holder_email,{columns}\nAB-1042,{began},{emails},{more}"
    if problems:
        with pytest.raises(ImportRefused) as refused:
            import_children(session, RULES, text, TODAY, NOW)
        assert [str(one).removeprefix("line 2, ") for one in refused.value.problems] == problems
    else:
        import_children(session, RULES, text, TODAY, NOW)
        child = children.by_reference(session, "AB-1042")
        assert child is not None
        assert (child.track_from, child.born) == (date(2026, 3, 1), "2014-05")


def test_no_start_lies_between_two_reviews_of_one_stay(session: Session) -> None:
    staff(session, SERVICE)
    kids(session, "AB-1042,2026-01-05,ira@a.example,ann@a.example,,,,,")
    child = children.by_reference(session, "AB-1042")
    assert child is not None
    review = session.exec(select(Review).where(Review.child_id == child.id)).one()
    review.state, review.held_on, review.completed_on = ReviewState.HELD, date(2026, 6, 1), date(2026, 6, 1)
    session.add(review)
    session.flush()
    with pytest.raises(ImportRefused) as refused:
        kids(session, "AB-1042,2026-12-01,ira@a.example,ann@a.example,,,,,")
    assert [str(one) for one in refused.value.problems] == [
        "line 2, looked_after_from: 2026-12-01 lies after 2026-06-01, when the last review was held: where the child "
        "had left care meanwhile, import the day with the former start first"
    ]


# ---------------------------------------------------------------- absences


def test_absences_come_in_once_and_their_end_can_be_changed(session: Session, cast: Cast) -> None:
    row = "wendy.worker@authority.example,2026-12-21,2027-01-04,tom.team@authority.example"
    assert away(session, row).added == 1
    assert away(session, row).unchanged == 1
    assert away(session, row.replace("2027-01-04", "06/01/2027")).changed == 1
    kept = session.exec(select(Absence)).one()
    assert (kept.person_id, kept.to_on, kept.cover_id) == (cast.worker.id, date(2027, 1, 6), cast.team.id)


def test_a_corrected_first_day_replaces_the_absence(session: Session, cast: Cast) -> None:
    """Known by the days they share, and by the end or the cover; what shares neither, or no day, stands beside it."""
    who, tom = "wendy.worker@authority.example", "tom.team@authority.example"
    away(session, f"{who},2026-12-21,2027-01-04,{tom}")

    def kept() -> list[tuple[date, date | None]]:
        return sorted((one.from_on, one.to_on) for one in session.exec(select(Absence)))

    earlier = away(session, f"{who},2026-12-17,2027-01-04,{tom}")
    assert (earlier.added, earlier.changed, kept()) == (0, 1, [(date(2026, 12, 17), date(2027, 1, 4))])
    assert away(session, f"{who},2026-12-17,2027-01-04,{tom}").unchanged == 1
    later = away(session, f"{who},2026-12-22,2027-01-11,{tom}")
    assert (later.changed, kept()) == (1, [(date(2026, 12, 22), date(2027, 1, 11))])
    two = away(session, f"{who},2026-12-22,2026-12-23,", f"{who},2026-12-24,2027-01-11,{tom}")
    assert (two.added, two.changed) == (1, 1), "one is known by its first day, so the other is new"
    assert away(session, f"{who},2027-02-01,2027-02-05,{tom}").added == 1, "they share no day"


def test_an_absence_without_end_or_cover_is_taken(session: Session, cast: Cast) -> None:
    assert away(session, "wendy.worker@authority.example,2026-12-21,,").added == 1
    absence = people.absence_on(session, ident(cast.worker), date(2030, 1, 1))
    assert absence is not None


def test_wrong_absences_are_named(session: Session, cast: Cast) -> None:
    who = "wendy.worker@authority.example"
    cast.leave(cast.assistant)
    assert wrong_away(
        session,
        f"{who},2026-12-21,2026-12-20,",
        f"{who},21 Dec,,",
        f"{who},2026-12-21,2026-12-22,{who}",
        "nobody@a.example,2026-12-21,,",
        f"{who},2027-02-01,,alan.assistant@authority.example",
        f"ivy.iro@authority.example,2026-12-21,,{who}",
        f"{who},2026-12-22,2026-12-23,",
    ) == [
        "line 2, to: 2026-12-20 lies before 2026-12-21, the first day away",
        'line 3, from: "21 Dec" is no date: write 2026-12-21 or 21/12/2026',
        "line 4, cover_email: Wendy Worker cannot cover for themself: name a colleague.",
        "line 5, email: nobody here has the address nobody@a.example: import the staff first",
        "line 6, cover_email: Alan Assistant has left: name a colleague who is here.",
        "line 7, cover_email: Wendy Worker is no IRO: only an IRO or IRO manager can cover for an IRO.",
        "line 8, from: overlaps the absence in line 4",
    ]


# ---------------------------------------------------------------- size


@pytest.mark.slow
def test_ten_thousand_rows_come_in_with_progress_and_again_change_nothing(session: Session) -> None:
    staff(session, SERVICE)
    rows = [f"w{n}@a.example,Worker {n},social_worker,bob@a.example,North,1,,," for n in range(10_000)]
    told: list[tuple[int, int]] = []
    import_staff(session, RULES, "\n".join([STAFF, *rows]), TODAY, NOW, progress=lambda *now: told.append(now))
    kids(session, *(f"AB-{10_000 + n},2026-01-05,ira@a.example,w{n}@a.example,,,,," for n in range(10_000)))
    again = staff(session, "\n".join([STAFF, *rows]))
    assert again.unchanged == 10_000
    assert told[-1] == (10_000, 10_000)


def test_a_team_named_anew_where_teams_have_days_is_said_to_wait_for_its_own(session: Session) -> None:
    staff(session, SERVICE)
    assert staff(session, SERVICE.replace(",North,", ",South,")).notes == (), "without a day all have started"
    starts.set_for(session, "South", TODAY)
    moved = staff(session, SERVICE.replace(",North,", ",South East,"))
    assert moved.notes == ("South East has no day yet: nothing is sent to it until you give it one.",)
    assert staff(session, SERVICE.replace(",North,", ",South East,")).notes == (), "once"
