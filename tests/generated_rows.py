"""A year of rows put into a database at random: concerns, replies, reviews and what is around them, some outside it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import SQLModel

from handlers.office import rules_in_force
from storage.children import Capacity, Child, allocate
from storage.concerns import Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.contacts import Contact, ContactKind
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.praise import Praise, PraiseTo
from storage.referrals import Referral, ReferralKind
from storage.replies import Extension
from storage.review_tasks import ReviewTask
from storage.reviews import Order, Participation, Review, ReviewMove, ReviewState
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.cast import (
    AUTHORITY,
    IRO,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    Cast,
)

Put = Callable[[SQLModel], int]
Value = TypeVar("Value")
FIRST = date(2025, 2, 1)
DAYS = 480
TEAMS = ("North team", "South team", "")
ROLES = {SOCIAL_WORKER: "social_worker", TEAM_MANAGER: "team_manager", SERVICE_MANAGER: "service_manager"}


class Generated:
    """Puts rows into a database, one year's worth and what lies around it."""

    def __init__(self, engine: Engine, cast: Cast, seed: int) -> None:
        self.engine, self.cast = engine, cast
        self.chance = Random(seed)  # noqa: S311 - no secret is made of it
        self.children: list[int] = []

    def fill(self) -> None:
        """Everything, in one transaction."""
        with transaction(self.engine, AUTHORITY) as session:
            digest = rules_in_force(session, AUTHORITY).digest

            def put(row: SQLModel) -> int:
                session.add(row)
                session.flush()
                ident = row.id  # type: ignore[attr-defined]  # every table of ours has one
                assert isinstance(ident, int)
                return ident

            for number in range(30):
                child = Child(
                    reference=f"GE-{1000 + number}",
                    looked_after_from=self.day(),
                    left_care_on=self.sometimes(0.2, self.day()),
                )
                self.children.append(put(child))
                for capacity, logins in (
                    (Capacity.IRO, (IRO, OTHER_IRO)),
                    (Capacity.HOLDER, (SOCIAL_WORKER, OTHER_WORKER)),
                ):
                    allocate(session, child, capacity, self.person(*logins), FIRST)
                    session.flush()
                if self.chance.random() < 0.3:
                    allocate(session, child, Capacity.IRO, self.person(IRO, OTHER_IRO), self.day())
            for number in range(1, 91):
                for row in self.concern(number, digest, put):
                    put(row)
            for _ in range(140):
                for row in self.review(put):
                    put(row)
            for _ in range(25):
                put(self.contact())
                put(self.praise())

    # rows

    def concern(self, number: int, digest: str, put: Put) -> Iterator[SQLModel]:
        """A concern with its runs, the people asked, its reasons and referrals."""
        raised = self.moment()
        state = self.chance.choice([*ConcernState, ConcernState.CLOSED, ConcernState.WAITING])
        draft = state in (ConcernState.DRAFT, ConcernState.DISCARDED)
        is_closed = state is ConcernState.CLOSED
        stages = [0, 1, 2, 3][self.chance.choice((0, 0, 1)) : self.chance.randint(2, 4)]
        ident = put(
            Concern(
                number=number,
                child_id=None if number % 15 == 0 else self.chance.choice(self.children),
                about_service=number % 15 == 0,
                iro_id=self.person(IRO, OTHER_IRO),
                team=self.chance.choice(TEAMS),
                state=state,
                procedures_digest=digest,
                drafted_at=raised,
                raised_at=None if draft else raised,
                state_since=raised,
                agency=self.chance.choice((None, "", "Health")),
                highest_stage=stages[-1],
                closed_at=raised + timedelta(days=self.chance.randint(1, 90)) if is_closed else None,
                outcome=self.chance.choice([*Outcome, None]) if is_closed else None,
                change_recorded=is_closed and self.chance.random() < 0.5,
                lasted=self.chance.choice([*Lasted, None]) if is_closed else None,
                child_told=("yes", "not yet", None)[number % 3] if is_closed else None,
                on_record_on=raised.date() if is_closed and number % 2 else None,
            )
        )
        at = raised
        for stage in stages:
            yield from self.run(ident, stage, at, put)
            at += timedelta(days=self.chance.randint(1, 20))
        named = self.chance.sample(["care_planning", "education", "health"], self.chance.randint(0, 3))
        for place, reason in enumerate(named):
            yield ConcernReason(concern_id=ident, reason=reason, main=place == 0)
        if self.chance.random() < 0.2:
            yield Referral(
                concern_id=ident,
                kind=self.chance.choice(list(ReferralKind)),
                happened_on=self.day(),
                recorded_at=at,
            )

    def run(self, concern_id: int, stage: int, at: datetime, put: Put) -> Iterator[SQLModel]:
        """One stand at a stage: who was asked, who replied, when, and the extensions agreed."""
        kind = self.chance.choice((RunKind.ENTRY, RunKind.ENTRY, RunKind.ENTRY, RunKind.ASKED_AGAIN, RunKind.IMMEDIATE))
        due = self.sometimes(0.8, at + timedelta(days=10))
        ident = put(
            StageRun(concern_id=concern_id, number=stage, kind=kind, started_at=at, counted_from=at, due_at=due)
        )
        for login in self.chance.sample(list(ROLES), self.chance.randint(0, 3)):
            yield Addressee(
                concern_id=concern_id,
                run_id=ident,
                person_id=self.cast.people[login],
                part=self.chance.choice((Part.ADDRESSED, Part.ADDRESSED, Part.COPIED)),
                role=self.chance.choice((ROLES[login], "team_manager")),
                standing_why=self.chance.choice(("", "", "away")),
                added_at=at,
                replied_at=self.sometimes(0.6, at + timedelta(days=self.chance.randint(0, 20))),
            )
        if self.chance.random() < 0.2:
            yield Extension(
                concern_id=concern_id,
                run_id=ident,
                before_at=at,
                after_at=at + timedelta(days=self.chance.choice((-3, 0, 5))),
                agreed_by_id=self.cast.people[IRO],
                agreed_at=at,
            )

    def review(self, put: Put) -> Iterator[SQLModel]:
        """A review with its moves, its tasks and its decisions."""
        day, child = self.day(), self.chance.choice(self.children)
        state = self.chance.choice((*[ReviewState.HELD] * 3, ReviewState.DUE, ReviewState.NOT_NEEDED))
        is_held = state is ReviewState.HELD
        in_time = self.chance.choice((True, True, True, False, None))
        ident = put(
            Review(
                child_id=child,
                state=state,
                track="looked_after",
                order=Order.LATER,
                rule="later_reviews",
                due_on=day,
                created_at=self.moment(),
                held_on=day if is_held else None,
                completed_on=day if is_held else None,
                in_time=in_time if state is not ReviewState.DUE else None,
                late_reason=self.chance.choice((None, "Sickness", "Other")) if in_time is False else None,
                participation=self.chance.choice([*Participation, None]) if is_held else None,
                took_part=self.chance.choice(("", "mother", "mother,carers", "father,others")),
                record_sent_on=self.sometimes(0.7, day + timedelta(days=self.chance.randint(5, 40))),
                imported=self.chance.random() < 0.2,
                iro_id=self.person(IRO, OTHER_IRO),
            )
        )
        for task in ("midway", "child_seen", "child_spoken_to", "record_sent"):
            if self.chance.random() < 0.5:
                done = self.chance.random() < 0.6
                due = day + timedelta(days=self.chance.randint(-10, 60))
                yield ReviewTask(
                    child_id=child,
                    review_id=ident,
                    task=task,
                    owner_role="iro",
                    due_on=due,
                    done_on=due if done else None,
                    not_needed=not done and self.chance.random() < 0.5,
                )
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            yield ReviewMove(
                review_id=ident,
                from_on=day,
                to_on=day + timedelta(days=self.chance.randint(-5, 5)),
                reason=self.chance.choice(("Sickness", "Carers asked")),
                moved_at=self.moment(),
            )
            yield Decision(
                child_id=child,
                review_id=ident,
                state=self.chance.choice(list(DecisionState)),
                settled_on=self.day(),
                made_at=self.moment(),
                sent_at=self.chance.choice((None, self.moment(), self.moment())),
                taken_out_at=self.chance.choice((None, None, self.moment())),
            )

    def contact(self) -> Contact:
        """A contact between reviews."""
        return Contact(
            child_id=self.chance.choice(self.children),
            kind=self.chance.choice(list(ContactKind)),
            happened_on=self.day(),
            by_id=self.person(IRO, OTHER_IRO),
            team=self.chance.choice(TEAMS),
            recorded_at=self.moment(),
        )

    def praise(self) -> Praise:
        """Good practice recognised."""
        return Praise(
            recipient=PraiseTo.WORKER,
            person_id=self.person(SOCIAL_WORKER, OTHER_MANAGER),
            team=self.chance.choice(TEAMS),
            by_id=self.person(IRO, OTHER_IRO),
            sent_at=self.moment(),
        )

    # chance

    def day(self) -> date:
        """A day in or around the year."""
        return FIRST + timedelta(days=self.chance.randrange(DAYS))

    def moment(self) -> datetime:
        """A moment of such a day, at any hour, so that London's midnight matters."""
        return datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(
            minutes=self.chance.randrange(DAYS * 24 * 60)
        )

    def person(self, *logins: str) -> int:
        """One of these people."""
        return self.cast.people[self.chance.choice(logins)]

    def sometimes(self, often: float, value: Value) -> Value | None:
        """The value, so often; else nothing."""
        return value if self.chance.random() < often else None
