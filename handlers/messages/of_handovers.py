"""Messages that children changed hands: one to each person for one act, and one about a reply that waits elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from handlers.cards import Button, Card, Line
from handlers.messages import subjects
from handlers.messages.dates import day_of
from handlers.messages.matter import Matter, iro_words, short
from handlers.messages.message import Topic, message
from handlers.messages.of_concerns import CONCERN as OF_CONCERN
from handlers.messages.owed import card
from handlers.messages.owing import Detail, details_of, number_of
from handlers.messages.together import refs, saying
from handlers.messages.undelivered import on_record, serves, to_iro_managers
from handlers.office import Scene
from handlers.wording import name_of, run_words, whom
from scheduling.deadline_wording import MOST_NAMED, say_day, say_first, say_list
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO
from storage import concern_lists, handovers, stage_runs
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.handovers import HandedChild, Handover
from storage.outbox import Outbox
from storage.stage_runs import StageRun


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One act as it touches its reader, or whom they cover."""

    scene: Scene
    act: Handover
    rows: tuple[tuple[HandedChild, Child], ...]
    reader_id: int
    details: Mapping[str, Detail]

    @property
    def whose(self) -> int:
        """The reader, or the person they cover."""
        found = self.details.get("for")
        return found if isinstance(found, int) else self.reader_id

    @cached_property
    def gained(self) -> list[tuple[HandedChild, Child]]:
        """What came to them."""
        return [(one, child) for one, child in self.rows if one.to_id == self.whose]

    @cached_property
    def lost(self) -> list[tuple[HandedChild, Child]]:
        """What went from them."""
        return [(one, child) for one, child in self.rows if one.from_id == self.whose != one.to_id]

    @cached_property
    def held(self) -> list[tuple[HandedChild, Child]]:
        """What they hold, whose IRO is another now."""
        return [(one, child) for one, child in self.rows if self._is_held(one, child)]

    def _is_held(self, one: HandedChild, child: Child) -> bool:
        return one.capacity is Capacity.IRO and child.holder_id == self.whose

    def still_open(self, rows: list[tuple[HandedChild, Child]]) -> list[tuple[Concern, StageRun, Child]]:
        """The open concerns about these children, oldest first."""
        by_id = {child.id: child for _, child in rows}
        found = concern_lists.open_with_runs(self.scene.session, [one for one in by_id if one is not None])
        return [(concern, run, by_id[concern.child_id]) for concern, run in found]


def _handed_of(scene: Scene, row: Outbox) -> Handed | None:
    act = handovers.get(scene.session, number_of(row, "handover") or 0)
    if act is None or act.id is None:
        return None
    return Handed(
        scene=scene,
        act=act,
        rows=tuple(handovers.handed_in(scene.session, act.id)),
        reader_id=row.person_id,
        details=details_of(row),
    )


def _lost(scene: Scene, row: Outbox) -> list[int]:
    """Put it on record that it could not be delivered; the IRO managers hear of it."""
    on_record(scene, row, subjects.of_person(row.person_id))
    return to_iro_managers(scene, row)


def _subject(row: Outbox) -> str | None:
    return subjects.of_handover(number_of(row, "handover"))


def _is_here(handed: Handed) -> bool:
    return serves(handed.scene, handed.reader_id)


HANDOVER = Topic(name="handover", read=_handed_of, reach=_is_here, subject=_subject, lost=_lost)


def list_button(handed: Handed, number: int) -> Button:
    """ "List" of several, "Open" of one: what changed hands, why, and what is open."""
    return Button(label="Open" if number == 1 else "List", deed="iro.handed", run=handed.act.id, weight="primary")


@message(
    "now yours",
    HANDOVER,
    title="60 children are now yours: 12 have open concerns",
    to="the IRO or worker to whom children were allocated, and their cover",
    buttons=("List", "Open"),
)
def now_yours(handed: Handed) -> Card | None:
    gained = handed.gained
    still = [(one, child) for one, child in gained if _has(one, child, handed.whose)]
    if not still:
        return None
    found = handed.still_open(still)
    children = len({child.id for _, child in gained})
    lines = (_how(handed), *_clocks(handed, found), _why(handed))
    return _card(handed, f"{_now_whose(handed)}{_how_many_open(children, found)}", children, *lines)


