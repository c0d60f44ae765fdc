"""How many children each reviewing officer has for a full-time equivalent, and how often children changed officer."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from handlers.figures.describing import for_each
from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene
from scheduling.procedures.terms import CONCERN, IRO
from storage import caseload as counts
from storage import handovers, people
from storage.people import Person


def caseload(scene: Scene, period: Period) -> list[Row]:
    """A row for each officer, by name: at the end of the period, or today where it runs on."""
    whose, came = officers(scene, period)
    children = Counter(whose.values())
    whole = period.whose.holder_ids is None and period.whose.team is None
    found = _named(_officers(scene, period, children, came))
    return [_row(scene, name, one, children, came, whole=whole) for name, one in found]


def children_in_row(scene: Scene, period: Period, name: str) -> Iterator[int]:
    """The ids of the children counted in the row of that name."""
    whose, came = officers(scene, period)
    for called, person in _named(_officers(scene, period, Counter(whose.values()), came)):
        if called == name:
            yield from (child_id for child_id, iro in whose.items() if iro == person.id)


def officers(scene: Scene, period: Period) -> tuple[dict[int, int], Counter[int]]:
    """The officer of each child in care at the end, by their ids; and how often each officer was come to by a child."""
    day = min(period.last, scene.today)
    whose: dict[int, int] = {}
    came: Counter[int] = Counter()
    allocated = counts.in_care_and_allocated(scene.session, day, period.whose)
    for child_id, rows in groupby(allocated, key=lambda one: one[0]):
        held = list(rows)
        present = [one for one in held if one[2] <= day and (one[3] is None or one[3] > day)]
        # Before the first allocation that is known, the child counts with the first officer known.
        whose[child_id] = (present or held)[-1 if present else 0][1]
        came.update(new[1] for old, new in pairwise(held) if old[1] != new[1] and period.first <= new[2] <= period.last)
    return whose, came


def under_formal(scene: Scene, period: Period) -> tuple[str, ...]:
    """How many changes of officer came while a formal concern was open, as a note; nothing where there was none.

    Acts are kept since they are told of: what changed before, and what is counted for a part of the line, says nothing.
    """
    if not period.whose.is_everybody and (period.whose.holder_ids is not None or period.whose.team is not None):
        return ()
    iros = None if period.whose.is_everybody else period.whose.iro_ids
    number = handovers.changes_under_formal(scene.session, period.within.start, period.within.end, iros)
    return (f"Changes of {IRO} while a formal {CONCERN} was open, each with its reason: {number}.",) if number else ()


def _officers(scene: Scene, period: Period, *counted: Counter[int]) -> Iterator[Person]:
    """Those in service as officers, and the others who have children or took some on; each once, by name."""
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


def _named(found: Iterable[Person]) -> Iterator[tuple[str, Person]]:
    """Each by a name that no other row has: who is called as somebody before them gets a number."""
    called: Counter[str] = Counter()
    for one in found:
        called[one.name] += 1
        yield (one.name if called[one.name] == 1 else f"{one.name} ({called[one.name]})"), one


def _row(scene: Scene, name: str, person: Person, children: Counter[int], came: Counter[int], *, whole: bool) -> Row:
    """An officer's working time is for all their children: it says nothing of those of one part of the line or team."""
    fte = person.fte if whole else None
    assert person.id is not None
    least, most = scene.rules.caseload_range
    return {
        "iro": name,
        "children": children[person.id],
        "fte": fte,
        "children_per_fte": for_each(children[person.id], fte),
        "range": f"{least} to {most}",
        "changes_of_iro": came[person.id],
    }
