"""A random walk of people of every role, by the real deeds, through a service with concerns at every stand."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlers.cards import Answer, Notice
from handlers.dispatch import answer
from handlers.imports import ImportRefused, import_absences, import_children, import_staff
from handlers.office import Desk, Office, rules_in_force
from handlers.requests import Request, Value
from scheduling.working_days import at_local
from storage.children import Child
from storage.database import transaction
from storage.people import Absence, Person, PersonRole
from tests.bench import Bench, button, utc
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import CLOSED, act, close, form, logged, move

NOW = utc("2026-12-07")
CANARY = "Kestrel"
LEFT_CARE, KNOWN_OF_OLD, THIRD_CHILD = "AB-3003", "AB-4004", "AB-5005"
# login, name, roles, manager, team: those who hold two roles are the ones that could open a door for themselves
MORE_STAFF = (
    ("noa.finch", "Noa Finch", ("iro", "admin"), IRO_MANAGER, "IRO service"),
    ("max.reed", "Max Reed", ("iro", "iro_manager"), IRO_MANAGER, "IRO service"),
    ("pat.gale", "Pat Gale", ("team_manager", "support"), SERVICE_MANAGER, "East team"),
    ("kit.long", "Kit Long", ("social_worker", "support"), TEAM_MANAGER, "North team"),
    ("lea.hart", "Lea Hart", ("iro", "team_manager"), SERVICE_MANAGER, "West team"),
)
COVERED = {"lea.hart": IRO_MANAGER, OTHER_MANAGER: "pat.gale"}
"""Who is away by their own word from the start, and whom they named."""


@dataclass
class Walk:
    """One walk: the world as it is, the same as it was before the last act, and what was done so far."""

    engine: Engine
    before: Engine
    rng: random.Random
    logins: list[str]
    ids: dict[str, int]
    now: datetime = NOW
    done: list[str] = field(default_factory=list)
    keys: int = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def someone(self) -> str:
        return self.rng.choice(self.logins)

    def one_of(self, *logins: str) -> str:
        """One of these people; now and then anybody."""
        return self.someone() if self.rng.random() < 0.3 else self.rng.choice(logins)

    def close_to(self, who: str) -> str:
        """They themselves, or now and then somebody whose absence names them as cover."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            named = select(Absence.person_id).where(Absence.cover_id == self.ids[who]).order_by(col(Absence.id))
            covered = [login for login in self.logins if self.ids[login] in {*session.exec(named)}]
        return self.rng.choice((who, who, *covered))

    def ask(self, who: str, deed: str, values: Mapping[str, Value], *, subject: str = "", words: str = "") -> Answer:
        """One request through the front door."""
        self.keys += 1
        self.done.append(f"{who}: {deed} {subject} {words} {values}")
        asked = Request(
            authority=AUTHORITY,
            person_id=self.ids[who],
            platform="bench",
            key=f"walk-{self.keys}",
            deed=deed,
            command=subject if deed == "command" else "",
            words=words,
            subject="" if deed == "command" else subject,
            values=values,
        )
        return answer(Office(engine=self.engine, clock=lambda: self.now), asked)


def desk_of(session: Session, now: datetime, person_id: int) -> Desk:
    actor = session.get(Person, person_id)
    assert actor is not None
    return Desk(session=session, now=now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY), actor=actor)


# what people do


Done = tuple[str, Answer]
"""Who acted, and what they were answered."""


def _set_away(walk: Walk) -> Done:
    who = walk.one_of("adam.poole", "bea.shaw", IRO_MANAGER, SERVICE_MANAGER, TEAM_MANAGER, "noa.finch", "kit.long")
    first = walk.today + timedelta(days=walk.rng.choice((0, 0, 3)))
    last = walk.rng.choice(("", (first + timedelta(days=9)).isoformat()))
    person = walk.ids[walk.one_of(IRO, IRO_MANAGER, TEAM_MANAGER)]
    cover = walk.rng.choice((who, who, walk.someone(), ""))
    named = str(walk.ids[cover]) if cover else ""
    values = {"person": str(person), "from": first.isoformat(), "to": last, "cover": named}
    return who, walk.ask(who, "iro.away.set", values)


def _say_away(walk: Walk) -> Done:
    who = walk.one_of(IRO, OTHER_IRO, IRO_MANAGER, TEAM_MANAGER, OTHER_MANAGER)
    cover = walk.one_of(OTHER_IRO, IRO_MANAGER, "max.reed", "noa.finch", OTHER_MANAGER, "pat.gale", SERVICE_MANAGER)
    return who, walk.ask(who, "command", {}, subject="iro", words=f"away today to 18 Dec cover @{cover}")


