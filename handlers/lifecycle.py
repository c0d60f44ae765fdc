"""The stage machine: which act is possible in which state, and what it leads to."""

from enum import StrEnum

from handlers.refusals import Refused
from scheduling.procedures.terms import CONCERN, IRO
from storage.concerns import ConcernState as State


class Act(StrEnum):
    """What can happen to a concern, done by a person or by the clock."""

    EDIT = "edit"
    DISCARD = "discard"
    LOG = "log"
    CARRY_ON = "carry it on"
    REPLY = "reply"
    REPLY_WITH_PLAN = "reply with a plan"
    ADD_TO_REPLY = "add to a reply"
    PASS_ON = "pass on"  # noqa: S105 -- words of the field, no secret
    ASK_EXTENSION = "ask for an extension"
    EXTEND = "agree an extension"
    REFUSE_TIME = "refuse more time"
    MOVE = "move to a stage"
    ASK_AGAIN = "ask again"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    REFER = "refer or note advice"
    CORRECT_CHILD = "correct the child"
    SAY_LASTED = "say whether it lasted"
    NOTE_ON_RECORD = "note it as on the record"
    PLAN_DONE = "say the plan is done"
    NEW_PLAN_DATE = "agree a new date for the plan"
    NO_REPLY = "no reply in time"
    PLAN_DUE = "the plan's date has come"


_DRAFT = "is still a draft: log it first, or discard it"
_CLOSED = f"is closed: the {IRO} can reopen it"
_DISCARDED = f"was discarded as a draft: log a new {CONCERN}"

_TABLE: dict[State, dict[Act, State]] = {
    State.DRAFT: {
        Act.EDIT: State.DRAFT,
        Act.DISCARD: State.DISCARDED,
        Act.LOG: State.WAITING,
        Act.CORRECT_CHILD: State.DRAFT,
    },
    State.WAITING: {
        Act.CARRY_ON: State.WAITING,
        Act.REPLY: State.REPLIED,
        Act.REPLY_WITH_PLAN: State.PLANNED,
        Act.PASS_ON: State.WAITING,
        Act.ASK_EXTENSION: State.WAITING,
        Act.EXTEND: State.WAITING,
        Act.REFUSE_TIME: State.WAITING,
        Act.MOVE: State.WAITING,
        Act.ASK_AGAIN: State.WAITING,
        Act.NO_REPLY: State.ASKED,
    },
    State.ASKED: {
        Act.REPLY: State.REPLIED,
        Act.REPLY_WITH_PLAN: State.PLANNED,
        Act.PASS_ON: State.ASKED,
        Act.ASK_EXTENSION: State.ASKED,
        Act.REFUSE_TIME: State.ASKED,
        Act.EXTEND: State.WAITING,
        Act.MOVE: State.WAITING,
        Act.ASK_AGAIN: State.WAITING,
    },
    State.REPLIED: {
        Act.REPLY: State.REPLIED,
        Act.REPLY_WITH_PLAN: State.PLANNED,
        Act.ADD_TO_REPLY: State.REPLIED,
        Act.NEW_PLAN_DATE: State.PLANNED,
        Act.MOVE: State.WAITING,
        Act.ASK_AGAIN: State.WAITING,
    },
    State.PLANNED: {
        Act.REPLY: State.REPLIED,
        Act.REPLY_WITH_PLAN: State.PLANNED,
        Act.ADD_TO_REPLY: State.PLANNED,
        Act.PLAN_DONE: State.REPLIED,
        Act.PLAN_DUE: State.REPLIED,
        Act.NEW_PLAN_DATE: State.PLANNED,
        Act.MOVE: State.WAITING,
        Act.ASK_AGAIN: State.WAITING,
    },
    State.CLOSED: {Act.REOPEN: State.WAITING, Act.SAY_LASTED: State.CLOSED, Act.REFER: State.CLOSED},
    State.DISCARDED: {},
}
for _state in (State.REPLIED, State.PLANNED, State.CLOSED):
    _TABLE[_state] |= {Act.NOTE_ON_RECORD: _state}
for _state in (State.WAITING, State.ASKED, State.REPLIED, State.PLANNED):
    _TABLE[_state] |= {
        Act.CLOSE: State.CLOSED,
        Act.WITHDRAW: State.CLOSED,
        Act.REFER: _state,
        Act.CORRECT_CHILD: State.WAITING,  # the right people are asked, whatever the wrong ones said
    }

_WHY_NOT: dict[State, str] = {
    State.DRAFT: _DRAFT,
    State.WAITING: "is waiting for a reply",
    State.ASKED: f"has had no reply, and the {IRO} has to decide",
    State.REPLIED: f"has been replied to and waits for the {IRO}",
    State.PLANNED: "has been agreed, with a plan by date",
    State.CLOSED: _CLOSED,
    State.DISCARDED: _DISCARDED,
}


def possible(state: State, act: Act) -> bool:
    """Whether the act can be done in this state."""
    return act in _TABLE[state]


def advance(reference: str, state: State, act: Act) -> State:
    """The state an act leads to. Refused with one sentence where it cannot be done."""
    try:
        return _TABLE[state][act]
    except KeyError:
        raise Refused(f"{reference} {_WHY_NOT[state]}, so you cannot {act} now.") from None
