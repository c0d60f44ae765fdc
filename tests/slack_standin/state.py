"""The stand-in's memory and its rules about triggers, response addresses and views, without any network."""

import copy
import threading
from collections.abc import Callable
from itertools import count

from tests.slack_standin import limits
from tests.slack_standin.checker import interactive
from tests.slack_standin.jsontypes import Json, Problems, objects
from tests.slack_standin.records import (
    Call,
    OpenView,
    PostedMessage,
    ResponseAddress,
    ResponsePost,
    SlackFile,
    SlackUser,
    Trigger,
    Violation,
    Workspace,
)


class ApiError(Exception):
    """An answer {"ok": false}: Slack's word for the error, and sentences about it where there are any."""

    def __init__(self, error: str, problems: Problems | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.problems = problems or []


class SlackState:
    """Everything recorded. Tests read it freely; writers hold `changed`, which also wakes those who wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.trigger_seconds = limits.TRIGGER_SECONDS
        self.changed = threading.Condition()
        self.workspaces: dict[str, Workspace] = {}
        self.calls: list[Call] = []
        self.messages: list[PostedMessage] = []
        self.ephemerals: list[PostedMessage] = []
        self.views: list[OpenView] = []
        self.homes: dict[tuple[str, str], OpenView] = {}
        self.response_urls: list[ResponsePost] = []
        self.violations: list[Violation] = []
        self.triggers: dict[str, Trigger] = {}
        self.response_addresses: dict[str, ResponseAddress] = {}
        self.oauth_codes: dict[str, str] = {}
        self.opened: set[tuple[str, str]] = set()
        self.files: list[SlackFile] = []
        self.upload_root = ""
        self.history_shows_files = True
        self._numbers = count(1)

    def add_workspace(self, team_id: str, bot_token: str, **more: str) -> Workspace:
        """Install the app in a workspace."""
        workspace = Workspace(team_id=team_id, bot_token=bot_token, **more)  # type: ignore[arg-type] # all text
        self.workspaces[team_id] = workspace
        return workspace

    def add_user(
        self,
        user_id: str,
        name: str,
        email: str | None = None,
        *,
        team: str | None = None,
        deactivated: bool = False,
        can_be_messaged: bool = True,
        vouched_for: bool = True,
    ) -> SlackUser:
        """Add a person, or change one; `team` may be left out when there is one workspace.

        `vouched_for`: whether they have confirmed their address.
        """
        address = email or f"{name.lower().replace(' ', '.')}@anyshire.example"
        user = SlackUser(
            id=user_id,
            name=name,
            email=address,
            deactivated=deactivated,
            can_be_messaged=can_be_messaged,
            vouched_for=vouched_for,
        )
        self.workspace(team).users[user_id] = user
        return user

    def workspace(self, team: str | None = None) -> Workspace:
        """One workspace by id, or the only one."""
        if team is None:
            (only,) = self.workspaces.values()
            return only
        return self.workspaces[team]

    def number(self) -> int:
        """The next of the numbers that ids are made from."""
        return next(self._numbers)

    def new_ts(self) -> str:
        """A message's timestamp, which no other message has."""
        return f"{int(self.clock())}.{self.number():06d}"

    def wait_until(self, seen: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait, without polling, until `seen()`; raise TimeoutError after `timeout` seconds."""
        with self.changed:
            if not self.changed.wait_for(seen, timeout):
                raise TimeoutError("What was waited for did not happen.")

    def messages_to(self, user_id: str, team: str | None = None) -> list[PostedMessage]:
        """The direct messages a person got unasked and has now, oldest first."""
        return [message for message in self.chat_of(user_id, team) if not message.answer]

    def chat_of(self, user_id: str, team: str | None = None) -> list[PostedMessage]:
        """The same, with the answers to what they wrote."""
        return [
            message
            for message in self.messages
            if message.user == user_id and not message.deleted and team in (None, message.team)
        ]

    def files_of(self, user_id: str) -> list[SlackFile]:
        """The files a person has in their conversation with the bot, oldest first."""
        return [held for message in self.messages_to(user_id) for held in message.files]

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def violation(self, where: str, problems: Problems, payload: Json) -> None:
        """Remember a payload that Slack would refuse."""
        with self.changed:
            self.violations.append(Violation(where=where, problems=problems, payload=payload))

    def trigger(self, user_id: str, team: str | None = None, from_view: OpenView | None = None) -> str:
        """Issue a trigger_id, as every interaction of a person does."""
        name = f"{self.number()}.{int(self.clock())}.trigger"
        home = self.workspace(team).team_id
        self.triggers[name] = Trigger(team=home, user=user_id, issued=self.clock(), from_view=from_view)
        return name

    def use_trigger(self, workspace: Workspace, name: object) -> Trigger:
        """Spend a trigger_id: Slack takes it once, within three seconds, from the workspace it belongs to."""
        trigger = self.triggers.get(str(name))
        if trigger is None or trigger.team != workspace.team_id:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.clock() - trigger.issued > self.trigger_seconds:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def current_view(self, user_id: str, team: str | None = None) -> OpenView | None:
        """The modal a person has before them."""
        mine = [view for view in self.views if view.open and view.user == user_id]
        mine = [view for view in mine if team in (None, view.team)]
        return mine[-1] if mine else None

    def show_view(self, team: str, user: str, view: Json, below: OpenView | None = None) -> OpenView:
        """Put a modal before a person: over the one `below`, or in place of all they had open."""
        if below is None:
            self.close_views(team, user)
        name = f"V{self.number():08d}"
        shown = OpenView(
            id=name,
            team=team,
            user=user,
            view=self.with_ids(view),
            hash=self._hash(),
            root_id=below.root_id if below else name,
            previous_id=below.id if below else None,
        )
        shown.versions.append(shown.view)
        self.views.append(shown)
        return shown

    def change_view(self, shown: OpenView, view: Json) -> None:
        """Replace what a view shows."""
        shown.revise(self.with_ids(view), self._hash())

    def publish_home(self, team: str, user: str, view: Json) -> OpenView:
        """Replace a person's App Home."""
        shown = self.homes.get((team, user))
        if shown is None:
            name = f"V{self.number():08d}"
            shown = OpenView(id=name, team=team, user=user, view=view, hash="", root_id=name)
            self.homes[team, user] = shown
        self.change_view(shown, view)
        return shown

    def close_views(self, team: str, user: str) -> None:
        """Clear every modal of a person."""
        for view in self.views:
            if (view.team, view.user) == (team, user):
                view.open = False

    def depth(self, view: OpenView) -> int:
        """How many modals lie on each other in the stack of this one."""
        return sum(1 for other in self.views if other.open and other.root_id == view.root_id)

    def _hash(self) -> str:
        return f"{int(self.clock())}.{self.number()}"

    def with_ids(self, holder: Json) -> Json:
        """A copy of a view or message in which, as in Slack, every block and element has an id."""
        filled = copy.deepcopy(holder)
        for block in objects(filled.get("blocks")):
            block.setdefault("block_id", f"b{self.number()}")
            for element in interactive(block):
                if element.get("type") not in ("image", "plain_text", "mrkdwn") and block["type"] != "rich_text":
                    element.setdefault("action_id", f"a{self.number()}")
        return filled
