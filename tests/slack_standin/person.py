"""A person at Slack: types commands, presses buttons by their words, fills in forms by their labels.

What they do reaches the bot as Slack would send it; what the bot answers is applied as Slack would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.slack_standin import payloads
from tests.slack_standin.answers import show_answer
from tests.slack_standin.checker import check_options
from tests.slack_standin.controls import Control, NotOnScreen, controls, find_control
from tests.slack_standin.conversations import message_json
from tests.slack_standin.delivery import Delivery, HttpDelivery, SocketDelivery
from tests.slack_standin.fields import (
    Field,
    RefusedBySlack,
    Typed,
    fields,
    find_field,
    refuse_unready,
    state_values,
    typed_state,
)
from tests.slack_standin.jsontypes import Json, objects
from tests.slack_standin.options import offered_options
from tests.slack_standin.records import OpenView, PostedMessage
from tests.slack_standin.rendering import plain_text_of, text_words
from tests.slack_standin.server import SlackStandIn
from tests.slack_standin.submission import apply_submission
from tests.slack_standin.view_methods import view_json

Values = Mapping[str, Typed]
_ANSWER_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person sees after doing something."""

    text: str
    view: OpenView | None = None
    message: PostedMessage | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        """The words of the buttons in what is seen."""
        shown = self.view.view["blocks"] if self.view else self.message.blocks if self.message else []
        return [one.words for one in controls(shown)]


