"""What a reader still owes on a concern, as buttons; a message about it carries all of them, whatever it says.

So of a person's messages about one concern the last has all the live buttons, and nothing told takes one away.
"""

from dataclasses import replace

from handlers.cards import Button, Card, Line
from handlers.messages.matter import Matter, asked_parts, iro_words, next_stage
from handlers.messages.matter import head as head_of
from handlers.parts import AWAITED_STATES, wanted_from
from handlers.promises import open_promises, promised_of
from handlers.rights import is_time_over
from handlers.standing import place_of
from scheduling.deadlines import close_of
from storage import replies, stage_runs
from storage.concerns import ConcernState
from storage.replies import ExtensionRequest
from storage.stage_runs import Addressee, Part

Buttons = tuple[Button, ...]


def card(
    matter: Matter, title: str, *lines: str, buttons: Buttons = (), after: Buttons = (), head: bool = True
) -> Card:
    """A message about a concern: its own buttons first, then what its reader owes besides, then "Open".

    `after` are ways out, which come last. With `head` the last line says about whom it is, and whose.
    """
    own = {one.deed for one in (*buttons, *after)}
    carried = [one for one in owed(matter) if one.deed not in own]
    every = (*buttons, *(replace(one, weight="") if buttons else one for one in carried))
    opens = () if any(one.deed == matter.open_button.deed for one in every) else (matter.open_button,)
    texts = (*lines, head_of(matter) if head else "")
    return Card(
        title=title,
        lines=tuple(Line(text=text) for text in texts if text),
        buttons=(*every, *opens, *after),
    )


def owed(matter: Matter) -> Buttons:
    """Every deed the reader still owes where the concern now stands: their reply, and the IRO's decision."""
    session, concern = matter.scene.session, matter.concern
    run = stage_runs.get(session, concern.run_id) if concern.run_id is not None else None
    if run is None:
        return ()
    present = replace(matter, run=run) if run.id != matter.run.id else matter
    return (*_reply(present), *_addition(present), *_promise(present), *_decision(present))


def _reply(matter: Matter) -> Buttons:
    """Seen and Reply for those still awaited and their covers; "This needs my manager" is a way out, never owed."""
    awaited = still_asked(matter)
    if not awaited:
        return ()
    unseen = matter.run.kind.is_immediate and any(part.seen_at is None for part in awaited)
    seen = (matter.button("Seen", "concern.seen", "primary"),) if unseen else ()
    return (*seen, matter.button("Reply", "concern.reply", "" if unseen else "primary"))


def _addition(matter: Matter) -> Buttons:
    """Add, for a worker whose manager asked them to add to a reply that is still to come."""
    parts = matter.parts(stage_runs.people_of(matter.scene.session, matter.run.id or 0))
    asked = [one for one in parts if one.replied_at is None and wanted_from(matter.scene, matter.concern, one)]
    return (matter.button("Add", "concern.add", "primary"),) if asked else ()


def _promise(matter: Matter) -> Buttons:
    """Done, for who promised a plan, or stands in."""
    promised = open_promises(matter.scene, matter.concern, matter.run)
    if not promised or place_of(matter.scene, matter.concern, matter.child).is_filled_by(matter.reader_id):
        return ()
    mine = {one.person_id for one in matter.parts(stage_runs.people_of(matter.scene.session, matter.run.id or 0))}
    return (matter.button("Done", "concern.done", "primary"),) if promised_of(promised, mine) else ()


def still_asked(matter: Matter) -> list[Addressee]:
    """The places from which the reader, or somebody they stand in for, is to reply still; never the IRO's."""
    if matter.concern.state not in AWAITED_STATES:
        return []
    place = place_of(matter.scene, matter.concern, matter.child)
    return matter.parts(awaited_of(matter)) if not place.is_filled_by(matter.reader_id) else []


def awaited_of(matter: Matter) -> list[Addressee]:
    """Those addressed who have neither replied nor passed it on."""
    assert matter.run.id is not None
    asked = stage_runs.people_of(matter.scene.session, matter.run.id, Part.ADDRESSED)
    return [part for part in asked if part.is_awaited]


def _decision(matter: Matter) -> Buttons:
    if not decides_here(matter):
        return ()
    match matter.concern.state:
        case ConcernState.ASKED:
            return undecided_buttons(matter)
        case ConcernState.REPLIED:
            return plan_buttons(matter) if _plan_has_come(matter) else verdict_buttons(matter)
        case ConcernState.PLANNED:
            return verdict_buttons(matter)
        case ConcernState.WAITING:
            return _while_waiting(matter)
        case _:
            return ()


def mend_the_line(matter: Matter) -> str:
    """What helps where nobody can be asked, and who can ask again then."""
    again = "Then ask again." if decides_here(matter) else f"{iro_words(matter)} can then ask again."
    return f"Your administrator can put the line of managers right. {again}"


def decides_here(matter: Matter) -> bool:
    """The IRO, and those who hear in their place today."""
    place = place_of(matter.scene, matter.concern, matter.child)
    return place.is_filled_by(matter.reader_id) or matter.reader_id in place.heard_by


