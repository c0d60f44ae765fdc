"""Finding people and children as someone types: only those the person may know of."""

import re
from collections.abc import Callable, Iterable

from sqlmodel import col, select

from handlers import did_you_mean
from handlers.cards import Choice, Suggestions
from handlers.folding import joined, plain_name, plain_reference
from handlers.namesakes import labels_of
from handlers.office import Desk
from handlers.people.covering import proper
from handlers.people.entitlement import OFFICE
from handlers.people.line import everyone_below, id_of
from handlers.standing import acting_as, roles_acting
from storage import addresses, children, people
from storage.children import Child
from storage.people import Person

MOST = 100
"""Choices a platform shows (Slack's limit for one list)."""
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINKED = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")


def search_people(desk: Desk, query: str, role: str) -> Suggestions:
    """People whose name or address holds the words: "iro", "worker", "cover", "mine" (below one) or "staff"."""
    words, among = _searched_words(query), people_of_kind(desk, role)
    found = [one for one in among if all(any(word in text for text in _searched(one)) for word in words)]
    found.sort(key=lambda one: (not plain_name(one.name).startswith(plain_name(query)), one.name))
    found = found or did_you_mean.people(query, among)
    labels = labels_of(desk, found[:MOST])
    return Suggestions(choices=tuple(Choice(value=str(ident), label=label) for ident, label in labels.items()))


def _searched_words(query: str) -> list[str]:
    """Words as they are searched for: of an address every sign counts, of a name none but its letters."""
    return [word if "@" in word else plain_name(word) for word in query.casefold().split()]


def _searched(person: Person) -> tuple[str, str]:
    return f"{_plain(person)} {joined(person.name)} {plain_name(person.email)}", person.email.casefold()


def people_of_kind(desk: Desk, role: str) -> list[Person]:
    """Everybody of a kind whom this person may find."""
    return _OF_KIND[role](desk)


def _iros(desk: Desk) -> list[Person]:
    return people.holders_of(desk.session, "iro", desk.today)


def _workers(desk: Desk) -> list[Person]:
    """Social workers, then those of the line, who hold a case while nobody is allocated."""
    roles = ("social_worker", *desk.rules.line_roles)
    found = {one.id: one for role in roles for one in people.holders_of(desk.session, role, desk.today)}
    return list(found.values())


def colleagues(desk: Desk) -> list[Person]:
    """Everybody in service who may cover for somebody."""
    here = people.in_service(desk.session, desk.today)
    able = [one for one in here if proper(people.roles_on(desk.session, id_of(one), desk.today))]
    return [one for one in able if one.id != desk.actor_id]


def _below(desk: Desk) -> list[Person]:
    below = people_below(desk)
    return [one for one in people.in_service(desk.session, desk.today) if one.id in below]


def _whose_absence(desk: Desk) -> list[Person]:
    everyone = people.in_service(desk.session, desk.today)
    if roles_acting(desk) & OFFICE:
        return everyone
    below = people_below(desk)
    return [one for one in everyone if one.id == desk.actor_id or one.id in below]


_OF_KIND: dict[str, Callable[[Desk], list[Person]]] = {
    "iro": _iros,
    "worker": _workers,
    "cover": colleagues,
    "mine": _below,
    "staff": _whose_absence,
}


def people_below(desk: Desk) -> set[int]:
    """The ids of everyone below this person, and below those they cover today."""
    return everyone_below(desk.session, acting_as(desk))


def search_children(desk: Desk, query: str) -> Suggestions:
    """Children whose reference holds the words, one's own first; a new reference may be added by an IRO."""
    text = plain_reference(query)
    acting, roles = acting_as(desk), roles_acting(desk)
    iros = {one for one, held in acting.items() if "iro" in held}
    own = _of_people(desk, text, {*acting} | people_below(desk), iros)
    others = children.matching(desk.session, text) if roles & OFFICE or iros else []
    found = {child.id: child for child in (*own, *others)}
    if not found:
        sees_all = bool(roles & OFFICE or iros)
        mine = {*acting} | people_below(desk)
        near = did_you_mean.children(desk, text, lambda one: sees_all or one.holder_id in mine)
        found = {child.id: child for child in near}
    choices = [Choice(value=str(child.id), label=child.reference) for child in found.values()]
    if iros or "iro_manager" in roles:
        # Last, so that half a reference never adds a child by a hasty press.
        choices = [*choices[: MOST - 1], *_not_listed(desk, text)]
    return Suggestions(choices=tuple(choices[:MOST]))


def _of_people(desk: Desk, text: str, holders: Iterable[int], iros: Iterable[int]) -> list[Child]:
    """Children in care held by, or reviewed by, these people."""
    query = select(Child).where(
        col(Child.left_care_on).is_(None),
        col(Child.holder_id).in_(list(holders)) | col(Child.iro_id).in_(list(iros)),
        children.reads_like(text),
    )
    return list(desk.session.exec(query.order_by(Child.reference).limit(MOST)))


def _not_listed(desk: Desk, reference: str) -> list[Choice]:
    if desk.rules.child_reference.fullmatch(reference) is None:
        return []
    if children.by_reference(desk.session, reference) is not None:
        return []
    return [Choice(value=f"add:{reference}", label=f"Not listed: add {reference}")]


def who_is_meant(desk: Desk, written: str) -> list[Person]:
    """The people in service whom someone means by a mention, an address or a name; one when it is clear."""
    text = re.sub(r"</?at>", "", written).strip()
    if mention := _MENTION.fullmatch(text):
        found = addresses.person_at(desk.session, "slack", desk.workspace, mention[1])
        return [found] if found is not None else []
    if linked := _LINKED.fullmatch(text):
        text = linked[1]
    text = text.removeprefix("@")
    name = plain_name(text)
    if not name:
        return []
    here = people.in_service(desk.session, desk.today)
    exact = [one for one in here if text.casefold() in (one.email, one.email.split("@")[0]) or name == _plain(one)]
    exact = exact or [one for one in here if joined(text) == joined(one.name)]
    return exact or [one for one in here if _begins(name.split(), one.name) or _runs_on(joined(text), one.name)]


def _plain(person: Person) -> str:
    return plain_name(person.name)


def _begins(written: list[str], name: str) -> bool:
    """Whether each word written begins a word of the name: "ann l" is Ann Lee, and not Joanna Lee."""
    parts = plain_name(name).split()
    return all(any(part.startswith(word) for part in parts) for word in written)


def _runs_on(written: str, name: str) -> bool:
    """Whether it is the name from one of its words on, without the spaces: "smithjones" is Ed Smith-Jones."""
    parts = plain_name(name).split()
    return any("".join(parts[at:]).startswith(written) for at in range(len(parts)))
