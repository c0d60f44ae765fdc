""" "Your day": one morning message with everything that is a reminder or a task; silent when there is nothing.

It is written when it is sent, from the state as it then is.
"""

from datetime import date
from functools import partial

from handlers.absences.from_staff_file import weekday_lines
from handlers.absences.leaving import leaving_lines
from handlers.absences.lines import absence_lines, marked_away_by_file
from handlers.absences.returning import returned_lines
from handlers.cards import Card, Line
from handlers.concern_buttons import button_about
from handlers.days_off import named_to
from handlers.figures.quarter_offer import summary_lines
from handlers.handed_lines import handed_lines
from handlers.hearing import for_iro, present
from handlers.holding import parts_of
from handlers.lengthened import lengthened_lines
from handlers.limits_near import limit_lines
from handlers.office import Scene
from handlers.owed_besides import lines_besides
from handlers.people.covering import acting_roles, covered_by
from handlers.reviews.day_lines import lines_for
from handlers.standing import drafts_of, iro_of, place_of
from handlers.undrawn import drawn, line_of
from handlers.vacancies import vacancy_lines
from handlers.wording import for_whom, name_of, run_words
from scheduling import ladder
from scheduling.deadline_wording import say_day, say_list, say_time
from scheduling.working_days import local
from storage import children, concern_lists, concerns, day_lists, people, stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, Part, StageRun

MOST_LINES = 30


def day_card(scene: Scene, person_id: int, day: date) -> Card | None:
    """The person's morning message; None when nothing is due, or when the day it was owed for is over."""
    if day != scene.today:
        return None
    people.know_day(scene.session, day)
    if not present(scene, person_id):
        return _card(scene, absence_lines(scene, person_id), "") if person_id in marked_away_by_file(scene) else None
    return _written(scene, person_id)


def day_now(scene: Scene, person_id: int) -> Card | None:
    """The same at any hour, as somebody asks for it; None when there is nothing."""
    people.know_day(scene.session, scene.today)
    return _written(scene, person_id)


def _written(scene: Scene, person_id: int) -> Card | None:
    day = scene.today
    mine = [person_id, *covered_by(scene.session, scene.rules, person_id, day)]
    lines = [*_replies(scene, person_id, mine), *_overdue_below(scene, person_id, mine)]
    lines += lines_besides(scene, person_id, mine)
    lines += [*_decisions(scene, person_id, mine), *_drafts(scene, person_id), *_lasted(scene, person_id)]
    lines += [*returned_lines(scene, person_id), *limit_lines(scene, person_id), *vacancy_lines(scene, person_id)]
    lines += [*leaving_lines(scene, person_id), *absence_lines(scene, person_id), *weekday_lines(scene, person_id)]
    lines += [*handed_lines(scene, person_id, mine), *lengthened_lines(scene, person_id, mine)]
    of_reviews = lines_for(scene, person_id)
    where = "/concern list shows" if not of_reviews else "/concern list and /review show"
    lines += of_reviews
    lines += summary_lines(scene, person_id)
    return _card(scene, lines, where)


def _card(scene: Scene, lines: list[Line], where: str) -> Card | None:
    if not lines:
        return None
    shown = lines[:MOST_LINES]
    if len(lines) > len(shown):
        shown.append(Line(text=f"And {len(lines) - len(shown)} more: {where} them all."))
    return Card(title=f"Your day, {say_day(scene.today, scene.today)}", lines=tuple(shown))


def _replies(scene: Scene, person_id: int, mine: list[int]) -> list[Line]:
    lines = []
    for run, part in stage_runs.open_for(scene.session, mine):
        concern = concerns.get(scene.session, run.concern_id)
        if concern is None or concern.run_id != run.id or run.due_at is None:
            continue
        if concern.state not in (ConcernState.WAITING, ConcernState.ASKED):
            continue
        if _is_theirs(scene, concern, person_id, mine, part):
            lines.append(line_of(scene, concern, partial(_reply_line, scene, person_id, concern, run, part)))
    return [line for line in lines if line is not None]


def _is_theirs(scene: Scene, concern: Concern, person_id: int, mine: list[int], part: Addressee) -> bool:
    """Whether the part is the person's today; where that cannot be told, what they were asked themselves is."""
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    own = [part] if part.person_id == person_id else []
    ask = partial(parts_of, scene, concern, child, iro_of(concern, child), person_id, mine, [part])
    return bool(drawn(scene, concern.reference, ask, lambda: own))


