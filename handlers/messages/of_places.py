"""Messages to who is asked in the place of somebody gone or away, to who is back in it, and to the IRO about it."""

from datetime import date

from handlers.cards import Card
from handlers.messages.asking import BUTTONS, asked_card, please
from handlers.messages.dates import by, day_of
from handlers.messages.matter import Matter, iro_words, where
from handlers.messages.message import message
from handlers.messages.of_concerns import CONCERN, proves_asked
from handlers.messages.owed import card, decides_here, mend_the_line
from handlers.people.days_worked import NAMES
from handlers.people.filling import Gone
from handlers.wording import name_of, role_in_words
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import AN_IRO


@message(
    "asked instead",
    CONCERN,
    title="C-12 is now yours: reply by Tue 12 Jan 2027",
    to="who is asked in the place of somebody who has left, or is away without cover",
    buttons=BUTTONS,
    arrived=proves_asked,
)
def asked_instead(matter: Matter) -> Card | None:
    why = f"{gone_words(matter)}, so you are asked in their place.{_date_stays(matter)}"
    return asked_card(matter, _yours(matter, "now yours"), _about(matter), why, why="")


@message(
    "yours again",
    CONCERN,
    title="C-12 is yours again: reply by Tue 12 Jan 2027",
    to="somebody asked who is back, in whose place another was asked meanwhile",
    buttons=BUTTONS,
    arrived=proves_asked,
)
def yours_again(matter: Matter) -> Card | None:
    before = matter.number("before")
    asked = name_of(matter.scene, before) if before is not None else "Another"
    why = f"{asked} was asked while you were not here, and has not replied.{_date_stays(matter)}"
    return asked_card(
        matter, _yours(matter, "yours again"), f"{iro_words(matter)} has raised it. {where(matter)}.", why
    )


@message(
    "now with",
    CONCERN,
    title="C-12 is now with Sunil Rao",
    to="the IRO, when another is asked in the place of somebody gone or away",
    buttons=("Ask again", "Open"),
)
def now_with(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    stays = f" The date stays: {day_of(matter.run.due_at)}." if matter.run.due_at is not None else ""
    title = f"{matter.ref} is now with {name_of(matter.scene, matter.number('now'))}"
    again = (matter.button("Ask again", "concern.ask_again"),)
    return card(matter, title, f"{gone_words(matter)}.{stays}", buttons=again)


@message(
    "with nobody",
    CONCERN,
    title="C-12 waits for somebody who is gone",
    to="the IRO and the IRO manager, when those asked are gone and nobody can be asked in their place",
    buttons=("Ask again", "Open"),
)
def with_nobody(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    return card(
        matter,
        f"{matter.ref} waits for somebody who is gone",
        f"{gone_words(matter)}, and nobody more senior can be asked. Telephone somebody who can act.",
        mend_the_line(matter),
        buttons=(matter.button("Ask again", "concern.ask_again"),) if decides_here(matter) else (),
    )


@message(
    "promise now with",
    CONCERN,
    title="C-12: what Tess Hill promised is now with Sunil Rao",
    to="who fills the place of somebody who promised a plan and has left, and the IRO",
    buttons=("Done", "Open"),
)
def promise_now_with(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    who, now = (name_of(matter.scene, matter.number(key)) for key in ("before", "now"))
    is_theirs = matter.number("now") == matter.reader_id
    title = f"{matter.ref}: what {who} promised is now {'yours' if is_theirs else f'with {now}'}"
    day = say_day(date.fromisoformat(matter.words("until")), matter.scene.today)
    done = " Press Done when it is done." if is_theirs else ""
    return card(matter, title, f"{who} has left. The date stays: {day}.{done}")


def _date_stays(matter: Matter) -> str:
    return " The date stays." if matter.run.due_at is not None else ""


def _about(matter: Matter) -> str:
    return f"{iro_words(matter)} has raised it. {where(matter)}."


def _yours(matter: Matter, how: str) -> str:
    due_at = matter.run.due_at
    if due_at is not None and due_at <= matter.scene.now:
        return f"{matter.ref} is {how}: late since {by(matter.scene, due_at)}"
    return please(matter, f"{matter.ref} is {how}: reply", f"{matter.ref} is {how}: please reply")


def gone_words(matter: Matter) -> str:
    """ "Tess Hill is away to Mon 18 Jan without cover", as it was when the other was asked."""
    who = name_of(matter.scene, matter.number("before"))
    match matter.words("why"):
        case Gone.NO_LONGER:
            return f"{who} is no longer {role_in_words(matter.scene.rules, matter.words('role'))}"
        case Gone.AS_IRO:
            return f"{who} acts as {AN_IRO} here"
        case Gone.OFF:
            return f"{who} does not work on {_weekday(matter)}"
        case Gone.AWAY:
            return f"{who} is away{_until(matter)} without cover"
        case _:
            return f"{who} has left"


def _until(matter: Matter) -> str:
    until = matter.words("until")
    return f" to {say_day(date.fromisoformat(until), matter.scene.today)}" if until else ""


def _weekday(matter: Matter) -> str:
    until = matter.words("until")
    return f"{NAMES[date.fromisoformat(until).weekday()]}s" if until else "that day"
