"""Opening a concern to act on it: found, locked, permitted, and still as the person saw it."""

import re
from dataclasses import dataclass

from handlers.cards import Button
from handlers.lifecycle import Act, advance
from handlers.messages.informing import acted
from handlers.messages.matter import Matter, matter_for
from handlers.messages.owed import owed, still_asked
from handlers.messages.owing import about_concern, owe
from handlers.messages.subjects import of_concern
from handlers.office import Desk, Scene
from handlers.people.cover_days import who_named
from handlers.places import settle
from handlers.refusals import Refused, Stale, no_such
from handlers.rights import ConcernStanding, May, require, standing
from handlers.wording import name_of, run_named, when
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERN, IRO
from storage import children, concerns, history, live_messages, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Part, StageRun

_REFERENCE = re.compile(r"^\s*c\s*-?\s*(\d{1,9})\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A concern with all that goes with it, under the rules it began with."""

    scene: Scene
    concern: Concern
    child: Child | None
    run: StageRun | None
    rules: Procedures

    @property
    def ref(self) -> str:
        """The concern's reference."""
        return self.concern.reference

    @property
    def id(self) -> int:
        """The concern's id."""
        assert self.concern.id is not None
        return self.concern.id

    @property
    def subject(self) -> str:
        """The name under which nudges are planned and history is kept."""
        return of_concern(self.id)

    @property
    def present_run(self) -> StageRun:
        """The stage run it stands at. Refused for a draft."""
        if self.run is None:
            raise Refused(f"{self.ref} is still a draft: log it first.")
        return self.run

    def record_by_clock(self, what: str, **details: str | int | None) -> None:
        """Write what the clock did into the concern's history: nobody's name stands beside it."""
        history.record(
            self.scene.session, chain=self.subject, at=self.scene.now, actor_id=None, what=what, details=details
        )

    def button(self, label: str, deed: str, weight: str = "") -> Button:
        """A button about this concern at this run."""
        return Button(label=label, deed=deed, subject=self.ref, run=self.concern.run_id, weight=weight)


@dataclass(frozen=True, kw_only=True)
class OpenCase(Case):
    """A case opened by a person at their desk, with what they are to it."""

    desk: Desk
    who: ConcernStanding

    def __post_init__(self) -> None:
        """Lie on the desk: a form about it says on top how it stands."""
        self.desk.opened.append(self)

    def record(
        self, what: str, *, words: str | None = None, for_id: int | None = None, **details: str | int | None
    ) -> None:
        """Write what was done into the concern's history: under the person's name, for whom, and who named the cover.

        `for_id` is in whose place they acted, where it is not the IRO's.
        """
        acts_for = for_id if for_id is not None else self.who.acts_for
        named = who_named(self.desk.session, self.desk.actor_id, acts_for, self.desk.today)
        history.record(
            self.desk.session,
            chain=self.subject,
            at=self.desk.now,
            actor_id=self.desk.actor_id,
            for_id=acts_for,
            what=what,
            details={**details, **named},
            words=words,
        )

    def become(self, act: Act) -> None:
        """Move the concern to the state an act leads to. Refused where it cannot be done now.

        What people had of it with buttons is overtaken, for it tells of what was: but for those who still owe a reply,
        and for those who have a copy, until it is closed.
        """
        self.concern.state = advance(self.ref, self.concern.state, act)
        self.concern.state_since = self.desk.now
        self.desk.session.add(self.concern)
        self.overtake(*live_messages.people_with(self.desk.session, self.subject) - self._only_copied())

    def _only_copied(self) -> set[int]:
        """Those who have a copy and nothing else to do; nobody once it is closed."""
        if self.concern.state is ConcernState.CLOSED or self.run is None:
            return set()
        parts = stage_runs.people_of(self.desk.session, self.run.id or 0)
        others = {one.person_id for one in parts if one.part is not Part.COPIED or one.adds_for_id is not None}
        return {one.person_id for one in parts if one.part is Part.COPIED} - others

    def in_the_place(self) -> list[int]:
        """The IRO who holds the place, away or not, and their cover today."""
        iro_id = self.who.iro_id if self.who.iro_place.vacancy is None else None
        return [one for one in (iro_id, self.who.iro_place.cover_id) if one is not None]

    def knows_already(self, person_id: int) -> bool:
        """Whether a person did it, or is told of it as the IRO in whose place it was done."""
        return person_id == self.desk.actor_id or (person_id == self.who.iro_id and self.who.iro_is_told)

    def overtake(self, *person_ids: int) -> None:
        """Shrink what these people had of it with buttons, but for those still asked for a reply."""
        for person_id in {*person_ids}:
            if self.run is None or not still_asked(self._matter(person_id, self.run)):
                live_messages.overtake(self.desk.session, self.subject, self.desk.now, person_id)

    def overtake_where_nothing_is_owed(self, *person_ids: int) -> None:
        """Shrink what these people had of it with buttons, but for those who still owe a reply or a decision there."""
        for person_id in {*person_ids}:
            if self.run is None or not owed(self._matter(person_id, self.run)):
                live_messages.overtake(self.desk.session, self.subject, self.desk.now, person_id)

    def _matter(self, reader_id: int, run: StageRun) -> Matter:
        return matter_for(self.scene, self.concern, self.child, run, reader_id)

    def tell_absent_iro(self, act: str) -> None:
        """Tell the IRO what was done in their place; nothing when they, or a cover of their own choosing, acted."""
        if self.who.iro_is_told:
            cause = about_concern(self.concern, f"{act}:{self.desk.now.isoformat()}")
            owe(self.desk, acted, self.who.iro_id, cause, person=self.desk.actor_id, act=act)


def concern_number(words: str) -> int | None:
    """The number in "C-12", "c12" or "C 12"; None for anything else."""
    found = _REFERENCE.match(words)
    return int(found.group(1)) if found else None


def case_of(scene: Scene, concern: Concern) -> Case:
    """The case of a concern for the clock, which needs nobody's permission."""
    return Case(
        scene=scene,
        concern=concern,
        child=children.get(scene.session, concern.child_id) if concern.child_id else None,
        run=stage_runs.get(scene.session, concern.run_id) if concern.run_id else None,
        rules=scene.frozen_rules(concern.procedures_digest),
    )


def open_case(desk: Desk, reference: str, what: May, *, for_change: bool = False) -> OpenCase:
    """Open the concern of that reference for one purpose.

    Refused as if it did not exist to anyone who may not know of it. With `for_change` its row is locked until the
    transaction ends, so that of two people deciding at once the second sees what the first did.
    """
    number = concern_number(reference)
    found = concerns.by_number(desk.session, number, for_change=for_change) if number is not None else None
    if found is None or found.state is ConcernState.DISCARDED:
        raise no_such(reference.strip().upper() or f"such {CONCERN}")
    if for_change and found.id is not None:
        stage_runs.forget(desk.session, found.id)
    stage_runs.know(desk.session, [found.id or 0])
    base = case_of(desk, found)
    if for_change:
        settle(desk, found, base.child, base.run)
    who = standing(desk, found)
    require(who, what)
    return OpenCase(scene=desk, desk=desk, concern=found, child=base.child, run=base.run, rules=base.rules, who=who)


def require_present(case: OpenCase, run_id: int | None, since: str = "") -> None:
    """Pass when the concern still stands where the button or form was made; else say what happened since.

    `since` is the state's moment a form was opened with, so that of two decisions made side by side one is told.
    """
    if case.concern.state is ConcernState.CLOSED and run_id is not None:
        raise Stale(_closed_words(case), case.button("Open", "concern.open"))
    if run_id is not None and case.concern.run_id is not None and run_id != case.concern.run_id:
        raise Stale(_moved_words(case), case.button("Open", "concern.open"))
    if since and since != case.concern.state_since.isoformat():
        raise Stale(_changed_words(case), case.button("Open", "concern.open"))


def _closed_words(case: OpenCase) -> str:
    assert case.concern.closed_at is not None
    ended = "withdrawn" if case.concern.outcome == "withdrawn" else "closed"
    return f"{case.ref} was {ended} at {when(case.concern.closed_at)}. The {IRO} can reopen it."


def _moved_words(case: OpenCase) -> str:
    run = case.present_run
    by = f" by {name_of(case.scene, run.started_by_id)}" if run.started_by_id else ""
    return (
        f"{case.ref} has moved on since: it was taken to {run_named(run)}{by} at {when(run.started_at)}. "
        "Open it to see what can be done now."
    )


_SINCE = {
    ConcernState.WAITING: "it waits for a reply again",
    ConcernState.ASKED: "its deadline passed without a reply",
    ConcernState.REPLIED: "a reply came",
    ConcernState.PLANNED: "a reply with a plan came",
}


def _changed_words(case: OpenCase) -> str:
    what = _SINCE.get(case.concern.state, "it changed")
    return (
        f"Something happened to {case.ref} while this was open: {what} at {when(case.concern.state_since)}. "
        "Nothing was done; open it, look, and decide again."
    )