def _back(walk: Walk) -> Done:
    who = walk.one_of("bea.shaw", IRO, TEAM_MANAGER)
    whose = walk.rng.choice(("back", f"back @{walk.someone()}"))
    return who, walk.ask(who, "command", {}, subject="iro", words=whose)


def _cancel(walk: Walk) -> Done:
    who = walk.one_of("bea.shaw", IRO_MANAGER)
    with transaction(walk.engine, AUTHORITY, writes=False) as session:
        found = session.exec(select(Absence.id)).all()
    return who, walk.ask(who, "iro.away.cancel", {}, subject=str(walk.rng.choice(found) if found else 1))


def _allocate(walk: Walk) -> Done:
    who = walk.one_of("bea.shaw", IRO_MANAGER, "noa.finch", "max.reed", "pat.gale", "kit.long", TEAM_MANAGER)
    chosen: dict[str, Value] = {"iro_reason": "Because."}
    if walk.rng.random() < 0.6:
        iros = (IRO, OTHER_IRO, "noa.finch", "max.reed", "lea.hart")
        chosen["iro"] = str(walk.ids[walk.rng.choice((walk.close_to(who), walk.close_to(who), *iros))])
    if walk.rng.random() < 0.6:
        holders = (walk.close_to(who), walk.close_to(who), walk.someone(), SOCIAL_WORKER)
        chosen["holder"] = str(walk.ids[walk.rng.choice(holders)])
    return who, walk.ask(who, "iro.allocate.send", chosen, subject=_child(walk))


def _child(walk: Walk) -> str:
    return walk.rng.choice((CHILD, CHILD, OTHER_CHILD, LEFT_CARE, KNOWN_OF_OLD, THIRD_CHILD))


def _add_child(walk: Walk) -> Done:
    who = walk.one_of(OTHER_IRO, "noa.finch", "lea.hart", "bea.shaw", "kit.long", "pat.gale")
    values = {
        "reference": walk.rng.choice((LEFT_CARE, LEFT_CARE, KNOWN_OF_OLD, "AB-6006")),
        "looked_after_from": "2026-12-05",
        "track": "looked_after",
        "iro": str(walk.ids[walk.rng.choice((walk.close_to(who), walk.close_to(who), IRO, OTHER_IRO))]),
        "holder": str(walk.ids[walk.rng.choice((SOCIAL_WORKER, who, walk.someone()))]),
        "iro_reason": "Because.",
    }
    return who, walk.ask(who, "iro.child.add", values)


def _draft(walk: Walk) -> Done:
    who = walk.one_of(IRO, OTHER_IRO, IRO_MANAGER, "max.reed")
    return who, walk.ask(who, "concern.save_draft", {"child": _some_child(walk), "worries": f"{CANARY} again."})


def _some_child(walk: Walk) -> str:
    with transaction(walk.engine, AUTHORITY, writes=False) as session:
        return str(walk.rng.choice(session.exec(select(Child.id).order_by(col(Child.id))).all()))


def _on_a_concern(deed: str, make: Callable[[Walk], Mapping[str, Value]] = lambda _: {}) -> Callable[[Walk], Done]:
    """A deed about some concern, by one of those who may have a part in it."""

    def act_on(walk: Walk) -> Done:
        who = walk.one_of(IRO, IRO, OTHER_IRO, IRO_MANAGER, "max.reed", TEAM_MANAGER, SERVICE_MANAGER)
        values = {"manager_reason": "Nobody else is here.", **make(walk)}
        return who, walk.ask(who, deed, values, subject=f"C-{walk.rng.randint(1, 5)}")

    return act_on


ACTS: dict[Callable[[Walk], Done], int] = {
    _set_away: 10,
    _say_away: 4,
    _back: 2,
    _cancel: 1,
    _allocate: 6,
    _add_child: 5,
    _draft: 1,
    _on_a_concern("concern.correct.send", lambda walk: {"child": _some_child(walk)}): 1,
    _on_a_concern("concern.pass.send", lambda walk: {"person": str(walk.ids[walk.someone()])}): 2,
    _on_a_concern("concern.needs_manager.send", lambda _: {"why": "It needs money."}): 2,
    _on_a_concern("concern.reply.send", lambda _: {"answer": "agreed and done", "words": "Words."}): 1,
    _on_a_concern("concern.move.send", lambda walk: {"stage": str(walk.rng.randint(0, 3)), "reason": "Because."}): 2,
    _on_a_concern("concern.close.send", lambda _: CLOSED): 1,
    _on_a_concern("concern.reopen.send", lambda _: {"stage": "1", "reason": "Because."}): 1,
    _on_a_concern("concern.legal.send", lambda _: {"happened_on": "2026-12-07", "words": "Osprey"}): 1,
    _on_a_concern("concern.share"): 1,
    _on_a_concern("concern.discard"): 1,
}


