"""Whether somebody, or a child's team, has started: before their day nothing is sent but what people ask for.

Who belongs to no team that has a day starts with everybody. Where only teams have one, another team of social workers
waits for a day of its own, and who is of none of these (IROs, their managers, business support) starts with the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.day_windows import DayOf, outside
from handlers.folding import plain_name
from handlers.office import Scene
from handlers.people.line import id_of
from handlers.refusals import Refused
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import at_local
from storage import history, people, starts
from storage.children import Child
from storage.people import Person
from storage.remembered import once

DAY = timedelta(days=1)
NO_DAY_YET = date.max
"""When a team starts that waits for a day of its own: after every day there is."""


@dataclass(frozen=True, kw_only=True)
class Starts:
    """The days there are: of teams by their folded name, and of everybody else. Without any, all have started.

    `named` are those of teams once more, as the staff file writes their names; `waiting` the teams that have none and
    wait for one, as it writes them, by their folded names.
    """

    of_teams: Mapping[str, date]
    of_the_rest: date | None
    named: tuple[tuple[str, date], ...] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether a day was ever set."""
        return bool(self.of_teams) or self.of_the_rest is not None

    def of(self, person: Person | None) -> date | None:
        """The day on which a person starts; none where all have started."""
        return self.of_team(person.team if person is not None else "")

    def of_team(self, name: str) -> date | None:
        """The day on which those of a team start."""
        team = plain_name(name)
        return NO_DAY_YET if team in self.waiting else self.of_teams.get(team, self.of_the_rest)


def starts_of(scene: Scene) -> Starts:
    """The days of this authority, asked for once in a transaction."""
    return once(scene.session, ("starts",), lambda: _read(scene))


def _read(scene: Scene) -> Starts:
    found = starts.every(scene.session)
    teams = {plain_name(one.team): one.on for one in found if one.team != starts.EVERYBODY}
    named = tuple((one.team, one.on) for one in found if one.team != starts.EVERYBODY)
    rest = next((one.on for one in found if one.team == starts.EVERYBODY), None)
    if rest is not None or not teams:
        return Starts(of_teams=teams, of_the_rest=rest, named=named)
    waiting = {plain_name(one): one for one in _teams_of_workers(scene) if plain_name(one) not in teams}
    return Starts(of_teams=teams, of_the_rest=min(teams.values()), named=named, waiting=waiting)


def _teams_of_workers(scene: Scene) -> list[str]:
    """The teams in which social workers serve, as the staff file writes them."""
    workers = people.holders_of(scene.session, "social_worker", scene.today)
    return sorted({one.team for one in workers if one.team})


def has_started(scene: Scene, person_id: int) -> bool:
    """Whether the person is sent what nobody asked for."""
    on = starts_of(scene).of(people.get(scene.session, person_id))
    return on is None or on <= scene.today


def starting_next(scene: Scene) -> list[int]:
    """Everybody in service whose last working day before their start is today."""
    found = starts_of(scene)
    if not any(scene.today < on for on in (*found.of_teams.values(), found.of_the_rest) if on is not None):
        return []
    staff = people.in_service(scene.session, scene.today)
    return [id_of(one) for one in staff if _is_eve(scene, found.of(one))]


def _is_eve(scene: Scene, on: date | None) -> bool:
    return on is not None and scene.today < on and scene.calendar.next_working(scene.today + DAY) >= on


def of_child(scene: Scene, child: Child) -> date | None:
    """The day on which the team of the child's holder starts."""
    holder = people.get(scene.session, child.holder_id) if child.holder_id is not None else None
    return starts_of(scene).of(holder)


def is_quiet(scene: Scene, child: Child) -> bool:
    """Whether nobody is reminded about the child yet."""
    on = of_child(scene, child)
    return on is not None and on > scene.today


def was_before(scene: Scene, child: Child, day: date) -> bool:
    """Whether something about the child was due before the team started: it is listed once, and never a reminder."""
    on = of_child(scene, child)
    return on is not None and day < on


def is_told(scene: Scene, child: Child, on: date | None) -> bool:
    """Whether a line about the child is a reminder: not before the start, and not of what was late before it."""
    return not is_quiet(scene, child) and (on is None or not was_before(scene, child, on))


def start(scene: Scene, team: str, on: date) -> str:
    """Let a team, or everybody else, start on that day; says what follows. Refused for a day or a team that is none."""
    if on < scene.today:
        raise Refused(f"{say_day(on)} has passed: give today or a day to come.")
    if outside(DayOf.LOOKED_AHEAD, on, scene.today):
        raise Refused(f"{say_day(on)} is more than two years ahead: give an earlier day.")
    named = _team_called(scene, team) if team else starts.EVERYBODY
    before = starts.set_for(scene.session, named, on)
    details = {"team": named, "on": on.isoformat(), "before": before.isoformat() if before is not None else None}
    history.record(scene.session, chain="authority", at=scene.now, actor_id=None, what="start set", details=details)
    scene.session.flush()
    found = _read(scene)
    theirs = [one for one in people.in_service(scene.session, scene.today) if found.of(one) == on]
    who = f"{named} starts" if named else "Everybody starts" if not found.of_teams else "Everybody else starts"
    moved = _moved(scene, before) if before is not None and before != on else ""
    number = f"{len(theirs)} {'person starts' if len(theirs) == 1 else 'people start'} then"
    return f"{who} on {say_day(on)}.{moved} {number}. {_until_then(scene, on, theirs)}{_who_waits(found)}"


def _who_waits(found: Starts) -> str:
    said = without_day(list(found.waiting.values()))
    return f" {said}" if said else ""


def without_day(names: Sequence[str]) -> str:
    """ "South team has no day yet: nothing is sent to it until you give it one."."""
    if not names:
        return ""
    has, it = ("has", "it") if len(names) == 1 else ("have", "them")
    return f"{say_list(names)} {has} no day yet: nothing is sent to {it} until you give {it} one."


def teams_waiting(scene: Scene) -> list[str]:
    """The teams that wait for a day of their own, as they are now: a staff file may just have named them anew."""
    scene.session.flush()
    return list(_read(scene).waiting.values())


def _moved(scene: Scene, before: date) -> str:
    return f" It {'was to be' if before > scene.today else 'had started on'} {say_day(before)}."


def _until_then(scene: Scene, on: date, theirs: Sequence[Person]) -> str:
    """What is sent before the day, and when those who start are told what this is."""
    if on == scene.today:
        return "What is due is sent from now on; each is told what this is with the first thing they are sent."
    eve = scene.calendar.add(on, -1)
    is_over = scene.now >= at_local(eve, scene.rules.your_day_at)
    when = "with the first thing they are sent" if is_over else f"on {say_day(eve)}"
    new = sum(one.welcomed_on is None for one in theirs)
    told = f"They are told what this is {when}. " if new else ""
    return f"{told}{_told_before(len(theirs) - new)}Until the day nothing is sent but what people ask for."


def _told_before(number: int) -> str:
    """Nobody is told twice: the day that was moved is theirs to say who moved it."""
    if not number:
        return ""
    who = "1 person has" if number == 1 else f"{number} people have"
    return f"{who} been told before and {'is' if number == 1 else 'are'} not told again: say the day to them yourself. "


def _team_called(scene: Scene, team: str) -> str:
    """The team as the staff file writes it."""
    names = sorted({one.team for one in people.in_service(scene.session, scene.today) if one.team})
    found = next((one for one in names if plain_name(one) == plain_name(team)), None)
    if found is None:
        known = f" There are: {say_list(names)}." if names else " No team stands in the staff file."
        raise Refused(f"Nobody is in a team called {team}.{known}")
    return found
