"""A concern's history in words, and the text to copy into the case record."""

import hashlib
import json
import secrets
from datetime import timedelta

from handlers.cards import Answer, Field, FieldKind, Form, Notice
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.raising import raised_by
from handlers.concerns.showing import narrative_of, replies_of
from handlers.office import Desk
from handlers.permissions import May, may
from handlers.refusals import NotFound, Refused
from handlers.requests import Request
from handlers.wording import about_whom, name_of, stage_title, stage_words, when
from storage import concerns, history, stage_runs
from storage.concerns import ConcernState
from storage.file_links import FileLink
from storage.history import History
from storage.referrals import ReferralKind

_BESIDE = (ReferralKind.LEGAL_ADVICE.value,)
"""That the IRO took legal advice is theirs alone, as the note is."""

LINK_LIVES = timedelta(minutes=10)
CHUNK = 2800


def show_history(desk: Desk, request: Request) -> Answer:
    """What happened, when and by whom, without the words of the concern."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS)
    hidden = _BESIDE if not may(case.who, May.READ_NOTES) else ()
    entries = history.entries(desk.session, case.subject)
    lines = [history_line(case, entry) for entry in entries if entry.what not in hidden]
    text = "\n".join(line for line in lines if line) or "Nothing yet."
    return Form(
        deed="",
        title=f"History of {case.ref}",
        subject=case.ref,
        cancel="Close",
        fields=tuple(Field(key=f"line{n}", kind=FieldKind.STATEMENT, text=part) for n, part in enumerate(chunks(text))),
    )


def history_line(case: OpenCase, entry: History) -> str:
    """One entry in words: when, who, for whom, what."""
    by = name_of(case.scene, entry.actor_id)
    by = by[:1].upper() + by[1:]
    for_whom = f" (for {name_of(case.scene, entry.for_id)})" if entry.for_id else ""
    details: dict[str, str | int | None] = json.loads(entry.details)
    said = _detail_words(case, details)
    return f"{when(entry.at)} · {by}{for_whom}: {entry.what}{said}"


def _detail_words(case: OpenCase, details: dict[str, str | int | None]) -> str:
    parts = []
    stage, until, outcome, answer = (details.get(key) for key in ("stage", "until", "outcome", "answer"))
    if isinstance(stage, int):
        parts.append(stage_words(stage))
    if details.get("route"):
        parts.append("immediate route")
    if until:
        parts.append(f"until {until}")
    if outcome or answer:
        parts.append(str(outcome or answer))
    for key in ("person", "passed_to"):
        if isinstance(details.get(key), int):
            person = details[key]
            assert isinstance(person, int)
            parts.append(name_of(case.scene, person))
    return f" ({', '.join(parts)})" if parts else ""


def chunks(text: str) -> list[str]:
    """The text in pieces that a form can show, broken at line ends where possible."""
    pieces: list[str] = []
    rest = text
    while len(rest) > CHUNK:
        cut = rest.rfind("\n", 0, CHUNK)
        cut = cut if cut > 0 else CHUNK
        pieces.append(rest[:cut])
        rest = rest[cut:].lstrip("\n")
    return [*pieces, rest] if rest else pieces


def file_form(desk: Desk, request: Request) -> Answer:
    """ "Copy for the case record": the text to copy, and with a public address a link that works once."""
    case = open_case(desk, request.subject, May.EXPORT)
    if case.concern.state is ConcernState.DRAFT:
        raise Refused(f"{case.ref} is still a draft: it goes into no record before it is logged.")
    text = file_text(case)
    case.record("copied for the case record")
    fields = [
        Field(
            key="how",
            kind=FieldKind.STATEMENT,
            text="Copy this into the child's case record: the record is there, not here.",
        ),
        *(
            Field(key=f"text{n}", kind=FieldKind.LONG, label=f"Text to copy{_part(n)}", initial=piece)
            for n, piece in enumerate(chunks(text))
        ),
    ]
    if desk.public_url:
        fields.append(Field(key="link", kind=FieldKind.STATEMENT, text=_link_words(case)))
    return Form(
        deed="concern.file.done",
        title="Copy for the record",
        subject=case.ref,
        submit="Done",
        cancel="Close",
        fields=tuple(fields),
    )


def _part(number: int) -> str:
    return f" (part {number + 1})" if number else ""


def file_text(case: OpenCase) -> str:
    """The whole concern as plain text, for those entitled to read it; drafts and legal notes never."""
    concern = case.concern
    lines = [
        f"Concern {case.ref}, {about_whom(case.scene, concern, case.child)}",
        f"Raised by {name_of(case.scene, raised_by(case))}"
        + (f" at {when(concern.raised_at)}" if concern.raised_at else ""),
    ]
    for run in stage_runs.of_concern(case.scene.session, case.id):
        due = f", reply by {when(run.due_at)}" if run.due_at else ""
        lines.append(f"{stage_title(case.rules, run)}: from {when(run.started_at)}{due}")
    for heading, words in (*narrative_of(case), *replies_of(case)):
        lines += ["", heading, words]
    if concern.closed_at is not None:
        outcome = concern.outcome.value if concern.outcome else "no outcome recorded"
        lines += ["", f"Closed at {when(concern.closed_at)}: {outcome}."]
    return "\n".join(lines)


def _link_words(case: OpenCase) -> str:
    secret = secrets.token_urlsafe(32)
    case.desk.session.add(
        FileLink(
            authority=case.desk.authority,
            digest=digest_of(secret),
            concern_id=case.id,
            person_id=case.desk.actor_id,
            expires_at=case.desk.now + LINK_LIVES,
        )
    )
    case.record("made a link to the file")
    address = f"{case.desk.public_url.rstrip('/')}/file/{secret}"
    return f"Or open it once, within ten minutes: {address}"


def open_link(desk: Desk, link: FileLink) -> str:
    """The file behind a one-time link, for the person it was made for; the link works no more."""
    if link.used_at is not None or link.expires_at <= desk.now or link.person_id != desk.actor_id:
        raise NotFound("This link has been used, or its ten minutes are over. Ask for the file again in the chat.")
    link.used_at = desk.now
    desk.session.add(link)
    concern = concerns.get(desk.session, link.concern_id) if link.concern_id is not None else None
    assert concern is not None
    case = open_case(desk, concern.reference, May.EXPORT)
    case.record("opened the file by link")
    return file_text(case)


def digest_of(secret: str) -> str:
    """The digest under which a link's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def file_done(desk: Desk, request: Request) -> Answer:
    """The end of "Copy for the case record": nothing typed there is kept."""
    case = open_case(desk, request.subject, May.EXPORT)
    return Notice(text=f"The file of {case.ref} stays as it is; the copy is yours to put into the case record.")
