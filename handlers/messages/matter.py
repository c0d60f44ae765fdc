"""What every writer of messages works with: the concern as it is, the reader, and the words cards share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.cards import Button
from handlers.holding import parts_of
from handlers.messages.owing import Detail
from handlers.office import Scene
from handlers.people.covering import covered_by
from handlers.standing import iro_of, place_of
from handlers.wording import about_whom, name_of, run_words
from scheduling.deadline_wording import say_list
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO
from storage import stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, Part, StageRun


@dataclass(frozen=True, kw_only=True)
class Matter:
    """All a writer needs: the concern as it is, the run the message was owed for, the reader, and the details."""

    scene: Scene
    concern: Concern
    child: Child | None
    run: StageRun
    rules: Procedures
    reader_id: int
    details: Mapping[str, Detail]

    @property
    def ref(self) -> str:
        """The concern's reference."""
        return self.concern.reference

    @property
    def is_present(self) -> bool:
        """Whether the run the message was owed for is still the one the concern stands at."""
        return self.concern.run_id == self.run.id and self.concern.state is not ConcernState.CLOSED

    @property
    def is_undecided(self) -> bool:
        """Whether no reply came in time, and the IRO has to decide."""
        return self.concern.state is ConcernState.ASKED

    @property
    def part(self) -> Addressee | None:
        """The reader's part in the run, or that of someone they cover today.

        What is still awaited comes first, then their own, then what was asked.
        """
        assert self.run.id is not None
        parts = self.parts(stage_runs.people_of(self.scene.session, self.run.id))
        parts.sort(key=lambda p: (not p.is_awaited, p.person_id != self.reader_id, p.part is not Part.ADDRESSED))
        return parts[0] if parts else None

    def parts(self, among: list[Addressee]) -> list[Addressee]:
        """Those of these parts that are the reader's, or of somebody they may stand in for here."""
        covered = covered_by(self.scene.session, self.scene.rules, self.reader_id, self.scene.today)
        iro_id = iro_of(self.concern, self.child)
        return parts_of(self.scene, self.concern, self.child, iro_id, self.reader_id, covered, among)

    def at(self, run: StageRun) -> "Matter":
        """The same, as of that run."""
        return replace(self, run=run)

    @property
    def is_alerted(self) -> bool:
        """Whether the reader is told, as somebody's manager, that no reply came."""
        assert self.run.id is not None
        told = stage_runs.people_of(self.scene.session, self.run.id, Part.ALERTED)
        return any(one.person_id == self.reader_id for one in told)

    def button(self, label: str, deed: str, weight: str = "") -> Button:
        """A button about this concern at this run."""
        return Button(label=label, deed=deed, subject=self.ref, run=self.run.id, weight=weight)

    @property
    def open_button(self) -> Button:
        """Shows the concern."""
        return self.button("Open", "concern.open")

    def number(self, name: str) -> int | None:
        """A whole-number detail."""
        value = self.details.get(name)
        return value if isinstance(value, int) else None

    def words(self, name: str) -> str:
        """A detail as words."""
        value = self.details.get(name)
        return "" if value is None else str(value)


def matter_for(
    scene: Scene,
    concern: Concern,
    child: Child | None,
    run: StageRun,
    reader_id: int,
    details: Mapping[str, Detail] | None = None,
) -> Matter:
    """What this reader is to know of the concern at this run, under the rules it began with."""
    return Matter(
        scene=scene,
        concern=concern,
        child=child,
        run=run,
        rules=scene.frozen_rules(concern.procedures_digest),
        reader_id=reader_id,
        details=details or {},
    )


def head(matter: Matter) -> str:
    """The last line of most messages: about whom, where it stands, and whose it is."""
    iro = name_of(matter.scene, iro_of(matter.concern, matter.child))
    return f"{where(matter)}. {IRO}: {iro}."


def where(matter: Matter) -> str:
    """ "Child in care AB-1042, stage 1", where the authority has no name of its own for that stage."""
    about = about_whom(matter.scene, matter.concern, matter.child)
    return f"{about[:1].upper()}{about[1:]}, {_stage(matter)}"


def _stage(matter: Matter) -> str:
    """Of the immediate route only that it is urgent, since its name tells why."""
    if matter.run.kind.is_immediate:
        return run_words(matter.run)
    title = matter.rules.stage(matter.run.number).title
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def iro_words(matter: Matter) -> str:
    """ "Ann Lee (IRO)"."""
    return f"{name_of(matter.scene, iro_of(matter.concern, matter.child))} ({IRO})"


LONGEST_FIRST_LINE = 62
"""What a lock screen shows."""


def short(line: str, shorter: str) -> str:
    """A first line, or the shorter one where names make it too long for a lock screen."""
    return line if len(line) <= LONGEST_FIRST_LINE else shorter


def deciders(matter: Matter) -> list[str]:
    """Who decides today: the IRO, or those who hear in their place."""
    place = place_of(matter.scene, matter.concern, matter.child)
    iro_id = iro_of(matter.concern, matter.child)
    if iro_id in place.heard_by or not place.heard_by:
        return [iro_words(matter)]
    return [name_of(matter.scene, one) for one in place.heard_by]


def decides(matter: Matter) -> str:
    """ "Ann Lee (IRO) decides what comes next."."""
    who = deciders(matter)
    return f"{say_list(who)} {'decides' if len(who) == 1 else 'decide'} what comes next."


def asked_parts(matter: Matter) -> list[Addressee]:
    """The parts of those asked at this run."""
    assert matter.run.id is not None
    return stage_runs.people_of(matter.scene.session, matter.run.id, Part.ADDRESSED)


def asked_names(matter: Matter) -> list[str]:
    """Those asked; who passed it on is asked no more."""
    return [name_of(matter.scene, part.person_id) for part in asked_parts(matter) if part.passed_to_id is None]


def silent_names(matter: Matter) -> str:
    """Those asked who have not replied."""
    silent = [name_of(matter.scene, part.person_id) for part in asked_parts(matter) if part.is_awaited]
    return say_list(silent) or "those asked"


def next_stage(matter_rules: Procedures, run: StageRun) -> int | None:
    """The stage above a run; None at the top."""
    higher = [stage.number for stage in matter_rules.stages if stage.number > run.number]
    return min(higher, default=None)
