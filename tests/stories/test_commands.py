"""Every typed command of a concern and of one's own affairs, drafts, and the copy for the case record."""

import re
import urllib.error
import urllib.request
from datetime import date, timedelta

import pytest

from tests.bench import utc
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
)
from tests.screens import Filled, Seen, plain_text_of
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, log, press_in, reply, type_and_fill
from tests.world import AnyWorld

pytestmark = slowly_at_teams

MONDAY = utc("2026-12-07")


def title_of(seen: Seen) -> str:
    """The title of the form that opened."""
    assert seen.view is not None, seen.text
    return seen.view.title


# /concern


def test_concern_opens_the_form_and_a_reference_chooses_the_child(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    empty = world.command(IRO, "/concern")
    assert title_of(empty) == "Log a concern"
    # Part of a reference finds it; a new one is offered last, so that none is added by a hasty press.
    assert world.people[IRO].suggest(empty, "Child reference", "AB-10") == [CHILD, "Not listed: add AB-10"]
    for line in ("/concern AB-1042", "/concern ab-1042"):
        assert f"Child reference: {CHILD}" in world.command(IRO, line).text
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SUPPORT, ADMIN):
        assert world.command(who, "/concern").view is None


def test_a_concern_about_the_service_goes_to_senior_managers_and_names_no_child(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    news = News(world)
    form = world.command(IRO, "/concern service")
    assert "About the service as a whole, and no one child." in form.text
    assert "Child reference" not in form.text
    world.submit(IRO, form, {"What are we worried about?": "Too few carers.", "Main reason": "Resources"})
    assert news.since() == {who: ["Please reply to C-1"] for who in (ASSISTANT_DIRECTOR, "dora.king")}
    assert "About the service" in plain_text_of(world.last(ASSISTANT_DIRECTOR)).splitlines()[1]
    assert "nobody to refer to Cafcass" in world.command(IRO, "/concern C-1 cafcass").text


def test_a_child_not_listed_is_added_from_the_form_with_who_holds_the_case(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    news = News(world)
    form = world.command(IRO, "/concern")
    assert world.people[IRO].suggest(form, "Child reference", "zx-555") == ["Not listed: add ZX-555"]
    asked = world.submit(
        IRO,
        form,
        {"Child reference": "zx-555", "What are we worried about?": "No plan.", "Main reason": "Care planning"},
    )
    assert title_of(asked) == "Log a concern"
    assert "Who holds the case?" in asked.text
    assert "No plan." in asked.text  # what was typed stays
    assert news.since() == {}
    world.submit(IRO, asked, {"Who holds the case?": "Will Dean"})
    assert news.since() == {
        OTHER_WORKER: ["Please reply to C-1"],
        OTHER_MANAGER: ["Please reply to C-1"],
    }
    assert "ZX-555" in world.command(IRO, "/concern C-1").text


OPENS = {
    "/concern C-1": "Concern C-1",
    "/concern c1": "Concern C-1",
    "/concern C-1 stage 2": "Move to stage 2",
    "/concern C-1 extend": "Agree an extension",
    "/concern C-1 again": "Ask again",
    "/concern C-1 record": "Record a reply",
    "/concern C-1 close": "Close C-1",
    "/concern C-1 withdraw": "Close C-1",
    "/concern C-1 cafcass": "Refer to Cafcass",
    "/concern C-1 legal": "Legal advice",
    "/concern C-1 correct": "Correct the child",
    "/concern C-1 history": "History of C-1",
    "/concern C-1 file": "Copy for the record",
    "/iro people C-1": "People of C-1",
    "/iro procedures": "Procedures",
    "/iro child": "Add a child",
    "/iro child ZX-7000": "Add a child",
    "/iro away": "Away",
}


@pytest.mark.slow
def test_each_command_opens_its_form_and_opening_it_does_nothing(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    opened = {line: title_of(world.command(IRO, line)) for line in OPENS}
    assert opened == OPENS
    assert title_of(world.command(TEAM_MANAGER, "/concern C-1 reply")) == "Reply to C-1"
    assert "C-1 is waiting for a reply, so you cannot reopen now." in world.command(IRO, "/concern C-1 reopen").text
    assert "These procedures have no stage 7; there is 1, 2, 3." in world.command(IRO, "/concern C-1 stage 7").text
    assert news.since() == {}


@pytest.mark.slow
def test_the_iro_never_replies_and_nobody_else_steers(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    assert world.command(IRO, "/concern C-1 reply").view is None
    for who in (TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER, IRO_MANAGER, OTHER_IRO, ADMIN):
        for word in ("close", "withdraw", "stage 2", "extend", "cafcass", "legal", "again", "record", "correct"):
            if (who, word) != (TEAM_MANAGER, "extend"):  # who is asked to reply asks for more time by it
                assert world.command(who, f"/concern C-1 {word}").view is None, f"{who}: {word}"
    assert title_of(world.command(TEAM_MANAGER, "/concern C-1 extend")) == "Ask for more time"


def test_narrative_after_a_command_is_refused_with_a_button_that_opens_the_form(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    for line, label, title in (
        (f"/concern {CHILD} the mother said he ran away", "Log a concern", "Log a concern"),
        ("/concern C-1 reply we have seen him twice since then", "Open C-1", "Concern C-1"),
    ):
        seen = world.command(IRO, line)
        assert "Words about a child are taken only in forms" in seen.text
        assert "mother" not in seen.text
        assert seen.message is not None
        assert title_of(world.press(IRO, label, seen.message)) == title


def test_a_mistyped_command_gets_the_nearest_one_and_the_help_line(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    for line, near in (
        ("/concern lst", "/concern list"),
        ("/concern list ovrdue", "/concern list overdue"),
        ("/concern C-1 clsoe", "/concern C-1 close"),
        ("/iro procedurs", "/iro procedures"),
    ):
        said = world.command(IRO, line).text
        assert f"Did you mean {near}?" in said
        assert "help shows what you can do." in said
    seen = world.command(IRO, "/concern C-1 clsoe")
    assert seen.message is not None
    assert title_of(world.press(IRO, "/concern C-1 close", seen.message)) == "Close C-1"
    seen = world.command(IRO, "/concern AB-104")
    assert seen.buttons == [CHILD, "Add AB-104"]
    assert seen.message is not None
    assert f"Child reference: {CHILD}" in world.press(IRO, CHILD, seen.message).text


# lists


@pytest.mark.slow
def test_the_list_shows_a_page_the_clock_that_runs_out_first_on_top_and_more(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    assert world.command(IRO, "/concern list").text == "No open concern is with you."
    for _ in range(8):
        log(world, {"Start at": "Stage 1"})
    log(world, {"Start at": "Stage 3"})
    first = world.command(IRO, "/concern list")
    lines = first.text.splitlines()
    assert lines[0] == "Your concerns (1 to 8 of 9)"
    assert lines[1] == "C-9 · child in care AB-1042 · stage 3 · reply by Tue 8 Dec · first raised Mon 7 Dec"
    assert first.buttons == ["Open"] * 8 + ["More"]
    assert first.message is not None
    rest = world.press(IRO, "More", first.message)
    assert "Your concerns (9 to 9 of 9)\nC-8 · child in care AB-1042 · stage 1 · reply by Mon 21 Dec" in rest.text
    opened = world.people[IRO].press(first.message, "Open", near="C-9")
    assert title_of(opened) == "Concern C-9"
    assert world.command(OUTSIDER, "/concern list mine").text == "No open concern is with you."


@pytest.mark.slow
def test_each_list_holds_what_it_says_for_whoever_asks(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    log(world, {"Start at": "Stage 1"}, child=OTHER_CHILD)
    form = world.command(IRO, f"/concern {CHILD}")
    press_in(world, IRO, form, "Save draft", {"What are we worried about?": "Not yet."})
    assert "C-1" in world.command(TEAM_MANAGER, "/concern list").text
    assert "C-2" not in world.command(TEAM_MANAGER, "/concern list").text
    assert "C-1" in world.command(TEAM_MANAGER, "/concern list team").text
    both = world.command(SERVICE_MANAGER, "/concern list team").text
    assert "C-1" in both
    assert "C-2" in both
    assert "The team's list is for managers." in world.command(SOCIAL_WORKER, "/concern list team").text
    assert "C-3" in world.command(IRO, "/concern list drafts").text
    for who in (IRO_MANAGER, OTHER_IRO, TEAM_MANAGER):
        assert world.command(who, "/concern list drafts").text == "You have no drafts."
    assert world.command(IRO, "/concern list overdue").text == "Nothing is overdue."
    world.go_to_day(date(2026, 12, 22))
    assert "overdue since Mon 21 Dec" in world.command(IRO, "/concern list overdue").text
    type_and_fill(world, IRO, "/concern C-2 close", closing())
    closed = world.command(IRO, "/concern list closed").text
    assert "C-2" in closed
    assert "closed Tue 22 Dec: resolved" in closed
    assert "C-1" not in closed


# drafts


@pytest.mark.slow
def test_a_draft_keeps_everything_is_edited_logged_or_discarded_and_tells_nobody(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    news = News(world)
    typed: dict[str, Filled] = {
        "What are we worried about?": "First words.",
        "What is working well?": "The school.",
        "Impact on the child": "No friends near.",
        "What needs to happen, and by when?": "A plan.",
        "By when": date(2026, 12, 18),
        "Main reason": "Care planning",
        "Other reasons": ["Drift and delay", "Resources"],
        "Duty at issue": "Failed to implement a review decision",
        "Raised at": "Midway check",
        "Spoken to": "Team manager",
        "Spoken on": date(2026, 12, 4),
        "Start at": "Stage 2",
        "Reason for starting here": "The manager knows.",
        "Another agency": "Health",
        "Contact at the agency": "Dr Vale",
        "The child": ["The child was told", "An advocate was offered"],
    }
    saved = press_in(world, IRO, world.command(IRO, f"/concern {CHILD}"), "Save draft", typed)
    assert "Saved as draft C-1. Only you can see it." in saved.text
    kept = world.command(IRO, "/concern C-1")
    for label, value in typed.items():
        for one in value if isinstance(value, list) else [value]:
            shown = f"(x) {one}" if isinstance(value, list) and label == "The child" else str(one)
            assert shown in kept.text, label
    press_in(world, IRO, kept, "Save draft", {"What are we worried about?": "Second words."})
    kept = world.command(IRO, "/concern C-1")
    assert "Second words." in kept.text
    for who in (IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, ADMIN, OTHER_IRO):
        assert world.command(who, "/concern C-1").view is None
    assert news.since() == {}

    press_in(world, IRO, world.command(IRO, f"/concern {CHILD}"), "Save draft", {"Impact on the child": "Some."})
    gone = press_in(world, IRO, world.command(IRO, "/concern C-2"), "Discard draft")
    assert "Draft C-2 is discarded." in gone.text
    assert "There is no C-2 here that you can open." in world.command(IRO, "/concern C-2").text
    assert news.since() == {}
    world.submit(IRO, world.command(IRO, "/concern C-1"), {})
    assert news.since() == {
        SERVICE_MANAGER: ["Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }


def test_a_form_refused_keeps_what_was_typed_beside_what_is_wrong(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(IRO, f"/concern {CHILD}")
    wrong = world.submit(
        IRO,
        form,
        {
            "What are we worried about?": "NHS number 943 476 5919 is on the plan.",
            "Impact on the child": "Great.",
            "Main reason": "Care planning",
        },
    )
    assert list(wrong.errors) == ["What are we worried about?"]
    assert "943" not in wrong.errors["What are we worried about?"]
    asked = world.submit(IRO, form, {"What are we worried about?": "Ring 0115 496 0123 about it."})
    assert "This looks like personal detail: remove it, or keep it because ..." in asked.text
    assert "Ring 0115 496 0123 about it." in asked.text
    assert "Great." in asked.text
    kept = world.submit(IRO, asked, {"Keep it because ...": "It is the duty line."})
    assert "C-1 is logged informally." in kept.text


# the copy for the case record


@pytest.mark.slow
def test_the_copy_for_the_case_record_and_its_link_that_works_once(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    reply(world, TEAM_MANAGER, words="All is done.")
    type_and_fill(world, IRO, "/concern C-1 legal", {"Note": "Counsel says wait."})
    news = News(world)

    shown = press_in(world, IRO, world.command(IRO, "/concern C-1"), "Copy for the case record")
    for words in ("Concern C-1, child in care AB-1042", "The plan was never written up.", "All is done."):
        assert words in shown.text
    assert "Counsel" not in shown.text
    secret = secret_of(shown)
    status, text = fetched(world, secret)
    assert status == 200
    assert "The plan was never written up." in text
    assert "Counsel" not in text
    assert fetched(world, secret) == (404, "This link has been used or has run out. Ask for a new one.\n")
    assert "stays as it is" in world.submit(IRO, shown, {}).text
    assert "opened the file by link" in world.command(IRO, "/concern C-1 history").text
    assert news.since() == {}


def test_the_link_runs_out_after_ten_minutes(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    early = secret_of(world.command(IRO, "/concern C-1 file"))
    late = secret_of(world.command(IRO, "/concern C-1 file"))
    world.wait(timedelta(minutes=9, seconds=59))
    assert fetched(world, early)[0] == 200
    world.wait(timedelta(seconds=1))
    assert fetched(world, late)[0] == 404
    assert fetched(world, "made-up")[0] == 404


def secret_of(shown: Seen) -> str:
    """The secret at the end of the link in a form."""
    found = re.search(r"https://concerns\.anyshire\.example/file/(\S+)", shown.text)
    assert found is not None, shown.text
    return found.group(1)


def fetched(world: AnyWorld, secret: str) -> tuple[int, str]:
    """What a person gets who presses the button behind the link."""
    address = f"{world.people[IRO].bot_url}/file/{secret}"
    try:
        with urllib.request.urlopen(address, b"", timeout=10) as answer:  # noqa: S310 -- our own address
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


# one's own affairs, children and people


@pytest.mark.slow
def test_away_with_cover_and_back(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    news = News(world)
    said = world.command(TEAM_MANAGER, "/iro away 21 Dec to 4 Jan cover @mona.ruiz").text
    assert "You are away from Mon 21 Dec 2026 to Mon 4 Jan 2027, both included." in said
    assert "Mona Ruiz covers, and has your rights on these days." in said
    world.go_to_day(date(2026, 12, 22))
    assert "Welcome back" in world.command(TEAM_MANAGER, "/iro back").text
    assert "You are not marked as away." in world.command(TEAM_MANAGER, "/iro back").text
    log(world, {"Start at": "Stage 1"})
    assert "Please reply to C-1" in world.titles(TEAM_MANAGER)
    told = ["You cover for Tess Hill from Mon 21 Dec to Mon 4 Jan 2027", "You no longer cover for Tess Hill"]
    assert news.events()[OTHER_MANAGER] == told


def test_a_manager_sets_the_absence_of_their_own_people_only(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(TEAM_MANAGER, "/iro away")
    assert world.people[TEAM_MANAGER].suggest(form, "Who is away?", "will") == []
    said = world.submit(TEAM_MANAGER, form, {"Who is away?": "Sam Okoro", "Last day away": date(2026, 12, 11)})
    assert "Sam Okoro is away from Mon 7 Dec 2026 to Fri 11 Dec 2026, both included." in said.text
    assert "Who is away?" not in world.command(SOCIAL_WORKER, "/iro away").text


@pytest.mark.slow
def test_adding_a_child_and_changing_who_holds_the_case(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(SUPPORT, "/iro child ZX-7000")
    said = world.submit(
        SUPPORT,
        form,
        {"Looked after from": date(2026, 12, 1), "IRO": "Olu Ade", "Who holds the case?": "Sam Okoro"},
    )
    assert "ZX-7000 is listed. IRO: Olu Ade. The case is held by Sam Okoro." in said.text
    log(world, {"Start at": "Stage 1"}, who=OTHER_IRO, child="ZX-7000")
    news = News(world)
    form = world.command(IRO_MANAGER, "/iro allocate ZX-7000")
    assert (
        "Say why: a formal concern about this child is open."
        in world.submit(IRO_MANAGER, form, {"IRO": "Ann Lee"}).text
    )
    said = world.submit(IRO_MANAGER, form, {"IRO": "Ann Lee", "Why the IRO changes": "Olu Ade moves to another team."})
    assert "the IRO is Ann Lee" in said.text
    assert "The plan was never written up." in world.command(IRO, "/concern C-1").text
    assert world.command(OTHER_IRO, "/concern C-1 close").view is None
    wrong = world.submit(
        IRO_MANAGER, world.command(IRO_MANAGER, f"/iro allocate {CHILD}"), {"Who holds the case?": "Tess Hill"}
    )
    assert "the case is held by Tess Hill" in wrong.text
    assert news.since() == {
        IRO: ["ZX-7000 is now yours: 1 open concern"],
        OTHER_IRO: ["ZX-7000 has a new IRO"],
        SOCIAL_WORKER: ["ZX-7000 has a new IRO", "AB-1042 has a new worker"],
        TEAM_MANAGER: ["AB-1042 is now yours"],
    }
    for who in (SOCIAL_WORKER, OUTSIDER):
        assert world.command(who, f"/iro allocate {CHILD}").view is None
        assert world.command(who, "/iro child").view is None


def helped(world: AnyWorld, who: str) -> list[str]:
    """The first two lines of help, up to where they go on."""
    lines = [line for line in world.command(who, "/concern help").text.splitlines() if not line.startswith("[")]
    return [line.partition(";")[0] for line in lines[1:3]]


@pytest.mark.slow
def test_help_shows_what_this_person_can_do_first(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    assert helped(world, IRO) == ["Nothing waits for you.", "/concern logs a concern"]
    assert helped(world, TEAM_MANAGER) == ["Nothing waits for you.", "/concern C-12 reply answers a concern put to you"]
    assert "logs a concern" not in world.command(TEAM_MANAGER, "/concern help").text
    log(world, {"Start at": "Stage 1"})
    assert helped(world, TEAM_MANAGER)[0] == "C-1 (AB-1042): reply to Ann Lee by Mon 21 Dec, stage 1."
    assert world.command(TEAM_MANAGER, "/concern help").buttons == ["Reply", "Open", "Your day"]
    assert world.command(IRO, "/iro help").buttons == ["Log a concern", "Your day"]
    for who in world.people:
        assert "Words about a child are taken in forms only" in world.command(who, "/iro help").text


@pytest.mark.slow
def test_the_people_of_each_stage_and_who_stands_in(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    type_and_fill(world, TEAM_MANAGER, "/iro away", {"Last day away": date(2026, 12, 31)})
    shown = world.command(IRO, "/iro people C-1").text
    assert "Ada Frost" in shown
    assert "Tess Hill" in shown
    assert "away" in shown
    assert "There is no C-1 here" in world.command(OUTSIDER, "/iro people C-1").text
