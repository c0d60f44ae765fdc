"""A person at Teams: types commands, presses buttons by their words, fills in dialogs by their labels.

What they do reaches the bot as Teams would send it; what the bot answers is applied as Teams would.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import activities
from tests.teams_standin.activities import Envelope
from tests.teams_standin.answers import applied_card, applied_dialog
from tests.teams_standin.composing import compose_command
from tests.teams_standin.delivery import Delivery
from tests.teams_standin.filling import (
    RefusedByTeams,
    Typed,
    errors_beside,
    find_input,
    found_for,
    offered,
    refuse_unready,
    sent_values,
    typed_value,
)
from tests.teams_standin.pressing import Control, control_under, controls, find_control
from tests.teams_standin.records import (
    CONSENT,
    Conversation,
    Dialog,
    Exchange,
    TeamsMessage,
    TeamsUser,
    attached,
    card_of,
)
from tests.teams_standin.rendering import plain_text_of
from tests.teams_standin.server import TeamsStandIn

Values = Mapping[str, Typed]
_ANSWER_SECONDS = 20.0
NOTICE_TITLE = "IRO service"
_OFFER = re.compile("“.+” is ready\\.")
_PAGE = re.compile(r"Page \d+ of \d+")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person sees after doing something. `notice`: a sentence in a dialog, which asks for nothing."""

    text: str
    view: Dialog | None = None
    message: TeamsMessage | None = None
    notice: Dialog | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        """The words of the buttons in what is seen."""
        shown = self.view or self.notice
        card = shown.card if shown else card_of(self.message.activity) if self.message else None
        return [one.words for one in controls(card)]


