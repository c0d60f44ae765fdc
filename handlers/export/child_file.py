"""What a child's file holds: a timeline of reviews, tasks, decisions, contacts and concerns, as one person may read it.

Of a concern it has what the person may know: its whole file, or its stage and dates, or nothing. Drafts and notes of
legal advice are never in it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from handlers.concerns.case import Case, OpenCase, case_of
from handlers.concerns.first_raised import first_raised_part
from handlers.export.child_timeline import Event, timeline_of
from handlers.export.concern_file import ConcernFile, file_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.wording import TRACKS
from handlers.rights import May, may, standing
from handlers.undrawn import LEFT_OUT, drawn
from handlers.wording import name_of, stage_words
from scheduling.working_days import local
from storage import concerns
from storage.concerns import Concern, ConcernState


@dataclass(frozen=True, kw_only=True)
class ChildFile:
    """The whole file; moments are UTC. `concerns` are those the person may read in full."""

    reference: str
    authority: str
    looked_after_from: date | None
    left_care_on: date | None
    track: str
    iro: str
    holder: str
    timeline: tuple[Event, ...]
    concerns: tuple[ConcernFile, ...]
    exported_at: datetime
    exported_by: str
    export_reason: str


def export_child(desk: Desk, reference: str, reason: str) -> ChildFile:
    """The file of a child for the person at the desk, recorded with the reason. Refused without entitlement."""
    if not reason.strip():
        raise Refused("An export needs a reason: say why the file is taken out.")
    case = open_review(desk, reference, May.READ_REVIEWS)
    case.record("exported", words=reason.strip(), where=desk.platform)
    known, left_out = _concerns_known_to(case)
    files: list[ConcernFile] = []
    for one in [one for one in known if may(one.who, May.EXPORT)]:
        one.record("exported", words=reason.strip(), where=desk.platform)
        file = drawn(desk, one.ref, partial(_whole, one, reason.strip()), lambda: None)
        if file is None:
            left_out.append(one.concern)
        else:
            files.append(file)
    events = [*timeline_of(case), *(event for one in known for event in _concern_events(one.concern))]
    events += [_left_out(desk, one) for one in left_out]
    child = case.child
    return ChildFile(
        reference=case.ref,
        authority=desk.rules.name,
        looked_after_from=child.looked_after_from,
        left_care_on=child.left_care_on,
        track=TRACKS.get(child.track, child.track),
        iro=name_of(desk, child.iro_id) if child.iro_id is not None else "nobody",
        holder=name_of(desk, child.holder_id) if child.holder_id is not None else "nobody",
        timeline=tuple(sorted(events, key=lambda event: event.on)),
        concerns=tuple(files),
        exported_at=desk.now,
        exported_by=desk.actor.name,
        export_reason=reason.strip(),
    )


def _whole(case: OpenCase, reason: str) -> ConcernFile | None:
    return file_of(case, reason)


def _left_out(desk: Desk, concern: Concern) -> Event:
    """That a concern is missing from the file stands in it."""
    on = local(concern.raised_at or desk.now).date()
    return Event(on=on, kind="concern", what=f"{concern.reference} {LEFT_OUT}")


def _concerns_known_to(case: ReviewCase) -> tuple[list[OpenCase], list[Concern]]:
    """The concerns about the child that the person may know of, none of them a draft; and those nobody can open."""
    desk, found, left_out = case.desk, list[OpenCase](), list[Concern]()
    for concern in concerns.about(desk.session, case.child_id):
        if concern.state in (ConcernState.DRAFT, ConcernState.DISCARDED):
            continue
        who = standing(desk, concern)
        if may(who, May.SEE_IT_EXISTS):
            base = drawn(desk, concern.reference, partial(_opened, desk, concern), lambda: None)
            if base is None:
                left_out.append(concern)
                continue
            found.append(
                OpenCase(
                    scene=desk,
                    desk=desk,
                    concern=concern,
                    child=base.child,
                    run=base.run,
                    rules=base.rules,
                    who=who,
                )
            )
    return found, left_out


def _opened(desk: Desk, concern: Concern) -> Case | None:
    return case_of(desk, concern)


def _concern_events(concern: Concern) -> list[Event]:
    events = []
    if concern.raised_at is not None:
        highest = stage_words(concern.highest_stage)
        earlier = f" ({first_raised_part(concern)})" if concern.first_raised != concern.raised_at else ""
        what = f"{concern.reference} raised{earlier}; the highest stage so far: {highest}"
        events.append(Event(on=local(concern.raised_at).date(), kind="concern", what=what))
    if concern.closed_at is not None:
        outcome = concern.outcome.value if concern.outcome is not None else "no outcome recorded"
        what = f"{concern.reference} closed: {outcome}"
        events.append(Event(on=local(concern.closed_at).date(), kind="concern", what=what))
    return events
