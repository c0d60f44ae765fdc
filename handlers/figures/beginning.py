"""From which day figures count what was in time or late: the day on which a council, or a team, began to use this."""

from dataclasses import replace
from datetime import date, time

from handlers.figures.counting_rules import COUNTING
from handlers.figures.period import Period
from handlers.folding import plain_name
from handlers.office import Scene
from handlers.starts import NO_DAY_YET, starts_of
from scheduling.deadline_wording import say_day, say_list
from scheduling.procedures.shipped import HANDBOOK
from scheduling.working_days import at_local
from storage import caseload
from storage.began import EVER, Began, FirstDay
from storage.remembered import once


def since_the_start(scene: Scene, period: Period) -> Period:
    """The period, with the days from which its rows are counted as in time or late."""
    return replace(period, began=once(scene.session, ("began",), lambda: _began(scene)))


def beginning_said(scene: Scene, period: Period) -> str:
    """ "Counted from Mon 11 Jan 2027, when Anyshire began to use it; North team from ...".

    Nothing where the period begins with the start or after it.
    """
    rest, teams = _later(scene, period)
    waiting = _not_begun(scene, [name for name, on in teams if on == NO_DAY_YET])
    teams = [(name, on) for name, on in teams if on != NO_DAY_YET]
    if rest is not None:
        others = "".join(f"; {name} from {say_day(on)}" for name, on in teams)
        began = "begins" if rest > scene.today else "began"
        service = "the service" if scene.rules.key == HANDBOOK else scene.rules.name
        return f"Counted from {say_day(rest)}, when {service} {began} to use it{others}.{waiting}"
    if not teams:
        return waiting.strip()
    named = say_list([f"{name} from {say_day(on)}" for name, on in teams])
    began = "begins" if all(on > scene.today for _, on in teams) else "began"
    return f"Counted for {named}, when {'it' if len(teams) == 1 else 'each'} {began} to use it.{waiting}"


def _not_begun(scene: Scene, names: list[str]) -> str:
    """ " South team has no day yet: nothing of it is counted as in time or late."."""
    if not names:
        return ""
    has, it = ("has", "it") if len(names) == 1 else ("have", "them")
    return f" {say_list(names)} {has} no day yet: nothing of {it} is counted as in time or late."


def beginning_note(scene: Scene, period: Period, name: str) -> str:
    """What the table of that name does with what lies before the start; nothing where no such thing is in it."""
    rule, (rest, teams) = COUNTING[name].before_start, _later(scene, period)
    days = [say_day(rest)] if rest is not None else []
    days += [f"{team} {say_day(on) if on != NO_DAY_YET else 'has no day yet'}" for team, on in teams]
    return rule.format(start=f"the start ({'; '.join(days)})") if rule and days else ""


def _later(scene: Scene, period: Period) -> tuple[date | None, list[tuple[str, date]]]:
    """The first day of everybody, and those of teams that began otherwise, where the period begins before them."""
    found, team = starts_of(scene), period.whose.team
    if team is not None and (plain_name(team) in found.of_teams or plain_name(team) in found.waiting):
        own = found.of_team(team)
        return None, [(team, own)] if own is not None and own > period.first else []
    rest = found.of_the_rest
    rest = rest if rest is not None and rest > period.first else None
    if team is not None:
        return rest, []
    named = [*found.named, *((name, NO_DAY_YET) for name in found.waiting.values())]
    return rest, [(name, on) for name, on in named if on != rest and (rest is not None or on > period.first)]


def _began(scene: Scene) -> Began:
    found = starts_of(scene)
    if found.of_the_rest is None:
        return EVER
    names = caseload.teams(scene.session) if found.of_teams else []
    own = [name for name in names if plain_name(name) in found.of_teams or plain_name(name) in found.waiting]
    teams = ((name, found.of_team(name)) for name in own)
    return Began(
        rest=_first_day(found.of_the_rest),
        of_teams=tuple((name, _first_day(on)) for name, on in teams if on is not None),
    )


def _first_day(on: date) -> FirstDay:
    return FirstDay(on=on, at=at_local(on, time.min))
