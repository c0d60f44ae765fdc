"""The searches of people and children, by name."""

from collections.abc import Callable
from functools import partial

from handlers.cards import Answer
from handlers.office import Desk
from handlers.people.finding import search_children, search_people
from handlers.requests import Request


def _search_people(desk: Desk, request: Request, *, kind: str) -> Answer:
    return search_people(desk, request.words, kind)


def _search_children(desk: Desk, request: Request) -> Answer:
    return search_children(desk, request.words)


SEARCHES: dict[str, Callable[[Desk, Request], Answer]] = {
    "child": _search_children,
    "person.iro": partial(_search_people, kind="iro"),
    "person.worker": partial(_search_people, kind="worker"),
    "person.holder": partial(_search_people, kind="worker"),
    "person.cover": partial(_search_people, kind="cover"),
    "person.mine": partial(_search_people, kind="mine"),
    "person.staff": partial(_search_people, kind="staff"),
}
