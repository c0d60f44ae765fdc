"""One case told by the real engine: what each person does and reads, and on which day, by any procedures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.delivery.port import Platform, Posted
from bot.sample.collecting import Workspace
from bot.sample.file import hasty_engine
from bot.sample.people import IRO, SOCIAL_WORKER, email_of, staff, staff_file
from bot.sample.rules import Rules
from bot.sample.shown import buttons_of, said
from bot.sample.stage import Audience, NotPlayable, Stage
from bot.workspace.declaration import PAGE
from handlers.cards import Answer, Card, Form, Notice
from handlers.imports import import_staff
from handlers.tick import wake
from scheduling.clock import Clock
from scheduling.procedures import Procedures
from scheduling.working_days import WorkingCalendar, at_local, local
from storage import children, people, procedure_texts
from storage.authorities import Authority
from storage.children import Capacity, Child
from storage.concerns import Concern
from storage.connections import Connection
from storage.database import transaction
from storage.migrating import upgrade
from storage.people import Person
from storage.replies import AnswerKind
from storage.stage_runs import Addressee, Part, StageRun

AUTHORITY = "case"
CHILD = "AB-1042"
BEGINS = at_local(date(2026, 11, 30), time(9, 30))
"""A Monday whose working days run into Christmas."""
MOST_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is seen: somebody's act in words, the sentence they are answered with, or a message they get."""

    at: datetime
    who: str
    role: str
    did: str = ""
    answer: str = ""
    message: Card | None = None


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A day of the case that the rules decide."""

    what: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Case:
    """The whole case, step by step, and its days."""

    rules: str
    steps: Sequence[Step]
    milestones: Sequence[Milestone]


class CannotTell(Exception):
    """These procedures leave the case nowhere to go; the message says where it stopped."""


def told_by(rules: Rules, halted: Callable[[], bool] = lambda: False) -> Case:
    """Play the case by these rules in a database that is gone afterwards. CannotTell where it gets stuck.

    It is left as soon as `halted` says so.
    """
    procedures = rules.procedures
    with TemporaryDirectory(prefix="iro-bot-case-") as folder:
        engine = hasty_engine(Path(folder) / "case.db")
        try:
            upgrade(engine)
            with transaction(engine, AUTHORITY) as session:
                _set_up(session, rules)
            record = _Record({one.name: procedures.role_label(one.role) for one in staff(procedures)}, halted)
            workspace = Workspace(opens=record.platform)
            with Stage(engine, AUTHORITY, BEGINS, workspace=workspace, audience=record) as stage:
                _Play(stage, procedures).tell()
            return Case(rules=procedures.name, steps=record.steps, milestones=_milestones(engine, procedures))
        except NotPlayable as stuck:
            raise CannotTell(str(stuck)) from None
        finally:
            engine.dispose()


def _set_up(session: Session, rules: Rules) -> None:
    procedures, today = rules.procedures, local(BEGINS).date()
    session.add(
        Authority(
            key=AUTHORITY,
            name=procedures.name,
            procedures_name=rules.name[:80],
            procedures_digest=procedures.digest,
            created_at=BEGINS,
        )
    )
    session.flush()
    procedure_texts.keep(session, name=rules.name[:80], text=rules.text, digest=procedures.digest, at=BEGINS)
    session.add(Connection(platform="page", workspace="page", installed_at=BEGINS))
    import_staff(session, procedures, staff_file(procedures), today, BEGINS)
    child = Child(reference=_reference(procedures))
    session.add(child)
    session.flush()
    for capacity, name in ((Capacity.IRO, IRO), (Capacity.HOLDER, SOCIAL_WORKER)):
        found = people.by_email(session, email_of(name))
        assert found is not None
        assert found.id is not None
        children.allocate(session, child, capacity, found.id, today)
    wake(session, AUTHORITY, BEGINS)


def _reference(procedures: Procedures) -> str:
    """A reference that the authority's pattern takes."""
    tried = (CHILD, "RO-1042", "1042", "10421042", "C1042", "AB1042", "1042042")
    fitting = next((one for one in tried if procedures.child_reference.fullmatch(one)), None)
    if fitting is None:
        raise CannotTell("None of our made-up references fits the pattern of these procedures.")
    return fitting


class _Record(Audience):
    """Keeps what is done and told on the stage, in order."""

    def __init__(self, roles: Mapping[str, str], halted: Callable[[], bool]) -> None:
        self._roles = roles
        self._halted = halted
        self._called = {email_of(name): name for name in roles}
        self._last = ""
        self.steps: list[Step] = []

    def acts(self, at: datetime, who: str, did: str) -> None:
        self._last = who
        self.steps.append(Step(at=at, who=who, role=self._roles[who], did=did))

    def reads(self, given: Answer) -> None:
        if self.steps and isinstance(given, Notice):
            at = self.steps[-1].at
            self.steps.append(Step(at=at, who=self._last, role=self._roles[self._last], answer=given.text))

    def platform(self, _engine: Engine, _authority: str, clock: Clock) -> Platform:
        """Where the messages of the stage go."""
        return _Kept(self, clock)

    def got(self, at: datetime, account: str, card: Card) -> None:
        """A message came."""
        if self._halted():
            raise CannotTell("The bot was stopped.")
        who = self._called[account]
        self.steps.append(Step(at=at, who=who, role=self._roles[who], message=card))


