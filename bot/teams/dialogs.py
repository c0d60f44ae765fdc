"""Draws any answer as a Teams dialog: forms with their inputs, and what is wrong beside the field, all typed kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.teams import bare_forms, fields
from bot.teams.actions import Frame, in_dialog, rows, sending, turning
from bot.teams.cards import ADAPTIVE, CARD_BYTES, SERVICE, adaptive, within, words
from bot.teams.fields import Typed
from bot.teams.parsing import Act
from bot.teams.text import Element, Payload, cut, paragraphs, size
from handlers.cards import Button, Card, Field, FieldKind, Form, Line, Notice

TITLE_LENGTH = 60
# What is to be read is paged within the limit of messages, and what is typed beyond it is kept aside (outcomes.py).
# Whatever slips through is drawn up to what the page on message sizes that looks current says: below 80 KB.
DIALOG_BYTES = 80 * 1024
LEAST_TO_READ = 8 * 1024
TURNING_BYTES = 2 * 1024
SENTENCE_LENGTH = 1000
MARKED = "What is marked * has to be filled in."
MORE_THAN_SHOWN = (
    "More is typed here than Teams shows at once: what is kept aside is sent with the rest, as you typed it."
)
BEGINNING = 80
NO_MORE = "There is more than fits here."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What stands on top of a form: sentences, and buttons for what can be done instead."""

    sentences: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


def form(
    answer: Form,
    drawing: str,
    typed: Typed | None = None,
    said: Said | None = None,
    *,
    page: int = 0,
    kept: tuple[str, ...] = (),
) -> Payload:
    """The form as a dialog. `drawing` names it, so that it can be drawn again with what was typed.

    The fields `kept` are not shown: the form of that drawing holds what was typed into them.
    """
    bare = {} if to_copy(answer) else bare_forms.makings(answer, drawing)
    frame = Frame(drawing=drawing, context=answer.context, kept=kept, bare=bare)
    drawn = _Drawn(answer, frame, typed or Typed())
    aside = paragraphs(MORE_THAN_SHOWN, isSubtle=True) if kept else []
    said_first = _said(said or Said(), Frame(drawing="", bare=bare))
    stands = _first_line(answer.on_top)
    body = [*said_first, *stands, *_full_title(answer.title), *aside, *drawn.page(page)]
    actions = []
    if answer.submit:
        sent = Button(label=answer.submit, deed=answer.deed, subject=answer.subject, run=answer.run, weight="primary")
        actions.append(sending(sent, frame))
    return _dialog(answer.title, body, actions)


def bare(act: Act, said: Said) -> Payload:
    """The words that came with an act, where the form they were typed into is not at hand."""
    body = [*_said(said, Frame(drawing="", bare=act.bare)), *bare_forms.inputs(act)]
    return _dialog(bare_forms.title(act), body, [bare_forms.sending(act)])


def waiting(filled: Form, sentence: str) -> Payload:
    """The form as it was filled in, to be read while it is not known what becomes of it."""
    body = paragraphs(f"⚠ {sentence}", color="Attention")
    for one in filled.fields:
        if one.kind in fields.INPUTS and one.initial:
            body += [*paragraphs(one.label, weight="Bolder"), *paragraphs(fields.as_read(one))]
    return _dialog(filled.title, within(body, paragraphs(NO_MORE)))


def notice(answer: Notice) -> Payload:
    """A sentence as a dialog; with nothing to press it is a plain message."""
    if not answer.buttons:
        return spoken(answer.text)
    body = [*paragraphs(answer.text), *rows([in_dialog(button) for button in answer.buttons])]
    return _dialog(SERVICE, within(body, paragraphs(NO_MORE)))


def spoken(text: str) -> Payload:
    """A sentence in place of the dialog."""
    return {"task": {"type": "message", "value": text.strip() or SERVICE}}


def card(answer: Card) -> Payload:
    """A card as a dialog; what does not fit is left out, since every line of a card leads to more."""
    body = _full_title(answer.title)
    for line in (*answer.lines, Line(text="", buttons=answer.buttons)):
        drawn = [*words(line), *rows([in_dialog(button) for button in line.buttons])]
        if size(body) + size(drawn) > CARD_BYTES:
            body += paragraphs(NO_MORE)
            break
        body += drawn
    return _dialog(answer.title, body or paragraphs(SERVICE))


