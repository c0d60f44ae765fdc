"""Messages to those asked for a reply. None of them says a word of what the concern is about."""

from handlers.cards import Card
from handlers.messages.dates import by, day_of, reply_by, stages_end, their_reply
from handlers.messages.matter import Matter, asked_parts, deciders, decides, iro_words, short, silent_names, where
from handlers.messages.message import message
from handlers.messages.of_concerns import ASKING, CONCERN, proves_asked
from handlers.messages.owed import card, still_asked
from handlers.messages.together import raised_before, saying
from handlers.parts import wanted_from
from handlers.standing import iro_of
from handlers.wording import name_of, stage_words, standing_in
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import A_CONCERN
from storage import stage_runs
from storage.stage_runs import Addressee, Part, RunKind, StageRun

BUTTONS = ("Reply", "Open", "This needs my manager")


def asked_card(matter: Matter, title: str, *lines: str, why: str | None = None) -> Card | None:
    """A message that asks its reader for a reply; None where nothing is awaited from them any more.

    `why` says why it is they who are asked, where that is not what their part says.
    """
    part = matter.part
    if not matter.is_present or part is None or part.part is not Part.ADDRESSED:
        return None
    if part.replied_at is not None or part.passed_to_id is not None:
        return None
    return card(
        matter,
        title,
        *lines,
        reply_by(matter.scene, matter.rules, matter.run),
        _if_not_settled(matter),
        standing_in(part) if why is None else why,
        buttons=(matter.button("Reply", "concern.reply", "primary"),),
        after=(matter.button("This needs my manager", "concern.needs_manager"),),
        head=False,
    )


def _if_not_settled(matter: Matter) -> str:
    """When all stages end; a day before that of the reply hangs on nothing."""
    end, limit, due_at = stages_end(matter.scene, matter.concern), matter.concern.limit_at, matter.run.due_at
    comes_after = limit is not None and limit > matter.scene.now and (due_at is None or limit >= due_at)
    return f"If it is not settled, {end[:1].lower()}{end[1:]}" if comes_after else end


def please(matter: Matter, before: str, bare: str) -> str:
    """A first line that ends with the day; where the stage has no clock, the bare one."""
    return f"{before} by {by(matter.scene, matter.run.due_at)}" if matter.run.due_at is not None else bare


@message(
    "needs reply",
    ASKING,
    title="Please reply to C-12 by Tue 12 Jan 2027",
    to="those asked",
    buttons=BUTTONS,
    asks=True,
    arrived=proves_asked,
    together=saying("Please reply to {refs}{day}", day=" by {}"),
)
def needs_reply(matter: Matter) -> Card | None:
    ref, passer = matter.ref, matter.number("passed_by")
    if passer is not None:
        title, why = f"{ref} is now yours: reply", f"{name_of(matter.scene, passer)} passed it to you."
    elif matter.run.kind is RunKind.ASKED_AGAIN and _was_asked_before(matter):
        title, why = f"{ref}, asked again: please reply", f"{iro_words(matter)} asks again."
    elif matter.run.kind is RunKind.REOPENED:
        title, why = f"{ref} is reopened: please reply", f"{iro_words(matter)} has reopened it."
    else:
        title, why = f"Please reply to {ref}", f"{iro_words(matter)} has raised {A_CONCERN}."
    return asked_card(matter, please(matter, title, title), f"{why} {where(matter)}.")


@message(
    "carried on",
    ASKING,
    title="C-12, raised before: please reply by Tue 12 Jan 2027",
    to="those asked, when the IRO carries on a concern from a history file",
    buttons=BUTTONS,
    asks=True,
    arrived=proves_asked,
    together=raised_before,
    patient=True,
)
def carried_on(matter: Matter) -> Card | None:
    """Who is asked may know of it from before: it says since when they, or who had their post, were asked."""
    title, run = f"{matter.ref}, raised before: please reply", matter.run
    is_late = run.due_at is not None and run.due_at <= matter.scene.now
    why = f"{iro_words(matter)} carries it on from before: a reply was asked for on {day_of(run.counted_from)}."
    return asked_card(matter, title if is_late else please(matter, title, title), f"{why} {where(matter)}.")