class SlackPerson:
    """One member of a workspace, driving the bot. Without `bot_url` they reach it over Socket Mode."""

    def __init__(
        self,
        standin: SlackStandIn,
        bot_url: str | None,
        signing_secret: str,
        team: str | None,
        user_id: str,
    ) -> None:
        self.standin = standin
        self.workspace = standin.workspace(team)
        self.user = self.workspace.users[user_id]
        self.bot_url = bot_url
        over_http = HttpDelivery(bot_url, signing_secret, standin.patience) if bot_url else None
        self._delivery: Delivery = over_http or SocketDelivery(standin.socket)
        self._channel: Json = {"id": self.workspace.direct_channel(user_id), "name": "directmessage"}
        self._sender = payloads.Sender(
            team_id=self.workspace.team_id,
            team_domain=self.workspace.domain,
            user_id=user_id,
            user_name=self.user.name.lower().replace(" ", "."),
        )

    @property
    def view(self) -> OpenView | None:
        """The form before this person."""
        return self.standin.current_view(self.user.id, self.workspace.team_id)

    @property
    def messages(self) -> list[PostedMessage]:
        """The direct messages this person has, oldest first."""
        return self.standin.messages_to(self.user.id, self.workspace.team_id)

    @property
    def home(self) -> OpenView | None:
        """This person's App Home."""
        return self.standin.homes.get((self.workspace.team_id, self.user.id))

    def read(self, shown: PostedMessage | OpenView) -> str:
        """A message or form as this person reads it, people by their names."""
        names = {user.id: user.name for user in self.workspace.users.values()}
        names[self.workspace.bot_user_id] = "iro-bot"
        return plain_text_of(shown, names)

    def command(self, line: str) -> Seen:
        """Type a slash command, such as "/concern AB-1042"."""
        name, _, words = line.partition(" ")
        watch = self._watch()
        answer = self._delivery.command(
            payloads.slash_command(
                self._sender,
                name,
                words.strip(),
                trigger_id=self._trigger(),
                response_url=self._response_url(),
                channel=self._channel,
            )
        )
        if answer:
            self._show(answer, None, f"the answer to {name}")
        return self._seen(watch)

    def shortcut(self, callback_id: str) -> Seen:
        """Choose a global shortcut."""
        watch = self._watch()
        self._delivery.interaction(payloads.global_shortcut(self._sender, callback_id, trigger_id=self._trigger()))
        return self._seen(watch)

    def open_home(self) -> Seen:
        """Open the App Home: the bot hears of it and publishes the view, perhaps a moment later."""
        opened = payloads.app_home_opened(self.user.id, self._channel["id"], self.standin.new_ts())
        self.event(opened)
        return Seen(text=self.read(self.home) if self.home else "", view=self.home)

    def write(self, text: str, under: PostedMessage | None = None, **more: object) -> Seen:
        """Write to the bot, in the chat or in the thread of a message; `more` is of the event."""
        known = len(self.standin.chat_of(self.user.id))
        thread = (under.thread_ts or under.ts) if under is not None else None
        self.event(payloads.written(self.user.id, self._channel["id"], self.standin.new_ts(), text, thread) | more)
        self.standin.wait_until(lambda: len(self.standin.chat_of(self.user.id)) > known, _ANSWER_SECONDS)
        fresh = self.standin.chat_of(self.user.id)[known:]
        for one in fresh:
            one.answer = True
        return Seen(text="\n".join(self.read(one) for one in fresh), message=fresh[-1])

    def event(self, event: Json, event_id: str | None = None, retry: int = 0) -> str:
        """Have Slack send an event; gives its event_id, with which it can be sent again."""
        name = event_id or f"Ev{self.standin.number():08d}"
        moment = int(self.standin.clock())
        bot = self.workspace.bot_user_id
        payload = payloads.event_callback(
            self.workspace.team_id, event, event_id=name, event_time=moment, bot_user_id=bot
        )
        self._delivery.event(payload, retry)
        return name

    def verify_address(self, challenge: str) -> str:
        """Have Slack ask the bot's address to prove itself; gives what it says back."""
        answer = self._delivery.event(payloads.url_verification(challenge))
        return str(answer.get("challenge") or answer.get("text"))

    def press(
        self,
        message: PostedMessage,
        wanted: str,
        *,
        near: str | None = None,
        version: int = -1,
        confirm: bool = True,
    ) -> Seen:
        """Press a button of a message. `version` 0 presses it as first posted: a screen not yet refreshed."""
        if message.user != self.user.id or message.deleted:
            raise NotOnScreen("The message is not before this person.")
        state = message.versions[version]
        control = find_control(state["blocks"], wanted, near)
        if not confirm and "confirm" in control.element:
            return Seen(text=_question(control), message=message)
        watch = self._watch()
        answer = self._delivery.interaction(
            payloads.message_action(
                self._sender,
                message_json(message, self.workspace) | {key: state[key] for key in ("text", "blocks")},
                self._channel | {"id": message.channel},
                control.action(self.standin.new_ts()),
                trigger_id=self._trigger(),
                response_url=self._response_url(message),
                ephemeral=message.ephemeral,
                state=state_values(state["blocks"], {}),
            )
        )
        self._refuse_text(answer)
        return self._seen(watch, message)

    def press_in_view(
        self,
        shown: OpenView | Seen,
        wanted: str,
        values: Values | None = None,
        *,
        near: str | None = None,
        confirm: bool = True,
    ) -> Seen:
        """Press a button inside a form or the App Home, after typing `values`."""
        view = self._open(shown)
        self.fill(view, values or {})
        control = find_control(view.view["blocks"], wanted, near)
        if not confirm and "confirm" in control.element:
            return Seen(text=_question(control), view=view)
        return self._act_in_view(view, control.action(self.standin.new_ts()))

    def choose(self, shown: OpenView | Seen, label: str, value: Typed) -> Seen:
        """Choose in a field; where the field tells the bot at once, so does this."""
        view = self._open(shown)
        self.fill(view, {label: value})
        chosen = find_field(view.view["blocks"], label)
        if not chosen.dispatches:
            return Seen(text=self.read(view), view=view)
        state: Json = view.values[chosen.block_id][chosen.action_id]
        ids = {"action_id": chosen.action_id, "block_id": chosen.block_id, "action_ts": self.standin.new_ts()}
        return self._act_in_view(view, state | ids)

    def _act_in_view(self, view: OpenView, action: Json) -> Seen:
        watch = self._watch()
        payload = payloads.view_action(self._sender, self._view_payload(view), action, trigger_id=self._trigger(view))
        self._refuse_text(self._delivery.interaction(payload))
        return self._seen(watch, view)

    def fill(self, shown: OpenView | Seen, values: Values) -> None:
        """Type into fields named by label, block_id or action_id, without sending."""
        view = self._open(shown)
        for label, value in values.items():
            found = find_field(view.view["blocks"], label)
            state = typed_state(found, value, self.workspace, partial(self._suggested, view))
            view.values.setdefault(found.block_id, {})[found.action_id] = state

    def submit(self, shown: OpenView | Seen, values: Values | None = None) -> Seen:
        """Fill in and send a form. What Slack itself would stop raises RefusedBySlack, unsent."""
        view = self._open(shown)
        if not view.view.get("submit"):
            raise NotOnScreen("The form has no button to send it.")
        self.fill(view, values or {})
        payload = self._view_payload(view)
        refuse_unready(view.view["blocks"], payload["state"]["values"])
        watch = self._watch()
        sent = payloads.view_submission(self._sender, payload, trigger_id=self._trigger(view))
        answer = self._delivery.interaction(sent)
        with self.standin.changed:
            errors = apply_submission(self.standin, view, answer)
        labels = {one.block_id: one.label for one in fields(view.view["blocks"])}
        told = {labels[block]: words for block, words in errors.items()}
        return self._seen(watch, view, told)

    def close(self, shown: OpenView | Seen, *, all_of_them: bool = False) -> Seen:
        """Close a form without sending it; the bot hears of it where it asked to."""
        view = self._open(shown)
        view.open = False
        if all_of_them:
            self.standin.close_views(view.team, view.user)
        if view.view.get("notify_on_close"):
            told = payloads.view_closed(self._sender, self._view_payload(view), is_cleared=all_of_them)
            self._refuse_text(self._delivery.interaction(told))
        below = self.view
        return Seen(text=self.read(below) if below else "", view=below)

    def suggest(self, shown: OpenView | Seen, label: str, query: str) -> list[str]:
        """Type into a searching menu; gives the visible choices."""
        view = self._open(shown)
        found = find_field(view.view["blocks"], label)
        return [text_words(option["text"]) for option in self._suggested(view, found, query)]

    def choices(self, shown: OpenView | Seen, label: str) -> list[str]:
        """The visible choices of a menu, radio buttons or tick boxes."""
        found = find_field(self._open(shown).view["blocks"], label)
        return [text_words(option["text"]) for option in offered_options(found.element)]

    def _suggested(self, view: OpenView, found: Field, query: str) -> list[Json]:
        held = view.values.get(found.block_id, {}).get(found.action_id, {}).get("selected_option")
        kept = objects([held, found.element.get("initial_option")])
        if any(query in (option["value"], text_words(option["text"])) for option in kept):
            return kept[:1]
        if len(query) < found.element.get("min_query_length", 3):
            raise RefusedBySlack(f"{query!r} is too short for Slack to search {found.label!r}.")
        container: Json = {"view": self._view_payload(view)}
        asked = payloads.block_suggestion(self._sender, container, found.block_id, found.action_id, query)
        answer = self._delivery.interaction(asked)
        problems = check_options(answer)
        if problems:
            self.standin.violation("the suggestions", problems, answer)
            raise RefusedBySlack(" ".join(problems))
        return offered_options(answer)

    def _view_payload(self, view: OpenView) -> Json:
        values = state_values(view.view["blocks"], view.values)
        return view_json(view, self.workspace) | {"state": {"values": values}}

    def _open(self, shown: OpenView | Seen) -> OpenView:
        view = shown.view if isinstance(shown, Seen) else shown
        if view is None or not view.open or view.user != self.user.id:
            raise NotOnScreen("The form is not before this person.")
        return view

    def _trigger(self, view: OpenView | None = None) -> str:
        return self.standin.trigger(self.user.id, self.workspace.team_id, view)

    def _response_url(self, message: PostedMessage | None = None) -> str:
        team, channel = self.workspace.team_id, str(self._channel["id"])
        return self.standin.new_response_url(self.user.id, team, channel, message)

    def _show(self, answer: Json, original: PostedMessage | None, where: str) -> None:
        known = len(self.standin.violations)
        with self.standin.changed:
            show_answer(self.standin, self.workspace.team_id, self.user.id, answer, original, where)
        if len(self.standin.violations) > known:
            raise RefusedBySlack(" ".join(self.standin.violations[-1].problems))

    def _refuse_text(self, answer: Json) -> None:
        if answer:
            told = ["Slack ignores an answer to this interaction; post it or use the response_url."]
            self.standin.violation("the answer to an interaction", told, answer)
            raise RefusedBySlack(told[0])

    def _watch(self) -> tuple[int, dict[str, str]]:
        hashes = {view.id: view.hash for view in [*self.standin.views, *self.standin.homes.values()]}
        return len(self.standin.ephemerals), hashes

    def _seen(
        self,
        watch: tuple[int, dict[str, str]],
        source: PostedMessage | OpenView | None = None,
        errors: dict[str, str] | None = None,
    ) -> Seen:
        heard, hashes = watch
        answers = [one for one in self.standin.ephemerals[heard:] if one.user == self.user.id]
        view = self.view
        if not isinstance(source, OpenView) and view is not None and hashes.get(view.id) == view.hash:
            view = None
        if isinstance(source, OpenView) and source.view["type"] == "home" and view is None:
            view = source
        shown: list[PostedMessage | OpenView] = [*answers, *([view] if view else [])]
        if not shown and isinstance(source, PostedMessage) and not source.deleted:
            shown = [source]
        message = answers[-1] if answers else source if isinstance(source, PostedMessage) else None
        told = errors or {}
        lines = [self.read(one) for one in shown] + [f"{label}: {words}" for label, words in told.items()]
        return Seen(text="\n".join(lines), view=view, message=message, errors=told)


def _question(control: Control) -> str:
    box: Json = control.element["confirm"]
    words = [text_words(box[key]) for key in ("title", "text", "confirm", "deny")]
    return "{}\n{}\n[{}] [{}]".format(*words)
