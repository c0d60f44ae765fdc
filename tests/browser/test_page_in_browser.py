"""What people do on the built-in page, in Chromium: five of them act, the clock is moved, exercises get their tick."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.room import CHROMIUM, Program, Tab, chromium, program, tab

pytestmark = pytest.mark.slow

SIZES = ((360, 740, False), (1400, 900, True))
FORMS = (
    ("ann-lee", "/concern", "Log a concern"),
    ("ann-lee", "/iro away", "Away"),
    ("bea-shaw", "/iro child", None),
    ("ann-lee", "/iro figures this quarter", None),
    ("ann-lee", "/praise", None),
    ("ann-lee", "/review AB-1042", None),
    ("tess-hill", "/caseload", None),
)
ENDS_WITHIN_SECONDS = 5
SEEN = (
    "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    "document.dispatchEvent(new Event('visibilitychange'))"
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is missing.")
        pytest.skip("Chromium is missing")
    with program(tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest.fixture(scope="module")
def browser(running: Program) -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def room(browser: Browser, running: Program) -> Iterator[Tab]:
    with tab(browser, running.address) as opened:
        yield opened


def test_of_an_answer_longer_than_the_chat_its_beginning_is_seen(room: Tab) -> None:
    room.sit("ann-lee")
    room.type("ann-lee", "help")
    expect(room.message("ann-lee", "What you can do").locator("h3")).to_be_in_viewport()
    room.type("ann-lee", "thanks")
    room.told("ann-lee", "You're welcome.")
    expect(room.chat("ann-lee").locator("article").last).to_be_in_viewport()


def test_five_people_take_a_concern_from_the_first_word_to_the_close(room: Tab) -> None:
    room.begin("A reply came")
    room.sit("ann-lee", "tess-hill")
    room.type("ann-lee", "/concern AB-1042")
    room.titled("Log a concern")
    room.form.locator("button[type=submit]").click()
    expect(room.form.get_by_role("alert")).to_contain_text("Say what the worry is.")
    room.fill(
        {
            "What are we worried about?": "The plan was never written up.",
            "What needs to happen": "The plan is written.",
            "Main reason": "Care planning",
            "Start at": "Stage 1",
            "Reason for starting here": "It was raised at the last review.",
        }
    )
    room.send()
    ref = room.logged("ann-lee")
    room.message("tess-hill", f"Please reply to {ref}")
    room.press("tess-hill", f"Reply, {ref}")
    room.fill({"Answer": "Not agreed", "What will happen": "It can wait for the next review."})
    room.send()
    room.message("ann-lee", f"Tess Hill has replied to {ref}")
    room.press("ann-lee", f"Not satisfied: move up, {ref}")
    room.fill({"Reason": "The child cannot wait."})
    room.send()
    room.sit("ann-lee", "sunil-rao")
    room.message("sunil-rao", f"{ref} is now with you: reply")
    room.press("sunil-rao", f"Reply, {ref}")
    room.fill({"Answer": "Agreed and done", "What will happen": "It is on file."})
    room.send()
    room.message("ann-lee", f"Sunil Rao has replied to {ref}")
    room.press("ann-lee", f"Satisfied: close, {ref}")
    room.fill(
        {"Outcome": "Resolved", "What changed for the child": "There is a plan.", "The child has been told": "Yes"}
    )
    room.send()
    room.message("sunil-rao", f"{ref} is closed")


def test_a_review_is_booked_and_held(room: Tab) -> None:
    room.begin("A review was never booked")
    room.sit("bea-shaw", "ann-lee")
    room.type("bea-shaw", "/review AB-1063 book")
    room.fill({"Day": "26 11 2026", "Time": "10:00"})
    room.send()
    room.on("1 working day")
    room.type("ann-lee", "/review AB-1063 hold")
    expect(room.form).to_be_visible()


def test_the_clock_goes_over_a_deadline_a_bank_holiday_and_a_morning(room: Tab) -> None:
    room.begin("Christmas")
    room.sit("tess-hill", "ann-lee")
    said = ""
    for _ in range(4):
        said = room.on("1 working day")
    assert "29 Dec" in room.now
    assert "not worked" in said
    room.on("Next working morning")
    assert room.now.startswith("Wed 30 Dec 2026, 9:01")
    room.on("1 week")
    room.message("ann-lee", "No reply to C-")


@pytest.mark.parametrize("key", ["iro-away", "worker", "manager", "iro-manager"])
def test_an_exercise_is_begun_and_says_what_to_do(room: Tab, key: str) -> None:
    room.open("situations")
    button = room.page.locator(f"[hx-post^='/workspace/exercises/{key}']").first
    button.click()
    room.page.wait_for_url("**/seats/**", timeout=180_000)
    expect(room.page.locator("#practising")).to_contain_text("You are ")


def test_an_exercise_gets_its_tick_when_the_rows_say_so(room: Tab) -> None:
    room.open("situations")
    room.page.locator("[hx-post='/workspace/exercises/iro-away']").click()
    room.page.wait_for_url("**/seats/**", timeout=180_000)
    expect(room.page.locator("#practising")).to_contain_text("Exercise:")
    room.type("ann-lee", "/iro away 24 Dec to 1 Jan cover Cat Rowe")
    expect(room.page.locator("#practising")).to_contain_text("Done:")


def test_two_tabs_of_one_seat_stay_the_same(browser: Browser, running: Program, room: Tab) -> None:
    with tab(browser, running.address) as other:
        room.sit("ann-lee")
        other.sit("ann-lee")
        room.on("Next working morning")
        titles = "article:not(.message-private):not(.message-own) h3"
        shown = room.chat("ann-lee").locator(titles).all_inner_texts()
        expect(other.chat("ann-lee").locator(titles)).to_have_text(shown)


def test_one_case_plays_by_itself_and_stops_where_it_is_stopped(room: Tab) -> None:
    room.open("case")
    expect(room.page.locator("[data-at]")).to_contain_text("Step", timeout=180_000)
    expect(room.page.locator("[data-step]:visible")).to_have_count(3, timeout=30_000)
    room.page.get_by_role("button", name="Pause").click()
    stopped = room.page.locator("[data-step]:visible").count()
    room.page.wait_for_timeout(4_000)
    assert room.page.locator("[data-step]:visible").count() == stopped
    room.page.get_by_role("button", name="Next").click()
    expect(room.page.locator("[data-step]:visible")).to_have_count(stopped + 1)


def test_the_same_case_by_other_rules_has_its_changed_days_marked(room: Tab, tmp_path: Path) -> None:
    room.open("rules")
    room.page.locator("#shipped").select_option("rotherham")
    room.page.get_by_role("button", name="Play the case").click()
    expect(room.page.locator("mark").first).to_be_visible(timeout=180_000)
    wrong = tmp_path / "ours.toml"
    wrong.write_text('[stages]\nname = "?"\n', encoding="utf-8")
    room.page.locator("#file").set_input_files(wrong)
    room.page.get_by_role("button", name="Play the case").click()
    expect(room.page.get_by_role("alert")).to_contain_text("These procedures cannot be used")


@pytest.mark.parametrize(("width", "height", "dark"), SIZES)
def test_axe_finds_nothing_serious_and_every_page_fits(
    browser: Browser, running: Program, width: int, height: int, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where a browser is

    def serious(opened: Tab) -> list[str]:
        found = Axe().run(opened.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]

    with tab(browser, running.address, width=width, height=height, dark=dark) as opened:
        opened.page.context.add_init_script("")
        for path in ("", "seats/ann-lee", "seats/ann-lee,tess-hill", "situations", "rules"):
            opened.open(path)
            assert serious(opened) == [], path
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, path
        for seat, line, title in FORMS:
            opened.sit(seat)
            opened.type(seat, line)
            expect(opened.page.locator("#dialog[open], .message-private").last).to_be_visible()
            if title is not None:
                opened.titled(title)
            assert serious(opened) == [], line


def test_everything_can_be_reached_by_the_keyboard_and_the_focus_comes_back(room: Tab) -> None:
    room.sit("ann-lee")
    room.page.locator("#line-ann-lee").focus()
    room.page.keyboard.type("/iro away")
    room.page.keyboard.press("Enter")
    room.titled("Away")
    assert room.page.evaluate("document.activeElement.id") == "dialog-title"
    room.page.keyboard.press("Escape")
    expect(room.page.locator("#dialog[open]")).to_have_count(0)
    assert room.page.evaluate("document.activeElement.id") == "line-ann-lee"


def test_the_focus_stays_on_the_clock_when_it_has_moved(room: Tab) -> None:
    room.sit("ann-lee")
    room.page.locator("#on-hour").focus()
    before = room.now
    room.page.keyboard.press("Enter")
    expect(room.page.locator(".clock-time")).not_to_have_text(before)
    expect(room.page.locator("#on-hour")).to_be_focused()


def test_a_refused_form_takes_the_focus_to_what_is_wrong(room: Tab) -> None:
    room.sit("ann-lee")
    room.type("ann-lee", "/concern")
    room.titled("Log a concern")
    room.form.locator("button[type=submit]").click()
    expect(room.form.get_by_role("alert")).to_be_focused()


def test_what_does_not_arrive_is_said_and_what_was_typed_stays(browser: Browser, running: Program) -> None:
    context = browser.new_context()
    room = Tab(page=context.new_page(), address=running.address).sit("ann-lee")
    room.type("ann-lee", "/concern AB-1042")
    room.titled("Log a concern")
    room.fill({"What are we worried about?": "The plan was never written up."})
    context.set_offline(True)
    room.form.locator("button[type=submit]").click()
    expect(room.form.get_by_role("alert")).to_contain_text("The bot did not answer")
    expect(room.form.get_by_label("What are we worried about?")).to_have_value("The plan was never written up.")
    context.close()


def test_more_tabs_than_a_browser_opens_connections_are_all_alive(browser: Browser, running: Program) -> None:
    """Playwright shows every tab as seen: those behind the last are told that they are not."""
    context = browser.new_context()
    tabs: list[Tab] = []
    for _ in range(9):
        tabs.append(Tab(page=context.new_page(), address=running.address).sit("ann-lee"))
        tabs[-1].page.wait_for_timeout(200)
        tabs[-1].page.evaluate(SEEN % "true")
    last = tabs[-1]
    last.page.evaluate(SEEN % "false")
    last.type("ann-lee", "/concern")
    last.titled("Log a concern")
    context.close()


def test_ctrl_c_ends_it_with_pages_open_and_exit_code_0(browser: Browser, tmp_path: Path) -> None:
    with program(tmp_path) as made:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{made.address}/workspace/seats/ann-lee")
        page.wait_for_timeout(500)
        assert made.stop() < ENDS_WITHIN_SECONDS
        assert made.process.returncode == 0
        said = made.process.stdout.read() if made.process.stdout is not None else ""
        assert f"Open {made.address}/ in a browser." in said
        context.close()


def test_ctrl_c_while_the_council_is_being_made_ends_it_too_and_the_next_start_makes_it(tmp_path: Path) -> None:
    with program(tmp_path, shows="The council is being made") as made:
        assert made.stop() < ENDS_WITHIN_SECONDS
        assert made.process.returncode == 0
    with program(tmp_path) as again:
        assert again.stop() < ENDS_WITHIN_SECONDS


def test_what_is_typed_outlasts_a_look_at_something_else(room: Tab) -> None:
    room.begin("A reply came")
    room.sit("ann-lee", "tess-hill")
    room.type("ann-lee", "/concern AB-1042")
    room.titled("Log a concern")
    room.fill(
        {"What are we worried about?": "The first worry.", "Main reason": "Care planning", "Start at": "Informal"}
    )
    room.send()
    ref = room.logged("ann-lee")
    room.message("tess-hill", f"Please reply to {ref}")
    room.press("tess-hill", f"Reply, {ref}")
    room.fill({"Answer": "Not agreed", "What will happen": "Many words that must not be lost."})
    with tab(room.page.context.browser, room.address) as other:  # type: ignore[arg-type] # it was opened by a browser
        other.sit("ann-lee")
        other.type("ann-lee", f"/concern {ref} stage 1")
        other.fill({"Reason": "It cannot wait."})
        other.send()
    room.form.locator("button[type=submit]").click()
    expect(room.form.get_by_role("alert")).to_contain_text(f"{ref} has moved on since")
    room.form.get_by_role("alert").get_by_role("button", name="Open").click()
    expect(room.form.locator("#dialog-title")).not_to_have_text(f"Reply to {ref}")
    room.form.get_by_role("button", name="Back to what you typed").click()
    expect(room.form.locator("textarea[name='one.words']")).to_have_value("Many words that must not be lost.")