@message(
    "moved",
    ASKING,
    title="C-12 is now with you: reply by Fri 8 Jan 2027",
    to="those asked at the stage it moved to",
    buttons=BUTTONS,
    asks=True,
    arrived=proves_asked,
    together=saying("{refs} are now with you: reply{day}", day=" by {}"),
)
def moved(matter: Matter) -> Card | None:
    title = f"{matter.ref} is now with you: reply"
    bare = f"{matter.ref} is now with you: please reply"
    return asked_card(matter, please(matter, title, bare), f"{where(matter)}. {why_moved(matter)}")


def why_moved(matter: Matter) -> str:
    """Who did not reply, and who moved it up; the clock's own move says so."""
    run, before = matter.run, _run_before(matter)
    silent = say_list(_never_replied(matter.at(before))) if before is not None and before.deadline_told_at else ""
    late = ""
    if before is not None and before.due_at is not None and silent:
        late = f"{silent} did not reply by {day_of(before.due_at)}"
    if run.started_by_id is None:
        return f"{late or 'No reply came'}, so it moved up by itself, as your procedures say."
    mover = iro_words(matter)
    if run.started_by_id != iro_of(matter.concern, matter.child):
        mover = name_of(matter.scene, run.started_by_id)
    so = f"{late}, so {mover}" if late else mover
    return f"{so} moved it up on {day_of(run.started_at)}."


def _was_asked_before(matter: Matter) -> bool:
    """Whether it is the reader who is asked again: a corrected child has others asked for the first time."""
    parts = matter.parts(stage_runs.parts_in_concern(matter.scene.session, matter.run.concern_id))
    return any(one.part is Part.ADDRESSED and one.run_id != matter.run.id for one in parts)


def _never_replied(matter: Matter) -> list[str]:
    return [name_of(matter.scene, part.person_id) for part in asked_parts(matter) if part.is_awaited]


def _run_before(matter: Matter) -> StageRun | None:
    runs = stage_runs.of_concern(matter.scene.session, matter.run.concern_id)
    earlier = [one for one in runs if one.started_at <= matter.run.started_at and one.id != matter.run.id]
    return earlier[-1] if earlier else None


@message(
    "extended",
    CONCERN,
    title="More time for C-12: reply by Fri 22 Jan 2027",
    to="those asked who have not replied, when the IRO agrees a later date",
    buttons=BUTTONS,
    together=saying("Other dates for {refs}: reply{day}", day=" by {}"),
)
def extended(matter: Matter) -> Card | None:
    back = bool(matter.details.get("back"))
    title = f"{'Another date' if back else 'More time'} for {matter.ref}: reply"
    why = "put right the date agreed before" if back else "agreed a later date"
    return asked_card(matter, please(matter, title, title), f"{iro_words(matter)} {why}. {where(matter)}.")


@message(
    "time refused",
    CONCERN,
    title="No more time for C-12: reply by Tue 12 Jan 2027",
    to="the person who asked for more time, when the IRO does not agree",
    buttons=BUTTONS,
)
def time_refused(matter: Matter) -> Card | None:
    title = f"No more time for {matter.ref}: reply"
    said = f"{iro_words(matter)} did not agree to more time. Open it to read why. {where(matter)}."
    return asked_card(matter, please(matter, title, title), said)


