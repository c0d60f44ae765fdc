"""A council's first fortnight: one team goes live on a Monday with late tasks, open disputes and two wrong workers, the
other a month later. What each role reads is a page of the docs, checked here word for word; nobody else hears a thing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from statistics import median, quantiles

import pytest
from sqlmodel import col, func, select

from scheduling.working_days import local
from storage.children import Child
from storage.database import transaction
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review
from tests.bench import Bench, utc
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
)
from tests.first_lines import undated
from tests.screens import Filled
from tests.stories.a_council import NORTH_DUE, NORTH_STARTS, SECOND_WORKER, brought_in
from tests.stories.conftest import WORLDS
from tests.stories.fortnight import FORTNIGHT, carry_on, check_children
from tests.stories.seats import AtScreens, AtTheBench, Read, Seats

PAGE = Path(__file__).parents[2] / "docs" / "first-fortnight.md"
ROLES = {
    SOCIAL_WORKER: "A social worker, 11 children",
    TEAM_MANAGER: "Their team manager",
    IRO: "An IRO, 16 children",
    IRO_MANAGER: "The IRO manager",
}
BUDGET = {
    IRO: (2, 4),
    OTHER_IRO: (2, 4),
    SOCIAL_WORKER: (1, 2),
    SECOND_WORKER: (1, 2),
    TEAM_MANAGER: (2, 4),
    SERVICE_MANAGER: (2, 4),
    IRO_MANAGER: (2, 4),
    SUPPORT: (1, 1),
}
"""Messages on a working day: the median, and the 95th percentile."""
SOUTH = {OTHER_MANAGER, OTHER_WORKER}
TUESDAY, EVENING = utc("2027-01-05"), time(17, 30)
HELLO = "Hello "
LATE_SINCE = re.compile(r"(?:late since|was due) (\w{3} \d+ \w{3}(?: \d{4})?)")


@contextmanager
def council(monkeypatch: pytest.MonkeyPatch, folder: Path, platform: str = "") -> Iterator[Seats]:
    """The council on Tuesday 5 January, on that platform, or at the bench."""
    for engine in brought_in(monkeypatch, folder, platform or "slack"):
        if not platform:
            yield AtTheBench(Bench(engine, TUESDAY))
            continue
        with WORLDS[platform](engine, TUESDAY) as world:
            yield AtScreens(world)


def sent(read: Sequence[Read], *people: str) -> list[Read]:
    return [one for one in read if one.who in people]


def before_the_day(seats: Seats) -> list[Read]:
    """Children are checked, disputes carried on; all that is read to the end of the Friday before the start."""
    check_children(seats)
    wrong = seats.typed(IRO_MANAGER, "/iro day")
    assert "AB-1007: Ann Lee says that Sam Okoro is the wrong worker.\n[Allocate]" in wrong
    assert "AB-1012: Tess Hill says that Otto Gray is the wrong worker.\n[Allocate]" in wrong
    assert "There is no" in seats.typed(SECOND_WORKER, "/review AB-1007"), "no right is gained by it"
    seats.go_to_day(date(2027, 1, 7))
    carry_on(seats)
    seats.go_to_day(date(2027, 1, 7), EVENING)
    seats.go_to_day(date(2027, 1, 8), EVENING)
    return seats.came()


def live(seats: Seats) -> list[Read]:
    """The fortnight's working days: the morning is read, then everybody works."""
    read: list[Read] = []
    for number, acts in FORTNIGHT.items():
        seats.go_to_day(date(2027, 1, number))
        read += seats.came()
        acts(seats)
        seats.go_to_day(date(2027, 1, number), EVENING)
        read += seats.came()
    return read


def page_of(read: Sequence[Read]) -> str:
    """What the four roles read, day by day."""
    parts = []
    for who, role in ROLES.items():
        parts.append(f"## {role}")
        for one in sent(read, who):
            at = local(one.at)
            said = "\n".join(f"> {line}  " for line in one.text.splitlines())
            parts.append(f"{at:%a} {at.day} {at:%b}, {at:%-I:%M} {'am' if at.hour < 12 else 'pm'}\n\n{said.rstrip()}")
    return "\n\n".join(parts) + "\n"


def budget_of(read: Sequence[Read], who: str) -> tuple[float, float]:
    """Median and 95th percentile of the messages on the fortnight's working days."""
    a_day = Counter(local(one.at).day for one in sent(read, who) if local(one.at).date() >= NORTH_STARTS)
    counts = [a_day[number] for number in FORTNIGHT]
    return median(counts), quantiles(counts, n=20, method="inclusive")[-1]


def refuse_reminders_of_before(read: Sequence[Read]) -> None:
    """No morning names what was late before the start: it is one list, for who asks for it."""
    for one in read:
        for day in LATE_SINCE.findall(one.text) if one.title.startswith("Your day") else ():
            assert "2026" not in day, one.text
            assert int(day.split()[1]) >= NORTH_STARTS.day, one.text


