"""Fills an empty database with Anyshire: its past by the product's importers, its last weeks by people's own acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session

from bot.sample.absences import plan_absences
from bot.sample.arranged import ARRANGED, due_on
from bot.sample.children import Child, children_file, children_of
from bot.sample.collecting import Workspace
from bot.sample.concern_weeks import plan_concerns
from bot.sample.days import Days
from bot.sample.diary import Diary
from bot.sample.other_weeks import plan_the_rest
from bot.sample.past_concerns import concerns_file
from bot.sample.past_reviews import reviews_file
from bot.sample.people import staff_file
from bot.sample.review_weeks import plan_reviews
from bot.sample.rules import Rules, anyshires_own
from bot.sample.stage import Stage
from bot.sample.timetable import timetable_of
from bot.sample.weeks import Weeks
from handlers.history_import import import_history
from handlers.imports import import_children, import_staff
from handlers.office import Scene
from handlers.review_import import import_reviews
from handlers.tick import wake
from storage import history, people, procedure_texts
from storage.authorities import Authority
from storage.connections import Connection
from storage.database import transaction

SAMPLE = "sample"
"""The authority's key."""
SEED = 2026
MADE = "sample made"
"""What the authority's history says once everything is there."""
LAST_WEEKS_FROM = 0.2
"""The share of the work that is done when the past is there."""

Progress = Callable[[str, float], None]
"""Told what is being made, in words, and how much is done: 0 to 1."""


def silent(_words: str, _share: float) -> None:
    """Tells nobody."""


def populate(
    engine: Engine,
    *,
    now: datetime,
    authority: str = SAMPLE,
    rules: Rules | None = None,
    workspace: Workspace | None = None,
    progress: Progress = silent,
) -> None:
    """Make the sample authority as it stands at that moment, in a database that has its tables and no rows.

    The same moment makes the same service. Interrupted, it leaves a database of which `is_made` says no.
    """
    making, children = _with_past(engine, now, authority, rules, workspace, progress)
    making.live(children)
    progress("Ready", 1.0)


def populate_past(engine: Engine, *, now: datetime, progress: Progress = silent) -> Sequence[Child]:
    """The same before its last weeks began: what was imported, and nothing lived through yet. Gives the children."""
    _, children = _with_past(engine, now, SAMPLE, None, None, progress)
    return children


def _with_past(
    engine: Engine,
    now: datetime,
    authority: str,
    rules: Rules | None,
    workspace: Workspace | None,
    progress: Progress,
) -> tuple["_Making", Sequence[Child]]:
    making = _Making(
        engine=engine,
        authority=authority,
        rules=rules or anyshires_own(),
        workspace=workspace or Workspace(),
        now=now,
        chance=Random(SEED),  # noqa: S311 - no secret is made of it
        progress=progress,
    )
    children = children_of(making.rules.procedures, making.days.first, making.chance)
    with transaction(engine, authority) as session:
        making.begin(session)
        making.import_past(session, children)
    return making, children


def is_made(session: Session) -> bool:
    """Whether the sample of this session's authority was made to its end."""
    return any(entry.what == MADE for entry in history.entries(session, "authority"))


@dataclass(frozen=True, kw_only=True)
class _Making:
    engine: Engine
    authority: str
    rules: Rules
    workspace: Workspace
    now: datetime
    chance: Random
    progress: Progress

    @property
    def days(self) -> Days:
        return Days(now=self.now, calendar=self.rules.procedures.calendar())

    def begin(self, session: Session) -> None:
        """The authority, its rules and the workspace it is connected with."""
        self.progress("Staff and children", 0.0)
        at, name, digest = self.days.begins, self.rules.name, self.rules.procedures.digest
        session.add(
            Authority(
                key=self.authority,
                name=self.rules.procedures.name,
                procedures_name=name,
                procedures_digest=digest,
                created_at=at,
            )
        )
        session.flush()
        procedure_texts.keep(session, name=name[:80], text=self.rules.text, digest=digest, at=at)
        session.add(Connection(platform=self.workspace.platform, workspace=self.workspace.name, installed_at=at))
        details = {"procedures": name, "digest": digest}
        history.record(session, chain="authority", at=at, actor_id=None, what="set up", details=details)

    def import_past(self, session: Session, children: Sequence[Child]) -> None:
        """What went before the last weeks, as a service brings it along: from files."""
        rules, days = self.rules.procedures, self.days
        scene = Scene(session=session, now=days.begins, authority=self.authority, rules=rules)
        import_staff(session, rules, staff_file(rules), scene.today, scene.now)
        everybody = [one.id for one in people.in_service(session, scene.today) if one.id is not None]
        people.welcomed(session, everybody, scene.today)
        import_children(session, rules, children_file(children), scene.today, scene.now)
        self.progress("Two years of reviews", 0.08)
        due = {one.reference: due_on(ARRANGED[one.number], days) for one in children if one.number in ARRANGED}
        since, until = days.year_before, days.first
        import_reviews(scene, reviews_file(children, rules, since=since, until=until, due=due, chance=self.chance))
        self.progress("Two years of concerns", 0.15)
        import_history(scene, concerns_file(children, rules, since, until, self.chance))
        wake(session, self.authority, scene.now)

    def live(self, children: Sequence[Child]) -> None:
        """The last weeks, act by act, each message delivered when it is owed."""
        words = "The last weeks, message by message"
        self.progress(words, LAST_WEEKS_FROM)
        days, diary = self.days, Diary()
        weeks = Weeks(days=days, rules=self.rules.procedures, diary=diary, chance=self.chance)
        plan_absences(diary, days)
        plan_concerns(weeks, children, strictly=self.rules == anyshires_own())
        plan_reviews(weeks, children, timetable_of(self.engine, self.authority))
        plan_the_rest(weeks, children)

        def passed(at: datetime) -> None:
            lived = (at - days.begins) / (days.now - days.begins)
            self.progress(words, LAST_WEEKS_FROM + (1 - LAST_WEEKS_FROM) * lived)

        with Stage(self.engine, self.authority, days.begins, workspace=self.workspace) as stage:
            diary.play(stage, days.now, passed)
        with transaction(self.engine, self.authority) as session:
            history.record(session, chain="authority", at=days.now, actor_id=None, what=MADE)
