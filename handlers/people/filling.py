"""Who fills a place of a stage today: a place owes, a person fills it.

A place belongs to the person it was asked of. They fill it while they are here, in service and in the role; away, their
cover does; else the person whom the procedures would ask in their stead today. It is theirs again when they are back.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from handlers.people.addressees import Found, find_addressees, next_senior, role_in_words
from handlers.people.line import id_of
from handlers.people.standing_in import Reach, joined
from scheduling.working_days import local
from storage import people
from storage.children import Child
from storage.people import Person
from storage.stage_runs import Addressee


class Gone(StrEnum):
    """Why nobody of a person's own fills their place."""

    LEFT = "left"
    OFF = "off"  # what is asked cannot wait, and they do not work on the day
    AWAY = "away"  # without cover, or with one who cannot stand in here
    NO_LONGER = "no longer"  # they are in service, and not in the role that was asked
    AS_IRO = "acts"  # they act as the child's IRO now


@dataclass(frozen=True, kw_only=True)
class Filling:
    """The question for one concern and one day: of a stage that began on `since`."""

    reach: Reach
    child: Child | None
    iro_id: int
    since: date

    def gone(self, owner: Person, role: str, asked_on: date) -> Gone | None:
        """Why neither the person nor their cover fills the place; None while they do.

        A role is lost by those who held it when the stage began, or when they were asked.
        """
        if owner.has_left(self.reach.on):
            return Gone.LEFT
        if owner.id in self.reach.barred:
            return Gone.AS_IRO
        held = any(self._held(owner, role, day) for day in (self.since, asked_on))
        if held and not self._held(owner, role, self.reach.on):
            return Gone.NO_LONGER
        if self.reach.of(owner).person is not None:
            return None
        away = people.absence_on(self.reach.session, id_of(owner), self.reach.on) is not None
        return Gone.AWAY if away else Gone.OFF

    def _held(self, owner: Person, role: str, on: date) -> bool:
        return role in people.roles_on(self.reach.session, id_of(owner), on)

    def covers(self, owner: Person, person_id: int) -> bool:
        """Whether it is this person who covers the owner of the place today."""
        reached = self.reach.of(owner).person
        return reached is not None and reached.id == person_id != owner.id

    def stands_in(self, part: Addressee) -> bool:
        """Whether somebody who was asked in another's place still is: it ends when the owner is back or covered."""
        owner = self._person(part.standing_for_id or part.person_id)
        gone = self.gone(owner, part.role, local(part.added_at).date())
        return gone is not None or self.covers(owner, part.person_id)

    def in_stead_of(self, owner: Person, role: str) -> Found | None:
        """Whom the procedures ask today where the owner is gone: who holds the role now, else the next senior."""
        found = [one for one in self._asked_for(role) if one.person.id != owner.id]
        for one in sorted(found, key=lambda each: each.standing_for_id != owner.id):
            return one
        above = next_senior(
            self.reach.session,
            self.reach.rules,
            person_id=id_of(owner),
            child=self.child,
            iro_id=self.iro_id,
            on=self.reach.on,
            aside=self.reach.aside,
            worked=self.reach.worked,
        )
        return self._standing_in(above, owner, role) if above is not None else None

    def _standing_in(self, above: Found, owner: Person, role: str) -> Found:
        """Who is above the owner holds no such role: they have the place for the owner alone."""
        no_longer = f"{owner.name} is no longer {role_in_words(self.reach.rules, role)}"
        why = joined([self.reach.of(owner).why or no_longer, above.why])
        return replace(above, role=role, standing_for_id=id_of(owner), why=why)

    def _asked_for(self, role: str) -> list[Found]:
        return find_addressees(
            self.reach.session,
            self.reach.rules,
            roles=[role],
            child=self.child,
            iro_id=self.iro_id,
            on=self.reach.on,
            aside=self.reach.aside,
            worked=self.reach.worked,
        )

    def fills(self, part: Addressee) -> tuple[Found | None, Gone | None]:
        """Who is to have this part today, and why its owner does not; the part's own person where all stays.

        Nobody, with the reason, where nobody can be asked.
        """
        holder = self._person(part.person_id)
        owner = self._person(part.standing_for_id) if part.standing_for_id is not None else holder
        asked_on = local(part.added_at).date()
        why = self.gone(owner, part.role, asked_on)
        if why is None:
            stays = owner is holder or self.covers(owner, id_of(holder))
            return _as_is(part, holder) if stays else Found(person=owner, role=part.role), None
        if owner is not holder and self.reach.of(holder).person is holder:
            return _as_is(part, holder), why
        found = self.in_stead_of(owner, part.role)
        return (_for(owner, found) if found is not None else None), why

    def _person(self, person_id: int) -> Person:
        found = people.get(self.reach.session, person_id)
        assert found is not None
        return found


def _as_is(part: Addressee, holder: Person) -> Found:
    return Found(person=holder, role=part.role, standing_for_id=part.standing_for_id, why=part.standing_why)


def _for(owner: Person, found: Found) -> Found:
    """Who holds the role themself now has a place of their own; everybody else stands in for the owner."""
    if found.standing_for_id is None and not found.why:
        return found
    return Found(person=found.person, role=found.role, standing_for_id=id_of(owner), why=found.why)
