"""Help on one screen: first what waits for this person and their role's own deed at a press, figures last."""

from collections.abc import Sequence

from handlers.cards import Button, Card, Line
from handlers.day.foot import LOG, REVIEWS, TELL
from handlers.day.for_you import oldest_reply, waiting_for
from handlers.day_entry import Entry
from handlers.day_words import YOUR_DAY
from handlers.office import Desk
from handlers.standing import is_manager_in, roles_acting
from scheduling.procedures.terms import A_CONCERN, CONCERNS, IRO

_LOG = (
    f"`/concern` logs {A_CONCERN}; `/concern AB-1042` with the child chosen; `/concern service` about the service",
    "`/concern C-12` shows it; add `stage 2`, `extend`, `close`, `withdraw`, `reopen`, `cafcass`, `legal`, `again`, "
    "`record` or `correct`",
    "`/concern list` shows yours; `list drafts`, `list overdue`, `list closed`",
)
_ANSWER = (
    f"`/concern C-12 reply` answers {A_CONCERN} put to you; the buttons in the message do the same",
    f"`/concern list` shows the {CONCERNS} put to you; `list overdue` those past their time",
)
_REVIEWS = (
    "`/review` shows reviews and tasks: late, at risk, to do, coming in four weeks",
    "`/review AB-1042` shows a child's timetable and what can be done; add `book`, `move`, `papers` or `sent`",
)
_STEER_REVIEWS = (
    "`/review AB-1042 hold` records a review; also `adjourn`, `forward`, `meeting`, `decisions`, `record` or `track`",
    "`/review AB-1042 contact` records a contact; also `midway`, `seen` or, where it is switched on, `feedback`",
)
_TEAM = ("`/concern list team` shows your team's; `/caseload @name` one person's page, for supervision",)
_ALWAYS = ("`/concern C-12 history` and `/concern C-12 file` show what happened and the text for the case record",)
_PEOPLE = (f"`/iro child` adds a child; `/iro allocate AB-1042` changes its {IRO} or worker",)
_TELL = (f"`/tell AB-1042` tells the child's {IRO} that something changed; `/tell` lets you choose the child",)
_PRAISE = ("`/praise` recognises good practice; those it is for read it here",)
_FIGURES = (
    "`/caseload` shows children, and what is open by age, in your part",
    "`/iro figures this quarter` shows the tables; `/iro report 2025-26` the annual report",
)
_SELF = (
    "`/iro away 21 Dec to 4 Jan cover @name` says who covers you; `/iro back` ends it",
    "`/iro days Mon Tue Wed` says on which days you work; `/iro day` shows your day as it is now",
    "`/iro people C-12` shows who would be asked at each stage; `/iro procedures` the rules in words",
)


MOST_WAITING = 3


def help_for(desk: Desk, command: str) -> Card:
    """What this person can do now, then the commands they can use: theirs first, figures and administration last."""
    typed = _typed(desk)
    if command in ("review", "tell", "praise", "caseload"):
        typed.sort(key=lambda line: not line.lstrip("`").startswith(f"/{command}"))
    typed.append("Words about a child are taken in forms only, never after a command.")
    lines = (*_now(desk), *(Line(text=line.replace("`", "")) for line in typed))
    return Card(title="What you can do", lines=lines)


def _now(desk: Desk) -> list[Line]:
    """The first of what waits, the oldest reply owed even where no reminder is due, and the deeds of the role."""
    waiting = waiting_for(desk, desk.actor_id)
    shown = waiting[:MOST_WAITING]
    reply = oldest_reply(desk, desk.actor_id)
    lines = [one.line for one in shown]
    if reply is not None and reply.line not in lines:
        lines.append(reply.line)
    return [*lines, Line(text=_rest(waiting, lines), buttons=(*_deeds(roles_acting(desk)), YOUR_DAY))]


def _rest(waiting: Sequence[Entry], lines: Sequence[Line]) -> str:
    if not lines:
        return "Nothing waits for you."
    more = sum(one.line not in lines for one in waiting)
    return f"And {more} more in your day." if more else ""


def _deeds(roles: frozenset[str]) -> list[Button]:
    """What people of these roles mostly come for, beside the reply they owe."""
    deeds = {LOG: {"iro", "iro_manager"}, TELL: {"social_worker"}, REVIEWS: {"support"}}
    return [button for button, whose in deeds.items() if roles & whose]


def _typed(desk: Desk) -> list[str]:
    """The commands, by what this person is."""
    roles = roles_acting(desk)
    manages = is_manager_in(desk.rules, roles)
    officer = bool(roles & {"iro", "iro_manager"})
    lines: list[str] = []
    if officer:
        lines += _LOG
    if "social_worker" in roles or manages:
        lines += _ANSWER
    if "iro_manager" in roles or manages:
        lines += _TEAM
    if officer or manages or roles & {"support", "social_worker"}:
        lines += _REVIEWS
    if officer:
        lines += _STEER_REVIEWS
    if manages or roles & {"social_worker", "support", "iro_manager"}:
        lines += _TELL
    if officer:
        lines += _PRAISE
    lines += [*_ALWAYS, *_SELF]
    if officer or manages:
        lines += _FIGURES
    if officer or manages or roles & {"support", "admin"}:
        lines += _PEOPLE
    return lines
