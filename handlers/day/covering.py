"""Whom a person covers today, until when, and what of theirs waits for a decision."""

from handlers.cards import Line
from handlers.day.part import Part
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.wording import name_of
from scheduling.deadline_wording import say_day
from storage import people


def covered(scene: Scene, person_id: int) -> Part:
    """ "You cover for Ben Okafor to Fri 4 Dec."; what waits of theirs stands above, with their name."""
    lines = []
    for one in acting_roles(scene.session, scene.rules, person_id, scene.today):
        absence = people.absence_on(scene.session, one, scene.today)
        if one == person_id or absence is None:
            continue
        until = f" to {say_day(absence.to_on, scene.today)}" if absence.to_on is not None else ""
        lines.append(Line(text=f"You cover for {name_of(scene, one)}{until}."))
    return Part(key="cover", heading="Cover", lines=lines)