def test_until_the_first_monday_each_is_welcomed_once_and_reads_what_the_page_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with council(monkeypatch, tmp_path) as seats:
        assert isinstance(seats, AtTheBench)
        assert late_before_the_start(seats) == 40
        read = before_the_day(seats)
        assert not sent(read, *SOUTH)
        welcomed = Counter(one.who for one in read if one.title.startswith(HELLO))
        assert welcomed == Counter({login for login, *_ in STAFF} - SOUTH), "once each"
        assert {one.title for one in sent(read, ADMIN, DIRECTOR, ASSISTANT_DIRECTOR, SUPPORT)} <= {
            f"Hello {name}: this is your IROs' reminder bot" for name in ("Adam", "Dora", "Ada", "Bea")
        }
        assert not [one for one in read if one.title.startswith("Your day")]
        seats.go_to_day(NORTH_STARTS)
        monday = seats.came()
        assert {one.who for one in monday} == {SERVICE_MANAGER, TEAM_MANAGER, IRO, OTHER_IRO, IRO_MANAGER}
        assert {one.title for one in monday} == {"Your day, Mon 11 Jan"}
        refuse_reminders_of_before(monday)
        assert "Before we started (10)" in seats.typed(SOCIAL_WORKER, "/iro day")
    page = PAGE.read_text("utf-8")
    for who in ROLES:
        (begins,) = page_of(sent([*read, *monday], who)).split(f"## {ROLES[who]}\n\n")[1].split("\n\n## ")[:1]
        assert begins.rstrip() in page, who


def all_for(seats: Seats, who: str) -> str:
    """What waits for somebody, to the last line of it."""
    first = seats.typed(who, "/iro day")
    more = re.search(r"\[(More \(\d+\))\]", first)
    return first + (seats.pressed(who, "/iro day", more[1]) if more else "")


def late_before_the_start(seats: AtTheBench) -> int:
    """The tasks and reviews of the North team's children that will be late on the day."""
    with transaction(seats.bench.engine, AUTHORITY, writes=False) as session:
        theirs = select(Child.id).where(col(Child.reference).in_(NORTH_DUE))
        tasks = (col(ReviewTask.due_on) < NORTH_STARTS, col(ReviewTask.child_id).in_(theirs))
        late = (
            col(Review.due_on) < NORTH_STARTS,
            col(Review.child_id).in_(theirs),
            col(Review.state).in_(OPEN_REVIEWS),
        )
        counted = (select(func.count()).select_from(ReviewTask).where(*tasks), select(func.count()).where(*late))
        return sum(session.exec(one).one() for one in counted)


@pytest.mark.slow
def test_the_first_fortnight_reads_as_the_page_shows_within_the_budget_and_then_the_other_team_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with council(monkeypatch, tmp_path) as seats:
        read = [*before_the_day(seats), *live(seats)]
        fresh = page_of(read)
        (tmp_path / "first-fortnight.md").write_text(fresh, encoding="utf-8")
        assert fresh in PAGE.read_text("utf-8"), f"it reads otherwise now: {tmp_path}/first-fortnight.md"
        found = {who: budget_of(read, who) for who in BUDGET}
        over = {who: one for who, one in found.items() if one[0] > BUDGET[who][0] or one[1] > BUDGET[who][1]}
        assert over == {}
        refuse_reminders_of_before(read)
        assert not sent(read, *SOUTH)
        assert {one.title for one in sent(read, ADMIN, DIRECTOR, ASSISTANT_DIRECTOR, SUPPORT)} <= {
            f"Hello {name}: this is your IROs' reminder bot" for name in ("Adam", "Dora", "Ada", "Bea")
        }
        seats.go_to_day(date(2027, 2, 4), EVENING)
        assert not [one for one in seats.came() if one.who in SOUTH or "AB-20" in one.text], "nor is it spoken of"
        seats.go_to_day(date(2027, 2, 5), EVENING)
        eve = seats.came()
        assert {one.who for one in eve if one.title.startswith(HELLO)} == SOUTH, "nobody is welcomed twice"
        assert {one.title for one in sent(eve, *SOUTH)} == {
            "Hello Mona: this is your IROs' reminder bot",
            "Hello Will: this is your IROs' reminder bot",
        }
        seats.go_to_day(date(2027, 2, 8))
        monday = seats.came()
        assert "C-8 (AB-2003), raised before: stage 1" in all_for(seats, IRO)
        assert "C-10 (AB-2009), raised before: informal" in all_for(seats, OTHER_IRO)
        assert not [one for one in monday if one.title.startswith(HELLO)]
        given: dict[str, Filled] = {
            "Asked on": date(2026, 12, 17), "Reply wanted by": date(2027, 2, 12), "Or": ["See the child's record"]
        }  # fmt: skip
        assert "Asked: Mona Ruiz" in seats.typed(IRO, "/concern C-8 carry on", given)
        assert [one.title for one in sent(seats.came(), *SOUTH)] == [
            "C-8, raised before: please reply",
            "For information: C-8 (nothing to do)",
        ]


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["slack", "teams", "page"])
def test_on_every_platform_the_four_roles_hear_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str
) -> None:
    with council(monkeypatch, tmp_path, platform) as seats:
        read = [*before_the_day(seats), *live(seats)]
    for who in ROLES:
        assert [one.title for one in sent(read, who)] == titles_on_the_page(who), who
    assert not sent(read, *SOUTH)


def titles_on_the_page(who: str) -> list[str]:
    """The first lines of what somebody reads there."""
    part = PAGE.read_text("utf-8").split(f"## {ROLES[who]}\n\n")[1].split("\n\n## ")[0]
    return [undated(one.split("\n")[0].removesuffix("  ")) for one in part.split("\n\n> ")[1:]]
