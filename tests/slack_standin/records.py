"""What the stand-in remembers: workspaces and people, calls, messages, views and refusals."""

from dataclasses import dataclass, field

from tests.slack_standin.jsontypes import Json


@dataclass(frozen=True, kw_only=True)
class SlackUser:
    """A member of a workspace. One who cannot be messaged looks to an app as if not there."""

    id: str
    name: str
    email: str
    deactivated: bool = False
    can_be_messaged: bool = True
    vouched_for: bool = True


SCOPES = frozenset(
    {"chat:write", "commands", "files:write", "im:history", "im:write", "users:read", "users:read.email"}
)
"""What an app is allowed that was installed from the present manifest."""


@dataclass(kw_only=True)
class Workspace:
    """A workspace with the app installed; `token_error`, if any, is what a call with its token gets.

    `scopes`: what the installed app may do; `largest_file`: the bytes a file may have here.
    """

    team_id: str
    bot_token: str
    app_token: str = "xapp-1-standin"
    name: str = "Anyshire"
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    token_error: str | None = None
    scopes: frozenset[str] = SCOPES
    largest_file: int = 1024**3
    users: dict[str, SlackUser] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The name in the workspace's address."""
        return self.name.lower().replace(" ", "-")

    def direct_channel(self, user_id: str) -> str:
        """The id of the channel between the bot and one person."""
        return f"D{self.team_id[1:]}{user_id[1:]}"

    def user_of_channel(self, channel: str) -> SlackUser | None:
        """The person on the other side of a direct channel; a user's own id will do."""
        for user in self.users.values():
            if channel in (user.id, self.direct_channel(user.id)):
                return user
        return None


@dataclass(frozen=True, kw_only=True)
class Call:
    """One API call as it arrived, with its answer; `answer` is None when the connection was cut."""

    method: str
    args: Json
    at: float
    team: str | None
    answer: Json | None


@dataclass(kw_only=True)
class SlackFile:
    """A file, from the moment it has a place: its bytes once they came, and once it is shared whom it is shown to."""

    id: str
    team: str
    name: str
    length: int
    secret: str
    issued: float
    content: bytes | None = None
    title: str = ""
    user: str = ""


@dataclass(kw_only=True)
class PostedMessage:
    """A message as it now stands, and each earlier state of it in `versions` (the present one is last).

    `answer`: it was posted while its reader waited for an answer.
    """

    team: str
    channel: str
    user: str
    ts: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    ephemeral: bool = False
    deleted: bool = False
    answer: bool = False
    thread_ts: str | None = None
    files: list[SlackFile] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)

    def revise(self, text: str, blocks: list[Json], metadata: Json | None) -> None:
        """Give the message a new state, keeping the one before."""
        self.text, self.blocks, self.metadata = text, blocks, metadata
        self.versions.append({"text": text, "blocks": blocks, "metadata": metadata})


@dataclass(kw_only=True)
class OpenView:
    """A modal or App Home of one person and what they typed so far; `open` ends when it is sent or closed."""

    id: str
    team: str
    user: str
    view: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    open: bool = True
    values: dict[str, Json] = field(default_factory=dict)
    versions: list[Json] = field(default_factory=list)

    def revise(self, view: Json, new_hash: str) -> None:
        """Show another view in the same place; what was typed stays where block_id and action_id stay."""
        self.view, self.hash = view, new_hash
        self.versions.append(view)
        kept = {block.get("block_id") for block in view["blocks"]}
        self.values = {block: typed for block, typed in self.values.items() if block in kept}

    @property
    def title(self) -> str:
        """The words at the top; an App Home has none."""
        return str(self.view.get("title", {}).get("text", ""))


@dataclass(frozen=True, kw_only=True)
class ResponsePost:
    """Something posted to a response_url."""

    address: str
    payload: Json
    at: float
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A payload that Slack would have refused, and why."""

    where: str
    problems: list[str]
    payload: Json


@dataclass(kw_only=True)
class ResponseAddress:
    """A response_url: good for five posts in thirty minutes."""

    team: str
    user: str
    channel: str
    issued: float
    message: PostedMessage | None = None
    uses: int = 0


@dataclass(kw_only=True)
class Trigger:
    """A trigger_id: good once, for three seconds."""

    team: str
    user: str
    issued: float
    used: bool = False
    from_view: OpenView | None = None
