"""Which kind of message is written by whom: the table of all writers.

Each writes from the state at the moment of sending, and returns None when the message is no longer needed.
"""

from collections.abc import Callable

from handlers.cards import Card
from handlers.messages.asking import extended, for_information, moved, moved_information, needs_reply, reopened
from handlers.messages.deciding import added, more_time, no_reply, overdue, plan_due, quiet, replied
from handlers.messages.kinds import Kind
from handlers.messages.matter import Matter
from handlers.messages.telling import (
    acted,
    ended,
    limit_near,
    limit_passed,
    nobody,
    not_mine,
    not_yours,
    passed_on,
    undecided,
)
from handlers.messages.urgent import unseen, urgent

WRITERS: dict[Kind, Callable[[Matter], Card | None]] = {
    Kind.NEEDS_REPLY: needs_reply,
    Kind.FOR_INFORMATION: for_information,
    Kind.MOVED: moved,
    Kind.MOVED_INFORMATION: moved_information,
    Kind.URGENT: urgent,
    Kind.UNSEEN: unseen,
    Kind.NO_REPLY: no_reply,
    Kind.QUIET: quiet,
    Kind.OVERDUE: overdue,
    Kind.REPLIED: replied,
    Kind.ADDED: added,
    Kind.PLAN_DUE: plan_due,
    Kind.MORE_TIME: more_time,
    Kind.EXTENDED: extended,
    Kind.NOT_MINE: not_mine,
    Kind.PASSED_ON: passed_on,
    Kind.LIMIT_NEAR: limit_near,
    Kind.LIMIT_PASSED: limit_passed,
    Kind.UNDECIDED: undecided,
    Kind.NOBODY: nobody,
    Kind.CLOSED: ended("{ref} is closed"),
    Kind.WITHDRAWN: ended("{ref} has been withdrawn"),
    Kind.REOPENED: reopened,
    Kind.NOT_YOURS: not_yours,
    Kind.ACTED: acted,
}