def _reply_line(scene: Scene, person_id: int, concern: Concern, run: StageRun, part: Addressee) -> Line | None:
    assert run.due_at is not None
    rules = scene.frozen_rules(concern.procedures_digest)
    due_on, before = local(run.due_at).date(), rules.ladder.before
    if not any(ladder.named_today(due_on, day, before, scene.calendar) for day in named_to(scene, person_id)):
        return None
    if part.standing_for_id is not None and local(part.added_at).date() == scene.today:
        return None  # they have the message that asks them from today
    due = local(run.due_at)
    if run.due_at <= scene.now:
        text = f"{concern.reference}: your reply is overdue since {say_day(due.date(), scene.today)}"
    elif due.date() == scene.today:
        text = f"{concern.reference}: your reply is due today, by {say_time(due.time())}"
    else:
        text = f"{concern.reference}: reply by {say_time(due.time())}, {say_day(due.date(), scene.today)}"
    buttons = (button_about(concern, "Reply", "concern.reply"), button_about(concern, "Open", "concern.open"))
    return Line(text=f"{text}, {run_words(run)}{for_whom(scene, person_id, part.person_id)}.", buttons=buttons)


def _overdue_below(scene: Scene, person_id: int, mine: list[int]) -> list[Line]:
    lines = []
    for run, part in day_lists.overdue_told_to(scene.session, mine, scene.now):
        concern = concerns.get(scene.session, run.concern_id)
        if concern is None or concern.run_id != run.id or concern.state is not ConcernState.ASKED or run.due_at is None:
            continue
        lines.append(line_of(scene, concern, partial(_overdue_line, scene, person_id, concern, run, part)))
    return [line for line in lines if line is not None]


def _overdue_line(scene: Scene, person_id: int, concern: Concern, run: StageRun, part: Addressee) -> Line | None:
    assert run.due_at is not None
    rules = scene.frozen_rules(concern.procedures_digest).ladder
    due_on = local(run.due_at).date()
    days = named_to(scene, person_id)
    if not any(ladder.manager_named_today(due_on, day, rules.manager_again, scene.calendar) for day in days):
        return None
    waiting = _silent(scene, run)
    if not waiting:
        return None
    text = f"{concern.reference}: the reply of {waiting} is overdue since {say_day(due_on, scene.today)}"
    text += f"{for_whom(scene, person_id, part.person_id)}."
    return Line(text=text, buttons=(button_about(concern, "Open", "concern.open"),))


def _silent(scene: Scene, run: StageRun) -> str:
    assert run.id is not None
    people_asked = stage_runs.people_of(scene.session, run.id, Part.ADDRESSED)
    names = [name_of(scene, p.person_id) for p in people_asked if p.is_awaited]
    return say_list(names)


def _decisions(scene: Scene, person_id: int, mine: list[int]) -> list[Line]:
    """What waits for the IRO, or for those who hear in the place of one who is away or has left."""
    states = (ConcernState.ASKED, ConcernState.REPLIED)
    waiting = concern_lists.with_part_of(scene.session, mine, states, iro_ids=mine)
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    if any("iro_manager" in roles for roles in acting.values()):
        waiting = concern_lists.of_service(scene.session, states)
    lines = [line_of(scene, one, partial(_decision_line, scene, person_id, one)) for one in waiting]
    return [line for line in lines if line is not None]


def _decision_line(scene: Scene, person_id: int, concern: Concern) -> Line | None:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    run = stage_runs.get(scene.session, concern.run_id) if concern.run_id else None
    if run is None or person_id not in for_iro(scene, concern, child):
        return None
    since = say_day(local(concern.state_since).date(), scene.today)
    if concern.state is ConcernState.REPLIED:
        text = f"{concern.reference}: a reply waits for your word since {since}"
    else:
        text = f"{concern.reference}: no reply, waits for your decision since {since}"
    text += f", {run_words(run)}{for_whom(scene, person_id, iro_of(concern, child))}."
    return Line(text=text, buttons=(button_about(concern, "Open", "concern.open"),))


def _drafts(scene: Scene, person_id: int) -> list[Line]:
    found = drafts_of(scene, person_id, [person_id])
    lines = [line_of(scene, concern, partial(_draft_line, scene, person_id, concern)) for concern in found]
    return [line for line in lines if line is not None]


def _draft_line(scene: Scene, person_id: int, concern: Concern) -> Line | None:
    after = scene.frozen_rules(concern.procedures_digest).ladder.draft_named_after
    drafted = local(concern.drafted_at).date()
    if scene.calendar.count(drafted, named_to(scene, person_id)[-1]) < after.number:
        return None
    said = say_day(drafted, scene.today)
    text = f"Draft {concern.reference} of {said} is not logged yet: log it or discard it."
    return Line(text=text, buttons=(button_about(concern, "Open", "concern.open"),))


def _lasted(scene: Scene, person_id: int) -> list[Line]:
    lines = []
    for concern in day_lists.asked_whether_it_lasted(scene.session, scene.today):
        child = children.get(scene.session, concern.child_id) if concern.child_id else None
        if place_of(scene, concern, child).is_filled_by(person_id) and concern.lasted is None:
            text = f"{concern.reference} was closed three months ago: did the change last?"
            lines.append(Line(text=text, buttons=(button_about(concern, "Answer", "concern.lasted"),)))
    return lines
