"""Messages to those asked, and to those told for information. None of them reads a word of the concern."""

from handlers.cards import Card
from handlers.messages.matter import Matter, asked_names
from handlers.messages.owed import card
from handlers.wording import (
    both_clocks,
    name_of,
    stage_named,
    stage_title,
    standing_in,
)
from storage.stage_runs import Part


def _asked(matter: Matter, title: str, *lines: str) -> Card | None:
    part = matter.part
    if not matter.is_present or part is None or part.part is not Part.ADDRESSED:
        return None
    if part.replied_at is not None or part.passed_to_id is not None:
        return None
    buttons = (
        matter.button("Reply", "concern.reply", "primary"),
        matter.button("This needs my manager", "concern.needs_manager"),
    )
    clocks = both_clocks(matter.scene, matter.rules, matter.concern, matter.run)
    return card(matter, title, *lines, clocks, standing_in(part), buttons=buttons)


def needs_reply(matter: Matter) -> Card | None:
    return _asked(matter, f"Concern {matter.ref} needs your reply", _passed_by(matter))


def _passed_by(matter: Matter) -> str:
    passer = matter.number("passed_by")
    return f"{name_of(matter.scene, passer)} passed it to you." if passer else ""


def moved(matter: Matter) -> Card | None:
    return _asked(matter, f"{matter.ref} has moved to {stage_named(matter.run.number)}", "It needs your reply.")


def extended(matter: Matter) -> Card | None:
    if matter.details.get("back"):
        return _asked(matter, f"Another date to reply to {matter.ref}", "The IRO put right the date agreed before.")
    return _asked(matter, f"More time for {matter.ref}", "The IRO agreed a later date.")


def for_information(matter: Matter) -> Card | None:
    if not matter.is_present or matter.part is None:
        return None
    asked = asked_names(matter)
    clocks = both_clocks(matter.scene, matter.rules, matter.concern, matter.run)
    return card(matter, f"Concern {matter.ref}: for information", f"Asked to reply: {asked}.", clocks)


def moved_information(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    return card(
        matter,
        f"{matter.ref} has moved to {stage_named(matter.run.number)}: for information",
        f"Now asked to reply: {asked_names(matter)}.",
        "Nothing more is needed from you unless you are asked again.",
    )


def reopened(matter: Matter) -> Card | None:
    if not matter.is_present:
        return None
    return card(
        matter,
        f"{matter.ref} has been reopened",
        f"It stands at {stage_title(matter.rules, matter.run)}; asked to reply: {asked_names(matter)}.",
    )
