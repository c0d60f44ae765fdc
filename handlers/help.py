"""Help on one screen: the things this person can do now come first."""

from handlers.cards import Card, Line
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
_TEAM = ("`/concern list team` shows your team's",)
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


def help_for(desk: Desk, command: str) -> Card:
    """The commands this person can use, theirs first."""
    roles = roles_acting(desk)
    lines: list[str] = []
    if roles & {"iro", "iro_manager"}:
        lines += _LOG
    if "social_worker" in roles or is_manager_in(desk.rules, roles):
        lines += _ANSWER
    if "iro_manager" in roles or is_manager_in(desk.rules, roles):
        lines += _TEAM
    if roles & {"iro", "iro_manager", "support", "social_worker"} or is_manager_in(desk.rules, roles):
        lines += _REVIEWS
    if roles & {"iro", "iro_manager"}:
        lines += _STEER_REVIEWS
    if roles & {"social_worker", "support", "iro_manager"} or is_manager_in(desk.rules, roles):
        lines += _TELL
    if roles & {"iro", "iro_manager"}:
        lines += _PRAISE
    if roles & {"iro", "iro_manager"} or is_manager_in(desk.rules, roles):
        lines += _FIGURES
    lines += _ALWAYS
    if roles & {"iro", "iro_manager", "support", "admin"} or is_manager_in(desk.rules, roles):
        lines += _PEOPLE
    lines += _SELF
    if command in ("iro", "review", "tell", "praise", "caseload"):
        lines.sort(key=lambda line: f"/{command}" not in line)
    lines.append("Words about a child are taken in forms only, never after a command.")
    title = "What you can do"
    return Card(title=title, lines=tuple(Line(text=line.replace("`", "")) for line in lines))