def _has(one: HandedChild, child: Child, person_id: int) -> bool:
    """Whether it is theirs still: of what went on meanwhile they are told nothing."""
    return person_id == (child.iro_id if one.capacity is Capacity.IRO else child.holder_id)


def _now_whose(handed: Handed) -> str:
    owner = "yours" if handed.whose == handed.reader_id else f"{name_of(handed.scene, handed.whose)}'s"
    return f"{_children(handed, handed.gained)} now {owner}"


def _children(handed: Handed, rows: list[tuple[HandedChild, Child]], one: str = "is", several: str = "are") -> str:
    """ "AB-1042 is"; "60 children are"."""
    named = {child.id: child for _, child in rows}
    if len(named) > 1:
        return f"{len(named)} children {several}"
    first = whom(handed.scene, rows[0][1])
    return f"{first[:1].upper()}{first[1:]} {one}"


def _how_many_open(children: int, found: list[tuple[Concern, StageRun, Child]]) -> str:
    """Of one child how many are open; of several about how many of them."""
    if not found:
        return ""
    number = len(found) if children == 1 else len({child.id for _, _, child in found})
    if children == 1:
        return f": {number} open {CONCERN if number == 1 else CONCERNS}"
    return f": {number} {'has' if number == 1 else 'have'} open {CONCERNS}"


def _how(handed: Handed) -> str:
    """Who did it, and from whom."""
    before = list(dict.fromkeys(one.from_id for one, _ in handed.gained if one.from_id not in (None, one.to_id)))
    by = name_of(handed.scene, handed.act.by_id)
    back = "Looked after again. " if any(one.came_back for one, _ in handed.gained) else ""
    if not before:
        return f"{back}Allocated by {by}."
    return f"{back}Handed over from {say_list([name_of(handed.scene, one) for one in before])}, by {by}."


def _clocks(handed: Handed, found: list[tuple[Concern, StageRun, Child]]) -> list[str]:
    """What is open with its clocks: the first of them, and how many more there are."""
    lines = [clock_words(handed.scene, *one) for one in found[:MOST_NAMED]]
    more = len(found) - MOST_NAMED
    return [*lines, f"And {more} more: the list shows them."] if more > 0 else lines


def clock_words(scene: Scene, concern: Concern, run: StageRun, child: Child) -> str:
    """ "C-12 (AB-1042), stage 1: reply by Tue 12 Jan 2027. All stages end on Tue 26 Jan 2027."."""
    ends = f" All stages end on {day_of(concern.limit_at)}." if concern.limit_at is not None else ""
    return f"{concern.reference} ({whom(scene, child)}), {run_words(run)}: {_stands(concern, run)}.{ends}"


def _stands(concern: Concern, run: StageRun) -> str:
    match concern.state:
        case ConcernState.REPLIED:
            return f"a reply waits for the {IRO} since {day_of(concern.state_since)}"
        case ConcernState.ASKED:
            return f"no reply, waits for the {IRO} since {day_of(concern.state_since)}"
        case ConcernState.PLANNED if run.plan_by is not None:
            return f"agreed, with a plan by {say_day(run.plan_by)}"
        case _:
            return f"reply by {day_of(run.due_at)}" if run.due_at is not None else "no set time to reply"


def _why(handed: Handed) -> str:
    """That a reason is kept, to both IROs: it is words about a child, and stands in the form alone."""
    return "The reason is in the list." if handed.details.get("reason") and _is_iros(handed) else ""


def _is_iros(handed: Handed) -> bool:
    return any(one.capacity is Capacity.IRO for one, _ in (*handed.gained, *handed.lost))