class TeamsPerson:
    """One member of a tenant, driving the bot from their own chat with it."""

    def __init__(self, standin: TeamsStandIn, bot_url: str, user: TeamsUser) -> None:
        self.standin = standin
        self.bot_url = bot_url
        self.user = user
        self.delivery = Delivery(bot_url, standin.app_id, standin.service_url)

    @property
    def chat(self) -> Conversation:
        """This person's own chat with the bot."""
        return self.standin.personal_chat(self.user)

    @property
    def view(self) -> Dialog | None:
        """The dialog before this person."""
        return self.standin.dialog_of(self.user)

    @property
    def messages(self) -> list[TeamsMessage]:
        """What the bot wrote to this person unasked, oldest first."""
        return self.standin.messages_to(self.user)

    def read(self, shown: TeamsMessage | Dialog) -> str:
        """A message or dialog as this person reads it."""
        return plain_text_of(shown)

    # typing

    def command(self, line: str) -> Seen:
        """Type a command, with or without the slash, and open the form that is offered, if one is."""
        seen = self.say(activities.typed(self.activity("message"), line.removeprefix("/")))
        if seen.message is not None and seen.buttons == ["Open"] and _OFFER.match(seen.message.text):
            return self.press(seen.message, "Open")
        return seen

    def write(self, text: str, under: TeamsMessage | None = None, **more: object) -> Seen:
        """Write to the bot, as a reply to a message if one is given; `more` is of the activity."""
        reply = {"replyToId": under.id} if under is not None else {}
        return self.say(activities.typed(self.activity("message"), text) | reply | more)

    def mention(self, line: str, chat: Conversation) -> Seen:
        """Type a command in a channel, to the bot by name; it is answered in this person's own chat."""
        return self.say(activities.mentioned(self.activity("message", chat), line.removeprefix("/")))

    def say(self, activity: Json) -> Seen:
        """Send a message and see what comes back."""
        known = len(self.standin.chat_of(self.user))
        self.delivery.send(activity)
        return self._answered(known)

    def install(self) -> None:
        """Install the bot, as an organisation does for everybody: Teams tells it so."""
        self.user.installed = True
        self.delivery.send(activities.installed(self.activity("installationUpdate")))

    def uninstall(self) -> None:
        """Take the bot away."""
        self.delivery.send(activities.installed(self.activity("installationUpdate"), "remove"))
        self.user.installed = False

    def compose(self, title: str, chat: Conversation | None = None) -> Seen:
        """Choose an action of the app under the box for messages, in the chat with a colleague if no other is given."""
        command = compose_command(title)
        chat = chat or self.standin.colleagues_chat(self.user.tenant)
        answer = self.invoke(activities.composed(self.activity("invoke", chat), command, None))
        if not answer:
            self.standin.violation("the answer to an action", ["Teams says that the app cannot be reached."], answer)
            raise RefusedByTeams("The action was answered with nothing.")
        dialog, words = applied_dialog(self.standin, self.user, None, answer)
        if dialog is None:
            return Seen(text=words)
        dialog.command, dialog.chat = command, chat
        return self._opened(Seen(text=self._read_through(dialog), view=dialog))

    # messages

    def press(self, message: TeamsMessage, wanted: str, *, near: str | None = None, version: int = -1) -> Seen:
        """Press a button of a message. `version` 0 presses it as first posted: a screen not yet refreshed."""
        if message.user != self.user.aad_object_id:
            raise NotOnScreen("The message is not before this person.")
        card = card_of(message.versions[version])
        control = find_control(card, wanted, near)
        assert card is not None
        data = {**_inputs_with(control, card, {}), **control.data}
        if control.action["type"] == "Action.Execute":
            return self._execute(message, control, data)
        if control.opens_dialog:
            return self._opened(self._in_dialog("task/fetch", data, None, message))
        if control.action["type"] != "Action.Submit":
            raise NotOnScreen(f"{wanted!r} is a {control.action['type']}, which tells the bot nothing.")
        return self.say(activities.pressed(self.activity("message"), data, message.id))

    def _execute(self, message: TeamsMessage, control: Control, data: Json) -> Seen:
        known = len(self.standin.chat_of(self.user))
        value = activities.executed(control.action, data)
        answer = self.invoke(activities.invoke(self.activity("invoke"), "adaptiveCard/action", value, message.id))
        words = applied_card(self.standin, message, answer)
        if len(self.standin.chat_of(self.user)) > known:
            return self._answered(known)
        return Seen(text=words or self.read(message), message=message)

    # files

    def accept(self, message: TeamsMessage, *, version: int = -1) -> Json:
        """Allow the file that a message offers: what Teams tells the bot then, which has been taken."""
        name, context = self._offered(message, version, "acceptContext")
        address, place = self.standin.place_for(self.user, name)
        upload = activities.upload_info(place, address)
        return self.consent(activities.consented(self.activity("invoke"), context, message.id, upload))

    def decline(self, message: TeamsMessage) -> Json:
        """Decline it."""
        _, context = self._offered(message, -1, "declineContext")
        return self.consent(activities.consented(self.activity("invoke"), context, message.id, None))

    def consent(self, activity: Json) -> Json:
        """Send what Teams tells of such a choice; Teams shows nothing of the answer, which has to be empty."""
        answer = self.invoke(activity)
        if answer:
            self.standin.violation("the answer to a file's consent", ["Teams shows nothing of it."], answer)
        return activity

    def _offered(self, message: TeamsMessage, version: int, context: str) -> tuple[str, Json]:
        card = attached(message.versions[version], CONSENT)
        if card is None or message.user != self.user.aad_object_id:
            raise NotOnScreen("No file is offered to this person there.")
        return str(card["name"]), card["content"][context]

    # dialogs

    def press_in_view(
        self, shown: Dialog | Seen, wanted: str, values: Values | None = None, *, near: str | None = None
    ) -> Seen:
        """Press a button inside a dialog, after typing `values`."""
        dialog = self._open(shown)
        self.fill(dialog, values or {})
        return self._submit(dialog, find_control(dialog.card, wanted, near))

    def submit(self, shown: Dialog | Seen, values: Values | None = None) -> Seen:
        """Fill in and send a form by the button that ends it, choosing among what was found if that is asked."""
        dialog = self._open(shown)
        self.fill(dialog, values or {})
        seen = self._end(dialog)
        if seen.view is dialog and self._choose_found(dialog, values or {}):
            return self._end(dialog)
        return seen

    def _end(self, dialog: Dialog) -> Seen:
        ending = [one for one in controls(dialog.card) if one.last]
        if not ending:
            raise NotOnScreen("The form has no button to send it.")
        return self._submit(dialog, ending[0])

    def fill(self, shown: Dialog | Seen, values: Values) -> None:
        """Type into fields named by label or id, without sending."""
        dialog = self._open(shown)
        for label, value in values.items():
            element = find_input(dialog.card, label)
            dialog.values[str(element["id"])] = typed_value(element, value)

    def close(self, shown: Dialog | Seen) -> Seen:
        """Close a dialog without sending it; the bot never hears of it."""
        self._open(shown).open = False
        return Seen(text="")

    def choices(self, shown: Dialog | Seen, label: str) -> list[str]:
        """The visible choices of a field."""
        return offered(find_input(self._open(shown).card, label))

    def suggest(self, shown: Dialog | Seen, label: str, query: str) -> list[str]:
        """Type into a searching field and press the button under it; gives the visible choices."""
        dialog = self._open(shown)
        self.fill(dialog, {label: query})
        self._submit(dialog, control_under(dialog.card, label, "Find"))
        found = found_for(dialog.card, label)
        return offered(found) if found else []

    def _choose_found(self, dialog: Dialog, values: Values) -> bool:
        """Choose what was meant among what a search found; whether anything had to be chosen and could be."""
        chosen = False
        for label, value in values.items():
            found = found_for(dialog.card, label)
            alike = [one for one in offered(found) if str(value).lower() in one.lower()] if found else []
            if found and len(alike) == 1:
                dialog.values[str(found["id"])] = typed_value(found, alike[0])
                chosen = True
        return chosen

    def _submit(self, dialog: Dialog, control: Control) -> Seen:
        if control.action["type"] != "Action.Submit":
            raise NotOnScreen(f"{control.words!r} is a {control.action['type']}, which a dialog does not send.")
        if control.action.get("associatedInputs") != "none":
            refuse_unready(dialog.card, dialog.values)
        data = {**_inputs_with(control, dialog.card, dialog.values), **control.data}
        return self._in_dialog("task/submit", data, dialog, None)

    def _in_dialog(self, name: str, data: Json, before: Dialog | None, message: TeamsMessage | None) -> Seen:
        known = len(self.standin.chat_of(self.user))
        if before is not None:
            answer = self._submitted(before, data)
        else:
            value, under = activities.fetched(data), message.id if message else ""
            answer = self.invoke(activities.invoke(self.activity("invoke"), name, value, under))
        dialog, words = applied_dialog(self.standin, self.user, before, answer)
        fresh = self.standin.chat_of(self.user)[known:]
        for one in fresh:
            one.answer = True
        if dialog is not None:
            errors = errors_beside(dialog.card)
            lines = [self._read_through(dialog), *(f"{label}: {said}" for label, said in errors.items())]
            return Seen(text="\n".join(lines), view=dialog, errors=errors)
        lines = [words, *(self.read(one) for one in fresh)]
        return Seen(text="\n".join(line for line in lines if line), message=fresh[-1] if fresh else None)

    def _submitted(self, dialog: Dialog, data: Json) -> Json:
        """What the bot answers to something done in a dialog; Teams tells it by the way that the dialog came."""
        if dialog.command:
            return self.invoke(activities.composed(self.activity("invoke", dialog.chat), dialog.command, data))
        return self.invoke(activities.invoke(self.activity("invoke"), "task/submit", activities.fetched(data)))

    def _read_through(self, dialog: Dialog) -> str:
        """All pages of a dialog, the first again before the person at the end."""
        text = self.read(dialog)
        turned = 0
        while _PAGE.search(text) and (more := _turning(dialog, "More")):
            self._turn(dialog, more)
            text += "\n" + self.read(dialog)
            turned += 1
        for _ in range(turned):
            back = _turning(dialog, "Back")
            assert back is not None
            self._turn(dialog, back)
        return text

    def _turn(self, dialog: Dialog, control: Control) -> None:
        before = _PAGE.findall(self.read(dialog))
        data = {**sent_values(dialog.card, dialog.values), **control.data}
        answer = self._submitted(dialog, data)
        shown, _ = applied_dialog(self.standin, self.user, dialog, answer)
        if shown is None or _PAGE.findall(self.read(shown)) == before:
            raise RefusedByTeams(f"“{control.words}” led to no other page.")

    @staticmethod
    def _opened(seen: Seen) -> Seen:
        """What a press in a message opened: a form, or a sentence with what can be done instead."""
        if seen.view is None or seen.view.title != NOTICE_TITLE:
            return seen
        return Seen(text=seen.text, notice=seen.view)

    # the wire

    def activity(self, kind: str, chat: Conversation | None = None) -> Json:
        """An activity of this person's, with an id of its own."""
        envelope = Envelope(
            user=self.user,
            chat=chat or self.chat,
            app_id=self.standin.app_id,
            service_url=self.standin.service_url,
        )
        return envelope.activity(kind, self.standin.new_id(), self.standin.clock())

    def invoke(self, activity: Json) -> Json:
        """Send an invoke; the answer is remembered with it."""
        answer = self.delivery.send(activity)
        with self.standin.changed:
            told = Exchange(user=self.user.aad_object_id, sent=activity, status=200, answer=answer)
            self.standin.exchanges.append(told)
        return answer

    def _answered(self, known: int) -> Seen:
        """What came into this person's chat since; it may come a moment after the request was answered."""
        self.standin.wait_until(lambda: len(self.standin.chat_of(self.user)) > known, _ANSWER_SECONDS)
        fresh = self.standin.chat_of(self.user)[known:]
        for one in fresh:
            one.answer = True
        return Seen(text="\n".join(self.read(one) for one in fresh), message=fresh[-1])

    def _open(self, shown: Dialog | Seen) -> Dialog:
        dialog = shown.view if isinstance(shown, Seen) else shown
        if dialog is None or not dialog.open or dialog.user != self.user.aad_object_id:
            raise NotOnScreen("The form is not before this person.")
        return dialog


def _turning(dialog: Dialog, label: str) -> Control | None:
    """The button that turns to another page: it stands last in the body."""
    body = [one for one in controls(dialog.card) if not one.last and one.words in ("More", "Back")]
    turning = [one for one in body[-2:] if one.words == label]
    return turning[-1] if turning else None


def _inputs_with(control: Control, card: Json, typed: Mapping[str, str]) -> dict[str, str]:
    return {} if control.action.get("associatedInputs") == "none" else sent_values(card, typed)


__all__ = ["RefusedByTeams", "Seen", "TeamsPerson"]
