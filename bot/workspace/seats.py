"""The seats of the page: which of the people on the staff list somebody in a browser may be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from scheduling.procedures import Procedures
from scheduling.procedures.terms import A_CONCERN, CONCERN, CONCERNS, said
from storage import people
from storage.people import Person

MOST_BESIDE = 2
FIRST_ROLES = ("iro", "social_worker", "team_manager", "iro_manager")
"""The four that are offered first."""
DOES = {
    "iro": f"Raises {CONCERNS}, decides what becomes of them, and alone closes them.",
    "iro_manager": "Sees the whole service, and what waits too long.",
    "social_worker": "Holds children's cases, and replies when asked.",
    "support": "Books reviews and sends records out.",
    "admin": f"Looks after the staff list; reads no {CONCERN}.",
}
MANAGES = f"Replies when {A_CONCERN} reaches their level, and sees what is late in their line."
OUTSIDE = "Works elsewhere: must see nothing of all this."


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One person to be. `account` is their address on the page; `does` says in a sentence what they do."""

    key: str
    account: str
    name: str
    role: str
    does: str


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Everybody who can be somebody's seat: `first` the four that are offered first, `more` those behind them.

    `left`: nobody can be them any more, though an open page may still have their seat.
    """

    first: tuple[Seat, ...]
    more: tuple[Seat, ...]
    others: tuple[Seat, ...]
    left: tuple[Seat, ...]

    @property
    def every(self) -> tuple[Seat, ...]:
        """All of them, in that order."""
        return (*self.first, *self.more, *self.others)

    def of(self, key: str) -> Seat | None:
        """The seat of that key."""
        return next((seat for seat in self.every if seat.key == key), None)

    def acting(self, key: str) -> Seat | None:
        """The seat of that key, also of somebody who has left since: they are told so."""
        return self.of(key) or next((seat for seat in self.left if seat.key == key), None)

    def shown(self, keys: str) -> tuple[Seat, ...]:
        """The seats named, separated by commas; at most two stand side by side."""
        named = list(dict.fromkeys(keys.split(",")))[:MOST_BESIDE]
        return tuple(seat for key in named if (seat := self.of(key)) is not None)

    def offered(self, shown: Sequence[Seat]) -> tuple[Seat, ...]:
        """Those to switch to from a chat: the usual ones, and who is shown."""
        return (*self.first, *self.more, *(seat for seat in shown if seat in self.others))


def key_of(account: str) -> str:
    """What a seat is called in an address and on the page, where a point would mean something."""
    return re.sub(r"[^a-z0-9]+", "-", account.partition("@")[0].lower())


def seats_of(session: Session, rules: Procedures, today: date, usual: Mapping[str, str] | None = None) -> Seats:
    """Everybody in service. `usual`: the addresses to offer, the first four first, with what each of them does.

    Without them one of each role is offered.
    """
    does = usual or {}
    staff = people.in_service(session, today)
    roles = {one.email: sorted(people.roles_on(session, one.id or 0, today)) for one in staff}
    by_email = {one.email: one for one in staff}
    chosen = [email for email in does if email in by_email] or _one_of_each(staff, roles)
    seats = {one.email: _seat(one, roles[one.email], rules, does.get(one.email, "")) for one in staff}
    return Seats(
        first=tuple(seats[email] for email in chosen[: len(FIRST_ROLES)]),
        more=tuple(seats[email] for email in chosen[len(FIRST_ROLES) :]),
        others=tuple(seat for email, seat in seats.items() if email not in chosen),
        left=tuple(_seat(one, (), rules, "") for one in people.everyone(session) if one.email not in seats),
    )


def _one_of_each(staff: Iterable[Person], roles: dict[str, list[str]]) -> list[str]:
    """The first four by their roles, then everybody else."""
    emails = [one.email for one in staff]
    first = [next((email for email in emails if role in roles[email]), "") for role in FIRST_ROLES]
    return list(dict.fromkeys([email for email in first if email] + emails))


def _seat(person: Person, roles: Sequence[str], rules: Procedures, does: str) -> Seat:
    role = roles[0] if roles else ""
    return Seat(
        key=key_of(person.email),
        account=person.email,
        name=person.name,
        role=", ".join(rules.role_label(one) for one in roles) or "no role",
        does=does or said(DOES.get(role, MANAGES) if roles else OUTSIDE, rules),
    )
