"""The first message anybody gets: what this is, what it sends and never does, and whom to ask whether it is real."""

from dataclasses import dataclass

from handlers.cards import Button, Card, Line
from handlers.messages.message import Topic, message
from handlers.messages.owing import WELCOME
from handlers.messages.undelivered import serves, to_nobody
from handlers.office import Scene
from handlers.people.line import id_of
from handlers.starts import NO_DAY_YET, starts_of
from scheduling.deadline_wording import say_day, say_time
from scheduling.procedures.shipped import HANDBOOK
from scheduling.procedures.terms import A_CONCERN, AN_IRO, IROS
from storage import people
from storage.outbox import Outbox
from storage.people import Person

YOUR_DAY = Button(label="Your day", deed="iro.day")
HOW = Button(label="How it works", deed="command", subject="iro help")
LOG = Button(label=f"Log {A_CONCERN}", deed="concern.new")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is welcomed, and by what roles."""

    scene: Scene
    person: Person
    roles: frozenset[str]


def _newcomer(scene: Scene, row: Outbox) -> Newcomer | None:
    person = people.get(scene.session, row.person_id)
    if person is None:
        return None
    roles = people.roles_on(scene.session, id_of(person), scene.today)
    return Newcomer(scene=scene, person=person, roles=frozenset(roles))


def _is_here(newcomer: Newcomer) -> bool:
    return serves(newcomer.scene, id_of(newcomer.person))


FIRST_CONTACT = Topic(name="first contact", read=_newcomer, reach=_is_here, lost=to_nobody)


@message(
    WELCOME,
    FIRST_CONTACT,
    title="Hello Tess: this is your IROs' reminder bot",
    to="everybody, once: on the day before their start, or with the first thing they are sent; after an urgent one",
    buttons=("Your day", "How it works"),
)
def welcome(newcomer: Newcomer) -> Card:
    first = newcomer.person.name.split()[0]
    is_iro = bool(newcomer.roles & {"iro", "iro_manager"})
    whose = "your reminder bot" if is_iro else f"your {IROS}' reminder bot"
    texts = (_what_it_sends(newcomer), f"{_from_when(newcomer)}{_whom_to_ask(newcomer)}")
    return Card(
        title=f"Hello {first}: this is {whose}",
        lines=tuple(Line(text=text.strip()) for text in texts if text.strip()),
        buttons=((LOG,) if "iro" in newcomer.roles else ()) + (YOUR_DAY, HOW),
    )


def _what_it_sends(newcomer: Newcomer) -> str:
    """By role: what it tells them and when; and what it never does."""
    at = say_time(newcomer.scene.rules.your_day_at)
    if "iro" in newcomer.roles:
        told = (
            f"It tells you when a reply comes or does not come, and at {at} what is due. It reminds who owes a reply."
        )
    elif "iro_manager" in newcomer.roles:
        told = f"It tells you at {at} what waits for you, and when {A_CONCERN} is stuck or somebody cannot be reached."
    elif newcomer.roles & {"support"} and not newcomer.roles & {"social_worker", *newcomer.scene.rules.line_roles}:
        told = f"It tells you at {at} when a review is to be booked or a record to be sent."
    elif newcomer.roles <= {"admin"}:
        told = "It tells you when something about people or messages has to be put right."
    else:
        told = f"It tells you when {AN_IRO} needs your reply, and by what day: then, and at {at} when something is due."
    return f"{told} It never shows what {A_CONCERN} says in the chat, and it never answers for you."


def _from_when(newcomer: Newcomer) -> str:
    scene, on = newcomer.scene, starts_of(newcomer.scene).of(newcomer.person)
    if on in (None, NO_DAY_YET):
        return ""
    since = "from" if on > scene.today else "since"
    council = "Your council" if scene.rules.key == HANDBOOK else scene.rules.name  # the handbook is nobody's own
    return f"{council} uses it {since} {say_day(on)}. "


def _whom_to_ask(newcomer: Newcomer) -> str:
    """The council's own contact: who leads the IROs, for them an administrator."""
    scene = newcomer.scene
    for role in ("iro_manager", "admin"):
        others = [one for one in people.holders_of(scene.session, role, scene.today) if one.id != newcomer.person.id]
        if others:
            return f"Not sure it is real? Ask {min(others, key=id_of).name}."
    return ""
