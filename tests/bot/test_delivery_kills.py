"""Senders killed with SIGKILL in the middle of their work lose no message and send none twice."""

from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess as Process
from pathlib import Path
from random import Random

import pytest

from storage.outbox import OutboxState
from tests.bot.killed_sender import FileStreet, send_to_file
from tests.bot.post_office import Office
from tests.databases import sqlite_engine

MESSAGES = 50
KILLS = 5


@pytest.mark.slow
@pytest.mark.parametrize("senders", [1, 2])
def test_killed_again_and_again_every_message_arrives_once(tmp_path: Path, senders: int) -> None:
    opened = sqlite_engine(tmp_path)
    engine = next(opened)
    office = Office(engine=engine)
    office.connect()
    people = [office.person(f"p{number}") for number in range(10)]
    keys = [f"k{number}" for number in range(MESSAGES)]
    for number, key in enumerate(keys):
        office.owe(key, people[number % len(people)])
    street = FileStreet(file=tmp_path / "street", dropped=0)
    lot = Random(7)  # noqa: S311 - when to kill, not a secret
    for _ in range(KILLS):
        running = [start(tmp_path, street) for _ in range(senders)]
        wait_for_message(running, street, len(street.keys()) + lot.randint(3, 12))
        for process in running:
            process.kill()
            process.join()
    last = start(tmp_path, street)
    last.join(60)
    assert last.exitcode == 0
    assert sorted(street.keys()) == sorted(keys)
    assert {office.row(key).state for key in keys} == {OutboxState.SENT}


def start(folder: Path, street: FileStreet) -> Process:
    """A sender that loses every ninth answer, forked from a small process that has imported everything."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.killed_sender"])
    database = f"sqlite:///{folder}/test.db"
    process = context.Process(target=send_to_file, args=(database, street.file, 9))
    process.start()
    return process


def wait_for_message(running: Sequence[Process], street: FileStreet, count: int) -> None:
    """Return as soon as so many messages stand, or the senders have nothing left to do."""
    while len(street.keys()) < count and any(process.is_alive() for process in running):
        running[0].join(0.005)