# what nobody does by name: files and time


def _import_absences(walk: Walk) -> None:
    lines = [f"{walk.someone()}@anyshire.example,2026-12-07,2026-12-31,{walk.someone()}@anyshire.example"]
    _take_in(walk, import_absences, "\n".join(["email,from,to,cover_email", *lines]))


def _import_children(walk: Walk) -> None:
    iro = walk.rng.choice((IRO, OTHER_IRO, "noa.finch", "lea.hart"))
    line = f"{_child(walk)},2026-10-01,{iro}@anyshire.example,{walk.someone()}@anyshire.example"
    _take_in(walk, import_children, f"reference,looked_after_from,iro_email,holder_email\n{line}\n")


def _import_staff(walk: Walk) -> None:
    """One person has another post; or, now and then, has left."""
    other, leaves = walk.someone(), walk.rng.random() < 0.2
    lines = []
    for login, name, roles, manager, team in (*STAFF, *MORE_STAFF):
        if (login == other) is leaves:
            continue
        held = (walk.rng.choice(("iro", "social_worker", "team_manager", "support")),) if login == other else roles
        above = f"{manager}@anyshire.example" if manager and not (leaves and manager == other) else ""
        lines.append(f"{login}@anyshire.example,{name},{';'.join(held)},{above},{team}")
    text = "\n".join(["email,name,roles,manager_email,team", *lines])
    _take_in(walk, partial(import_staff, leavers=leaves), text)


def _take_in(walk: Walk, import_: Callable[..., object], text: str) -> None:
    walk.done.append(f"file: {text}")
    with suppress(ImportRefused), transaction(walk.engine, AUTHORITY) as session:
        import_(session, rules_in_force(session, AUTHORITY), text, walk.today, walk.now)


def _days_go_by(walk: Walk) -> None:
    walk.now += timedelta(days=walk.rng.choice((1, 3)))
    walk.done.append(f"it is {walk.today}")


NOBODYS = (_import_absences, _import_children, _import_staff, _days_go_by)


# the world


def settled(engine: Engine) -> Bench:
    """The cast and more, children in and out of care, and concerns at every stand: drafts, notes, open, closed."""
    bench = Bench(engine, utc("2026-11-30"))
    _hire(bench)
    for reference in (LEFT_CARE, THIRD_CHILD):
        _bring_in(bench, reference)
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    bench.press(IRO, button(opened, "Save draft"), {"child": str(bench.cast.children[CHILD]), "worries": CANARY})
    logged(bench, 0, about=OTHER_CHILD, worries=CANARY)
    closed = logged(bench, 1, about=LEFT_CARE, worries=CANARY)
    close(bench, closed)
    moved = logged(bench, 1, worries=CANARY)
    move(bench, moved, 2)
    act(bench, IRO, f"/concern {moved} legal", words="Osprey")
    with transaction(engine, AUTHORITY) as session:
        child = session.exec(select(Child).where(Child.reference == LEFT_CARE)).one()
        child.left_care_on = date(2026, 12, 4)
        session.add_all((child, Child(reference=KNOWN_OF_OLD, historical=True)))
    bench.now = at_local(NOW.date(), NOW.time())
    for login, cover in COVERED.items():
        away(engine, bench.cast, login, NOW.date(), None, cover)
    return bench


def _hire(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for login, name, roles, manager, team in MORE_STAFF:
            person = Person(email=f"{login}@anyshire.example", name=name, team=team)
            person.manager_id = bench.cast.people[manager]
            session.add(person)
            session.flush()
            assert person.id is not None
            bench.cast.people[login], bench.logins[person.id] = person.id, login
            session.add_all(PersonRole(person_id=person.id, role=role, from_on=BEGINNING) for role in roles)


def _bring_in(bench: Bench, reference: str) -> None:
    given = {
        "reference": reference,
        "looked_after_from": "2026-06-01",
        "track": "looked_after",
        "iro": str(bench.cast.people[IRO]),
        "holder": str(bench.cast.people[SOCIAL_WORKER if reference == LEFT_CARE else OUTSIDER]),
    }
    added = bench.submit(IRO_MANAGER, form(bench.command(IRO_MANAGER, f"/iro child {reference}")), given)
    assert isinstance(added, Notice), added