class _Drawn:
    """A form's fields as elements, in pages where there is too much to read."""

    def __init__(self, form: Form, frame: Frame, typed: Typed) -> None:
        self._form = form
        self._frame = frame
        self._typed = typed
        pressable = frame.kept or any(one.kind in (FieldKind.BUTTONS, FieldKind.SEARCH) for one in form.fields)
        # Teams holds back every press, not just the sending, while a required field is empty.
        self._strict = bool(form.submit) and not pressable
        self._elements = list(_explained(element for one in form.fields for element in self._drawn(one)))
        self._to_copy = to_copy(form)

    def page(self, number: int) -> list[Element]:
        """What is filled in or pressed, always; and of what is read, that page."""
        if size(self._elements) <= CARD_BYTES:
            return self._elements
        pages = self._pages()
        number = min(number, len(pages) - 1)
        shown = {id(element) for element in pages[number]}
        kept = [element for element in self._elements if not self._is_read(element) or id(element) in shown]
        return [*kept, *self._turning(number, len(pages))]

    def _pages(self) -> list[list[Element]]:
        fixed = sum(size(element) for element in self._elements if not self._is_read(element))
        most = max(CARD_BYTES - TURNING_BYTES - fixed, LEAST_TO_READ)
        pages: list[list[Element]] = [[]]
        room = most
        for element in filter(self._is_read, self._elements):
            room -= size(element) + 2
            if room < 0 and pages[-1]:
                pages.append([])
                room = most - size(element) - 2
            pages[-1].append(element)
        return pages

    def _is_read(self, element: Element) -> bool:
        return _is_text(element) or (self._to_copy and bool(element.get("isMultiline")))

    def _turning(self, number: int, pages: int) -> list[Element]:
        if pages < 2:
            return []
        turns = []
        if number > 0:
            turns.append(turning("Back", self._frame, "page", page=number - 1))
        if number + 1 < pages:
            turns.append(turning("More", self._frame, "page", page=number + 1))
        return [*paragraphs(f"Page {number + 1} of {pages}", isSubtle=True), *rows(turns)]

    def _drawn(self, one: Field) -> list[Element]:
        return self._aside(one) if one.key in self._frame.kept else self._of(one)

    def _of(self, one: Field) -> list[Element]:
        heading = paragraphs(one.label, weight="Bolder") if one.label else []
        if one.kind is FieldKind.STATEMENT:
            return [*heading, *paragraphs(one.text)]
        if one.kind is FieldKind.BUTTONS:
            pressed = [in_dialog(button, self._frame) for button in one.buttons]
            return [*heading, *paragraphs(one.text), *rows(pressed)]
        if not self._form.submit and one.kind is not FieldKind.LONG:
            return [*heading, *paragraphs(fields.as_read(one))]
        if not self._form.submit:
            return [*heading, *paragraphs(fields.as_read(one), fontType="Monospace")]
        if one.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and not one.choices:
            return [*heading, *paragraphs("There is nothing to choose from.")]
        drawn = fields.drawn(one, self._typed, strict=self._strict)
        return [*drawn, *self._find(one)] if one.kind is FieldKind.SEARCH else drawn

    def _aside(self, one: Field) -> list[Element]:
        """How much of a text there is, how it begins, and the button that shows it."""
        text = fields.held(one, self._typed)
        line = f"{one.label}: {len(text):,} letters, kept as you typed them: “{cut(text, BEGINNING)}”"
        shows = rows([turning("Show it", self._frame, "show", field=one.key)])
        return [{"type": "Container", "items": [*paragraphs(line), *shows]}]

    def _find(self, one: Field) -> list[Element]:
        return rows([turning("Find", self._frame, "find", field=one.key)])


def to_copy(form: Form) -> bool:
    """Whether its inputs only hold text to copy, which is paged like what is read. Nothing is filled in there."""
    asked = [one for one in form.fields if one.kind in fields.INPUTS]
    return bool(asked) and all(one.kind is FieldKind.LONG and one.initial and not one.required for one in asked)


def _explained(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements, with what the mark means before the first that has it."""
    said = False
    for element in elements:
        if not said and str(element.get("label", "")).endswith(fields.MARK):
            said = True
            yield from paragraphs(MARKED, isSubtle=True, size="Small")
        yield element


def _is_text(element: Element) -> bool:
    return bool(element["type"] == "TextBlock")


def _first_line(text: str) -> list[Element]:
    """How what the form is about stands, on a ground of its own."""
    line = paragraphs(cut(text, SENTENCE_LENGTH))
    return [{"type": "Container", "style": "emphasis", "items": line}] if line else []


def _said(said: Said, frame: Frame) -> list[Element]:
    problems = [
        block for words in said.sentences for block in paragraphs(f"⚠ {cut(words, SENTENCE_LENGTH)}", color="Attention")
    ]
    return [*problems, *rows([in_dialog(button, frame) for button in said.buttons])]


def _full_title(title: str) -> list[Element]:
    line = cut(title, SENTENCE_LENGTH)
    return paragraphs(line, weight="Bolder") if cut(title, TITLE_LENGTH) != line else []


def _dialog(title: str, body: Sequence[Element], actions: Sequence[Element] = ()) -> Payload:
    content = adaptive(list(body)) | ({"actions": list(actions)} if actions else {})
    if size(content) > DIALOG_BYTES:
        raise ValueError("a form with this much in it does not fit into a Teams dialog")
    large = size(content) > 6000 or any(element["type"].startswith("Input.") for element in body)
    side = "large" if large else "medium"
    attachment = {"contentType": ADAPTIVE, "content": content}
    shown = {"title": cut(title, TITLE_LENGTH) or SERVICE, "height": side, "width": "medium", "card": attachment}
    return {"task": {"type": "continue", "value": shown}}
