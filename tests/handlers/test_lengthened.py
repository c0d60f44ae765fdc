"""A date that a change of the calendar made later is told once, next morning, to those told the old one."""

from datetime import date

from handlers.calendar_changes import lengthen_open_clocks
from scheduling.procedures import shipped_text
from tests.bench import Bench
from tests.cast import AUTHORITY, IRO, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.steps import logged, put_in_force, reply

HANDBOOK = shipped_text("handbook")


def test_whoever_was_told_a_date_reads_the_new_one_the_morning_after_the_calendar_changed(bench: Bench) -> None:
    ref = logged(bench, 1)
    put_in_force(bench, HANDBOOK.replace("closure_days = []", 'closure_days = ["2026-12-18"]'))
    lengthen_open_clocks(bench.engine, AUTHORITY, bench.now)
    bench.forget()
    bench.deliver()
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 8))
    moved = f"The reply to {ref} (AB-1042) is due by Tue 22 Dec, not Mon 21 Dec: the calendar has changed."
    ends = f"All stages of {ref} (AB-1042) end on Fri 8 Jan 2027, not Thu 7 Jan 2027: the calendar has changed."
    told = {one.to: [line.text for line in one.card.lines] for one in bench.told}
    assert told == {TEAM_MANAGER: [moved], SOCIAL_WORKER: [moved], IRO: [moved, ends]}
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert bench.told == []


def test_who_has_replied_meanwhile_reads_nothing_of_it(bench: Bench) -> None:
    ref = logged(bench, 1)
    put_in_force(bench, HANDBOOK.replace("closure_days = []", 'closure_days = ["2026-12-18"]'))
    lengthen_open_clocks(bench.engine, AUTHORITY, bench.now)
    reply(bench, TEAM_MANAGER, ref)
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert [one.to for one in bench.told] == [IRO], "the end of all stages alone"
    assert "The reply to" not in bench.last(IRO).lines[0].text
