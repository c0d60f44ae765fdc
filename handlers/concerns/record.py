"""A concern's history in words."""

import json
from datetime import date

from handlers.cards import Answer, Field, FieldKind, Form
from handlers.concerns.case import OpenCase, open_case
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import May, may
from handlers.wording import name_of, stage_words, when
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO, IRO_MANAGER, said
from storage import history
from storage.history import History
from storage.referrals import ReferralKind

_BESIDE = (ReferralKind.LEGAL_ADVICE.value,)
"""That the IRO took legal advice is theirs alone, as the note is."""

_KEPT_PLAINLY = {
    "shared with the IRO manager": f"shared with the {IRO_MANAGER}",
    "acted for the IRO": f"acted for the {IRO}",
    "no decision by the IRO in time": f"no decision by the {IRO} in time",
}
"""What is kept in our words, since the chain seals it, and read in the authority's."""

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
        fields=tuple(
            Field(key=f"line{n}", kind=FieldKind.STATEMENT, text=part)
            for n, part in enumerate(chunks(text, desk.rules))
        ),
    )


def history_line(case: OpenCase, entry: History) -> str:
    """One entry in words: when, who, for whom, what."""
    return f"{when(entry.at)} · {who_did(case, entry)}: {what_happened(case, entry)}"


def who_did(case: OpenCase, entry: History) -> str:
    """Who did it, and for whom."""
    by = name_of(case.scene, entry.actor_id)
    if not entry.for_id:
        return by[:1].upper() + by[1:]
    return f"{by[:1].upper()}{by[1:]} (for {name_of(case.scene, entry.for_id)}{_named_by(case, entry)})"


def _named_by(case: OpenCase, entry: History) -> str:
    """Who named the cover that acted; nothing of acts that no cover did, and of those kept before it was."""
    named_by = json.loads(entry.details).get("cover_named_by")
    if named_by is None:
        return ""
    return f", cover named by {name_of(case.scene, named_by) if isinstance(named_by, int) else named_by}"


def what_happened(case: OpenCase, entry: History) -> str:
    """What was done, with the stage, date or person that belongs to it; no words of the concern."""
    details: dict[str, str | int | None] = json.loads(entry.details)
    return f"{_KEPT_PLAINLY.get(entry.what, entry.what)}{_detail_words(case, details)}"


def _detail_words(case: OpenCase, details: dict[str, str | int | None]) -> str:
    parts = []
    stage, until, outcome, answer = (details.get(key) for key in ("stage", "until", "outcome", "answer"))
    if isinstance(stage, int):
        parts.append(stage_words(stage))
    if details.get("route"):
        parts.append("urgent")
    if details.get("asked"):
        parts.append(f"asked on {_day_words(details['asked'] or '')}")
    if until:
        before = details.get("before")
        was = f", before until {_day_words(before)}" if before and before != until else ""
        parts.append(f"until {_day_words(until)}{was}")
    if outcome or answer:
        parts.append(str(outcome or answer))
    if details.get("on"):
        parts.append(f"on {_day_words(str(details['on']))}")
    for key in ("person", "passed_to"):
        if isinstance(details.get(key), int):
            person = details[key]
            assert isinstance(person, int)
            parts.append(name_of(case.scene, person))
    return f" ({', '.join(parts)})" if parts else ""


def _day_words(kept: str | int) -> str:
    return say_day(date.fromisoformat(str(kept)))


def chunks(text: str, rules: Procedures) -> list[str]:
    """The text in pieces that a form can show in the authority's words, broken at line ends where possible."""
    pieces: list[str] = []
    rest = said(text, rules)
    while len(rest) > CHUNK:
        cut = rest.rfind("\n", 0, CHUNK)
        cut = cut if cut > 0 else CHUNK
        pieces.append(rest[:cut])
        rest = rest[cut:].lstrip("\n")
    return [*pieces, rest] if rest else pieces