@message(
    "overdue",
    CONCERN,
    title="Your reply to C-12 is late (Tue 12 Jan 2027)",
    to="those asked who have not replied, and their line manager, at the deadline",
    buttons=("Reply", "Open"),
    together=saying("Replies to {refs} are late{day}", day=" ({})"),
)
def overdue(matter: Matter) -> Card | None:
    """To the one asked, or who stands in; their line manager reads whose reply is late."""
    if matter.run.due_at is None:
        return None
    if matter.number("moved") is not None:
        return _lapsed(matter)
    if not matter.is_present or not matter.is_undecided:
        return None
    part = matter.part
    addressed = part is not None and part.part is Part.ADDRESSED
    if addressed and part is not None and part.passed_to_id and matter.is_alerted:
        addressed = False  # who passed it on hears, as a manager, that no reply came
    if addressed and part is not None and (part.replied_at or part.passed_to_id):
        return None
    theirs = part is not None and part.person_id == matter.reader_id
    if addressed and theirs:
        return _own_is_late(matter)
    return _others_is_late(matter, stands_in=addressed)


def _late(matter: Matter, whose: str) -> str:
    assert matter.run.due_at is not None
    late = f"reply to {matter.ref} is late ({by(matter.scene, matter.run.due_at)})"
    return short(f"{whose} {late}", f"A {late}")


def _own_is_late(matter: Matter) -> Card:
    told = [*deciders(matter), *_managers_told(matter)]
    return card(
        matter,
        _late(matter, "Your"),
        f"You can still reply. {say_list(told)} {'has' if len(told) == 1 else 'have'} been told.",
        stages_end(matter.scene, matter.concern),
        buttons=(matter.button("Reply", "concern.reply", "primary"),),
    )


def _managers_told(matter: Matter) -> list[str]:
    told = stage_runs.people_of(matter.scene.session, matter.run.id or 0, Part.ALERTED)
    return [name_of(matter.scene, one.person_id) for one in told][:1]


def _others_is_late(matter: Matter, *, stands_in: bool) -> Card | None:
    if not _never_replied(matter):
        return None
    what = "You stand in: please reply." if stands_in else "Please see that it is answered. You can now read it."
    return card(
        matter,
        _late(matter, f"{silent_names(matter)}'s"),
        f"{what} {decides(matter)}",
        stages_end(matter.scene, matter.concern),
    )


def _lapsed(matter: Matter) -> Card | None:
    """To the one who let it lapse, where it moved up by itself."""
    part = matter.part
    if part is None or not part.is_awaited:
        return None
    own = part.person_id == matter.reader_id
    stage = stage_words(matter.number("moved") or 0)
    return card(
        matter,
        _late(matter, "Your" if own else f"{silent_names(matter)}'s"),
        f"It moved to {stage} by itself, as your procedures say. Nothing more is needed from you on it.",
    )


@message(
    "add to a reply",
    CONCERN,
    title="Please add to C-12 by Tue 12 Jan 2027",
    to="a worker whom a manager asks, at a formal stage, to add to their reply; again with another date",
    buttons=("Add", "Open"),
)
def add_to_reply(matter: Matter) -> Card | None:
    parts = [one for one in _parts_of(matter) if one.adds_for_id is not None and one.replied_at is None]
    if not matter.is_present or not any(wanted_from(matter.scene, matter.concern, one) for one in parts):
        return None
    manager = name_of(matter.scene, parts[0].adds_for_id)
    title = f"{'Another date: please' if matter.number('anew') else 'Please'} add to {matter.ref}"
    return card(
        matter,
        please(matter, title, title),
        f"{manager} asks you to add what you know, and stays asked for the reply. {where(matter)}.",
        their_reply(matter.scene, matter.run),
        head=False,
    )


def _parts_of(matter: Matter) -> list[Addressee]:
    return matter.parts(stage_runs.people_of(matter.scene.session, matter.run.id or 0))


@message(
    "a worker added",
    CONCERN,
    title="Sam Okoro has added to C-12",
    to="the manager who asked a worker to add to their reply",
    buttons=("Reply", "Open"),
)
def worker_added(matter: Matter) -> Card | None:
    if not matter.is_present or not still_asked(matter):
        return None
    who = name_of(matter.scene, matter.number("person"))
    return card(
        matter,
        f"{who} has added to {matter.ref}",
        "Press Reply to read it. The reply is still yours to give.",
        reply_by(matter.scene, matter.rules, matter.run),
        head=False,
    )
