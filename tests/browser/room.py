"""A room with a browser in it: the page is served by a process of its own, and people act in their seats."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.stories.programs import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-background-networking")
MADE_WITHIN_SECONDS = 300
PATIENCE_MS = 60_000
expect.set_options(timeout=30_000)  # the machine may be busy


@dataclass(frozen=True, kw_only=True)
class Program:
    """The running bot: where it is, and its process."""

    address: str
    process: subprocess.Popen[str]

    def stop(self) -> float:
        """Press Ctrl-C; gives the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        return time.monotonic() - began


@contextmanager
def program(folder: Path, *, shows: str = "What would you like to see?", **settings: str) -> Iterator[Program]:
    """`iro-bot run` without credentials, in a folder of its own, once its first screen shows this."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TEAMS_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=kept | {"PORT": str(port)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    made = Program(address=f"http://127.0.0.1:{port}", process=process)
    try:
        _wait_for(made, shows)
        yield made
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for(made: Program, shows: str) -> None:
    until = time.monotonic() + MADE_WITHIN_SECONDS
    while time.monotonic() < until:
        assert made.process.poll() is None, "The bot has ended."
        try:
            if shows in httpx.get(f"{made.address}/workspace/", timeout=10).text:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"The first screen did not show {shows!r} in time.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass(kw_only=True)
class Tab:
    """One tab of a browser. `complaints` is what its console says that it should not."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to its console."""
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str) -> "Tab":
        """Go to an address of the page."""
        self.page.goto(f"{self.address}/workspace/{path}")
        return self

    def sit(self, *seats: str) -> "Tab":
        """Take one seat, or two side by side."""
        return self.open(f"seats/{','.join(seats)}")

    def begin(self, situation: str) -> None:
        """Begin from a situation; the seats it is about are open then."""
        self.open("situations")
        self.page.get_by_role("button", name=f"Begin: {situation}").click()
        self.page.wait_for_url("**/seats/**", timeout=MADE_WITHIN_SECONDS * 1000)

    # in a seat

    def chat(self, seat: str) -> Locator:
        """The messages before somebody."""
        return self.page.locator(f"#chat-{seat}")

    def type(self, seat: str, line: str) -> None:
        """Type a command and press Enter."""
        box = self.page.locator(f"#line-{seat}")
        box.fill(line)
        box.press("Enter")

    def press(self, seat: str, label: str) -> None:
        """Press the last button of that accessible name in somebody's chat."""
        self.chat(seat).get_by_role("button", name=label).last.click()

    def message(self, seat: str, title: str | re.Pattern[str]) -> Locator:
        """The last message of that title, once it is there."""
        found = self.chat(seat).locator("article").filter(has=self.page.locator("h3", has_text=title)).last
        expect(found).to_be_visible()
        return found

    def told(self, seat: str, words: str) -> None:
        """Wait for the last thing in somebody's chat to say this."""
        expect(self.chat(seat).locator("article").last).to_contain_text(words)

    def logged(self, seat: str) -> str:
        """The reference of the concern that somebody has just logged."""
        said = self.chat(seat).locator("article", has_text="is logged").last
        said.wait_for()
        found = re.search(r"C-\d+", said.inner_text())
        assert found is not None
        return found.group()

    # in a form

    @property
    def form(self) -> Locator:
        """The form before somebody."""
        return self.page.locator("#dialog[open]")

    def titled(self, title: str) -> None:
        """Wait for the form of that title."""
        expect(self.form.locator("#dialog-title")).to_have_text(title)

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill in a form by its labels; a day as "day month year"."""
        for label, value in values.items():
            self._fill(label, value)

    def _fill(self, label: str, value: str) -> None:
        group = self.form.locator(".govuk-form-group", has_text=label).first
        group.wait_for()
        if group.locator(".govuk-date-input").count():
            for part, number in zip(("Day", "Month", "Year"), value.split(), strict=True):
                group.get_by_label(part).fill(number)
        elif group.locator("select").count():
            group.locator("select").select_option(label=value)
        elif (
            group.locator("input[type=radio], input[type=checkbox]").count() and not group.locator("[hx-post]").count()
        ):
            group.get_by_label(value, exact=False).first.check()
        elif group.locator("[hx-post]").count():
            group.locator("input[type=text]").fill(value)
            group.locator(".found").get_by_label(value, exact=False).first.check()
        else:
            group.locator("textarea, input[type=text]").first.fill(value)

    def send(self) -> None:
        """Send the form; it closes."""
        self.form.locator("button[type=submit]").click()
        expect(self.page.locator("#dialog[open]")).to_have_count(0)

    # the clock

    def on(self, label: str) -> str:
        """Move the clock on; gives what was passed."""
        before = self.page.locator(".clock-time").inner_text()
        self.page.locator("#clock").get_by_role("button", name=label).click()
        expect(self.page.locator(".clock-time")).not_to_have_text(before)
        expect(self.page.locator("#clock button").first).to_be_enabled(timeout=PATIENCE_MS)
        return self.page.locator(".clock-passed").inner_text()

    @property
    def now(self) -> str:
        """What the clock says."""
        return self.page.locator(".clock-time").inner_text()


@contextmanager
def tab(browser: Browser, address: str, *, width: int = 1400, height: int = 900, dark: bool = False) -> Iterator[Tab]:
    """A tab in a window of that size; at the end its console must have had nothing to say."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    opened = Tab(page=context.new_page(), address=address)
    yield opened
    context.close()
    assert opened.complaints == []
