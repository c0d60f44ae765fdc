"""Reads what Teams sends into an act: who did what, where, and where the answer may go."""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.offering import typed_command
from bot.reception import acts, lines
from bot.sound_json import whole_number
from bot.teams.declaration import TEAMS
from handlers import typed

Body = Mapping[str, Any]

DIALOG_OPENED = "task/fetch"
DIALOG_SENT = "task/submit"
CARD_PRESSED = "adaptiveCard/action"
FILE_CONSENT = "fileConsent/invoke"
COMPOSED = "composeExtension/fetchTask"
"""Chosen under the box where messages are written, or in the box for commands: in any chat, with us in it or not."""
COMPOSED_SENT = "composeExtension/submitAction"
"""Every press and the sending of a dialog that was opened so."""
INVOKES = (DIALOG_OPENED, DIALOG_SENT, CARD_PRESSED, FILE_CONSENT, COMPOSED, COMPOSED_SENT)
COMPOSE_COMMANDS = {"logConcern": "concern"}
"""The actions of the manifest, by their id, each with the command it is."""
TYPES = ("message", "installationUpdate", "conversationUpdate")
OURS = "ours"
"""The key under which an action's data carries what is ours; the ids of inputs stand beside it."""
RESERVED = ("action", "msteams", OURS)
WORDS_AGAIN = "text/"
"""How Teams calls an attachment that repeats, formatted, what was typed."""
QUOTED = re.compile(r"<quoted\b[^>]*>")
"""What stands in a text for a message that is quoted above it (microsoft/teams.py#321)."""
QUOTE = re.compile(r'<blockquote\b[^>]*schema\.skype\.com/Reply[^>]*\bitemid="([^"]{1,120})"')
LONGEST = 20_000


class Place(StrEnum):
    """Where a person acted, which says how they can be answered."""

    TYPED = "typed"
    MESSAGE = "message"  # a button that opens a dialog
    IN_PLACE = "in place"  # a button whose answer is a sentence
    SUBMITTED = "submitted"  # such a button on an old client, which sends it like a message
    DIALOG = "dialog"  # a button inside a dialog
    SUBMISSION = "submission"
    FIND = "find"  # "Find" beside a search field
    PAGE = "page"  # another page of a long form
    SHOW = "show"  # a text that was kept aside


FILLED_IN = (Place.SUBMISSION, Place.DIALOG, Place.FIND, Place.PAGE, Place.SHOW)
DIALOGS = (Place.MESSAGE, *FILLED_IN)


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Who acts and where. `account` is the person's object id in the directory, `member` and `bot` are Teams' ids.

    `thread` is the conversation with the thread of a channel in which they act. `composed`: the conversation is only
    where they were writing, so that nothing can be said or asked there.
    """

    tenant: str
    account: str
    member: str
    bot: str
    conversation: str
    service_url: str
    personal: bool
    thread: str = ""
    composed: bool = False


@dataclass(frozen=True, kw_only=True)
class Act(acts.Act):
    """An act at Teams. `drawing` names the form it was done in, `kept` its fields that were not shown.

    `wanted` is the field searched for or to be shown, `page` the page wanted. `bare` is what a form with nothing but
    the words in it is made of, where the one it was done in is not at hand (see cards of bare_forms.py).
    `answers` is the person's own message, where it is to be answered as a reply.
    """

    called = TEAMS

    where: Whereabouts
    place: Place
    nonce: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    drawing: str = ""
    wanted: str = ""
    page: int = 0
    kept: tuple[str, ...] = ()
    bare: Mapping[str, Any] = field(default_factory=dict)
    answers: str = ""

    @property
    def opens_forms(self) -> bool:
        """Whether a form can be opened by this act: only a press of the kind that opens a dialog can."""
        return self.place in DIALOGS

    @property
    def is_press(self) -> bool:
        """Whether it is a press of the kind that opens what was ready too late."""
        return self.place in DIALOGS

    @property
    def filled_in(self) -> bool:
        """Whether it was done in a dialog, with what is typed into it."""
        return self.place in FILLED_IN

    @property
    def typed(self) -> bool:
        """Whether anything typed comes with it that must not be lost."""
        return any(text.strip() for text in self.inputs.values())

    def key_of_words(self, token: str) -> str:
        """The key under which what was typed is stored: that of any form drawn for this person."""
        return key_of(self.where, token)


def by(where: Whereabouts, nonce: str) -> dict[str, Any]:
    """Who acted, where, and the nonce by which the act is known."""
    who = {"workspace": where.tenant, "account": where.account, "where": where}
    return {**who, "nonce": nonce, "key": key_of(where, nonce)}


def key_of(where: Whereabouts, nonce: str) -> str:
    """The key of what this person did under that nonce; nobody else's nonce leads to it."""
    return f"teams:{digest(where.tenant, where.account, nonce)}"


