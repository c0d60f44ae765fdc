"""Who would be asked at each stage today, in words, with who stands in and why (`/iro people C-12`)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from sqlmodel import Session

from handlers.people.addressees import Found, find_addressees, role_in_words
from scheduling.procedures import Procedures, Stage
from scheduling.procedures.terms import IRO, IRO_MANAGER
from storage.children import Child


def people_at_stages(
    session: Session,
    rules: Procedures,
    child: Child | None,
    iro_id: int,
    on: date,
    stages: Iterable[Stage],
    aside: Callable[[Stage], Collection[int]] = lambda _: (),
) -> list[str]:
    """A line for each stage: "Stage 2: Sue Service (service manager)". `aside` gives who stands in for nobody at it."""
    lines = []
    for stage in stages:
        roles, apart = stage.addressees, aside(stage)
        found = find_addressees(session, rules, roles=roles, child=child, iro_id=iro_id, on=on, aside=apart)
        lines.append(_stage_line(rules, stage, found))
    return lines


def _stage_line(rules: Procedures, stage: Stage, found: Sequence[Found]) -> str:
    if not found:
        roles = " or ".join(role_in_words(rules, role) for role in stage.addressees)
        return f"{stage.title}: nobody. There is no {roles} to ask; the {IRO} and the {IRO_MANAGER} would be told."
    join = " and " if stage.answer == "each" else " or "
    return f"{stage.title}: {join.join(_person_words(rules, one) for one in found)}"


def _person_words(rules: Procedures, found: Found) -> str:
    words = role_in_words(rules, found.role)
    return f"{found.person.name} ({words}; {found.why})" if found.why else f"{found.person.name} ({words})"