class _Kept:
    """Implements `bot.delivery.port.Platform`."""

    called = PAGE

    def __init__(self, record: _Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock
        self._numbers = count(1)

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        self._record.got(self._clock(), address, card)
        return Posted(channel=address, message=str(next(self._numbers)))

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        return None

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        return None


class _Play:
    """Nobody replies until the top stage, where somebody does; the IRO takes it there and closes it."""

    def __init__(self, stage: Stage, procedures: Procedures) -> None:
        self._stage = stage
        self._procedures = procedures
        self._calendar: WorkingCalendar = procedures.calendar()

    def tell(self) -> None:
        """From the first word to the close."""
        self._log()
        while self._run().number < max(one.number for one in self._procedures.stages):
            self._unanswered()
        self._answered()
        self._closed()

    def _log(self) -> None:
        form = self._stage.command(IRO, f"/concern {_reference(self._procedures)}")
        chosen = {field.key: field.choices for field in form.fields} if isinstance(form, Form) else {}
        given = {
            "worries": "The plan agreed at the last review has not been written up.",
            "impact": "Decisions wait.",
            "needs": "The updated plan is on file.",
            "main_reason": chosen["main_reason"][0].value,
            "start_at": chosen["start_at"][0].value,
        }
        self._stage.send(IRO, form, **{key: value for key, value in given.items() if key in chosen})

    def _unanswered(self) -> None:
        """Time passes; the IRO is asked and moves it up, unless it moves by itself."""
        number, heard = self._run().number, len(self._stage.inbox(IRO))
        for _ in range(MOST_STEPS):
            if self._run().number != number:
                return
            for message in self._stage.inbox(IRO)[heard:]:
                move = next((one for one in buttons_of(message.card) if one.deed == "concern.move"), None)
                if move is not None:
                    self._later(hours=1)
                    form = self._stage.press(IRO, move.label, on=message.card)
                    self._stage.send(IRO, form, reason="There was no reply in time.")
                    return
            self._stage.until(self._next_morning())
        raise CannotTell(f"At stage {number} nobody is ever asked what comes next.")

    def _answered(self) -> None:
        who = self._asked()
        self._stage.until(self._next_morning())
        form = self._stage.command(who, "/concern C-1 reply")
        words = "The updated plan is on file as of this morning."
        self._stage.send(who, form, answer=AnswerKind.DONE.value, words=words)

    def _closed(self) -> None:
        self._later(hours=2)
        form = self._stage.command(IRO, "/concern C-1 close")
        if not isinstance(form, Form):
            raise CannotTell(said(form))
        changed = "The child has a plan that everyone works to."
        today = local(self._stage.now).date().isoformat()
        self._stage.send(IRO, form, outcome="resolved", what_changed=changed, child_told="yes", on_record_on=today)

    def _next_morning(self) -> datetime:
        return at_local(self._calendar.add(local(self._stage.now).date(), 1), time(9, 40))

    def _later(self, *, hours: int) -> None:
        """A while later, within working hours."""
        moment = self._stage.now + timedelta(hours=hours)
        here = local(moment).date()
        inside = self._calendar.is_open(moment)
        self._stage.until(
            moment if inside else self._calendar.opening(self._calendar.add(here, 1)) + timedelta(minutes=30)
        )

    def _run(self) -> StageRun:
        with transaction(self._stage.engine, AUTHORITY, writes=False) as session:
            return _present_run(session)

    def _asked(self) -> str:
        """Who is to reply now."""
        with transaction(self._stage.engine, AUTHORITY, writes=False) as session:
            run = _present_run(session)
            query = (
                select(Person.name)
                .join(Addressee, col(Addressee.person_id) == col(Person.id))
                .where(Addressee.run_id == run.id, Addressee.part == Part.ADDRESSED)
            )
            found = session.exec(query).first()
        if found is None:
            raise CannotTell(f"At stage {run.number} nobody is asked to reply.")
        return found


def _present_run(session: Session) -> StageRun:
    concern = session.exec(select(Concern)).one()
    run = session.get(StageRun, concern.run_id)
    assert run is not None
    return run


def _milestones(engine: Engine, procedures: Procedures) -> list[Milestone]:
    """The days that the rules decided, stage by stage."""
    found: list[Milestone] = []
    with transaction(engine, AUTHORITY, writes=False) as session:
        concern = session.exec(select(Concern)).one()
        for run in session.exec(select(StageRun).order_by(col(StageRun.id))):
            name = f"Stage {run.number}" if run.number else "Informal"
            found.append(Milestone(what=f"{name}: asked", at=run.started_at))
            found.append(Milestone(what=f"{name}: reply by", at=run.due_at))
        found.append(Milestone(what="All stages end", at=concern.limit_at))
        found.append(Milestone(what="Closed", at=concern.closed_at))
    return found


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One day of the case by two sets of rules."""

    what: str
    before: datetime | None
    after: datetime | None
    both: bool = True

    @property
    def changed(self) -> bool:
        """Whether it is another day."""
        return self.before != self.after


def compared(before: Case, after: Case) -> list[Compared]:
    """The days of both, those first that both have, in the order of the case."""
    left = {one.what: one.at for one in before.milestones}
    right = {one.what: one.at for one in after.milestones}
    order = [one.what for one in after.milestones]
    order[-2:-2] = [what for what in left if what not in right]
    return [
        Compared(what=what, before=left.get(what), after=right.get(what), both=what in left and what in right)
        for what in order
    ]