def undecided_buttons(matter: Matter) -> Buttons:
    """What the IRO can decide where no reply came."""
    return (
        *_move_button(matter),
        matter.button("Agree an extension", "concern.extend"),
        *_refuse_button(matter),
        *_record_button(matter),
    )


def _refuse_button(matter: Matter) -> Buttons:
    return (matter.button("Refuse more time", "concern.refuse_time"),) if wishes(matter) else ()


def _record_button(matter: Matter) -> Buttons:
    """A reply is recorded for somebody who was asked: where nobody could be found, the IRO asks again."""
    if asked_parts(matter):
        return (matter.button("Record a reply", "concern.record"),)
    return (
        (matter.button("Ask again", "concern.ask_again"),) if next_stage(matter.rules, matter.run) is not None else ()
    )


def _move_button(matter: Matter) -> Buttons:
    following = next_stage(matter.rules, matter.run)
    if following is None:
        return (*_beyond_the_top(matter), matter.button("Ask again", "concern.ask_again"))
    # The form offers whom nobody has asked yet.
    asked_above = any(one.passed_why and one.passed_to_id is not None for one in asked_parts(matter))
    label = "Move up" if asked_above else f"Move to stage {following}"
    again = (matter.button("Ask again", "concern.ask_again"),)
    return (matter.button(label, "concern.move", "primary"),) if may_move(matter) else again


def _beyond_the_top(matter: Matter) -> Buttons:
    """What is left where no stage is: Cafcass, but for what is about the service, and legal advice."""
    cafcass = (matter.button("Note a Cafcass referral", "concern.cafcass"),)
    return (
        *(cafcass if not matter.concern.about_service else ()),
        matter.button("Legal advice", "concern.legal"),
    )


def verdict_buttons(matter: Matter) -> Buttons:
    """Whether a reply satisfies: it is read first, and closing comes last."""
    return (
        _read_button(matter),
        *_up_button(matter, "Not satisfied: move up"),
        matter.button("Ask again", "concern.ask_again"),
        *_close_button(matter, "Satisfied: close"),
    )


def plan_buttons(matter: Matter) -> Buttons:
    """Whether a plan was done, when its date has come."""
    return (
        _read_button(matter),
        *_up_button(matter, "Not done: move up"),
        matter.button("New date", "concern.new_date"),
        *_close_button(matter, "Done: close"),
    )


def _read_button(matter: Matter) -> Button:
    return replace(matter.open_button, label="Read the reply", weight="primary")


def _close_button(matter: Matter, label: str) -> Buttons:
    return (matter.button(label, "concern.close"),) if may_close(matter) else ()


def may_close(matter: Matter) -> bool:
    """Closing is the IRO's; in their place it is another's only where the place is empty for long."""
    place = place_of(matter.scene, matter.concern, matter.child)
    if place.is_filled_by(matter.reader_id):
        return not place.is_cover_by_another(matter.reader_id)
    return place.is_empty_for_long


def may_move(matter: Matter) -> bool:
    """A cover whom the IRO did not name moves it only where the time to reply is over."""
    place = place_of(matter.scene, matter.concern, matter.child)
    return not place.is_cover_by_another(matter.reader_id) or is_time_over(matter.scene, matter.concern)


def _up_button(matter: Matter, label: str) -> Buttons:
    if next_stage(matter.rules, matter.run) is None:
        return _beyond_the_top(matter)
    return () if not may_move(matter) else (matter.button(label, "concern.move"),)


def _plan_has_come(matter: Matter) -> bool:
    plan_by, scene = matter.run.plan_by, matter.scene
    return plan_by is not None and close_of(plan_by, scene.calendar) <= scene.now


def _while_waiting(matter: Matter) -> Buttons:
    """A wish for more time, the reply of one where others are awaited, or that nobody could be asked."""
    assert matter.run.id is not None
    asked = stage_runs.people_of(matter.scene.session, matter.run.id, Part.ADDRESSED)
    extend = (matter.button("Agree an extension", "concern.extend"), *_refuse_button(matter)) if wishes(matter) else ()
    verdict = verdict_buttons(matter) if any(part.replied_at is not None for part in asked) else ()
    nobody = () if asked else (*_move_button(matter), *_record_button(matter))
    return (*extend, *verdict, *nobody)


def wishes(matter: Matter) -> list[ExtensionRequest]:
    """The wishes for more time that wait for the IRO: of those still awaited, since an extension was last agreed."""
    assert matter.run.id is not None
    asked = replies.requests_of(matter.scene.session, matter.run.id)
    if not asked or matter.concern.state not in AWAITED_STATES:
        return []
    agreed = [one.agreed_at for one in replies.extensions_of(matter.scene.session, matter.run.concern_id)]
    awaited = {part.person_id for part in awaited_of(matter)}
    return [one for one in asked if one.person_id in awaited and not any(at >= one.asked_at for at in agreed)]