@message(
    "changed hands",
    HANDOVER,
    title="AB-1042 has a new IRO",
    to="the IRO or worker from whom children went, and the worker of a child with a new IRO",
    buttons=("List", "Open"),
)
def changed_hands(handed: Handed) -> Card | None:
    rows = handed.lost or handed.held
    if not rows:
        return None
    new = list(dict.fromkeys(name_of(handed.scene, one.to_id) for one, _ in rows))
    what = IRO if rows[0][0].capacity is Capacity.IRO else "worker"
    title = f"{_children(handed, rows, 'has', 'have')} a new {what}"
    said = f"{say_list(new)} since {day_of(handed.act.at)}, by {name_of(handed.scene, handed.act.by_id)}."
    children = len({child.id for _, child in rows})
    return _card(handed, title, children, said, _went_too(handed), _still_asked(handed), _why(handed))


def _went_too(handed: Handed) -> str:
    """To the former IRO what is open and went with the children."""
    rows = [(one, child) for one, child in handed.lost if one.capacity is Capacity.IRO]
    found = [concern.reference for concern, _, _ in handed.still_open(rows)] if rows else []
    if not found:
        return ""
    return f"Open {CONCERNS} that went with {'it' if len(rows) == 1 else 'them'}: {say_first(found)}."


def _still_asked(handed: Handed) -> str:
    """To who held the child what they are asked about still."""
    rows = [(one, child) for one, child in handed.lost if one.capacity is Capacity.HOLDER]
    asked = [concern for concern, run, _ in handed.still_open(rows) if _awaits(handed, run)] if rows else []
    if not asked:
        return ""
    iros = say_list(list(dict.fromkeys(name_of(handed.scene, one.iro_id) for one in asked)))
    named = say_list([one.reference for one in asked])
    return f"You stay asked to reply to {named}, unless {iros} asks somebody else."


def _awaits(handed: Handed, run: StageRun) -> bool:
    asked = stage_runs.people_of(handed.scene.session, run.id or 0)
    return any(part.is_awaited and part.person_id == handed.whose for part in asked)


def _card(handed: Handed, title: str, children: int, *lines: str) -> Card:
    texts = tuple(Line(text=text) for text in lines if text)
    return Card(title=title, lines=texts, buttons=(list_button(handed, children),))


def _elsewhere(matter: Matter) -> str:
    """Those asked whose line lost the child."""
    assert matter.run.id is not None
    parts = stage_runs.people_of(matter.scene.session, matter.run.id)
    return say_list([name_of(matter.scene, one.person_id) for one in parts if one.is_awaited and one.lost_at])


def _holder(matter: Matter) -> str:
    holder_id = matter.child.holder_id if matter.child is not None else None
    return name_of(matter.scene, holder_id) if holder_id is not None else "nobody"


def _date_stays(matter: Matter) -> str:
    return f" The date stays: {day_of(matter.run.due_at)}." if matter.run.due_at is not None else ""


@message(
    "held elsewhere",
    OF_CONCERN,
    title="C-12: Tess Hill no longer has the child. Ask again?",
    to="the IRO, when the child has another worker and the person asked is in another line",
    buttons=("Ask again", "Open"),
    together=saying("{refs} wait on others than the child's line now"),
)
def held_elsewhere(matter: Matter) -> Card | None:
    who = _elsewhere(matter)
    if not matter.is_present or not who:
        return None
    title = short(f"{matter.ref}: {who} no longer has the child. Ask again?", f"{matter.ref}: ask again?")
    text = f"The case is held by {_holder(matter)} now. {who} stays asked unless you ask again.{_date_stays(matter)}"
    return card(matter, title, text, buttons=(matter.button("Ask again", "concern.ask_again", "primary"),))


@message(
    "still asked",
    OF_CONCERN,
    title="C-12: the child is no longer with your team",
    to="a manager who is asked, when the child goes to another line",
    buttons=("Reply", "Open"),
    together=lambda matters: f"{refs(matters)}: no longer with your team",
)
def still_asked(matter: Matter) -> Card | None:
    if not matter.is_present or matter.part is None or not matter.part.is_awaited:
        return None
    title = f"{matter.ref}: the child is no longer with your team"
    text = f"The case is held by {_holder(matter)} now. You stay asked unless {iro_words(matter)} asks somebody else."
    return card(matter, title, f"{text}{_date_stays(matter)}")
