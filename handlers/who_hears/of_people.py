"""What people do besides; and what cannot be delivered."""

from handlers.messages.of_people import undelivered
from handlers.messages.of_praise import recognised
from handlers.messages.of_reports import report_file, report_outcome
from handlers.who_hears.rows import Row, Whom, day, look, row, told

PEOPLE: tuple[Row, ...] = (
    row(
        "a child is added",
        "iro.child.add",
        "nothing is asked of anybody yet",
        {Whom.IRO: day("what is due for the child"), Whom.WORKER: day("what is due for the child")},
    ),
    row(
        "a child has another IRO or worker",
        "iro.allocate.send",
        "their part is not changed by it",
        {
            Whom.IRO: look("the caseload shows it"),
            Whom.WORKER: look("the caseload shows it"),
            Whom.OWED: look("the caseload shows it"),
        },
    ),
    row(
        "an absence is entered, changed or ended",
        "iro.away.set iro.away.cancel iro.back",
        "what they are asked goes to who is there",
        {Whom.COVER: day("what is theirs meanwhile"), Whom.STAND_IN: day("what is theirs meanwhile")},
    ),
    row(
        "good practice is recognised",
        "praise.send",
        "it is for the one recognised and their manager",
        {Whom.WORKER: told(recognised, only="who is recognised"), Whom.ALERTED: told(recognised, only="their manager")},
    ),
    row(
        "a report is asked for",
        "iro.report.send",
        "it is for who asked",
        {Whom.TELLER: told(report_file, report_outcome, only="who asked for it")},
    ),
    row(
        "a message can reach nobody",
        "",
        "they have theirs",
        {
            Whom.IRO_MANAGER: told(undelivered),
            Whom.IRO: look("the form shows who was never told"),
            Whom.COVER: look("the form shows who was never told"),
            Whom.OWES: look("it stands in their day and lists"),
        },
    ),
)
