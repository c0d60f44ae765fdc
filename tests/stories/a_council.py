"""A council that is about to start: its files, brought in by the command line, and its people at their screens."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine

from bot.commands import importing, migrating, starting
from bot.settings import Settings
from scheduling.duration import add_months
from scheduling.procedures import parse_procedures
from storage.database import make_engine
from storage.encrypted import Keyring, use_keyring
from storage.tables import all_tables
from tests.cast import (
    AUTHORITY,
    IRO,
    OTHER_IRO,
    OTHER_WORKER,
    OUTSIDER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    slack_id,
)
from tests.command_line import iro_bot
from tests.conftest import KEY
from tests.databases import eased
from tests.teams_standin.state import aad_id

COMMANDS = (importing, migrating, starting)
"""Imported before the clock is frozen: pydantic builds no models of a frozen date."""
BROUGHT_IN, NORTH_STARTS, SOUTH_STARTS = date(2026, 12, 21), date(2027, 1, 11), date(2027, 2, 8)
NORTH, SOUTH = "North team", "South team"
SECOND_WORKER = OUTSIDER
"""Otto Gray serves in the North team here."""

PROCEDURES = """extends = "handbook"
key = "anyshire"
name = "Anyshire"
source = "Anyshire"
checked_by = "the IRO service"
"""
TYPED: Sequence[tuple[Sequence[str], str]] = (
    (("migrate",), "brought up to date"),
    (("import", "staff", "staff.csv"), "13 added"),
    (("import", "children", "children.csv"), "28 added"),
    (("import", "reviews", "reviews.csv"), "28 reviews added"),
    (("import", "concerns", "concerns.csv"), "11 of them are open and have no clock"),
    (
        ("golive", NORTH_STARTS.isoformat(), "--team", NORTH),
        "11 people start then. They are told what this is on Fri 8 Jan 2027. Until the day nothing is sent but what "
        "people ask for. South team has no day yet: nothing is sent to it until you give it one.",
    ),
    (("golive", SOUTH_STARTS.isoformat(), "--team", SOUTH), "South team starts on Mon 8 Feb 2027. 2 people start"),
)
"""What is typed, and what it says."""
NORTH_DUE = {
    "AB-1001": "2026-12-14",
    "AB-1002": "2026-12-18",
    "AB-1003": "2026-12-22",
    "AB-1004": "2026-12-29",
    "AB-1005": "2026-12-30",
    "AB-1006": "2026-12-31",
    "AB-1007": "2027-01-04",
    "AB-1008": "2027-01-05",
    "AB-1009": "2027-01-13",
    "AB-1010": "2027-01-20",
    "AB-1011": "2027-01-08",
    "AB-1012": "2026-12-15",
    "AB-1013": "2027-01-06",
    "AB-1014": "2027-01-07",
    "AB-1015": "2027-01-27",
    "AB-1016": "2027-04-08",
}
"""When the next review of each child with the North team is due."""
SOUTH_DUE = {f"AB-20{number:02}": f"2027-{1 + number // 5:02}-{4 + 2 * number:02}" for number in range(1, 13)}
DISPUTES = """reference,child,raised_on,raised_by,informal_on,stage_1_on,stage_2_on
OLD-1,AB-1001,2026-11-09,ann.lee@anyshire.example,2026-11-09,2026-12-07,
OLD-2,AB-1002,2026-11-16,ann.lee@anyshire.example,2026-11-16,2026-12-09,
OLD-3,AB-1003,2026-11-23,ann.lee@anyshire.example,,2026-12-10,
OLD-4,AB-1004,2026-11-26,ann.lee@anyshire.example,,2026-12-14,
OLD-5,AB-1006,2026-12-01,ann.lee@anyshire.example,,2026-12-16,
OLD-6,AB-1009,2026-11-02,ann.lee@anyshire.example,,2026-11-30,2026-12-16
OLD-7,AB-1016,2026-12-03,olu.ade@anyshire.example,2026-12-03,,
OLD-8,AB-1013,2026-12-07,olu.ade@anyshire.example,,2026-12-18,
OLD-9,AB-1015,2026-11-19,olu.ade@anyshire.example,,2026-11-26,2026-12-14
OLD-10,AB-2003,2026-12-02,ann.lee@anyshire.example,,2026-12-17,
OLD-11,AB-2009,2026-12-04,olu.ade@anyshire.example,2026-12-04,,
"""


def address(login: str) -> str:
    return f"{login}@anyshire.example"


def staff_file(platform: str) -> str:
    """The cast as the staff file has it; Otto Gray is of the North team."""
    rows = ["email,name,roles,manager_email,team,slack_id,teams_id"]
    for login, name, roles, manager, team in STAFF:
        where, above = (NORTH, TEAM_MANAGER) if login == SECOND_WORKER else (team, manager)
        slack = slack_id(login) if platform == "slack" else ""
        teams = aad_id(login) if platform == "teams" else ""
        rows.append(
            f"{address(login)},{name},{';'.join(roles)},{address(above) if above else ''},{where},{slack},{teams}"
        )
    return "\n".join(rows) + "\n"


def _iro_and_worker(reference: str) -> tuple[str, str]:
    number = int(reference[3:])
    if number > 2000:
        return (IRO if number <= 2006 else OTHER_IRO), OTHER_WORKER
    return (IRO if number <= 1010 else OTHER_IRO), (SOCIAL_WORKER if number <= 1011 else SECOND_WORKER)


def _last_held(due: str) -> str:
    return add_months(date.fromisoformat(due), -6).isoformat()


def children_file() -> str:
    rows = ["reference,looked_after_from,iro_email,holder_email,last_review_on"]
    for reference, due in {**NORTH_DUE, **SOUTH_DUE}.items():
        iro, worker = _iro_and_worker(reference)
        rows.append(f"{reference},2024-03-04,{address(iro)},{address(worker)},{_last_held(due)}")
    return "\n".join(rows) + "\n"


def reviews_file() -> str:
    rows = ["child,kind,due_on,held_on,completed_on,participation,chaired_by_child,late_reason"]
    for reference, due in {**NORTH_DUE, **SOUTH_DUE}.items():
        held = _last_held(due)
        rows.append(f"{reference},later,{held},{held},,PN1,no,")
    return "\n".join(rows) + "\n"


def brought_in(monkeypatch: pytest.MonkeyPatch, folder: Path, platform: str) -> Iterator[Engine]:
    """The database after what is done at the command line three weeks ahead."""
    all_tables()
    parse_procedures(PROCEDURES, "anyshire.toml")  # its models too are made of dates that are not frozen
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    files = {
        "anyshire.toml": PROCEDURES,
        "staff.csv": staff_file(platform),
        "children.csv": children_file(),
        "reviews.csv": reviews_file(),
        "concerns.csv": DISPUTES,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    database = f"sqlite:///{folder}/council.db"
    given = {"DATABASE_URL": database, "AUTHORITY": AUTHORITY, "ENCRYPTION_KEYS": KEY, "PROCEDURES": "anyshire.toml"}
    with monkeypatch.context() as settings, freeze_time("2026-12-21 10:00", real_asyncio=True):
        for name, value in given.items():
            settings.setenv(name, value)
        for line, says in TYPED:
            done = iro_bot(*line)
            assert done.exit_code == 0, done.output
            assert says in done.output
    use_keyring(Keyring(KEY))
    yield from eased(make_engine(database))
