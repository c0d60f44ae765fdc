"""A person at the built-in page: types commands, presses buttons by their words, fills in forms by their labels."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from lxml import html
from lxml.html import HtmlElement

from bot.workspace.chats import shown_message
from bot.workspace.drawing import Drawing
from bot.workspace.guard import TOKEN
from bot.workspace.seats import key_of
from storage import page_messages
from tests.page import reading
from tests.page.reading import Filled, PageForm
from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json

Values = Mapping[str, Filled]
DRAWING = Drawing()
BACK = "Back to what you typed"


@dataclass(kw_only=True)
class PageMessage:
    """A message in somebody's chat, with each earlier state of it, the present one last."""

    number: str
    account: str
    versions: list[Json]

    @property
    def text(self) -> str:
        """What the lock screen says."""
        return str(self.versions[-1]["text"])

    def element(self, version: int = -1) -> HtmlElement:
        """It as it is drawn; a private answer as it came."""
        if "html" in self.versions[version]:
            return reading.parsed(self.versions[version]["html"])
        return reading.parsed(str(DRAWING.part("message", "seat", self.versions[version]["shown"])))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person sees after doing something."""

    text: str
    view: PageForm | None = None
    message: PageMessage | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        """The words of the buttons in what is seen."""
        if self.view is not None:
            return [one.words for one in self.view.buttons_of_problems] + reading.words_of_buttons(self.view.element)
        return reading.words_of_buttons(self.message.element()) if self.message is not None else []


class PagePerson:
    """Somebody in a seat. `messages_of` gives what was posted to an account, whole."""

    def __init__(self, url: str, account: str, messages_of: Callable[[str], list[PageMessage]]) -> None:
        self.bot_url = url
        self.account = account
        self.seat = key_of(account)
        self._messages_of = messages_of
        self._client = httpx.Client(base_url=url, timeout=60)
        self._view: PageForm | None = None
        self._aside: PageForm | None = None
        self.answers: list[PageMessage] = []
        self.frames: list[str] = []
        self.forms: list[PageForm] = []
        self._token = ""

    def leave(self) -> None:
        """Close the browser."""
        self._client.close()

    @property
    def messages(self) -> list[PageMessage]:
        """The messages in this person's chat, oldest first."""
        return self._messages_of(self.account)

    @property
    def view(self) -> PageForm | None:
        """The form before this person."""
        return self._view if self._view is not None and self._view.open else None

    def command(self, line: str) -> Seen:
        """Type a command."""
        return self._done(self.post("command", [("line", line)]), None)

    def write(self, text: str, under: PageMessage | None = None) -> Seen:
        """Write to the bot: the page has one line for everything, and no threads."""
        if under is not None:
            raise NotOnScreen("The page has no threads.")
        return self.command(text)

    def press(self, message: PageMessage, wanted: str, *, near: str | None = None, version: int = -1) -> Seen:
        """Press a button of a message. `version` 0 presses it as first posted: a screen not yet refreshed."""
        if message.account != self.account:
            raise NotOnScreen("The message is not before this person.")
        button = reading.find_button(reading.buttons(message.element(version)), wanted, near)
        return self._done(self.post("press", list(button.sent.items())), None)

    def press_in_view(
        self, shown: PageForm | Seen, wanted: str, values: Values | None = None, *, near: str | None = None
    ) -> Seen:
        """Press a button inside a form, after typing `values`."""
        form = self._open(shown)
        if wanted == BACK and self._aside is not None:
            return self._back(self._aside)
        self.fill(form, values or {})
        button = reading.find_button([*form.buttons_of_problems, *reading.buttons(form.element)], wanted, near)
        seen = self._done(self.post("press", [*form.pairs, *button.sent.items()]), form)
        if not form.open and form.address and self._aside is None:
            self._aside = form  # as the page's script puts it aside
        return seen

    def _back(self, form: PageForm) -> Seen:
        """Go back to a form that was put aside."""
        form.open, self._view, self._aside = True, form, None
        return Seen(text=reading.plain_text_of(form), view=form)

    def submit(self, shown: PageForm | Seen, values: Values | None = None) -> Seen:
        """Fill in and send a form."""
        form = self._open(shown)
        if not form.address:
            raise NotOnScreen("The form has no button to send it.")
        self.fill(form, values or {})
        self._aside = None
        return self._done(self.post("submit", form.pairs), form)

    def fill(self, form: PageForm, values: Values) -> None:
        """Type into fields, searching where a field searches."""
        for label, value in values.items():
            key = reading.keys(form.element).get(label, label)
            if form.element.xpath(f".//*[@name='query.{key}']") and value:
                self._choose(form, key, str(value))
            else:
                reading.fill(form, label, value)

    def suggest(self, shown: PageForm | Seen, label: str, query: str) -> list[str]:
        """Type into a searching field; gives the visible choices."""
        form = self._open(shown)
        return list(self._found(form, reading.keys(form.element).get(label, label), query))

    def choices(self, shown: PageForm | Seen, label: str) -> list[str]:
        """The visible choices of a field."""
        form = self._open(shown)
        key = reading.keys(form.element).get(label, label)
        return list(reading.choices_of(form.element.xpath(f".//*[@id='group-{key}']")[0]))

    def post(self, what: str, pairs: reading.Pairs, **headers: str) -> str:
        """Send what a browser would send; gives the parts that come back."""
        if not self._token:
            page = self._client.get(f"/workspace/seats/{self.seat}")
            page.raise_for_status()
            self._token = json.loads(html.fromstring(page.text).find("body").get("hx-headers"))[TOKEN]
        # Lists, since names repeat: each pair in its order.
        body = httpx.QueryParams(tuple((key, as_sent(value)) for key, value in pairs))
        answer = self._client.post(
            f"/workspace/seats/{self.seat}/{what}",
            content=str(body),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                TOKEN: self._token,
                "origin": str(self._client.base_url).rstrip("/"),
                **headers,
            },
        )
        answer.raise_for_status()
        return answer.text

    def _choose(self, form: PageForm, key: str, wanted: str) -> None:
        found = self._found(form, key, wanted)
        value = found.get(wanted) or next((one for label, one in found.items() if label.startswith(wanted)), None)
        value = value or (next(iter(found.values())) if len(found) == 1 else None)
        if value is None:
            raise NotOnScreen(f"{wanted!r} was not found, but {list(found)}.")
        form.typed[f"one.{key}"] = [value]

    def _found(self, form: PageForm, key: str, query: str) -> dict[str, str]:
        control = form.element.xpath(f".//*[@name='query.{key}']")[0]
        sent: dict[str, Any] = json.loads(control.get("hx-vals"))
        pairs = [(name, value) for name, value in form.pairs if name != f"query.{key}"]
        part = self.post("search", [*pairs, (f"query.{key}", query), *sent.items()])
        return reading.choices_of(reading.parsed(part))

    def _open(self, shown: PageForm | Seen) -> PageForm:
        form = shown.view if isinstance(shown, Seen) else shown
        if form is None or not form.open:
            raise NotOnScreen("The form is not before this person.")
        return form

    def _done(self, parts: str, form: PageForm | None) -> Seen:
        """Take the parts that came back to their places, as the browser does."""
        came = reading.parsed(parts)
        bodies = came.xpath(".//*[@id='dialog-body']")
        if bodies:
            if form is not None:
                form.open = False
            inside = bodies[0].xpath("./*[contains(@class, 'form')]")
            self._view = PageForm(element=inside[0]) if inside else None
            self.forms += [self._view] if self._view is not None else []
            self.frames += inside[0].xpath("./input[@name='form']/@value") if inside else []
        elif form is not None and came.xpath(".//*[@id='problems']"):
            return self._problems(came, form)
        answers = came.xpath(".//article[not(contains(@class, 'message-own'))]")
        if answers:
            text = reading.plain_text(answers[-1])
            drawn = {"text": text.partition("\n")[0], "html": html.tostring(answers[-1], encoding="unicode")}
            self.answers.append(PageMessage(number="answer", account=self.account, versions=[drawn]))
            return Seen(text=text, message=self.answers[-1])
        view = self.view
        return Seen(text=reading.plain_text_of(view) if view else "", view=view)

    def _problems(self, came: HtmlElement, form: PageForm) -> Seen:
        form.errors = {}
        for one in came.xpath(".//*[starts-with(@id, 'error-')]"):
            if one.get("hidden") is None:
                form.errors[str(one.get("id")).removeprefix("error-")] = reading.words(one)
        top = came.xpath(".//*[@id='problems']")[0]
        form.problems = [reading.words(one) for one in top.xpath(".//li[not(a)]")]
        form.buttons_of_problems = reading.buttons(top)
        told = {reading.label_of(form.element, key): text for key, text in form.errors.items()}
        return Seen(text=reading.plain_text_of(form), view=form, errors=told)


def message_of(row: page_messages.PageMessage) -> Json:
    """One state of a message: its words on the lock screen, and what is drawn."""
    shown = shown_message(row)
    return {"text": shown.title, "shown": shown}


def as_sent(text: str) -> str:
    """A browser makes one letter of two halves that belong together, and U+FFFD of half a one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
