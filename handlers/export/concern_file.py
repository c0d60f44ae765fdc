"""What a concern's file holds: its words, its stages and who was asked, the replies, and how it ended.

Drafts and notes of legal advice are never in it. That Cafcass was referred to or contacted is in it, without the
notes, for those who may read these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.first_raised import successor_words
from handlers.concerns.raising import raised_by
from handlers.concerns.record import what_happened, who_did
from handlers.concerns.showing import narrative_of, replies_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.rights import May, Place, may
from handlers.wording import allowed, name_of, stage_title
from scheduling.procedures.terms import CHILD, CONCERN, IRO
from storage import audit, history, referrals, replies, stage_runs
from storage.concerns import ConcernState
from storage.referrals import ReferralKind
from storage.stage_runs import Addressee, Part, StageRun


@dataclass(frozen=True, kw_only=True)
class Words:
    """A heading and what was written under it."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A person's part in a stage: asked, copied or alerted."""

    name: str
    role: str
    part: str
    instead_of: str
    seen_at: datetime | None
    replied_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stand at a stage; `allowed` is the time its rules give for a reply."""

    title: str
    why: str
    started_at: datetime
    allowed: str
    due_at: datetime | None
    ended_at: datetime | None
    people: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True)
class Extended:
    """A later deadline that was agreed."""

    before_at: datetime
    after_at: datetime
    asked_by: str
    agreed_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What was done beside the stages."""

    what: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An entry of the history, without words of the concern."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, kw_only=True)
class ConcernFile:
    """The whole file; moments are UTC.

    `succession` says whose place it took and what took its own, `limit` is what all formal stages may take, `proof`
    what checking the history found.
    """

    reference: str
    child: str
    about: str
    authority: str
    procedures: str
    raised_by: str
    raised_at: datetime | None
    first_raised_at: datetime | None
    succession: str
    state: str
    narrative: tuple[Words, ...]
    stages: tuple[Stage, ...]
    replies: tuple[Words, ...]
    extensions: tuple[Extended, ...]
    beside: tuple[Beside, ...]
    limit: str
    limit_from: datetime | None
    limit_at: datetime | None
    history: tuple[Happened, ...]
    proof: tuple[str, ...]
    closed_at: datetime | None
    outcome: str
    on_record_on: date | None
    exported_at: datetime
    exported_by: str
    export_reason: str


def export_concern(desk: Desk, reference: str, reason: str) -> ConcernFile:
    """The file of a concern for the person at the desk, recorded with the reason. Refused without entitlement."""
    if not reason.strip():
        raise Refused("An export needs a reason: say why the file is taken out.")
    case = open_case(desk, reference, May.EXPORT)
    if case.concern.state is ConcernState.DRAFT:
        raise Refused(f"{case.ref} is a draft, and drafts are never exported: log it first.")
    case.record("exported", words=reason.strip(), where=desk.platform)
    return file_of(case, reason.strip())


def file_of(case: OpenCase, reason: str) -> ConcernFile:
    """Gather the file of an opened case."""
    concern, session = case.concern, case.desk.session
    return ConcernFile(
        reference=case.ref,
        child=case.child.reference if case.child else "about the service",
        about=f"{CHILD} {case.child.reference}" if case.child else "about the service",
        authority=case.desk.rules.name,
        procedures=case.rules.name,
        raised_by=name_of(case.desk, raised_by(case)),
        raised_at=concern.raised_at,
        first_raised_at=concern.first_raised,
        succession=successor_words(case.desk, concern),
        state=concern.state.value,
        narrative=tuple(Words(heading=heading, text=text) for heading, text in narrative_of(case)),
        stages=tuple(_stage(case, run) for run in stage_runs.of_concern(session, case.id)),
        replies=tuple(Words(heading=heading, text=text) for heading, text in replies_of(case)),
        extensions=_extensions(case),
        beside=_beside(case),
        limit=str(case.rules.total_limit),
        limit_from=concern.limit_from,
        limit_at=concern.limit_at,
        history=tuple(_history(case)),
        proof=_proof(case),
        closed_at=concern.closed_at,
        outcome=concern.outcome.value if concern.outcome else "",
        on_record_on=concern.on_record_on,
        exported_at=case.desk.now,
        exported_by=case.desk.actor.name,
        export_reason=reason,
    )


