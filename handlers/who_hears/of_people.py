"""What people do besides; and what cannot be delivered."""

from handlers.messages.of_absences import covers, covers_no_more, said_to_be_away, said_to_be_here
from handlers.messages.of_days_worked import days_worked_set
from handlers.messages.of_handovers import changed_hands, held_elsewhere, now_yours, still_asked
from handlers.messages.of_people import undelivered
from handlers.messages.of_praise import recognised
from handlers.messages.of_reports import report_file, report_outcome
from handlers.who_hears.rows import (
    ASKED,
    AT_THE_STAGE,
    BESIDE,
    IROS,
    OUTSIDE,
    VACANT,
    Row,
    Whom,
    day,
    look,
    not_told,
    row,
    told,
)

PEOPLE: tuple[Row, ...] = (
    row(
        "a child is added",
        "iro.child.add",
        {
            Whom.IRO: day("what is due for the child"),
            Whom.WORKER: day("what is due for the child"),
            Whom.IRO_MANAGER: day(VACANT),
            **not_told("nothing is asked of anybody yet", *ASKED, Whom.COVER, Whom.COPIED, Whom.ALERTED, *OUTSIDE),
        },
    ),
    row(
        "children have another IRO or worker",
        "iro.allocate.send",
        {
            Whom.OWES: told(now_yours, still_asked, only="who gains them; and a manager asked, of another line now"),
            Whom.OWED: told(changed_hands, only="who loses them"),
            Whom.IRO: told(now_yours, held_elsewhere, only="or the next morning, where a file did it"),
            Whom.COVER: told(now_yours, held_elsewhere, only="while the IRO is away"),
            Whom.WORKER: told(changed_hands),
            Whom.IRO_MANAGER: told(held_elsewhere, only=VACANT),
            **not_told("their part is not changed by it", Whom.STAND_IN, Whom.COPIED, Whom.ALERTED, *OUTSIDE),
        },
    ),
    row(
        "children are checked before a start",
        "iro.check.right iro.check.wrong_worker iro.check.not_mine iro.check.rest",
        {
            Whom.IRO_MANAGER: day("that a worker is wrong, or a child is somebody else's, until it is settled"),
            **not_told("nothing changes by it", *AT_THE_STAGE, Whom.IRO, Whom.COVER, *OUTSIDE),
        },
    ),
    row(
        "an absence is entered, changed or ended",
        "iro.away.set iro.away.cancel iro.back iro.here",
        {
            Whom.OWED: told(said_to_be_away, said_to_be_here, only="who is away, where another entered it"),
            Whom.COVER: told(covers, covers_no_more),
            Whom.STAND_IN: told(covers, covers_no_more, only="the cover; the next senior person as at any change"),
            Whom.IRO_MANAGER: day("of an IRO or IRO manager; of others their line manager"),
            **not_told("what they are asked goes to who is there", *BESIDE, Whom.OWES, Whom.IRO, *OUTSIDE),
        },
    ),
    row(
        "it is said on which days somebody works",
        "iro.days.set",
        {
            Whom.OWES: told(days_worked_set, only="whose days they are, where another entered them"),
            **not_told("deadlines never change by it", *BESIDE, Whom.OWED, *IROS, Whom.STAND_IN, *OUTSIDE),
        },
    ),
    row(
        "good practice is recognised",
        "praise.send",
        {
            Whom.WORKER: told(recognised, only="who is recognised"),
            Whom.ALERTED: told(recognised, only="their manager"),
            **not_told("it is for the one recognised and their manager", *ASKED, *IROS, Whom.COPIED, *OUTSIDE),
        },
    ),
    row(
        "a report is asked for",
        "iro.report.send",
        {
            Whom.TELLER: told(report_file, report_outcome, only="who asked for it"),
            **not_told("it is for who asked", *AT_THE_STAGE, *IROS, Whom.SUPPORT),
        },
    ),
    row(
        "a message can reach nobody",
        "",
        {
            Whom.IRO_MANAGER: told(undelivered),
            Whom.IRO: told(undelivered),
            Whom.COVER: told(undelivered, only="while the IRO is away"),
            Whom.OWES: look("it stands in their day and lists"),
            **not_told("they have theirs", *BESIDE, Whom.OWED, Whom.STAND_IN, *OUTSIDE),
        },
    ),
)
