"""Showing a concern: its state, both clocks and what this person can do; its words only to those entitled."""

from collections.abc import Callable
from functools import partial

from handlers.cards import Answer, Button, Field, FieldKind, Form
from handlers.concerns import log
from handlers.concerns.carrying import carry_button, is_to_be_carried_on
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.close_questions import told_words
from handlers.concerns.drafting import edit_draft
from handlers.concerns.extending import open_wishes
from handlers.concerns.first_raised import first_raised_words, successor_words
from handlers.concerns.log import Logging
from handlers.concerns.on_record import ON_RECORD, may_note, record_words
from handlers.concerns.passing import is_informal
from handlers.concerns.promising import promised_by
from handlers.concerns.raising import raised_by
from handlers.concerns.replying import mark_seen
from handlers.concerns.said_before import hidden_from, reply_heading, why_passed, with_reason
from handlers.concerns.sending_now import SEND_NOW, goes_out
from handlers.lifecycle import Act, possible
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import May, Place, may
from handlers.undrawn import CANNOT_BE_SHOWN, all_readable, drawn
from handlers.wording import (
    about_whom,
    addressee_words,
    due_words,
    limit_words,
    name_of,
    one_is_enough,
    stage_title,
    when,
)
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN_FIRST, IRO, IRO_MANAGER
from storage import outbox, referrals, replies, stage_runs
from storage.concerns import ConcernState
from storage.stage_runs import Addressee, Part

_STATES = {
    ConcernState.WAITING: "Waiting for a reply",
    ConcernState.ASKED: f"No reply in time: the {IRO} decides what happens next",
    ConcernState.REPLIED: f"Replied: the {IRO} says whether it satisfies",
    ConcernState.PLANNED: "Agreed, with a plan by date",
    ConcernState.CLOSED: "Closed",
}


