"""A staff file under new addresses: the same people stay the same, and who may be the same is asked about."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.commands.importing import told
from handlers.imports import ImportRefused, ImportResult, import_staff
from handlers.office import Scene
from handlers.people.renaming import changes_of_address, rename_by_command
from handlers.refusals import Refused
from storage import history, people
from storage.addresses import Address
from storage.database import transaction
from storage.people import Person
from tests.handlers.people.cast import NOW, TODAY, ident, named, rules
from tests.handlers.people.test_imports import kids

RULES = rules()
HEADER = "email,name,roles,manager_email,team,slack_id,teams_id,previous_email"
TESS = "tess.hill@a.example,Tess Hill,team_manager,sunil@a.example,North,UTESS,,"
SERVICE = f"""{HEADER}
sam@a.example,Sam Okoro,social_worker,tess.hill@a.example,North,USAM,,
{TESS}
sunil@a.example,Sunil Rao,service_manager;admin,,,,AAD-1,
ann@a.example,Ann Lee,iro,ida@a.example,IROs,,,
ida@a.example,Ida Moss,iro_manager,sunil@a.example,IROs,,,
"""
MARRIED = SERVICE.replace("tess.hill@", "tess.ryder@").replace("Tess Hill", "Tess Ryder")
NO_IDS = MARRIED.replace("UTESS", "")
ASKED = (
    "line 3, email: Tess Ryder (tess.ryder@a.example) is new here, and Tess Hill (tess.hill@a.example) is missing from "
    "this file. If that is one person, write tess.hill@a.example under previous_email, or run iro-bot people rename "
    "tess.hill@a.example tess.ryder@a.example. If not, write new under previous_email"
)


@pytest.fixture
def settled(engine: Engine) -> Engine:
    """The service imported, with a child that Sam holds and Ann reviews."""
    take_in(engine, SERVICE)
    with transaction(engine, "local") as session:
        kids(session, "AB-1042,2026-01-05,ann@a.example,sam@a.example,,,,,")
    return engine


def take_in(engine: Engine, text: str, *, leavers: bool = True) -> ImportResult:
    with transaction(engine, "local") as session:
        return import_staff(session, RULES, text, TODAY, NOW, leavers=leavers)


def refused(engine: Engine, text: str, *, leavers: bool = True) -> list[str]:
    with pytest.raises(ImportRefused) as wrong:
        take_in(engine, text, leavers=leavers)
    return [str(problem) for problem in wrong.value.problems]


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, len(result.left)


def person(engine: Engine, email: str) -> Person | None:
    with transaction(engine, "local", writes=False) as session:
        found = people.by_email(session, email)
        session.expunge_all()
        return found


def of_history(engine: Engine, email: str) -> list[tuple[str, str | None]]:
    with transaction(engine, "local", writes=False) as session:
        found = history.entries(session, f"person:{named(session, email).id}")
        return [(one.what, one.words) for one in found]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MARRIED, "the same Slack account"),
        (NO_IDS.replace("North,,,\nsun", "North,,,tess.hill@a.example\nsun"), "previous_email says so"),
    ],
)
def test_a_known_person_under_a_new_address_stays_the_same_person(settled: Engine, text: str, says: str) -> None:
    before = person(settled, "tess.hill@a.example")
    assert before is not None
    done = take_in(settled, text)
    assert counts(done) == (0, 1, 4, 0)
    assert done.renamed == (f"Tess Hill (tess.hill@a.example) is Tess Ryder (tess.ryder@a.example) now: {says}.",)
    assert "Renamed: Tess Hill" in told(done)
    after, sam = person(settled, "tess.ryder@a.example"), person(settled, "sam@a.example")
    assert after is not None
    assert sam is not None
    assert (after.id, after.name, after.left_on, sam.manager_id) == (before.id, "Tess Ryder", None, before.id)
    assert person(settled, "tess.hill@a.example") is None
    with transaction(settled, "local", writes=False) as session:
        assert people.roles_on(session, ident(after), TODAY) == {"team_manager"}
    assert of_history(settled, "tess.ryder@a.example") == [
        ("address changed", "tess.hill@a.example -> tess.ryder@a.example"),
        ("name changed", "Tess Hill -> Tess Ryder"),
    ]
    again = take_in(settled, text)
    assert counts(again) == (0, 0, 5, 0)
    assert (again.renamed, again.notes) == ((), ())


def test_the_account_at_teams_is_the_person_too_and_who_left_comes_back_under_the_new_address(settled: Engine) -> None:
    without = SERVICE.replace("sunil@a.example,Sunil Rao,service_manager;admin,,,,AAD-1,\n", "").replace(
        "sunil@a.example", ""
    )
    take_in(settled, without.replace("iro_manager", "iro_manager;admin"))
    back = SERVICE.replace("sunil@a.example", "s.rao@new.example").replace("AAD-1", "aad-1")
    done = take_in(settled, back)
    assert done.renamed == (
        "Sunil Rao (sunil@a.example) is Sunil Rao (s.rao@new.example) now: the same Teams account.",
    )
    found = person(settled, "s.rao@new.example")
    assert found is not None
    assert found.left_on is None
    assert done.added == 0


def test_without_ids_who_may_be_the_same_person_is_asked_about_and_nothing_is_imported(settled: Engine) -> None:
    assert refused(settled, NO_IDS) == [ASKED]
    only_address = SERVICE.replace("UTESS", "").replace("tess.hill@", "t.hill@")
    for leavers in (True, False):
        (asked,) = refused(settled, only_address, leavers=leavers)
        assert asked.startswith(
            "line 3, email: Tess Hill (t.hill@a.example) is new here, and Tess Hill (tess.hill@a.ex"
        )
    assert person(settled, "t.hill@a.example") is None
    assert person(settled, "tess.ryder@a.example") is None
    still = person(settled, "tess.hill@a.example")
    assert still is not None
    assert still.left_on is None


def test_somebody_said_to_be_new_or_only_a_little_alike_is_added(settled: Engine) -> None:
    as_new = NO_IDS.replace("North,,,\nsun", "North,,,New\nsun")
    for text, added in (
        (as_new, "tess.ryder@a.example"),
        (as_new.replace("tess.ryder@", "tom@").replace("Tess Ryder", "Tom Bell").replace("New", ""), "tom@a.example"),
    ):
        done = take_in(settled, text)
        assert (done.added, len(done.left), done.renamed) == (1, 1, ())
        assert counts(take_in(settled, text)) == (0, 0, 5, 0), "again it changes nothing"
        assert person(settled, added) is not None
        take_in(settled, SERVICE)


def test_a_part_of_a_file_asks_only_about_the_same_name_in_the_same_team(settled: Engine) -> None:
    row = "tess.two@a.example,Tess Hill,team_manager,sunil@a.example,{team},,,"
    assert take_in(settled, f"{HEADER}\n{row.format(team='South')}", leavers=False).added == 1
    assert (
        take_in(
            settled,
            f"{HEADER}\n{row.format(team='North').replace('Hill', 'Ryder').replace('two', 'ry')}",
            leavers=False,
        ).added
        == 1
    )
    assert len(refused(settled, f"{HEADER}\n{row.format(team='NORTH').replace('two', '3')}", leavers=False)) == 1


def test_what_the_file_cannot_mean_is_refused_with_line_and_column(settled: Engine) -> None:
    two = "x@a.example,Xi Bell,iro,,IROs,{slack},{teams},{previous}"

    def wrong(slack: str = "", teams: str = "", previous: str = "", *more: str) -> list[str]:
        row = two.format(slack=slack, teams=teams, previous=previous)
        return refused(settled, "\n".join([HEADER, row, *more]), leavers=False)

    assert wrong(previous="nobody@a.example") == [
        "line 2, previous_email: nobody here has the address nobody@a.example: check it, or write new for somebody new"
    ]
    assert wrong(previous="no address") == ['line 2, previous_email: "no address" is no e-mail address']
    assert wrong("UTESS", "aad-1") == [
        "line 2, teams_id: slack_id is that of Tess Hill (tess.hill@a.example) and teams_id is that of Sunil Rao "
        "(sunil@a.example): a row is one person"
    ]
    assert wrong("UTESS", previous="new") == [
        "line 2, slack_id: slack_id is that of Tess Hill (tess.hill@a.example), and previous_email says new: "
        "take one of them out"
    ]
    assert wrong("", "", "tess.hill@a.example", TESS) == [
        "line 2, previous_email: tess.hill@a.example stands in line 3 too, as somebody's present address"
    ]
    assert wrong("USAM", "", "", "y@a.example,Yo Bell,iro,,IROs,,,sam@a.example") == [
        "line 3, previous_email: Sam Okoro (sam@a.example) is the person of line 2 already"
    ]
    assert wrong("UTESS", "", "", "sam@a.example,Sam Okoro,social_worker,tess.hill@a.example,North,,,") == [
        "line 3, manager_email: tess.hill@a.example is x@a.example in this file: write that"
    ]
    known = "ann@a.example,Ann Lee,iro,ida@a.example,IROs,,,ida@a.example"
    assert refused(settled, f"{HEADER}\n{known}", leavers=False) == [
        "line 2, previous_email: ann@a.example and ida@a.example are two people here already: Ann Lee and Ida Moss"
    ]


def test_a_former_address_may_pass_to_somebody_new_and_the_same_file_still_changes_nothing(settled: Engine) -> None:
    renamed = NO_IDS.replace("North,,,\nsun", "North,,,tess.hill@a.example\nsun")
    take_in(settled, renamed)
    other = f"{renamed}tess.hill@a.example,Tess Hill,social_worker,tess.ryder@a.example,South,,,\n"
    assert counts(take_in(settled, other)) == (1, 0, 5, 0)
    assert counts(take_in(settled, other)) == (0, 0, 6, 0)


def test_a_command_renames_too_and_once(engine: Engine, settled: Engine) -> None:
    def said(old: str, new: str) -> str:
        with transaction(engine, "local") as session:
            scene = Scene(session=session, now=NOW, authority="local", rules=RULES)
            return rename_by_command(scene, old, new)

    assert said("Tess.Hill@a.example", "tess.ryder@a.example") == (
        "Tess Hill is now known as tess.ryder@a.example. Everything that is theirs stays theirs."
    )
    assert (
        said("tess.hill@a.example", "tess.ryder@a.example") == "Tess Hill has the address tess.ryder@a.example already."
    )
    assert said("sam@a.example", "SAM@a.example") == "Sam Okoro has the address sam@a.example already."
    with pytest.raises(Refused, match=r"Nobody has the address tess\.hill@a\.example: check it"):
        said("tess.hill@a.example", "other@a.example")
    with pytest.raises(Refused, match=r"sam@a\.example is the address of Sam Okoro already"):
        said("tess.ryder@a.example", "sam@a.example")
    with pytest.raises(Refused, match="is no e-mail address"):
        said("tess.ryder@a.example", "ryder")
    assert counts(take_in(settled, NO_IDS)) == (0, 1, 4, 0), "the file brings the new name"
    with transaction(settled, "local", writes=False) as session:
        tess = named(session, "tess.ryder@a.example")
        assert [email for email, _ in changes_of_address(session, tess)] == ["tess.hill@a.example"]


def test_an_account_that_is_not_this_workspaces_says_nothing(settled: Engine) -> None:
    with transaction(settled, "local") as session:
        for one in session.exec(select(Address)):
            one.workspace = "TELSEWHERE"
            session.add(one)
    assert refused(settled, MARRIED) == [ASKED]
