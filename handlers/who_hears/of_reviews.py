"""What people do around a review."""

from handlers.messages.of_decisions import disputed, to_be_agreed
from handlers.messages.of_news import feedback, something_new
from handlers.who_hears.rows import Row, Whom, day, look, row, told

_LATER = look("the review and its timetable show it")
_TASKS = "what is to be done next stands in the day of who owes it; a date they need not act on is no message"

REVIEWS: tuple[Row, ...] = (
    row(
        "decisions are made, changed or taken out",
        "review.decisions.add review.decisions.change.send review.decisions.take_out.send review.decisions.keep",
        "they are the IRO's until they are sent",
        {Whom.IRO: day("that they are to be sent"), Whom.COVER: day("while the IRO is away")},
    ),
    row(
        "decisions are sent",
        "review.decisions.send",
        _TASKS,
        {
            Whom.OWES: told(to_be_agreed),
            Whom.STAND_IN: told(to_be_agreed),
            Whom.OWED: look("who was sent them before: that message shrinks"),
            Whom.WORKER: day("what is theirs by name"),
            Whom.SUPPORT: day("what is theirs by name"),
            Whom.COVER: _LATER,
        },
    ),
    row(
        "decisions are agreed",
        "review.decisions.agree",
        "what was sent stands",
        {Whom.IRO: day("once"), Whom.COVER: day("while the IRO is away"), Whom.WORKER: _LATER},
    ),
    row(
        "decisions are disputed",
        "review.decisions.dispute.send",
        "it is between the manager and the IRO",
        {Whom.IRO: told(disputed), Whom.COVER: told(disputed, only="while the IRO is away"), Whom.WORKER: _LATER},
    ),
    row(
        "decisions are marked as done",
        "review.decisions.done.send",
        _TASKS,
        {Whom.IRO: _LATER, Whom.COVER: _LATER, Whom.OWES: _LATER, Whom.WORKER: _LATER},
    ),
    row(
        "feedback is given on a review",
        "review.feedback.send",
        "it is for the team manager",
        {Whom.ALERTED: told(feedback, only="the team manager"), Whom.STAND_IN: told(feedback)},
    ),
    row(
        "the IRO is told of a change",
        "review.tell.send",
        "it is between who told it and the IRO",
        {
            Whom.IRO: told(something_new, only="missing from care, or a review is needed first; else in the day"),
            Whom.COVER: told(something_new, only="while the IRO is away; else in the day"),
            Whom.IRO_MANAGER: told(something_new, only="while nobody else fills the IRO's place; else in the day"),
        },
    ),
    row(
        "what was told is answered",
        "review.news.noted review.news.forward",
        "it is between who told it and the IRO",
        {Whom.TELLER: day("once"), Whom.COVER: _LATER, Whom.IRO: _LATER},
    ),
    row(
        "booked, moved or brought forward",
        "review.book.send review.move.send review.early.send",
        _TASKS,
        {
            Whom.IRO: day("once, where it is late or close"),
            Whom.COVER: day("while the IRO is away"),
            Whom.WORKER: day("once, where it is late or close"),
            Whom.SUPPORT: day("once, who had booked it, where it is late or close"),
        },
    ),
    row(
        "held, a further meeting, adjourned, or the track changes",
        "review.hold.send review.meeting.send review.adjourn.send review.track.send",
        _TASKS,
        dict.fromkeys((Whom.IRO, Whom.COVER, Whom.IRO_MANAGER, Whom.WORKER, Whom.SUPPORT), _LATER),
    ),
    row(
        "papers in, a task done, the record written or sent",
        "review.papers.send review.task.send review.record.send review.record_sent.send",
        _TASKS,
        dict.fromkeys((Whom.IRO, Whom.COVER, Whom.WORKER, Whom.SUPPORT), _LATER),
    ),
    row(
        "seen, spoken to, a contact, the midway check",
        "review.contact.send review.seen.send review.midway.send",
        "it is the IRO's own record",
        dict.fromkeys((Whom.IRO, Whom.COVER), _LATER),
    ),
    row("a task rests for a day", "review.rest", "its deadline does not move", {Whom.OWES: day("on the next day")}),
)
