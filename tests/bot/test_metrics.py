"""Every figure of /metrics says what it is, once, and says nothing where it is not known."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.delivery.counters import Counters
from bot.running import Measured
from bot.watch.lateness import Lateness
from bot.watch.metrics import METRICS, PREFIX, Figures, Type, written
from bot.watch.reading import Seen
from bot.watch.trouble import Kind, Trouble
from scheduling.stamps import Stamp
from storage.outbox import Outbox, OutboxState
from tests.bench import utc

NOW = utc("2026-12-07", "10:00")
GUIDE = (Path(__file__).parents[2] / "docs" / "administration.md").read_text("utf-8")


def figures(**other: object) -> Figures:
    given: dict[str, object] = {
        "seen": Seen(at=NOW),
        "troubles": [Trouble(kind=Kind.UNSENT, said="anyshire: 1 message waits.", keeps=False)],
        "messages": dict.fromkeys(OutboxState, 2),
        "odd": 1,
        "counters": Counters(sent=7),
        "stamps": [Stamp("daily duties", lambda: NOW, lambda: 0.0)],
        "statements": 12,
        "planned_again": 0,
        "duties_failed": 2,
        "database": "postgresql",
        "offsets": {"slack": -120.0},
        "errors": {("slack", "ratelimited"): 3},
        "measured": [Measured(name="board_pegs", says="Pegs with a message.", value=4)],
        **other,
    }
    return Figures(**given)  # type: ignore[arg-type]  # each is a field of the figures


def values(page: bytes) -> dict[str, float]:
    """Each sample by its name, and its labels where it has any."""
    found = [sample for family in text_string_to_metric_families(page.decode()) for sample in family.samples]
    return {" ".join([one.name, *(f"{key}={value}" for key, value in one.labels.items())]): one.value for one in found}


def test_every_figure_says_what_it_is_and_stands_once() -> None:
    page = written(figures(), Lateness()).decode()
    names = re.findall(r"^# TYPE (\S+) (?:gauge|counter|histogram)$", page, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {*re.findall(r"^# HELP (\S+) \S.*$", page, re.MULTILINE)} == {*names}
    for one in METRICS:
        assert f"{PREFIX}{one.name}{'_total' if one.type is Type.COUNTER else ''}" in names
        assert one.says.endswith(".")


def test_it_reads_as_prometheus_reads_it() -> None:
    read = values(written(figures(), Lateness()))
    assert read["iro_bot_ready"] == 1
    assert read["iro_bot_troubles kind=unsent"] == 1
    assert read["iro_bot_troubles kind=overdue"] == 0
    assert read["iro_bot_sent"] == 7
    assert read["iro_bot_outbox_owed"] == 2
    assert read["iro_bot_clock_offset_seconds of=slack"] == -120
    assert read["iro_bot_platform_errors_total kind=ratelimited platform=slack"] == 3
    assert read["iro_bot_board_pegs"] == 4
    assert read["iro_bot_statements_total"] == 12
    assert read["iro_bot_duties_failed_total"] == 2


def test_nothing_is_made_up_where_the_database_does_not_answer() -> None:
    lost = Trouble(kind=Kind.DATABASE, said="The database does not answer.")
    read = values(written(figures(seen=Seen(at=NOW, lost=True), troubles=[lost], messages=None, odd=None), Lateness()))
    assert (read["iro_bot_ready"], read["iro_bot_database_up"]) == (0, 0)
    for name in ("nudges_overdue_seconds", "nudges_failing", "oldest_undelivered_seconds", "outbox_owed", "odd_rows"):
        assert f"iro_bot_{name}" not in read


@pytest.mark.parametrize(
    ("columns", "late"),
    [
        ({}, 60),
        ({"fell_due_at": NOW - timedelta(minutes=1)}, 120),
        ({"fell_due_at": NOW - timedelta(hours=9), "held_until": NOW + timedelta(seconds=50)}, 10),
    ],
    ids=["somebody's act", "a reminder", "held for working hours"],
)
def test_a_message_is_late_from_when_it_was_due(columns: dict[str, object], late: int) -> None:
    row = Outbox(key="a key", kind="your day", person_id=1, owed_at=NOW)
    for column, value in columns.items():
        setattr(row, column, value)
    lateness = Lateness()
    lateness.note(NOW + timedelta(minutes=1) - row.due_at)
    read = values(written(figures(), lateness))
    assert read["iro_bot_lateness_seconds_count"] == 1
    assert read["iro_bot_lateness_seconds_sum"] == late


def test_the_guide_says_what_each_means() -> None:
    listed = re.findall(r"^\| `(iro_bot_\w+)", GUIDE, re.MULTILINE)
    shown = {name.removesuffix("_total") for name in listed}
    assert shown == {*(f"{PREFIX}{one.name}" for one in METRICS), "iro_bot_lateness_seconds", "iro_bot_teams_alarms"}
    assert len(listed) == len(shown)
