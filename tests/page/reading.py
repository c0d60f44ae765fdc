"""The page's HTML as a person reads it: its lines, its buttons, the fields of its forms and what they hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lxml import html
from lxml.html import HtmlElement

from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json
from tests.terms_left import terms_left

Pairs = list[tuple[str, str]]
Filled = str | date | int | list[str] | None
OPTIONAL = " (optional)"


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button: its words, what a browser sends when it is pressed, and the words around it."""

    words: str
    address: str
    sent: Mapping[str, str]
    around: str
    takes_form: bool


@dataclass(kw_only=True)
class PageForm:
    """A form in the dialog. `typed` is what its controls hold, by their names."""

    element: HtmlElement
    typed: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    buttons_of_problems: list[Button] = field(default_factory=list)
    open: bool = True

    @property
    def versions(self) -> list[Json]:
        """It is drawn once."""
        return [{"title": self.title}]

    def __post_init__(self) -> None:
        """Take over what the form is drawn with."""
        for name, value in held(self.element):
            self.typed.setdefault(name, []).append(value)

    @property
    def title(self) -> str:
        """The words at the top."""
        return words(self.element.find(".//h2"))

    @property
    def address(self) -> str:
        """Where it is sent; nothing for a form that is only read."""
        return str(self.element.get("hx-post") or "")

    @property
    def pairs(self) -> Pairs:
        """What a browser would send."""
        return [(name, value) for name, values in self.typed.items() for value in values]


def parsed(text: str) -> HtmlElement:
    """Parts of a page, in one element."""
    assert terms_left(text) == [], text
    return html.fragment_fromstring(text, create_parent="div")


def words(element: HtmlElement | None) -> str:
    """The words of an element, line ends kept."""
    if element is None:
        return ""
    copy = html.fromstring(html.tostring(element, encoding="unicode", with_tail=False))
    for one in copy.xpath(".//br"):
        one.tail = "\n" + (one.tail or "")
    for one in copy.xpath(".//*[contains(@class,'govuk-visually-hidden')]"):
        one.drop_tree()
    return "\n".join(" ".join(line.split()) for line in copy.text_content().split("\n") if line.strip())


def written_in(element: HtmlElement) -> str:
    """All that the product says there, with labels, hints, choices and buttons: not what is typed."""
    pieces = (str(text).strip() for text in element.xpath(".//text()[not(ancestor::textarea)]"))
    return "\n".join(filter(None, pieces))


def buttons(element: HtmlElement) -> list[Button]:
    """The buttons that tell the product something, in order."""
    return [_button(one) for one in element.xpath(".//button[@hx-post]")]


def words_of_buttons(element: HtmlElement) -> list[str]:
    """What stands on them."""
    return [one.words for one in buttons(element)]


def _button(one: HtmlElement) -> Button:
    row = one.getparent()
    before = row.getprevious()
    return Button(
        words=words(one),
        address=str(one.get("hx-post")),
        sent={name: str(value) for name, value in json.loads(one.get("hx-vals") or "{}").items()},
        around=words(before) if before is not None else "",
        takes_form=one.get("hx-include") is not None,
    )


def find_button(given: Sequence[Button], wanted: str, near: str | None) -> Button:
    """The button with those words, beside that line where it is named."""
    found = [one for one in given if one.words == wanted and (near is None or near in one.around)]
    if not found:
        raise NotOnScreen(f"There is no button {wanted!r} among {[one.words for one in given]}.")
    return found[0]


def plain_text(element: HtmlElement) -> str:
    """What is on the screen: words, inputs with what they hold, buttons in [brackets]."""
    return "\n".join(line for line in _lines(element) if line)


def plain_text_of(form: PageForm) -> str:
    """A form as it is read, with what is wrong in it."""
    beside = [f"{label_of(form.element, key)}: {text}" for key, text in form.errors.items()]
    ending = [f"[{words(one)}]" for one in form.element.xpath(".//button[@type='submit' or @data-close]")]
    lines = [form.title, *form.problems, *beside]
    for part in form.element:
        if str(part.get("id") or "").startswith("group-"):
            lines += _field_lines(form, part)
        elif part.get("id") != "problems" and "form-end" not in (part.get("class") or "") and part.tag != "h2":
            lines += _lines(part)
    return "\n".join(line for line in (*lines, *ending) if line)


def _field_lines(form: PageForm, group: HtmlElement) -> Iterator[str]:
    key = str(group.get("id")).removeprefix("group-")
    label = words(next(iter(group.xpath(".//legend | ./label")), None)) or words(group)
    shown = _held_words(form, group, key)
    yield f"{label}: {shown}" if shown else label
    yield from (words(one) for one in group.xpath(".//*[contains(@class, 'govuk-hint')]"))


