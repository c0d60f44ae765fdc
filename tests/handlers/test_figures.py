"""The figures say what surface 8 promises, and count by the rules they print."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.spread import at_share, median
from handlers.figures.tables import Figures, Row
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from scheduling.working_days import at_local
from storage.concerns import Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.database import transaction
from storage.referrals import Referral, ReferralKind
from storage.replies import Extension
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, Cast, settle

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
YEAR = Period(first=date(2025, 4, 1), last=date(2026, 3, 31))


@dataclass
class Records:
    """Puts concerns, runs and people asked straight into the database."""

    engine: Engine
    cast: Cast
    number: int = 0

    def concern(self, day: date, **more: object) -> int:
        self.number += 1
        state = more.get("state", ConcernState.WAITING)
        given: dict[str, object] = {
            "number": self.number,
            "child_id": self.cast.children[CHILD],
            "iro_id": self.cast.people[IRO],
            "state": state,
            "procedures_digest": self.digest(),
            "drafted_at": noon(day),
            "raised_at": None if state in (ConcernState.DRAFT, ConcernState.DISCARDED) else noon(day),
            "state_since": noon(day),
        }
        return self._put(Concern.model_validate(given | more))

    def run(self, concern_id: int, number: int, at: datetime, kind: RunKind = RunKind.ENTRY, **more: object) -> int:
        given: dict[str, object] = {
            "concern_id": concern_id, "number": number, "kind": kind, "started_at": at, "counted_from": at
        }  # fmt: skip
        return self._put(StageRun.model_validate(given | more))

    def ask(self, concern_id: int, run_id: int, login: str, role: str, **more: object) -> int:
        given: dict[str, object] = {
            "concern_id": concern_id,
            "run_id": run_id,
            "person_id": self.cast.people[login],
            "part": Part.ADDRESSED,
            "role": role,
            "added_at": NOW,
        }
        return self._put(Addressee.model_validate(given | more))

    def reason(self, concern_id: int, reason: str, *, main: bool) -> None:
        self._put(ConcernReason(concern_id=concern_id, reason=reason, main=main))

    def put(self, row: Referral | Extension) -> None:
        self._put(row)

    def digest(self) -> str:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            return rules_in_force(session, AUTHORITY).digest

    def _put(self, row: Concern | StageRun | Addressee | ConcernReason | Referral | Extension) -> int:
        with transaction(self.engine, AUTHORITY) as session:
            session.add(row)
            session.flush()
            assert row.id is not None
            return row.id

    def figures(self, period: Period = YEAR) -> Figures:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            return figures(self.scene(session), period)

    def table(self, name: str, period: Period = YEAR) -> list[Row]:
        return list(self.figures(period).tables[name])

    def scene(self, session: Session) -> Scene:
        return Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def records(engine: Engine) -> Records:
    """A database with the cast and no concern yet."""
    return Records(engine, settle(engine))


MAY = date(2025, 5, 6)


def test_a_month_counts_entries_and_neither_asked_again_nor_reopened(records: Records) -> None:
    one = records.concern(MAY)
    records.run(one, 0, noon(MAY))
    records.run(one, 1, noon(MAY))
    records.run(one, 1, noon(MAY), RunKind.ASKED_AGAIN)
    records.run(one, 2, noon(MAY), RunKind.IMMEDIATE)
    records.run(one, 1, noon(MAY), RunKind.REOPENED)

    may = records.table("concerns_by_month")[1]
    assert may == {"month": "2025-05", "informal": 1, "stage_1": 1, "stage_2": 1, "stage_3": 0, "cafcass": 0}


def test_months_are_london_months(records: Records) -> None:
    one = records.concern(MAY)
    records.run(one, 1, datetime(2025, 5, 31, 22, 59, tzinfo=UTC))  # 23:59 on 31 May in London
    records.run(one, 1, datetime(2025, 5, 31, 23, 0, tzinfo=UTC))  # midnight, 1 June in London

    by_month = {row["month"]: row["stage_1"] for row in records.table("concerns_by_month")}
    assert (by_month["2025-05"], by_month["2025-06"], by_month["total"]) == (1, 1, 2)


def test_the_period_ends_with_the_last_day_in_london(records: Records) -> None:
    one = records.concern(date(2025, 4, 1))
    records.run(one, 1, datetime(2025, 3, 31, 22, 59, tzinfo=UTC))
    records.run(one, 1, datetime(2025, 3, 31, 23, 0, tzinfo=UTC))
    records.run(one, 1, at_local(date(2026, 4, 1), datetime.min.time()))

    assert records.table("concerns_by_month")[-1]["stage_1"] == 1


def test_cafcass_counts_referrals_and_no_contacts(records: Records) -> None:
    one = records.concern(MAY)
    for kind in ReferralKind:
        records.put(Referral(concern_id=one, kind=kind, happened_on=MAY, recorded_at=NOW))

    assert records.table("concerns_by_month")[-1]["cafcass"] == 1


def test_drafts_and_discarded_drafts_are_never_counted(records: Records) -> None:
    records.concern(MAY, state=ConcernState.DRAFT)
    records.concern(MAY, state=ConcernState.DISCARDED)

    counted = records.figures()
    assert counted.tables["concerns_and_children"][0]["concerns"] == 0
    assert all(row["concerns"] == 0 for row in counted.tables["concerns_by_highest_stage"])
    assert counted.tables["reasons"] == []


def test_the_highest_stage_divides_concerns_raised_into_completed_and_open(records: Records) -> None:
    records.concern(MAY, highest_stage=0, agency="Health")
    records.concern(MAY, highest_stage=2, state=ConcernState.CLOSED, closed_at=noon(MAY))
    records.concern(MAY, highest_stage=2, state=ConcernState.ASKED, agency="")
    records.concern(date(2025, 3, 31), highest_stage=2)

    rows = {row["stage"]: row for row in records.table("concerns_by_highest_stage")}
    assert rows["informal"] == {"stage": "informal", "concerns": 1, "completed": 0, "open": 1, "agencies": 1}
    assert rows["stage_2"] == {"stage": "stage_2", "concerns": 2, "completed": 1, "open": 1, "agencies": 0}
    assert list(rows) == ["informal", "stage_1", "stage_2", "stage_3"]


def test_children_are_counted_once_and_service_concerns_apart(records: Records) -> None:
    records.concern(MAY)
    records.concern(MAY)
    records.concern(MAY, child_id=records.cast.children[OTHER_CHILD])
    records.concern(MAY, child_id=None, about_service=True)

    row = records.table("concerns_and_children")[0]
    assert (row["concerns"], row["children"], row["service_concerns"]) == (4, 2, 1)


def test_someone_senior_is_reached_by_the_stage_or_by_being_asked(records: Records) -> None:
    records.concern(MAY, highest_stage=2)
    records.concern(MAY, highest_stage=3)
    asked = records.concern(MAY, highest_stage=1)
    copied = records.concern(MAY, highest_stage=1)
    records.ask(asked, records.run(asked, 1, noon(MAY)), SERVICE_MANAGER, "director")
    records.ask(copied, records.run(copied, 1, noon(MAY)), SERVICE_MANAGER, "director", part=Part.COPIED)

    assert records.table("concerns_and_children")[0]["reached_assistant_director"] == 2


def test_reasons_count_main_and_any_over_the_concerns_of_their_kind(records: Records) -> None:
    informal = records.concern(MAY)
    formal = [records.concern(MAY, highest_stage=1) for _ in range(3)]
    records.reason(informal, "care_planning", main=True)
    for one in formal[:2]:
        records.reason(one, "drift_and_delay", main=True)
    records.reason(formal[0], "care_planning", main=False)

    rows = [(row["kind"], row["main"], row["any"], row["base"]) for row in records.table("reasons")]
    assert rows == [("informal", 1, 1, 1), ("formal", 2, 2, 3), ("formal", 0, 1, 3)]


def test_reasons_are_said_in_the_words_of_the_procedures(records: Records) -> None:
    records.reason(records.concern(MAY), "care_planning", main=True)
    records.reason(records.concern(MAY), "no_longer_there", main=True)

    with transaction(records.engine, AUTHORITY, writes=False) as session:
        category = rules_in_force(session, AUTHORITY).category("care_planning")
    assert category is not None
    assert {row["reason"] for row in records.table("reasons")} == {category.label, "no_longer_there"}


def test_replies_count_people_asked_who_replied_and_who_did_in_time(records: Records) -> None:
    monday = date(2025, 5, 12)
    one = records.concern(monday)
    due = noon(monday + timedelta(10))
    run = records.run(one, 1, noon(monday), due_at=due)
    records.ask(one, run, TEAM_MANAGER, "team_manager", replied_at=noon(monday + timedelta(2)))
    records.ask(one, run, SERVICE_MANAGER, "team_manager", replied_at=due + timedelta(seconds=1), standing_why="away")
    records.ask(one, run, IRO, "team_manager")
    records.ask(one, run, SOCIAL_WORKER, "social_worker", part=Part.COPIED)

    assert records.table("replies") == [
        {
            "stage": "stage_1",
            "role": "team_manager",
            "asked": 3,
            "replied": 2,
            "in_time": 1,
            "median_days": 5.0,  # Wednesday after Monday is 2; Thursday of the week after is 8
            "p90_days": 8,
            "extensions": 0,
            "substitutions": 1,
        }
    ]


def test_reply_days_leave_out_bank_holidays(records: Records) -> None:
    friday, tuesday = date(2025, 5, 2), date(2025, 5, 6)  # Monday 5 May 2025 was a bank holiday
    one = records.concern(friday)
    run = records.run(one, 0, noon(friday))
    records.ask(one, run, TEAM_MANAGER, "team_manager", replied_at=noon(tuesday))

    row = records.table("replies")[0]
    assert (row["median_days"], row["p90_days"]) == (1.0, 1)
    assert row["in_time"] is None


def test_an_extension_counts_once_for_each_role_asked(records: Records) -> None:
    one = records.concern(MAY)
    run = records.run(one, 1, noon(MAY))
    for login in (TEAM_MANAGER, SERVICE_MANAGER):
        records.ask(one, run, login, "team_manager")
    records.put(
        Extension(
            concern_id=one,
            run_id=run,
            before_at=noon(MAY),
            after_at=NOW,
            agreed_by_id=records.cast.people[IRO],
            agreed_at=NOW,
        )
    )

    assert [row["extensions"] for row in records.table("replies")] == [1]


def test_outcomes_count_what_was_closed_in_the_period_and_whether_it_lasted(records: Records) -> None:
    closed: dict[str, object] = {"state": ConcernState.CLOSED, "closed_at": noon(MAY)}
    before, filed = date(2024, 1, 10), {"child_told": "yes", "on_record_on": MAY}
    records.concern(before, **closed, outcome=Outcome.RESOLVED, change_recorded=True, lasted=Lasted.YES, **filed)
    records.concern(before, **closed, outcome=Outcome.RESOLVED, lasted=Lasted.NO, child_told="not yet")
    records.concern(MAY, outcome=Outcome.WITHDRAWN, state=ConcernState.CLOSED, closed_at=NOW)

    rows = {row["outcome"]: row for row in records.table("outcomes")}
    assert rows["resolved"] == {"outcome": "resolved", "concerns": 2, "change_recorded": 1, "lasted": 1} | {
        "child_told": 1,
        "on_record": 1,
    }
    assert rows["withdrawn"]["concerns"] == 0


def test_notes_name_concerns_without_a_reason_and_closed_ones_without_an_outcome(records: Records) -> None:
    for _ in range(12):
        records.concern(MAY)
    records.concern(MAY, state=ConcernState.CLOSED, closed_at=noon(MAY))

    notes = records.figures().notes
    listed = ", ".join(f"C-{number}" for number in range(1, 11))
    assert f"Raised in the period without any reason: 13 ({listed} and 3 more)." in notes
    assert "Closed in the period without an outcome: 1 (C-13)." in notes


def test_another_authority_s_concerns_are_not_counted(records: Records) -> None:
    one = records.concern(MAY)
    records.run(one, 1, noon(MAY))
    with transaction(records.engine, AUTHORITY, writes=False) as session:
        rules = rules_in_force(session, AUTHORITY)

    with transaction(records.engine, "elsewhere", writes=False) as session:
        elsewhere = figures(Scene(session=session, now=NOW, authority="elsewhere", rules=rules), YEAR)
    assert elsewhere.tables["concerns_by_month"][-1]["stage_1"] == 0
    assert elsewhere.tables["concerns_and_children"][0]["concerns"] == 0


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="swap the two dates"):
        Period(first=date(2026, 4, 1), last=date(2025, 3, 31))


def test_a_period_is_divided_into_its_months_and_parts_of_months() -> None:
    period = Period(first=date(2024, 1, 20), last=date(2024, 3, 5))

    assert [(name, month.first, month.last) for name, month in period.months()] == [
        ("2024-01", date(2024, 1, 20), date(2024, 1, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-03", date(2024, 3, 1), date(2024, 3, 5)),
    ]


@pytest.mark.parametrize(
    ("numbers", "middle", "ninth_tenth"),
    [([4], 4, 4), ([1, 2], 1.5, 2), ([1, 2, 9], 2, 9), ([*range(1, 11)], 5.5, 9), ([0] * 9 + [30], 0, 0)],
)
def test_the_middle_and_the_ninth_tenth(numbers: list[int], middle: float, ninth_tenth: int) -> None:
    counts = Counter(numbers)
    assert (median(counts), at_share(counts, 0.9)) == (middle, ninth_tenth)