def _stage(case: OpenCase, run: StageRun) -> Stage:
    people = stage_runs.people_of(case.desk.session, run.id) if run.id is not None else []
    return Stage(
        title=stage_title(case.rules, run),
        why=run.kind.value,
        started_at=run.started_at,
        allowed=_allowed(case, run),
        due_at=run.due_at,
        ended_at=run.ended_at,
        people=tuple(_asked(case, one) for one in people),
    )


def _allowed(case: OpenCase, run: StageRun) -> str:
    """ "10 working days", and that it was extended; nothing where no time is set."""
    if run.wanted_by is not None and not run.extensions:
        return f"by the day the {IRO} gave"
    within = allowed(case.rules, run)[0]
    return f"{within}{', extended' if run.extensions else ''}" if within is not None else ""


def _asked(case: OpenCase, one: Addressee) -> Asked:
    return Asked(
        name=name_of(case.desk, one.person_id),
        role=case.rules.role_label(one.role),
        part="asked to reply" if one.part is Part.ADDRESSED else one.part.value,
        instead_of=one.standing_why,
        seen_at=one.seen_at,
        replied_at=one.replied_at,
    )


def _extensions(case: OpenCase) -> tuple[Extended, ...]:
    return tuple(
        Extended(
            before_at=one.before_at,
            after_at=one.after_at,
            asked_by=one.asked_by or (name_of(case.desk, one.asked_by_id) if one.asked_by_id else ""),
            agreed_by=name_of(case.desk, one.agreed_by_id),
            reason=one.reason or "",
        )
        for one in replies.extensions_of(case.desk.session, case.id)
    )


def _beside(case: OpenCase) -> tuple[Beside, ...]:
    everything = may(case.who, May.READ_NOTES)
    return tuple(
        Beside(what=one.kind.value, on=one.happened_on)
        for one in referrals.of_concern(case.desk.session, case.id)
        if one.kind is not ReferralKind.LEGAL_ADVICE
        and (everything or (one.shared and case.who.holds(Place.MANAGER_BY_OWN_WORD)))
    )


NOT_FOR_THE_RECORD = (
    *(kind.value for kind in ReferralKind),  # they stand apart, for those who may know of them
    *("read", "exported", "copied for the case record", "made a link to the file", "opened the file by link"),
    *("drafted", "discarded", "shared with the IRO manager"),
)


def _history(case: OpenCase) -> Iterator[Happened]:
    """What happened since the concern was raised; who merely looked at it is for the auditor, not for the record."""
    for entry in history.entries(case.desk.session, case.subject):
        drafted = case.concern.raised_at is not None and entry.at < case.concern.raised_at
        if entry.what not in NOT_FOR_THE_RECORD and not drafted:
            yield Happened(at=entry.at, who=who_did(case, entry), what=what_happened(case, entry))


def _proof(case: OpenCase) -> tuple[str, ...]:
    """Whether the concern was imported, and what checking the chain of the history found, a sentence each."""
    imported = tuple(_imported(case))
    entries = history.entries(case.desk.session, case.subject)
    if not entries:
        return imported
    problems = audit.verify(case.desk.session, case.subject)
    if problems:
        return (*imported, "The history was altered after it was written:", *problems)
    number = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    return (
        *imported,
        f"The history stands as it was written: {number}, the last sealed as {entries[-1].digest}.",
    )


def _imported(case: OpenCase) -> Iterator[str]:
    if case.concern.imported:
        yield (
            f"The {CONCERN} was imported as {case.concern.imported_reference}: what came before is not in the history "
            "here, only the days were known, and 12 noon stands for the time."
        )