def _held_words(form: PageForm, group: HtmlElement, key: str) -> str:
    """What a field holds, as it is read."""
    choices = choices_of(group)
    if group.xpath(".//input[@type='checkbox']"):
        ticked = form.typed.get(f"many.{key}", [])
        return " ".join(f"{'(x)' if value in ticked else '( )'} {label}" for label, value in choices.items())
    if f"date.{key}.day" in form.typed:
        day, month, year = ("".join(form.typed[f"date.{key}.{part}"]) for part in ("day", "month", "year"))
        return f"{int(year):04}-{int(month):02}-{int(day):02}" if day and month and year else ""
    value = "".join(form.typed.get(f"one.{key}", []))
    return next((label for label, one in choices.items() if one == value), value)


def _lines(element: HtmlElement) -> Iterator[str]:
    kind = element.get("class") or ""
    if "buttons" in kind.split():
        yield " ".join(f"[{words(one)}]" for one in element.findall("button"))
    elif element.tag in ("p", "h2", "h3", "label", "legend", "a") or "govuk-hint" in kind:
        if not element.get("hidden") and "message-time" not in kind and "message-note" not in kind:
            yield words(element)
    else:
        for part in element:
            yield from _lines(part)


# ---------------------------------------------------------------- fields


def held(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """The names and values a browser would send of an untouched form."""
    for one in form.xpath(".//input | .//textarea | .//select"):
        name, kind = one.get("name"), one.get("type")
        if not name or (kind in ("checkbox", "radio") and one.get("checked") is None):
            continue
        if one.tag == "select":
            chosen = one.xpath("./option[@selected]") or one.xpath("./option")[:1]
            yield name, str(chosen[0].get("value")) if chosen else ""
        elif one.tag == "textarea":
            yield name, (one.text or "").removeprefix("\n")
        else:
            yield name, str(one.get("value") or ("on" if kind in ("checkbox", "radio") else ""))


def keys(form: HtmlElement) -> dict[str, str]:
    """The key of each field by its label."""
    return {label_of(form, key): key for key in _keys(form)}


def _keys(form: HtmlElement) -> list[str]:
    return [str(one.get("id")).removeprefix("group-") for one in form.xpath(".//*[starts-with(@id, 'group-')]")]


def label_of(form: HtmlElement, key: str) -> str:
    """The label of a field."""
    found = form.xpath(f".//*[@id='group-{key}']//legend | .//*[@id='group-{key}']/label")
    return words(found[0]).removesuffix(OPTIONAL) if found else key


def fill(form: PageForm, label: str, value: Filled) -> None:
    """Type into a field named by its label or its key."""
    key = keys(form.element).get(label, label)
    group = form.element.xpath(f".//*[@id='group-{key}']")
    if not group:
        raise NotOnScreen(f"There is no field {label!r} among {list(keys(form.element))}.")
    if group[0].xpath(".//*[starts-with(@name, 'date.')]"):
        _type_date(form, key, value)
    elif group[0].xpath(".//input[@type='checkbox']"):
        wanted = value if isinstance(value, list) else [str(value)] if value not in (None, "") else []
        form.typed[f"many.{key}"] = ["", *(_value_of(group[0], one) for one in wanted)]
    elif group[0].xpath(".//input[@type='radio'] | .//select") and not group[0].xpath(
        ".//*[starts-with(@name, 'query.')]"
    ):
        form.typed[f"one.{key}"] = [_value_of(group[0], str(value)) if value not in (None, "") else ""]
    else:
        form.typed[f"one.{key}"] = ["" if value is None else str(value)]


def _type_date(form: PageForm, key: str, value: Filled) -> None:
    day = date.fromisoformat(value) if isinstance(value, str) and value else value
    parts = (day.day, day.month, day.year) if isinstance(day, date) else ("", "", "")
    for part, number in zip(("day", "month", "year"), parts, strict=True):
        form.typed[f"date.{key}.{part}"] = [str(number)]


def choices_of(group: HtmlElement) -> dict[str, str]:
    """The value of each choice by its label."""
    found = {words(one): str(one.get("value")) for one in group.xpath(".//option") if one.get("value")}
    for one in group.xpath(".//input[@type='radio' or @type='checkbox']"):
        label = group.xpath(f".//label[@for='{one.get('id')}']")
        found[words(label[0])] = str(one.get("value"))
    return found


def _value_of(group: HtmlElement, wanted: str) -> str:
    found = choices_of(group)
    if wanted in found:
        return found[wanted]
    if wanted in found.values():
        return wanted
    starting = [value for label, value in found.items() if label.startswith(wanted)]
    if len(starting) != 1:
        raise NotOnScreen(f"There is no choice {wanted!r} among {list(found)}.")
    return starting[0]
