"""Messages of the immediate route. They say that it is urgent, never why."""

from datetime import timedelta

from handlers.cards import Card
from handlers.messages.dates import at, by
from handlers.messages.matter import Matter, asked_parts, iro_words, where
from handlers.messages.message import Hours, message
from handlers.messages.of_concerns import ASKING, CONCERN, proves_asked
from handlers.messages.owed import awaited_of, card
from handlers.wording import name_of, standing_in, when
from scheduling.deadline_wording import say_list
from storage.stage_runs import Addressee


@message(
    "urgent",
    ASKING,
    title="Urgent C-12: press Seen by 5:30 pm",
    to="those asked on the immediate route",
    buttons=("Seen", "Reply", "Open"),
    hours=Hours.URGENT,
    asks=True,
    arrived=proves_asked,
)
def urgent(matter: Matter) -> Card | None:
    part = matter.part
    if not matter.is_present or part is None or not part.is_awaited:
        return None
    lines = _unseen_lines(matter) if matter.details.get("unseen") else ()
    return _urgent(matter, part, *lines)


def _urgent(matter: Matter, part: Addressee, *why: str) -> Card:
    seen = part.seen_at is not None
    buttons = () if seen else (matter.button("Seen", "concern.seen", "primary"),)
    until = f"Reply by {when(matter.run.due_at)}." if matter.run.due_at else "Reply as soon as you can."
    return card(
        matter,
        f"Urgent {matter.ref}: {_first(matter, part)}",
        f"{_by_whom(matter)} {where(matter)}.",
        *why,
        until,
        _if_you_cannot(matter),
        standing_in(part),
        buttons=(*buttons, matter.button("Reply", "concern.reply", "primary" if seen else "")),
        head=False,
    )


def _first(matter: Matter, part: Addressee) -> str:
    if part.seen_at is not None:
        return f"reply by {by(matter.scene, matter.run.due_at)}" if matter.run.due_at else "please reply now"
    due = part.added_at + _seen_within(matter)
    if matter.run.seen_due_at is not None and part.added_at == matter.run.started_at:
        due = matter.run.seen_due_at
    return f"press Seen by {at(matter.scene, due)}" if due > matter.scene.now else "press Seen now"


def _by_whom(matter: Matter) -> str:
    passer = matter.number("passed_by")
    if passer is not None:
        return f"{name_of(matter.scene, passer)} passed it to you."
    return f"{iro_words(matter)} needs you now."


def _if_you_cannot(matter: Matter) -> str:
    line = _duty_line(matter)
    return f"If you cannot act, telephone {line}. In immediate danger: 999." if line else "In immediate danger: 999."


def _duty_line(matter: Matter) -> str:
    """ "Duty manager, 01234 567890", as the procedures name it; nothing where they name none."""
    route = matter.rules.immediate
    if route is None or route.telephone is None:
        return ""
    return f"{route.telephone.name}, {route.telephone.number}"


@message(
    "unseen",
    CONCERN,
    title="C-12 not seen by Sunil Rao: telephone now",
    to="the IRO and the IRO manager, when nobody has pressed Seen in time",
    buttons=("Open",),
    hours=Hours.URGENT,
)
def unseen(matter: Matter) -> Card | None:
    """That others have not seen it. Anybody who has not seen it either has it put before them anew, with "Seen"."""
    lines = _unseen_lines(matter) if matter.is_present else ()
    if not lines:
        return None
    awaited = next((part for part in awaited_of(matter) if part.person_id == matter.reader_id), None)
    if awaited is not None and awaited.seen_at is None:
        return _urgent(matter, awaited, *lines)
    names = _unseen_names(matter)
    whom = names[0] if len(names) == 1 else f"{len(names)} people"
    return card(matter, f"{matter.ref} not seen by {whom}: telephone now", *lines)


def _unseen_lines(matter: Matter) -> tuple[str, ...]:
    """Who else has not seen it, whom to telephone, and who has now been asked; nobody is told so of themself."""
    names = _unseen_names(matter)
    if not names:
        return ()
    line = _duty_line(matter)
    telephone = f"Telephone {line}." if line else "Telephone them now."
    return (f"Not yet seen by {say_list(names)}. {telephone}", _asked_too(matter))


def _asked_too(matter: Matter) -> str:
    added = [one for one in asked_parts(matter) if one.added_at > matter.run.started_at and one.is_awaited]
    fresh = [one for one in added if one.added_at + _seen_within(matter) > matter.scene.now and one.seen_at is None]
    others = [one for one in fresh if one.person_id != matter.reader_id]
    if not others:
        return ""
    until = at(matter.scene, max(one.added_at for one in others) + _seen_within(matter))
    names = say_list([name_of(matter.scene, one.person_id) for one in others])
    return f"{names} {'has' if len(others) == 1 else 'have'} now been asked too, by {until}."


def _unseen_names(matter: Matter) -> list[str]:
    return [name_of(matter.scene, p.person_id) for p in _unseen_people(matter) if p.person_id != matter.reader_id]


def _unseen_people(matter: Matter) -> list[Addressee]:
    late = [p for p in asked_parts(matter) if p.seen_at is None and p.is_awaited]
    first = min((p.added_at for p in late), default=matter.scene.now)
    return [p for p in late if p.added_at == first or p.added_at + _seen_within(matter) <= matter.scene.now]


def _seen_within(matter: Matter) -> timedelta:
    route = matter.rules.immediate
    return timedelta(hours=route.seen_within.number if route is not None else 1)
