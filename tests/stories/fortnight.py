"""What a council's people do before its start, and in their first fortnight, day by day."""

from collections.abc import Callable, Mapping
from datetime import date

from tests.cast import IRO, IRO_MANAGER, OTHER_IRO, SERVICE_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.screens import Filled
from tests.stories.reviewing import HELD
from tests.stories.seats import Seats

ON_RECORD = ["See the child's record"]
CARRIED_ON = {
    IRO: {
        "C-2": (date(2026, 12, 7), date(2027, 1, 12)),
        "C-3": (date(2026, 12, 9), date(2027, 1, 12)),
        "C-5": (date(2026, 12, 10), date(2027, 1, 13)),
        "C-6": (date(2026, 12, 14), date(2027, 1, 15)),
        "C-7": (date(2026, 12, 16), date(2027, 1, 19)),
        "C-1": (date(2026, 12, 16), date(2026, 12, 23)),
    },
    OTHER_IRO: {
        "C-9": (date(2026, 12, 3), date(2027, 1, 15)),
        "C-11": (date(2026, 12, 18), date(2027, 1, 20)),
        "C-4": (date(2026, 12, 14), date(2026, 12, 21)),
    },
}
"""By the IRO, of each open dispute of the North team: when it was asked, and by when a reply is wanted."""


def check_children(seats: Seats) -> None:
    """IROs and the team manager say which children are right; two have the wrong worker in the file."""
    seats.pressed(IRO, "/iro check", "Wrong worker, AB-1007", "All the rest are right")
    seats.pressed(OTHER_IRO, "/iro check", "All the rest are right")
    seats.pressed(TEAM_MANAGER, "/iro check", "More", "Wrong worker, AB-1012", "All the rest are right")


def carry_on(seats: Seats) -> None:
    """The IROs carry on the nine disputes of the North team."""
    for who, theirs in CARRIED_ON.items():
        for ref, (asked, wanted) in theirs.items():
            given: dict[str, Filled] = {"Asked on": asked, "Reply wanted by": wanted, "Or": ON_RECORD}
            said = seats.typed(who, f"/concern {ref} carry on", given)
            assert f"{ref} is carried on at" in said, said


def reply(seats: Seats, who: str, ref: str, answer: str = "Agreed and done") -> None:
    given: dict[str, Filled] = {"Answer": answer, "What will happen": "It is on the child's record."}
    said = seats.typed(who, f"/concern {ref} reply", given)
    assert "is with the IRO" in said, said


def close(seats: Seats, who: str, ref: str) -> None:
    given: dict[str, Filled] = {
        "Outcome": "Resolved", "What changed for the child": "It was put right.", "The child has been told": "Yes"
    }  # fmt: skip
    said = seats.typed(who, f"/concern {ref} close", given)
    assert "is closed" in said, said


def allocate(seats: Seats, child: str, worker: str) -> None:
    said = seats.typed(IRO_MANAGER, f"/iro allocate {child}", {"Who holds the case?": worker})
    assert worker in said, said


def book(seats: Seats, child: str, on: date) -> None:
    given: dict[str, Filled] = {"Day": on, "Time": "10:00", "Kind of place": "Where the child lives"}
    said = seats.typed(SUPPORT, f"/review {child} book", given)
    assert "is booked for" in said, said


def papers(seats: Seats, child: str) -> None:
    said = seats.typed(SOCIAL_WORKER, f"/review {child} papers", {})
    assert "are in" in said, said


def hold(seats: Seats, who: str, child: str, on: date, late: str = "") -> None:
    why: dict[str, Filled] = {"If it was late: why": late} if late else {}
    said = seats.typed(who, f"/review {child} hold", {"Held on": on, **HELD, **why})
    assert "recorded as held" in said, said


def move_up(seats: Seats, who: str, ref: str, stage: int) -> None:
    said = seats.typed(who, f"/concern {ref} stage {stage}", {"Reason": "No reply came."})
    assert f"stage {stage}" in said, said


def log(seats: Seats, child: str) -> None:
    given: dict[str, Filled] = {
        "What are we worried about?": "Contact has stopped.",
        "Main reason": "Care planning",
        "Start at": "Stage 1",
    }
    said = seats.typed(IRO, f"/concern {child}", given)
    assert "is logged" in said, said


def decide(seats: Seats, child: str) -> None:
    given: dict[str, Filled] = {
        "What was decided?": "Contact begins again.", "Or a role": "Social worker", "By when?": date(2027, 2, 26)
    }  # fmt: skip
    seats.typed(IRO, f"/review {child} decisions", given)
    seats.in_form(IRO, f"/review {child} decisions", "Send to the manager")


def on_11(seats: Seats) -> None:
    allocate(seats, "AB-1007", "Otto Gray")
    allocate(seats, "AB-1012", "Sam Okoro")
    book(seats, "AB-1009", date(2027, 1, 13))
    book(seats, "AB-1010", date(2027, 1, 20))
    reply(seats, TEAM_MANAGER, "C-2")


def on_12(seats: Seats) -> None:
    reply(seats, TEAM_MANAGER, "C-3")
    reply(seats, SERVICE_MANAGER, "C-1")
    reply(seats, SERVICE_MANAGER, "C-4")
    close(seats, IRO, "C-2")
    book(seats, "AB-1001", date(2027, 1, 19))
    book(seats, "AB-1012", date(2027, 1, 21))


def on_13(seats: Seats) -> None:
    hold(seats, IRO, "AB-1009", date(2027, 1, 13))
    reply(seats, TEAM_MANAGER, "C-5")
    close(seats, IRO, "C-1")
    close(seats, IRO, "C-3")
    close(seats, OTHER_IRO, "C-4")


def on_14(seats: Seats) -> None:
    log(seats, "AB-1005")
    close(seats, IRO, "C-5")


def on_15(seats: Seats) -> None:
    reply(seats, TEAM_MANAGER, "C-6")
    reply(seats, TEAM_MANAGER, "C-9")
    papers(seats, "AB-1010")


def on_18(seats: Seats) -> None:
    decide(seats, "AB-1009")
    close(seats, IRO, "C-6")
    close(seats, OTHER_IRO, "C-9")
    book(seats, "AB-1015", date(2027, 1, 26))


def on_19(seats: Seats) -> None:
    hold(seats, IRO, "AB-1001", date(2027, 1, 19), late="Other")


def on_20(seats: Seats) -> None:
    hold(seats, IRO, "AB-1010", date(2027, 1, 20))
    reply(seats, TEAM_MANAGER, "C-11")
    move_up(seats, IRO, "C-7", 2)


def on_21(seats: Seats) -> None:
    hold(seats, OTHER_IRO, "AB-1012", date(2027, 1, 21), late="Other")
    close(seats, OTHER_IRO, "C-11")


def on_22(seats: Seats) -> None:
    reply(seats, SERVICE_MANAGER, "C-7")
    reply(seats, TEAM_MANAGER, "C-12")


FORTNIGHT: Mapping[int, Callable[[Seats], None]] = {
    11: on_11, 12: on_12, 13: on_13, 14: on_14, 15: on_15, 18: on_18, 19: on_19, 20: on_20, 21: on_21, 22: on_22
}  # fmt: skip
"""What is done on each working day of it, in January 2027, once its morning was read."""