def show(desk: Desk, request: Request) -> Answer:
    """The concern as this person may see it. Opening it is recorded; for someone addressed it counts as seen."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    if case.concern.state is ConcernState.DRAFT and may(case.who, May.STEER):
        return edit_draft(desk, case)
    fields = [*_part(case, "state", _state), *_part(case, "addressed", _addressed)]
    if may(case.who, May.READ):
        mark_seen(case)
        case.record("read")
        for key, draw in (("words", _words), ("replies", _replies), ("notes", _notes)):
            fields += _part(case, key, draw)
    else:
        fields.append(_field("closed_to_you", "What it says opens to you once you are asked or copied."))
    buttons = what_can_be_done(case)
    for start in range(0, len(buttons), 5):
        fields.append(Field(key=f"buttons{start}", kind=FieldKind.BUTTONS, buttons=buttons[start : start + 5]))
    return Form(deed="", title=f"{CONCERN_FIRST} {case.ref}", subject=case.ref, cancel="Close", fields=tuple(fields))


def _field(key: str, text: str) -> Field:
    return Field(key=key, kind=FieldKind.STATEMENT, text=text)


def _part(case: OpenCase, key: str, draw: Callable[[OpenCase], list[Field]]) -> list[Field]:
    """One part of the form; one that cannot be drawn is said in its place, and the buttons stay."""
    said = [_field(key, f"A part of {case.ref} {CANNOT_BE_SHOWN}")]
    return drawn(case.desk, f"{case.ref}: {key}", lambda: draw(case), lambda: said)


def _state(case: OpenCase) -> list[Field]:
    return [_field("state", _state_words(case))]


def _state_words(case: OpenCase) -> str:
    desk, concern = case.desk, case.concern
    lines = [f"{case.ref} · {about_whom(desk, concern, case.child)} · {_STATES.get(concern.state, 'Draft')}"]
    if case.run is not None:
        lines.append(stage_title(case.rules, case.run))
    if concern.state in (ConcernState.WAITING, ConcernState.ASKED) and case.run is not None:
        lines.append(due_words(desk, case.rules, case.run))
    if concern.state is ConcernState.PLANNED and case.run is not None and case.run.plan_by is not None:
        lines.append(f"The plan is due by {say_day(case.run.plan_by)}.")
    if concern.state is ConcernState.CLOSED:
        lines.append(f"{_closing_words(case)} {record_words(concern)}".strip())
    else:
        lines += [limit_words(desk, case.rules, concern), record_words(concern)]
    lines.append(goes_out(case) if may(case.who, May.STEER) else "")
    lines.append(f"{first_raised_words(concern.first_raised, desk.today)} {successor_words(desk, concern)}".strip())
    raised = f"Raised by {name_of(desk, raised_by(case))}"
    lines.append(f"{raised} at {when(concern.raised_at)}." if concern.raised_at else f"{raised}.")
    return "\n".join(filter(None, lines))


def _closing_words(case: OpenCase) -> str:
    concern = case.concern
    outcome = concern.outcome.value if concern.outcome else "no outcome recorded"
    return f"Closed at {when(concern.closed_at)}: {outcome}." if concern.closed_at else f"Closed: {outcome}."


def _addressed(case: OpenCase) -> list[Field]:
    if case.run is None or case.run.id is None:
        return []
    not_reached = outbox.not_reached(case.desk.session, case.run.id)
    parts = stage_runs.people_of(case.desk.session, case.run.id)
    asked = [one for one in parts if one.part is Part.ADDRESSED]
    settled = one_is_enough(case.rules, case.run) and any(one.replied_at for one in asked)
    lines = []
    for one in asked:
        stands = _stands(case, one, settled=settled, reached=one.person_id not in not_reached)
        lines.append(f"{addressee_words(case.desk, one)} · {stands}")
    lines += [_asked_to_add(case, one) for one in parts if one.adds_for_id is not None]
    return [_field("addressed", "Asked to reply:\n" + "\n".join(lines))] if lines else []


def _stands(case: OpenCase, part: Addressee, *, settled: bool, reached: bool) -> str:
    if part.replied_at is not None:
        return f"replied at {when(part.replied_at)}"
    if part.passed_to_id is not None:
        return f"passed to {name_of(case.desk, part.passed_to_id)}"
    if settled:
        return "no answer needed any more"
    if part.seen_at is not None:
        return f"seen at {when(part.seen_at)}, not replied"
    return "not seen yet" if reached else "cannot be reached"


def _asked_to_add(case: OpenCase, part: Addressee) -> str:
    added = f"added at {when(part.replied_at)}" if part.replied_at is not None else "not added yet"
    return (
        f"{name_of(case.desk, part.person_id)}, to add to the reply of {name_of(case.desk, part.adds_for_id)} · {added}"
    )


def narrative_of(case: OpenCase) -> list[tuple[str, str]]:
    """What the concern says, heading by heading, for those entitled to read it."""
    concern = case.concern
    about = Logging(desk=case.desk, rules=case.rules, about_service=concern.about_service)
    told = (
        ("What changed for the child", concern.what_changed or ""),
        ("The child has been told", told_words(concern) or ""),
    )
    return [*log.told(about, concern), *((heading, words) for heading, words in told if words)]


def _words(case: OpenCase) -> list[Field]:
    """What cannot be read says so where it would stand, and is named for administrators."""
    drawn(case.desk, f"{case.ref}: words", partial(all_readable, case.concern, case.run), lambda: None)
    return [_field(f"words{n}", f"{heading}\n{words}") for n, (heading, words) in enumerate(narrative_of(case))]


def replies_of(case: OpenCase) -> list[tuple[str, str]]:
    """The replies and the reasons for each move, oldest first, for those entitled to read them."""
    session = case.desk.session
    hidden = hidden_from(case)
    told: list[tuple[object, str, str]] = []
    for run in stage_runs.of_concern(session, case.id):
        if run.reason and run.started_at != case.concern.raised_at:
            by = name_of(case.desk, run.started_by_id)
            told.append((run.started_at, f"{by}, {stage_title(case.rules, run)}, {when(run.started_at)}", run.reason))
        told += [(one.passed_at or run.started_at, *why_passed(case, one)) for one in with_reason(case, run)]
    for reply in replies.of_concern(session, case.id):
        if reply.person_id in hidden:
            continue
        told.append((reply.given_at, reply_heading(case, reply), reply.words or ""))
    for wish in replies.refused_in(session, case.id):
        if wish.person_id not in hidden and wish.refused_at is not None:
            asked = f"More time for {name_of(case.desk, wish.person_id)}, until {say_day(wish.until)}"
            told.append((wish.refused_at, f"{asked}: refused, {when(wish.refused_at)}", wish.refusal or ""))
    told.sort(key=lambda one: str(one[0]))
    return [(heading, words) for _, heading, words in told]


def _replies(case: OpenCase) -> list[Field]:
    return [_field(f"reply{n}", f"{heading}\n{words}".strip()) for n, (heading, words) in enumerate(replies_of(case))]


def _notes(case: OpenCase) -> list[Field]:
    everything = may(case.who, May.READ_NOTES)
    fields = []
    for n, note in enumerate(referrals.of_concern(case.desk.session, case.id)):
        if everything or (note.shared and case.who.holds(Place.MANAGER_BY_OWN_WORD)):
            text = f"{note.kind.value[:1].upper()}{note.kind.value[1:]}, {say_day(note.happened_on)}"
            fields.append(_field(f"note{n}", f"{text}\n{note.words or ''}".strip()))
    return fields


_STEERING = (
    (Act.CLOSE, "Close", "concern.close"),
    (Act.MOVE, "Move to another stage", "concern.move"),
    (Act.ASK_AGAIN, "Ask again", "concern.ask_again"),
    (Act.EXTEND, "Agree an extension", "concern.extend"),
    (Act.NEW_PLAN_DATE, "New date for the plan", "concern.new_date"),
    (Act.REFER, "Note a Cafcass referral", "concern.cafcass"),
    (Act.REFER, "Legal advice", "concern.legal"),
    (Act.WITHDRAW, "Withdraw", "concern.withdraw"),
    (Act.CORRECT_CHILD, "Correct the child", "concern.correct"),
    (Act.REOPEN, "Reopen", "concern.reopen"),
    (Act.SAY_LASTED, "Did it last?", "concern.lasted"),
)

_NEEDS = {Act.CLOSE: May.END, Act.WITHDRAW: May.END, Act.MOVE: May.MOVE}
"""What needs more than steering."""

_OF_A_CHILD = ("concern.cafcass", "concern.correct")
"""What cannot be done to a concern about the service, which is about no one child."""


_AT_THE_TOP = ("concern.close", "concern.ask_again", "concern.cafcass", "concern.legal")
"""What there is to decide at the top stage, where nothing is left to move up to; it stands first there."""


def _steering(case: OpenCase) -> tuple[tuple[Act, str, str], ...]:
    """What the IRO can do, in its order; at the top stage what is left to decide comes before all else."""
    if case.run is None or case.run.number < case.rules.top_stage.number:
        return _STEERING
    return tuple(sorted(_STEERING, key=lambda one: one[2] not in _AT_THE_TOP))


def what_can_be_done(case: OpenCase) -> tuple[Button, ...]:
    """The buttons for what this person can do now; the history for all who may see it."""
    buttons: list[Button] = []
    if possible(case.concern.state, Act.REPLY) and promised_by(case):
        buttons.append(case.button("Done", "concern.done", "primary"))
    if may(case.who, May.ANSWER):
        buttons += _answering(case)
    if may(case.who, May.ADD) and possible(case.concern.state, Act.REPLY):
        buttons.append(case.button("Add", "concern.add", "primary"))
    if may(case.who, May.STEER):
        buttons += [carry_button(case)] if is_to_be_carried_on(case) else []
        buttons += [case.button(*SEND_NOW)] if goes_out(case) else []
        buttons += [
            case.button(label, deed)
            for act, label, deed in _steering(case)
            if possible(case.concern.state, act)
            and not (case.concern.about_service and deed in _OF_A_CHILD)
            and may(case.who, _NEEDS.get(act, May.STEER))
        ]
        if possible(case.concern.state, Act.REFUSE_TIME) and open_wishes(case):
            buttons.append(case.button("Refuse more time", "concern.refuse_time"))
        if possible(case.concern.state, Act.REPLY):
            buttons.append(case.button("Record a reply", "concern.record"))
        if not case.concern.notes_shared and case.who.holds(Place.IRO):
            buttons.append(case.button(f"Share notes with {IRO_MANAGER}", "concern.share"))
    buttons.append(case.button("History", "concern.history"))
    if may(case.who, May.EXPORT):
        buttons.append(case.button("Copy for the case record", "concern.file"))
    if may_note(case):
        buttons.append(case.button(*ON_RECORD))
    return tuple(buttons)


def _answering(case: OpenCase) -> list[Button]:
    if not possible(case.concern.state, Act.REPLY):
        return []
    down = "Pass on" if is_informal(case.present_run) else "Ask a worker to add"
    passes = [case.button("This needs my manager", "concern.needs_manager"), case.button(down, "concern.pass")]
    timed = possible(case.concern.state, Act.ASK_EXTENSION) and case.present_run.due_at is not None
    asked = [
        case.button("Reply", "concern.reply", "primary"),
        *(passes if possible(case.concern.state, Act.PASS_ON) else ()),
        *([case.button("Ask for more time", "concern.ask_time")] if timed else []),
    ]
    adds = [case.button("Add to my reply", "concern.add", "" if case.who.awaited else "primary")]
    return [
        *(asked if case.who.awaited else ()),
        *(adds if case.who.answered is not None else ()),
    ]
