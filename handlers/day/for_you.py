"""What a person is reminded of today, and what they are told: the first part of their day, and all of the morning."""

from collections.abc import Sequence
from datetime import datetime

from handlers.absences.from_staff_file import weekday_lines
from handlers.absences.leaving import leaving_lines
from handlers.absences.lines import absence_lines
from handlers.absences.returning import returned_lines
from handlers.day.besides import owed_besides
from handlers.day.carrying import to_carry_on
from handlers.day.checked import checked
from handlers.day.decisions import decisions, drafts, lasted
from handlers.day.limits import limits_near
from handlers.day.on_record import to_put_on_record
from handlers.day.replies import overdue_below, owed_replies
from handlers.day.vacancies import vacancies
from handlers.day_entry import Entry, Kind, in_order, told
from handlers.day_words import until
from handlers.figures.quarter_offer import summary_lines
from handlers.handed_lines import handed_lines
from handlers.lengthened import lengthened_lines
from handlers.office import Scene
from handlers.people.covering import covered_by
from handlers.reviews.day_lines import entries_for
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage import people


def for_you(scene: Scene, person_id: int) -> list[Entry]:
    """Everything, the day that has passed or falls first on top."""
    mine = [person_id, *covered_by(scene.session, scene.rules, person_id, scene.today)]
    entries = [*owed_replies(scene, person_id, mine), *overdue_below(scene, person_id, mine)]
    entries += owed_besides(scene, person_id, mine)
    entries += [*decisions(scene, person_id, mine), *drafts(scene, person_id), *lasted(scene, person_id)]
    entries += [*to_carry_on(scene, person_id), *to_put_on_record(scene, person_id)]
    entries += [*limits_near(scene, person_id), *vacancies(scene, person_id), *checked(scene, person_id)]
    entries += entries_for(scene, person_id)
    told_today = [*returned_lines(scene, person_id), *leaving_lines(scene, person_id)]
    told_today += [*absence_lines(scene, person_id), *weekday_lines(scene, person_id)]
    told_today += [*handed_lines(scene, person_id, mine), *lengthened_lines(scene, person_id, mine)]
    entries += told([*told_today, *summary_lines(scene, person_id)], scene.today)
    return in_order(entries)


def waiting_for(scene: Scene, person_id: int) -> list[Entry]:
    """What somebody is to do: everything for them but what they are only told."""
    people.know_day(scene.session, scene.today)
    return [one for one in for_you(scene, person_id) if one.kind is not Kind.TOLD]


def oldest_reply(scene: Scene, person_id: int) -> Entry | None:
    """The reply that somebody has owed longest, reminded of it today or not."""
    mine = [person_id, *covered_by(scene.session, scene.rules, person_id, scene.today)]
    return next(iter(in_order(owed_replies(scene, person_id, mine, named_only=False))), None)


def heading(scene: Scene, entries: Sequence[Entry], late_in_team: int = 0) -> str:
    """ "Your day, Mon 30 Nov: 5 for you, 1 late"; "late" counts only what the reader owes."""
    today = f"Your day, {say_day(scene.today, scene.today)}"
    late = sum(one.is_late(scene.now) for one in entries)
    said = f"{len(entries)} for you{f', {late} late' if late else _first(scene, entries)}" if entries else ""
    team = f"{late_in_team} late in your team" if late_in_team else ""
    counts = "; ".join(filter(None, (said, team)))
    return f"{today}: {counts}" if counts else today


def _first(scene: Scene, entries: Sequence[Entry]) -> str:
    """ ", the first by 5 pm today", where something is to be done by a time today; of one alone ", by 5 pm today"."""
    moments = [one.owed_by for one in entries if isinstance(one.owed_by, datetime)]
    today = [one for one in moments if one > scene.now and local(one).date() == scene.today]
    return f", {'the first ' if len(entries) > 1 else ''}{until(scene, min(today))}" if today else ""
