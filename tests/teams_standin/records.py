"""What the stand-in remembers: people, conversations, messages, files, dialogs, calls and refusals."""

from dataclasses import dataclass, field

from tests.slack_standin.jsontypes import Json

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
FILE_INFO = "application/vnd.microsoft.teams.card.file.info"


@dataclass(kw_only=True)
class TeamsUser:
    """A member of a tenant. `installed` says whether the bot may write to them, `blocked` that they forbade it."""

    id: str
    aad_object_id: str
    name: str
    email: str
    tenant: str
    installed: bool = True
    blocked: bool = False
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A chat with the bot; a personal one belongs to one person."""

    id: str
    tenant: str
    kind: str = "personal"
    user: str = ""


@dataclass(kw_only=True)
class TeamsMessage:
    """A message of the bot as it now stands, and each earlier state of it in `versions` (the present one is last).

    `answer`: it was posted while its reader waited for an answer.
    """

    tenant: str
    conversation: str
    user: str
    id: str
    answer: bool = False
    versions: list[Json] = field(default_factory=list)

    @property
    def activity(self) -> Json:
        """The message as it now stands."""
        return self.versions[-1]

    @property
    def text(self) -> str:
        """What the notification and the list of chats show."""
        return shown_first(self.activity)


def shown_first(activity: Json) -> str:
    """What the notification of a message says; a message that is a card says its summary."""
    return str(activity.get("summary") or activity.get("text") or "")


def card_of(activity: Json) -> Json | None:
    """The card of a message, if it has one."""
    for one in activity.get("attachments") or []:
        if one.get("contentType") == ADAPTIVE:
            content: Json = one["content"]
            return content
    return None


def attached(activity: Json, kind: str) -> Json | None:
    """The attachment of that content type, if the message has one."""
    for one in activity.get("attachments") or []:
        if one.get("contentType") == kind:
            attachment: Json = one
            return attachment
    return None


@dataclass(kw_only=True)
class Upload:
    """A place in a person's OneDrive that Teams keeps for a file; `content` is there once it is filled."""

    user: str
    name: str
    secret: str
    unique_id: str
    content_url: str
    expires_at: float
    content: bytes | None = None

    @property
    def file_type(self) -> str:
        """The end of the name."""
        return self.name.rpartition(".")[2]


@dataclass(kw_only=True)
class Dialog:
    """A dialog before one person and what they typed so far; `open` ends when it is closed or answered away.

    `command`, `chat`: the action that opened it and where they were writing, where it was one.
    """

    tenant: str
    user: str
    title: str
    card: Json
    open: bool = True
    command: str = ""
    chat: Conversation | None = None
    values: dict[str, str] = field(default_factory=dict)
    versions: list[Json] = field(default_factory=list)

    def revise(self, title: str, card: Json) -> None:
        """Show another card in the same place."""
        self.title, self.card, self.values = title, card, {}
        self.versions.append({"title": title, "card": card})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the connector as it arrived, with its answer; status 0: the connection was cut."""

    operation: str
    path: str
    body: Json
    at: float
    status: int
    answer: Json | None


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An invoke that a person's act sent, and what the bot answered with it."""

    user: str
    sent: Json
    status: int
    answer: Json


@dataclass(frozen=True, kw_only=True)
class Violation:
    """Something that Teams would have refused, or a person could not have used, and why."""

    where: str
    problems: list[str]
    payload: Json
