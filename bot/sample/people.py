"""Who works at Anyshire. Nobody is real: the names are common ones, put together by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.sample.csv_text import as_csv
from scheduling.procedures import Procedures

DIRECTOR = "Dora King"
ASSISTANT_DIRECTOR = "Ada Frost"
SERVICE_MANAGER = "Sunil Rao"
TEAM_MANAGER = "Tess Hill"
OTHER_MANAGER = "Mary Cole"
SOCIAL_WORKER = "Sam Okoro"
OTHER_WORKER = "Joy Marsh"
AWAY_WORKER = "Leon Grant"
COVERING_WORKER = "Amy Dunn"
IRO = "Ann Lee"
OTHER_IRO = "Ben Okafor"
HALF_TIME_IRO = "Cat Rowe"
IRO_MANAGER = "Ida Moss"
SUPPORT = "Bea Shaw"
ADMIN = "Adam Poole"
OUTSIDER = "Otto Gray"

NORTH, SOUTH, IROS = "North team", "South team", "IRO service"
WORKERS: Mapping[str, tuple[str, ...]] = {
    NORTH: (SOCIAL_WORKER, OTHER_WORKER, COVERING_WORKER, "Dan Birch", AWAY_WORKER, "Priya Nair"),
    SOUTH: ("Will Dean", "Fay Holt", "Omar Reed", "Lucy Vane"),
}
"""The social workers of each team: six under one team manager, four under the other."""
CHILDREN_OF: Mapping[str, int] = {IRO: 62, OTHER_IRO: 58, HALF_TIME_IRO: 30}
"""How many children in care each IRO has: 150 in all."""
_MORE_MANAGERS = ("Neil Ward", "Gina Frey", "Hugh Lane", "Vera Stone", "Rita Wells", "Karl Boyd")
"""For authorities with more levels than four, and for roles of their own."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member of staff as the staff file has them."""

    name: str
    role: str
    manager: str = ""
    team: str = ""
    fte: str = "1"


def email_of(name: str) -> str:
    """The made-up address of a member of staff."""
    return f"{name.lower().replace(' ', '.')}@anyshire.example"


def line_of(rules: Procedures) -> Mapping[str, str]:
    """Who stands at which level of the line, most junior first; more or fewer than four where the rules say so."""
    levels, spare = rules.line_roles, iter(_MORE_MANAGERS)
    top = len(levels) - 1
    line: dict[str, str] = {}
    for place, role in enumerate(levels):
        if place == 0:
            line[role] = TEAM_MANAGER
        elif place == top:
            line[role] = DIRECTOR
        elif place == 1:
            line[role] = SERVICE_MANAGER
        elif place == top - 1:
            line[role] = ASSISTANT_DIRECTOR
        else:
            line[role] = next(spare)
    return line


def staff(rules: Procedures) -> Iterator[Member]:
    """Everybody, under the rules' own roles."""
    line = line_of(rules)
    levels = list(line)
    above = {line[role]: line[senior] for role, senior in pairwise(levels)}
    for role in reversed(levels):
        team = {TEAM_MANAGER: NORTH, SERVICE_MANAGER: "Children in care"}.get(line[role], "")
        yield Member(name=line[role], role=role, manager=above.get(line[role], ""), team=team)
    yield Member(name=OTHER_MANAGER, role=levels[0], manager=above.get(TEAM_MANAGER, ""), team=SOUTH)
    for team, manager in ((NORTH, TEAM_MANAGER), (SOUTH, OTHER_MANAGER)):
        for worker in WORKERS[team]:
            yield Member(name=worker, role="social_worker", manager=manager, team=team)
    top = line[levels[-1]]
    yield Member(name=IRO_MANAGER, role="iro_manager", manager=top if top == DIRECTOR else "", team=IROS)
    for iro in CHILDREN_OF:
        fte = "0.5" if iro == HALF_TIME_IRO else "1"
        yield Member(name=iro, role="iro", manager=IRO_MANAGER, team=IROS, fte=fte)
    yield Member(name=SUPPORT, role="support", manager=IRO_MANAGER, team=IROS)
    yield Member(name=ADMIN, role="admin")
    yield Member(name=OUTSIDER, role="social_worker", team="Fostering")
    for role, name in zip(rules.other_roles, reversed(_MORE_MANAGERS), strict=False):
        yield Member(name=name, role=role)


def staff_file(rules: Procedures, *, without: str = "") -> str:
    """The staff as a file to import; `without` somebody who has left, whose people go to the manager above."""
    everybody = list(staff(rules))
    above = next((one.manager for one in everybody if one.name == without), "")
    return as_csv(
        {
            "email": email_of(one.name),
            "name": one.name,
            "roles": one.role,
            "manager_email": _address(above if one.manager == without else one.manager),
            "team": one.team,
            "fte": one.fte,
        }
        for one in everybody
        if one.name != without
    )


def _address(name: str) -> str:
    return email_of(name) if name else ""


def manager_of(rules: Procedures, name: str) -> str:
    """The line manager of a member of staff; nobody's name is empty."""
    return next((one.manager for one in staff(rules) if one.name == name), "")
