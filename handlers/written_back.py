"""What is written to the bot and is no command: nobody hears of it, and the writer is shown how to do what they meant.

A person who answers a message in writing believes to have replied. The words themselves never come here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.day.for_you import waiting_for
from handlers.day_entry import Entry
from handlers.day_words import YOUR_DAY
from handlers.messages.letters import all_buttons
from handlers.messages.matter import matter_for
from handlers.messages.owed import Buttons, owed
from handlers.messages.sending import render, subject_of
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import ConcernStanding, May, may, standing
from handlers.standing import acting_as
from handlers.wording import name_of
from scheduling.deadline_wording import say_first, say_list
from storage import concerns, live_messages, outbox, stage_runs
from storage.concerns import Concern
from storage.outbox import Outbox

NOBODY_TOLD = "I cannot pass this on. Nobody has been told."
ON_THE_RECORD = "Anything about a child: put it on the child's record first, then delete it here."
NO_FILES = "I take no files or pictures."
NOTHING_KNOWN = "To see what you can do here, press Help."
HELP = Button(label="Help", deed="command", subject="iro help")


@dataclass(frozen=True, kw_only=True)
class About:
    """What the words may have been about: its reference, a sentence that says how to answer, the buttons that do.

    What is about no concern and no child, such as "I am here", has no reference.
    """

    ref: str
    how: str
    buttons: Buttons


def written(desk: Desk, request: Request) -> Answer:
    """The answer to free text. `request.subject` is the message under which it was written, if it was under one."""
    about = _under(desk, request) or _only_open(desk)
    lines = (
        NO_FILES if request.context.get("file") else "",
        about.how if about is not None else NOTHING_KNOWN,
        _in_danger(desk),
        ON_THE_RECORD,
    )
    return Card(
        title=NOBODY_TOLD,
        lines=tuple(Line(text=text) for text in lines if text),
        buttons=(*(about.buttons if about is not None else ()), HELP),
    )


def thanks(desk: Desk, request: Request) -> Answer:
    """One line: what waits for the person who says thank you, or that nothing does."""
    answers = [one for one in (*_replies(desk), *_decisions(desk)) if one.ref]
    refs = list(dict.fromkeys(one.ref for one in answers))
    besides = [one for one in waiting_for(desk, desk.actor_id) if not _is_about(one, refs)]
    said = [f"{say_first(refs)} {'waits' if len(refs) == 1 else 'wait'} for your answer"] if refs else []
    if besides:
        said.append(f"{_things(len(besides), more=bool(refs))} in your day")
    buttons = (
        *(answers[0].buttons if len(answers) == 1 else ()),
        *((YOUR_DAY,) if besides or len(answers) > 1 else ()),
    )
    return Notice(text=f"You're welcome. {'; '.join(said) or 'Nothing waits for you'}.", buttons=buttons)


def _is_about(entry: Entry, refs: Collection[str]) -> bool:
    return any(one.subject in refs for one in entry.line.buttons)


def _things(number: int, *, more: bool) -> str:
    """ "One thing waits", "2 more wait"."""
    if more:
        return f"{number} more {'waits' if number == 1 else 'wait'}"
    return "One thing waits" if number == 1 else f"{number} things wait"


def _in_danger(desk: Desk) -> str:
    route = desk.rules.immediate
    if route is None or route.telephone is None:
        return "If a child is in danger, ring 999."
    return f"If a child is in danger, ring 999, or {route.telephone.name} on {route.telephone.number}."


def _under(desk: Desk, request: Request) -> About | None:
    """What the message is about under which it was written; also one that newer ones have overtaken."""
    if not request.subject:
        return None
    rows = outbox.posted_as(
        desk.session,
        desk.actor_id,
        platform=request.platform,
        workspace=request.workspace,
        channel=request.context.get("channel", ""),
        message=request.subject,
    )
    found = [one for one in (_stands_in(desk, row) for row in rows) if one is not None]
    asking = [one for one in found if not _only_opens(one.buttons)] or found
    if len(asking) <= 1:
        return next(iter(asking), None)
    refs = say_list([one.ref for one in reversed(asking)])
    return About(ref=refs, how=f"It is about {refs}: press the button in the line that you mean.", buttons=())


def _stands_in(desk: Desk, row: Outbox) -> About | None:
    concern = concerns.get(desk.session, row.concern_id) if row.concern_id is not None else None
    return _on_concern(desk, concern, opens=True) if concern is not None else _on_message(desk, row)


def _only_open(desk: Desk) -> About | None:
    """The one thing that waits for this person: the only reply they owe, or where they owe none, the only decision."""
    waiting = _replies(desk) or _decisions(desk)
    return waiting[0] if len(waiting) == 1 else None


def _replies(desk: Desk) -> list[About]:
    """The concerns on which this person, or somebody they stand in for, still owes a reply."""
    asked = dict.fromkeys(run.concern_id for run, _ in stage_runs.open_for(desk.session, [*acting_as(desk)]))
    found = (_on_concern(desk, concerns.get(desk.session, one)) for one in asked)
    return [one for one in found if one is not None and _replies_to(one.buttons)]


def _decisions(desk: Desk) -> list[About]:
    """What else their messages with buttons still ask of them, each subject once."""
    return [one for one in _still_asked(desk) if not _replies_to(one.buttons)]


def _still_asked(desk: Desk) -> Iterator[About]:
    seen = set()
    for live in live_messages.standing_of(desk.session, [*acting_as(desk)]):
        if live.subject in seen:
            continue
        seen.add(live.subject)
        row = outbox.get(desk.session, live.outbox_id)
        if row is None:
            continue
        concern = concerns.get(desk.session, row.concern_id) if row.concern_id is not None else None
        about = _on_concern(desk, concern) if concern is not None else _on_message(desk, row)
        if about is not None:
            yield about


def _on_concern(desk: Desk, concern: Concern | None, *, opens: bool = False) -> About | None:
    """What this person still owes on a concern. With `opens`, a person who owes nothing there can look at it."""
    if concern is None:
        return None
    who = standing(desk, concern)
    if not may(who, May.SEE_IT_EXISTS):
        return None
    ref, buttons = concern.reference, owed_on(who)
    if _replies_to(buttons):
        how = f"To answer {name_of(desk, who.iro_id)} about {ref}, press Reply."
    elif buttons:
        how = f"To decide about {ref}, press one of the buttons."
    elif opens:
        how = f"To see how {ref} stands, press Open."
        buttons = (Button(label="Open", deed="concern.open", subject=ref),)
    else:
        return None
    return About(ref=ref, how=how, buttons=buttons)


def owed_on(who: ConcernStanding) -> Buttons:
    """Every deed the person at the desk still owes on a concern, as their messages about it carry them."""
    desk, concern = who.desk, who.concern
    run = stage_runs.get(desk.session, concern.run_id) if concern.run_id is not None else None
    if run is None:
        return ()
    return owed(matter_for(desk, concern, who.child, run, desk.actor_id))


def _on_message(desk: Desk, row: Outbox) -> About | None:
    """What a message about a review or a child asks of its reader, as it would be written now."""
    if row.person_id != desk.actor_id or subject_of(row) is None:
        return None
    card = render(desk.session, row, desk.now)
    buttons = all_buttons(card) if card is not None else ()
    if _only_opens(buttons):
        return None
    how = "To answer what was asked of you, press one of the buttons."
    return About(ref=next(one.subject for one in buttons), how=how, buttons=buttons)


def _only_opens(buttons: Buttons) -> bool:
    return all(one.deed.endswith(".open") or one.deed == YOUR_DAY.deed for one in buttons)


def _replies_to(buttons: Buttons) -> bool:
    return any(one.deed == "concern.reply" for one in buttons)
