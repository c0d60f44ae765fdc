"""A manager's team: what is late or due in it now, what is open in their line, and who is away."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlmodel import col, select

from handlers.cards import Line
from handlers.day.part import Part
from handlers.day_entry import Entry, Kind, in_order
from handlers.day_words import by, opened, ref, said, until
from handlers.office import Scene
from handlers.people.line import everyone_below, id_of
from handlers.reviews.day_line import open_review_button, whose
from handlers.standing import iro_of, is_manager_in
from handlers.starts import is_told, was_before
from handlers.timetable.tasks import label_of
from handlers.wording import name_of, run_words
from scheduling.deadline_wording import say_day, say_first, say_list
from scheduling.duration import Unit, say_count
from scheduling.working_days import local
from storage import concern_lists, concern_pages, people, stage_runs
from storage.children import Child
from storage.concern_lists import Standing
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.people import Person
from storage.review_tasks import ReviewTask
from storage.reviews import Review

NEAR = 2
"""Working days ahead that a manager sees of their team."""


def team_of(scene: Scene, managers: Collection[int]) -> list[Person]:
    """Everyone in service below these managers, by name."""
    below = everyone_below(scene.session, managers) - set(managers)
    found = (people.get(scene.session, one) for one in below)
    return sorted((one for one in found if one is not None and not one.has_left(scene.today)), key=_by_name)


def reports_to(scene: Scene, managers: Collection[int]) -> bool:
    """Whether somebody in service has one of these as their line manager."""
    return any(one.manager_id in managers for one in team_of(scene, managers))


def below(scene: Scene, managers: Collection[int]) -> set[int]:
    """Everyone below these managers, leavers included: a child may still be with one."""
    return everyone_below(scene.session, managers)


def _by_name(person: Person) -> tuple[str, int]:
    return person.name, id_of(person)


def late_or_due(scene: Scene, managers: Collection[int], own: Collection[Entry]) -> tuple[Part, int]:
    """A line for each thing late or due by the next days, by whose it is; and how many of them are late.

    What stands among the manager's own is not said twice.
    """
    team = {id_of(one): one for one in team_of(scene, managers)}
    last = scene.calendar.add(scene.today, NEAR)
    entries = [*_replies(scene, team, last), *_tasks(scene, team, last, is_told)] if team else []
    said = {one.about for one in own}
    entries = [(who, one) for who, one in entries if one.about not in said]
    late = [one for _, one in entries if one.is_late(scene.now)]
    lines = [one.line for one in in_order(one for _, one in entries)]
    busy = {person_id for person_id, _ in entries} | {one for one, _ in _tasks(scene, team, scene.today, was_before)}
    idle = [_first_name(team, one) for one in team.values() if id_of(one) not in busy and _owes(scene, one)]
    if lines and idle:
        lines.append(Line(text=f"{say_first(idle)}: nothing late."))
    heading = f"Your team, late or due by {say_day(last, scene.today)}"
    return Part(key="team", heading=heading, lines=lines, counted=False), len(late)


def _owes(scene: Scene, person: Person) -> bool:
    """Whether something of theirs could stand here: they are asked to reply, or have children."""
    roles = people.roles_on(scene.session, id_of(person), scene.today)
    return "social_worker" in roles or is_manager_in(scene.rules, roles)


def _first_name(team: dict[int, Person], person: Person) -> str:
    """The first name; the whole one where two are alike."""
    first = person.name.split()[0]
    return first if sum(one.name.split()[0] == first for one in team.values()) == 1 else person.name


def _replies(scene: Scene, team: Collection[int], last: date) -> Iterator[tuple[int, Entry]]:
    asked = stage_runs.open_for(scene.session, list(team))
    concern_pages.know(scene.session, (run.concern_id for run, _ in asked))
    for run, part in asked:
        concern = scene.session.get(Concern, run.concern_id)
        if concern is None or concern.run_id != run.id or run.due_at is None or local(run.due_at).date() > last:
            continue
        if concern.state not in (ConcernState.WAITING, ConcernState.ASKED):
            continue
        on, name = local(run.due_at).date(), name_of(scene, part.person_id)
        when = until(scene, run.due_at) if run.due_at > scene.now else due_late(scene, on)
        line = Line(text=f"{name}: reply to {concern.reference} {when}.", buttons=(opened(concern),))
        yield part.person_id, Entry(line=line, on=on, kind=Kind.CONCERN, owed_by=run.due_at, about=f"run {run.id}")


def due_late(scene: Scene, day: date) -> str:
    """ "late since Fri 27 Nov", also where that is today."""
    return f"late since {said(scene, day)}"


def late_before_start(scene: Scene, managers: Collection[int]) -> list[Entry]:
    """What was late in the team before it started: for the one list, and never a reminder."""
    team = [id_of(one) for one in team_of(scene, managers)]
    return [entry for _, entry in _tasks(scene, team, scene.today, was_before)] if team else []


Which = Callable[[Scene, Child, date], bool]
"""Whether a task about a child that is due on a day belongs to the list."""


def _tasks(scene: Scene, team: Collection[int], last: date, which: Which) -> Iterator[tuple[int, Entry]]:
    query = (
        select(ReviewTask, Review, Child)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .where(
            col(ReviewTask.owner_role) == "social_worker",
            col(ReviewTask.done_on).is_(None),
            col(ReviewTask.not_needed).is_(False),
            col(ReviewTask.due_on) <= last,
            col(Child.holder_id).in_(team),
            col(Child.left_care_on).is_(None),
        )
        .order_by(col(ReviewTask.due_on), col(ReviewTask.id))
    )
    for task, review, child in scene.session.exec(query):
        if task.due_on is None or child.holder_id is None or not which(scene, child, task.due_on):
            continue
        label = label_of(scene, task.task)
        text = f"{name_of(scene, child.holder_id)}: {label[:1].lower()}{label[1:]} for {whose(scene, child)}"
        line = Line(text=f"{text} {by(scene, task.due_on)}.", buttons=(open_review_button(child, review.id),))
        yield (
            child.holder_id,
            Entry(line=line, on=task.due_on, kind=Kind.REVIEW, owed_by=task.due_on, about=f"task {task.id}"),
        )


def open_in_line(scene: Scene, managers: Collection[int]) -> Part:
    """How many concerns are open about children of the line, and the one that has waited longest."""
    holders = {*managers, *everyone_below(scene.session, managers)}
    found = concern_lists.standing_at(scene.session, OPEN_STATES, held_by=holders)
    if not found:
        return Part(key="line", heading="Open in your line", lines=())
    longest = min(found, key=lambda one: (one[0].first_raised or scene.now, one[0].number))
    awaited = awaited_in(scene, [longest])
    line = Line(text=f"{len(found)}; longest {standing_of(scene, longest, awaited)}.", buttons=(opened(longest[0]),))
    return Part(key="line", heading="Open in your line", lines=(line,), counted=False)


def awaited_in(scene: Scene, several: Collection[Standing]) -> Mapping[int, Sequence[int]]:
    """From whom a reply is still to come, by the stage run at which each of these concerns stands."""
    return stage_runs.awaited_at(scene.session, [run.id for *_, run in several if run.id is not None])


def standing_of(scene: Scene, one: Standing, awaited: Mapping[int, Sequence[int]]) -> str:
    """ "C-22 (AB-1144), first raised Wed 4 Nov (18 working days), stage 2, with Sunil Rao"."""
    concern, child, run = one
    raised = local(concern.first_raised or scene.now).date()
    days = say_count(scene.calendar.count(raised, scene.today), Unit.WORKING_DAYS)
    replied = concern.state is ConcernState.REPLIED  # whoever else was asked: it waits for the IRO
    asked = [iro_of(concern, child)] if replied else awaited.get(run.id or 0, ())
    names = say_list([name_of(scene, who) for who in asked])
    words = f"{ref(scene, concern, child)}, first raised {say_day(raised, scene.today)} ({days}), {run_words(run)}"
    return f"{words}, with {names}" if names else words


def away(scene: Scene, managers: Collection[int]) -> Part:
    """Who of the team is away today, until when, and who covers."""
    lines = []
    for person in team_of(scene, managers):
        absence = people.absence_on(scene.session, id_of(person), scene.today)
        if absence is None:
            continue
        until_day = f" to {say_day(absence.to_on, scene.today)}" if absence.to_on is not None else ""
        covers = f"{name_of(scene, absence.cover_id)} covers" if absence.cover_id is not None else "nobody covers"
        lines.append(Line(text=f"{person.name}{until_day}, {covers}."))
    return Part(key="away", heading="Away", lines=lines)
