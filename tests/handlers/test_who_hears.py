"""The table of acts and people is whole: no act without a row, no cell empty, no message that is not there."""

from pathlib import Path

from handlers.dispatch import DEEDS
from handlers.lifecycle import Act
from handlers.messages.table import MESSAGES
from handlers.who_hears.rows import How, Whom
from handlers.who_hears.table import ONLY_SHOWS, ROWS, hearing_table
from scheduling.ladder import Rung

GUIDE = Path(__file__).resolve().parents[2] / "docs/who-hears.md"
EVERY_WAY = [name for one in ROWS for name in one.by]


def test_every_act_of_a_person_or_of_the_clock_has_one_row() -> None:
    assert len(EVERY_WAY) == len({*EVERY_WAY})
    assert {*EVERY_WAY} - {*DEEDS} == {*Rung}
    assert {*DEEDS} - {*EVERY_WAY} == ONLY_SHOWS


def test_no_deed_that_sends_a_form_is_said_only_to_show() -> None:
    assert [one for one in ONLY_SHOWS if one.endswith((".send", ".add", ".set", ".done.send"))] == ["concern.add"]


def test_every_act_of_a_concern_is_done_by_a_deed_or_by_the_clock() -> None:
    """A new act of the lifecycle is to be thought of here."""
    assert {*Act} == {
        *(Act.EDIT, Act.DISCARD, Act.LOG, Act.REPLY, Act.REPLY_WITH_PLAN, Act.ADD_TO_REPLY, Act.PASS_ON),
        *(Act.ASK_EXTENSION, Act.EXTEND, Act.REFUSE_TIME, Act.MOVE, Act.ASK_AGAIN, Act.CLOSE, Act.WITHDRAW),
        Act.CARRY_ON,
        *(Act.REOPEN, Act.REFER, Act.CORRECT_CHILD, Act.SAY_LASTED, Act.PLAN_DONE, Act.NEW_PLAN_DATE),
        *(Act.NO_REPLY, Act.PLAN_DUE, Act.NOTE_ON_RECORD),
    }


def test_no_cell_is_empty() -> None:
    for row in ROWS:
        assert {*row.cells} == {*Whom}, row.act
        for whom, cell in row.cells.items():
            assert bool(cell.messages) is (cell.how is How.EVENT), (row.act, whom)
            assert cell.how is How.EVENT or cell.words, (row.act, whom)
            assert {*cell.messages} <= {*MESSAGES}, (row.act, whom)


def test_every_kind_of_message_comes_of_an_act_of_the_table() -> None:
    named = {name for row in ROWS for cell in row.cells.values() for name in cell.messages}
    assert {*MESSAGES} - named == set()


def test_the_table_in_the_guide_is_made_from_it() -> None:
    assert hearing_table() in GUIDE.read_text()
