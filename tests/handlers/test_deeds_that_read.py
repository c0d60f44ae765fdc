"""Deeds that say they only read open no transaction that writes, keep no key, and read again when they are repeated."""

from collections.abc import Iterator

import pytest

from handlers.cards import Answer, Notice
from handlers.dispatch import DEEDS, answer
from handlers.reading import Reads
from storage.inbound import Inbound
from tests.bench import Bench, utc
from tests.cast import CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.handlers.steps import logged, rows
from tests.handlers.test_daily_duties import written
from tests.handlers.test_first_contact import forget_welcomes
from tests.handlers.test_on_top import CONCERNS, everything

PEOPLE = (IRO, TEAM_MANAGER, SOCIAL_WORKER, IRO_MANAGER, SUPPORT)
TYPED = ("help", "concern help", "concern list", "concern list team", "review", "iro day", "caseload")
READING = sorted(deed for deed, one in DEEDS.items() if isinstance(one, Reads))
NOT_HERE = {"iro.day.more": "no part of a day is so long"}
"""Deeds that nobody can do as things stand here: what they refuse is asked for all the same."""


@pytest.mark.slow
def test_none_of_them_opens_a_transaction_that_writes(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    everything(bench)
    _welcomed(bench)
    caplog.clear()
    refused = set()
    with written(bench.engine) as found:
        for deed in READING:
            if not any(_is_given(one) for one in _asked(bench, deed)):
                refused.add(deed)
            assert not found, f"{deed} wrote, or gave a form, which is kept"
        for line in TYPED:
            command, _, words = line.partition(" ")
            answer(bench.office, bench.request(IRO, "command", command=command, words=words))
        for field in ("child", "person.staff", "person.iro"):
            answer(bench.office, bench.request(IRO, "search", subject=field, words="a"))
    assert {one.getMessage() for one in caplog.records if "only reads" in one.getMessage()} == set()
    assert not found
    assert sorted(refused) == sorted(NOT_HERE), "nobody could do these here"


def test_a_repeat_reads_again_and_no_key_is_kept(bench: Bench) -> None:
    logged(bench)
    before = len(rows(bench, Inbound))
    asked = bench.request(IRO, "command", command="concern", words="list", key="the same")
    assert "C-2" not in str(answer(bench.office, asked))
    assert len(rows(bench, Inbound)) == before
    logged(bench)
    assert "C-2" in str(answer(bench.office, asked))


def test_what_is_typed_and_writes_is_done_once(bench: Bench) -> None:
    logged(bench)
    asked = bench.request(TEAM_MANAGER, "command", command="concern", words="C-1", key="the same")
    first = answer(bench.office, asked)
    bench.now = utc("2026-12-08")
    assert answer(bench.office, asked) == first
    assert [one.key for one in rows(bench, Inbound)].count("the same") == 1


def test_who_has_never_been_here_is_welcomed_by_reading_too(bench: Bench) -> None:
    forget_welcomes(bench)
    bench.command(SUPPORT, "/iro help")
    assert [one.kind for one in bench.told if one.to == SUPPORT] == ["welcome"]


def _welcomed(bench: Bench) -> None:
    """Everybody has asked for something before."""
    for who in PEOPLE:
        bench.command(who, "/iro help")


def _asked(bench: Bench, deed: str) -> Iterator[Answer]:
    """The answers to whoever may do it, about whatever there is, until somebody can."""
    for who in PEOPLE if deed not in NOT_HERE else PEOPLE[:1]:
        for subject in (*CONCERNS, CHILD, ""):
            shown = answer(bench.office, bench.request(who, deed, subject=subject))
            yield shown
            if _is_given(shown):
                return


def _is_given(shown: Answer) -> bool:
    return not (isinstance(shown, Notice) and shown.refused)