def digest(*parts: object) -> str:
    """A short name for content, which tells nothing about it to anyone without the parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def is_ours(activity: Body) -> bool:
    """Whether it is of a kind that is handled here; everything else is left alone."""
    kind = activity.get("type")
    return kind in TYPES or (kind == "invoke" and activity.get("name") in INVOKES)


def tenant_of(activity: Body) -> str:
    """The one tenant the activity names; nothing when it names none or two, such as the sender's own and this one."""
    told = (
        part(activity, "conversation").get("tenantId"),
        part(part(activity, "channelData"), "tenant").get("id"),
        part(activity, "from").get("tenantId"),
    )
    named = [one for one in told if one not in (None, "")]
    if not all(isinstance(one, str) and len(one) <= 80 for one in named) or len(set(named)) != 1:
        return ""
    return str(named[0]).lower()


def whereabouts(activity: Body) -> Whereabouts:
    """Who sent the activity, and from where."""
    person, conversation = part(activity, "from"), part(activity, "conversation")
    kind = conversation.get("conversationType")
    composed = activity.get("name") in (COMPOSED, COMPOSED_SENT)
    personal = kind == "personal" or (kind is None and not conversation.get("isGroup"))
    return Whereabouts(
        tenant=tenant_of(activity),
        account=words_of(person.get("aadObjectId")) or words_of(person.get("id")),
        member=words_of(person.get("id")),
        bot=words_of(part(activity, "recipient").get("id")),
        conversation=words_of(conversation.get("id")).partition(";")[0],
        service_url=words_of(activity.get("serviceUrl")),
        personal=personal and not composed,  # "personal" is also the chat of two colleagues
        thread=words_of(conversation.get("id")),
        composed=composed,
    )


def act(activity: Body) -> Act | None:
    """What the person did; None where it is nothing that is answered (talk in a channel, an empty press)."""
    where = whereabouts(activity)
    if not where.account or not where.conversation:
        return None
    if activity.get("type") == "invoke":
        return _invoked(activity, where)
    value = activity.get("value")
    if isinstance(value, Mapping):
        return _pressed(activity, where, value, Place.SUBMITTED)
    return _typed(activity, where)


def arrival(activity: Body) -> Act:
    """Somebody got the app: nothing is asked, but they can be recognised."""
    return Act(**by(whereabouts(activity), nonce_of(activity)), place=Place.TYPED, deed="arrived")


def is_mentioned(activity: Body) -> bool:
    """Whether the bot is named in the message, as it has to be in a group or channel."""
    return any(one.get("type") == "mention" for one in _of_the_bot(activity))


def _of_the_bot(activity: Body) -> list[Body]:
    """The entities of the message that name the bot."""
    bot, entities = part(activity, "recipient").get("id"), activity.get("entities")
    told = [one for one in entities if isinstance(one, Mapping)] if isinstance(entities, list) else []
    return [one for one in told if part(one, "mentioned").get("id") == bot]


def typed_words(activity: Body) -> str:
    """What was typed, without the mention of the bot; a colleague who is mentioned stays.

    Letters that nobody sees, such as those that pasting or a phone's keyboard leaves behind, are left out.
    """
    told = activity.get("text")
    text = QUOTED.sub(" ", told[:LONGEST]) if isinstance(told, str) else ""
    for one in _of_the_bot(activity):
        text = text.replace(words_of(one.get("text")), " ", 1) if one.get("text") else text
    return typed.command(html.unescape(text))


