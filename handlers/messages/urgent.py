"""Messages of the immediate route. They say that it is urgent, never why."""

from datetime import timedelta

from handlers.cards import Card
from handlers.messages.matter import Matter
from handlers.messages.owed import awaited_of, card
from handlers.wording import (
    due_words,
    name_of,
    standing_in,
    when,
)
from scheduling.deadline_wording import say_list
from storage import stage_runs
from storage.stage_runs import Addressee, Part


def urgent(matter: Matter) -> Card | None:
    part = matter.part
    if not matter.is_present or part is None or part.replied_at is not None or part.passed_to_id is not None:
        return None
    return _urgent(matter, part, *_why_now(matter))


def _urgent(matter: Matter, part: Addressee, *why: str) -> Card:
    buttons = (matter.button("Seen", "concern.seen", "primary"), matter.button("Reply", "concern.reply"))
    return card(
        matter,
        f"Urgent: {matter.ref} needs you now",
        *why,
        due_words(matter.scene, matter.rules, matter.run) if matter.run.due_at else "Reply as soon as you can.",
        standing_in(part),
        buttons=buttons,
    )


def _why_now(matter: Matter) -> tuple[str, ...]:
    if matter.details.get("unseen"):
        return _unseen_lines(matter)
    passer, route = matter.number("passed_by"), matter.rules.immediate
    if passer is None or route is None:
        return (_seen_by(matter),)
    return (f"{name_of(matter.scene, passer)} passed it to you. Press Seen within {route.seen_within}.",)


def _seen_by(matter: Matter) -> str:
    return f"Press Seen by {when(matter.run.seen_due_at)}." if matter.run.seen_due_at else ""


def _unseen_lines(matter: Matter) -> tuple[str, ...]:
    """Who else has not seen it, and whom to telephone; nobody is told so of themself."""
    names = [name_of(matter.scene, p.person_id) for p in _unseen_people(matter) if p.person_id != matter.reader_id]
    return (f"Not yet seen by {say_list(names)}.", _telephone(matter)) if names else ()


def _telephone(matter: Matter) -> str:
    route = matter.rules.immediate
    if route is None or route.telephone is None:
        return "Telephone them now."
    return f"Telephone {route.telephone.name} now: {route.telephone.number}."


def unseen(matter: Matter) -> Card | None:
    """That others have not seen it. Whoever has not seen it either has it put before them anew, with "Seen"."""
    lines = _unseen_lines(matter) if matter.is_present else ()
    if not lines:
        return None
    awaited = next((part for part in awaited_of(matter) if part.person_id == matter.reader_id), None)
    if awaited is not None and awaited.seen_at is None:
        return _urgent(matter, awaited, *lines)
    return card(matter, f"{matter.ref} has not been seen", *lines)


def _unseen_people(matter: Matter) -> list[Addressee]:
    assert matter.run.id is not None
    asked = stage_runs.people_of(matter.scene.session, matter.run.id, Part.ADDRESSED)
    late = [p for p in asked if p.seen_at is None and p.replied_at is None]
    first = min((p.added_at for p in late), default=matter.scene.now)
    return [p for p in late if p.added_at == first or p.added_at + _seen_within(matter) <= matter.scene.now]


def _seen_within(matter: Matter) -> timedelta:
    route = matter.rules.immediate
    return timedelta(hours=route.seen_within.number if route is not None else 1)
