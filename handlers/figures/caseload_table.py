"""How many children each reviewing officer has for a full-time equivalent, and how often children changed officer."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from handlers.figures.describing import for_each
from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene
from storage import caseload as counts
from storage import people
from storage.people import Person


def caseload(scene: Scene, period: Period) -> list[Row]:
    """A row for each officer, by name: at the end of the period, or today where it runs on."""
    day = min(period.last, scene.today)
    children: Counter[int] = Counter()
    came: Counter[int] = Counter()
    allocated = counts.in_care_and_allocated(scene.session, day, period.whose)
    for _, rows in groupby(allocated, key=lambda one: one[0]):
        held = list(rows)
        present = [one for one in held if one[2] <= day and (one[3] is None or one[3] > day)]
        # Before the first allocation that is known, the child counts with the first officer known.
        children[(present or held)[-1 if present else 0][1]] += 1
        came.update(new[1] for old, new in pairwise(held) if old[1] != new[1] and period.first <= new[2] <= period.last)
    return [_row(scene, one, children, came) for one in _officers(scene, period, children, came)]


def _officers(scene: Scene, period: Period, *counted: Counter[int]) -> Iterator[Person]:
    """Those in service as officers, and whoever else has children or took some on; each once, by name."""
    named: Iterable[Person] = people.holders_of(scene.session, "iro", min(period.last, scene.today))
    wanted = {one.id: one for one in named}
    for person_id in {key for each in counted for key in each} - wanted.keys():
        person = people.get(scene.session, person_id)
        if person is not None:
            wanted[person_id] = person
    if (own := period.whose.iro_ids) is not None and period.whose.holder_ids is None:
        wanted = {key: one for key, one in wanted.items() if key in own}
    elif not period.whose.is_everybody:
        wanted = {key: one for key, one in wanted.items() if any(key in each for each in counted)}
    return iter(sorted(wanted.values(), key=lambda one: (one.name.casefold(), one.id or 0)))


def _row(scene: Scene, person: Person, children: Counter[int], came: Counter[int]) -> Row:
    assert person.id is not None
    least, most = scene.rules.caseload_range
    return {
        "iro": person.name,
        "children": children[person.id],
        "fte": person.fte,
        "children_per_fte": for_each(children[person.id], person.fte),
        "range": f"{least} to {most}",
        "changes_of_iro": came[person.id],
    }
