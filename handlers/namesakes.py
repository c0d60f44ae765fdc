"""Telling people apart wherever one is chosen: by their roles and team, then by what stands before the @."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from handlers.folding import plain_name
from handlers.office import Scene
from handlers.wording import name_of
from storage import people
from storage.people import Person

LONGEST = 75
"""Characters of a label that every platform shows whole (Slack's option)."""
SHORTEST_NAME = 40
"""So much of a name stands in every label: names that begin alike for so long are looked at more closely."""
_ROLES_SHOWN = 2


def person_label(scene: Scene, person: Person) -> str:
    """ "Ann Lee (Social worker, North)"; see `labels_of`."""
    return next(iter(labels_of(scene, [person]).values()))


def labels_of(scene: Scene, wanted: Sequence[Person]) -> dict[int, str]:
    """How each of these people stands in a list, by id; never above 75 characters, and none like a colleague's."""
    alike = _begin_alike(scene, wanted)
    return {_id(one): _label(scene, one, alike[_beginning(one)]) for one in wanted}


def names_apart(scene: Scene, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of these few people; where two are named alike, with what tells them apart."""
    ids = list(dict.fromkeys(person_ids))
    counts = Counter(plain_name(name_of(scene, one)) for one in ids)
    twins = {one for one in ids if counts[plain_name(name_of(scene, one))] > 1}
    found = [person for one in ids if one in twins and (person := people.get(scene.session, one)) is not None]
    return {one: name_of(scene, one) for one in ids} | labels_of(scene, found)


def _begin_alike(scene: Scene, wanted: Sequence[Person]) -> Mapping[str, Collection[Person]]:
    """Everyone in service, and everyone wanted, by the beginning of their names; only those who share one."""
    beginnings = {_beginning(one) for one in wanted}
    here = {_id(one): one for one in (*people.in_service(scene.session, scene.today), *wanted)} if wanted else {}
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for one in here.values():
        if (beginning := _beginning(one)) in beginnings:
            found[beginning].append(one)
    return found


def _label(scene: Scene, person: Person, alike: Collection[Person]) -> str:
    """The label without more, if no other looks like it; else the first sign that only this person has."""
    label = _fitted(person.name, _about(scene, person))
    twins = [one for one in alike if one.id != person.id and _looks_like(scene, one, label)]
    if not twins:
        return label
    others = [list(_signs(one, alike)) for one in twins]
    for place, sign in enumerate(_signs(person, alike)):
        if all(theirs[place] != sign for theirs in others):
            return _fitted(person.name, _about(scene, person), sign)
    return label


def _looks_like(scene: Scene, other: Person, label: str) -> bool:
    return plain_name(_fitted(other.name, _about(scene, other))) == plain_name(label)


def _signs(person: Person, alike: Collection[Person]) -> Iterator[str]:
    """What may tell a person apart: their address up to the @, the whole of it, and a number as a last resort."""
    yield _cut(person.email.partition("@")[0], 32)
    yield _cut(person.email, 48)
    yield f"no. {1 + sorted(_id(one) for one in alike).index(_id(person))}"


def _about(scene: Scene, person: Person) -> str:
    roles = sorted(people.roles_on(scene.session, _id(person), scene.today))
    return ", ".join(filter(None, (*(scene.rules.role_label(role) for role in roles[:_ROLES_SHOWN]), person.team)))


def _fitted(name: str, about: str, sign: str = "") -> str:
    """A label that fits: what tells apart stays whole, and of a name at least its beginning."""
    if not sign:
        label = f"{name} ({about})" if about else name
        return label if len(label) <= LONGEST else f"{label[: LONGEST - 3]}..."
    room = LONGEST - len(f" ({sign})")
    if about and room - len(name) > len("; ..."):
        return f"{name} ({_ended(about, room - len(name) - 2)}; {sign})"
    return f"{_ended(name, room)} ({sign})"


def _ended(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."


def _cut(text: str, longest: int) -> str:
    """A long word without its middle: both ends may be what tells it apart."""
    half = (longest - 3) // 2
    return text if len(text) <= longest else f"{text[:half]}...{text[-half:]}"


def _beginning(person: Person) -> str:
    return plain_name(person.name[:SHORTEST_NAME])


def _id(person: Person) -> int:
    assert person.id is not None
    return person.id
