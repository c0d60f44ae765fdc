"""`/iro procedures` and `/iro people C-12`: the rules in words, and who would be asked at each stage."""

from handlers.cards import Answer, Field, FieldKind, Form
from handlers.concerns.case import open_case
from handlers.concerns.record import chunks
from handlers.office import Desk
from handlers.people.showing import people_at_stages
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from handlers.set_aside import asides
from handlers.wording import about_whom
from scheduling.procedures import explain
from scheduling.procedures.terms import A_CONCERN


def show_procedures(desk: Desk, _request: Request) -> Answer:
    """The authority's rules in words, each with its source."""
    return _read(desk, "Procedures", explain(desk.rules))


def show_people(desk: Desk, request: Request) -> Answer:
    """Who would be asked at each stage of a concern today, and who stands in."""
    if not request.subject:
        raise Refused(f"Name {A_CONCERN}: /iro people C-12 shows who would be asked at each stage.")
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS)
    stages = (*((case.rules.informal,) if case.rules.informal else ()), *case.rules.stages)
    (aside,) = asides(desk, [(case.concern, case.child)])
    lines = people_at_stages(
        desk.session,
        desk.rules,
        case.child,
        case.who.iro_id,
        desk.today,
        stages,
        aside=lambda stage: aside.at(stage.number),
    )
    head = f"{case.ref}, {about_whom(desk, case.concern, case.child)}: asked at each stage, as of today"
    return _read(desk, f"People of {case.ref}", "\n".join([head, *lines]), subject=case.ref)


def _read(desk: Desk, title: str, text: str, subject: str = "") -> Form:
    fields = tuple(
        Field(key=f"part{n}", kind=FieldKind.STATEMENT, text=part) for n, part in enumerate(chunks(text, desk.rules))
    )
    return Form(deed="", title=title, subject=subject, fields=fields, cancel="Close")
