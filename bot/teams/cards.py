"""Draws cards and notices as Teams messages, within Teams' limits whatever they hold."""

from collections.abc import Iterable, Iterator

from bot.documents.made import File
from bot.teams.actions import message_rows
from bot.teams.consents import FilePlace, context_of
from bot.teams.text import Element, Payload, cut, paragraphs, size
from handlers.cards import Card, Line, Notice

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
# 28 KB is what the strictest page says of a whole activity, as UTF-16; the rest is room for its addresses.
ACTIVITY_BYTES = 28 * 1024
CARD_BYTES = ACTIVITY_BYTES - 3 * 1024
SUMMARY_LENGTH = 300
# learn.microsoft.com, send and receive files using a bot.
FILE_ASKED = "application/vnd.microsoft.teams.card.file.consent"
FILE_SHOWN = "application/vnd.microsoft.teams.card.file.info"

SERVICE = "IRO service"
THE_REST = (
    "There is more than fits into one message. Open one of the things above, "
    "or type concern list or iro help, to see the rest."
)


def message(card: Card) -> Payload:
    """The card as `summary` (what a notification shows) and the Adaptive Card itself."""
    body = [*title(card.title), *_lines(card.lines), *message_rows(card.buttons)]
    return {"summary": cut(card.title, SUMMARY_LENGTH) or SERVICE, "card": adaptive(within(body, paragraphs(THE_REST)))}


def notice(answer: Notice) -> Payload:
    """The private answer, drawn like a message."""
    body = [*paragraphs(answer.text), *message_rows(answer.buttons)]
    return {
        "summary": cut(answer.text, SUMMARY_LENGTH) or SERVICE,
        "card": adaptive(within(body or paragraphs(SERVICE), paragraphs(THE_REST))),
    }


def asking(card: Card, file: File, offer: str) -> Payload:
    """The question whether the file may be given, in the card's words. The file itself does not go with it."""
    said = " ".join(line.text for line in card.lines if line.text)
    content = {
        "description": f"{cut(card.title, SUMMARY_LENGTH)}. {cut(said, SUMMARY_LENGTH)}".strip(),
        "sizeInBytes": len(file.content),
        "acceptContext": context_of(offer),
        "declineContext": context_of(offer),
    }
    asked = {"contentType": FILE_ASKED, "name": file.name, "content": content}
    return {"summary": cut(card.title, SUMMARY_LENGTH) or SERVICE, "file": asked}


def showing(place: FilePlace) -> Payload:
    """The file that now lies in the person's OneDrive, to be opened there."""
    content = {"uniqueId": place.unique_id, "fileType": place.file_type}
    shown = {"contentType": FILE_SHOWN, "contentUrl": place.content_url, "name": place.name, "content": content}
    return {"summary": cut(place.name, SUMMARY_LENGTH), "file": shown}


def adaptive(body: list[Element]) -> Element:
    """An Adaptive Card with that body, as wide as the chat."""
    return {"$schema": SCHEMA, "type": "AdaptiveCard", "version": VERSION, "body": body, "msteams": {"width": "full"}}


def title(words: str) -> list[Element]:
    """The first line of a message."""
    line = cut(words, SUMMARY_LENGTH)
    return paragraphs(line, weight="Bolder", size="Medium") if line else []


def words(line: Line) -> list[Element]:
    """What a line says; a heading is set off from what stands above it."""
    return paragraphs(line.text, weight="Bolder", separator=True) if line.heads else paragraphs(line.text)


def within(body: list[Element], last: list[Element]) -> list[Element]:
    """All of the body, or as much as a message takes with last lines that say where the rest is."""
    if size(adaptive(body)) <= CARD_BYTES:
        return body
    room = CARD_BYTES - size(adaptive(last))
    kept: list[Element] = []
    for element in body:
        room -= size(element) + 2
        if room < 0:
            break
        kept.append(element)
    return kept + last


def _lines(lines: Iterable[Line]) -> Iterator[Element]:
    for line in lines:
        yield from words(line)
        yield from message_rows(line.buttons)