def brings_file(activity: Body) -> bool:
    """Whether a file, a picture or a card comes with the message."""
    told = activity.get("attachments")
    kinds = (
        [words_of(one.get("contentType")) for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    )
    return any(not kind.startswith(WORDS_AGAIN) for kind in kinds)


def written_under(activity: Body) -> str:
    """The message that is answered or quoted: Teams names it in one of three ways, by the client's age."""
    named = activity.get("replyToId")
    if isinstance(named, str) and named:
        return named
    entities, told = activity.get("entities"), activity.get("attachments")
    for one in entities if isinstance(entities, list) else []:
        if isinstance(one, Mapping) and one.get("type") == "quotedReply":
            return words_of(part(one, "quotedReply").get("messageId"))
    for one in told if isinstance(told, list) else []:
        found = QUOTE.search(words_of(one.get("content"))) if isinstance(one, Mapping) else None
        if found is not None:
            return found[1]
    return ""


def _typed(activity: Body, where: Whereabouts) -> Act | None:
    if not where.personal and not is_mentioned(activity):
        return None
    under = written_under(activity) if where.personal else ""
    here = {"under": under, "channel": where.conversation}
    words = typed_words(activity)
    has_file = brings_file(activity)
    meant = lines.chat(words, **here, brings_file=True) if has_file and not words else lines.line(words, **here)
    answers = words_of(activity.get("id")) if under else ""
    return Act(**by(where, nonce_of(activity)), **meant, place=Place.TYPED, answers=answers)


def _invoked(activity: Body, where: Whereabouts) -> Act | None:
    value = part(activity, "value")
    if activity.get("name") == CARD_PRESSED:
        return _pressed(activity, where, part(part(value, "action"), "data"), Place.IN_PLACE)
    if activity.get("name") == COMPOSED:
        command = COMPOSE_COMMANDS.get(words_of(value.get("commandId")), "")
        return _command(activity, where, command) if command else None
    data = part(value, "data")
    if activity.get("name") == DIALOG_OPENED:
        return _pressed(activity, where, data, Place.MESSAGE)
    ours = part(data, OURS)
    places = {"submit": Place.SUBMISSION, "find": Place.FIND, "page": Place.PAGE, "show": Place.SHOW}
    return _pressed(activity, where, data, places.get(words_of(ours.get("as")), Place.DIALOG))


def _command(activity: Body, where: Whereabouts, command: str) -> Act:
    return Act(**by(where, nonce_of(activity)), deed="command", command=command, place=Place.MESSAGE)


def _pressed(activity: Body, where: Whereabouts, data: Body, place: Place) -> Act | None:
    ours, deed = part(data, OURS), words_of(data.get("action"))
    if not deed:
        return None
    subject = words_of(ours.get("subject"))
    inputs = {str(name): text for name, text in data.items() if name not in RESERVED and isinstance(text, str)}
    drawing = words_of(ours.get("form"))
    nonce = nonce_of(activity)
    if place is Place.SUBMISSION:
        nonce = f"form:{digest(drawing, deed, sorted(inputs.items()))}"
    asked: dict[str, Any] = {"deed": deed, "subject": subject, "run": whole_number(ours.get("run"))}
    typed = typed_command(subject) if deed == "command" else {}
    return Act(
        **by(where, nonce),
        **(asked | typed),
        place=place,
        inputs=inputs,
        context={str(name): words_of(value) for name, value in part(ours, "context").items()},
        drawing=drawing,
        wanted=words_of(ours.get("field")),
        kept=tuple(one for one in kept if isinstance(one, str)) if isinstance(kept := ours.get("kept"), list) else (),
        bare=part(ours, "bare"),
        page=number if isinstance(number := ours.get("page"), int) and 0 <= number < 100 else 0,
    )


def nonce_of(activity: Body) -> str:
    """The activity's own id in its conversation; one without an id is known by its content and moment."""
    name = activity.get("id") or [activity.get("timestamp"), activity.get("value"), activity.get("text")]
    return f"act:{digest(part(activity, 'conversation').get('id'), activity.get('type'), name)}"


def part(body: Body, name: str) -> Body:
    """The object under that name; an empty one where there is none."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def words_of(value: object) -> str:
    """The value if it is text, within the length of anything we would keep."""
    return value if isinstance(value, str) and len(value) <= LONGEST else ""
