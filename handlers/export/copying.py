""" "Copy for the case record": the concern's file as text to copy and, with a public address, links that work once."""

from handlers.cards import Answer, Field, FieldKind, Form, Notice
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.on_record import ON_RECORD, may_note
from handlers.concerns.record import chunks
from handlers.export.as_text import as_text
from handlers.export.concern_file import ConcernFile, file_of
from handlers.export.concern_paper import concern_paper
from handlers.export.links import Shape, address_of, lead_to_concern
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from handlers.terms import in_words
from storage import concerns
from storage.concerns import ConcernState

REASON = "for the child's case record"
SHAPES = ((Shape.MARKDOWN, "as text (Markdown)"), (Shape.DOCX, "as a document (DOCX)"))


def file_form(desk: Desk, request: Request) -> Answer:
    """The text to copy, and with a public address a link for each shape that works once."""
    case = open_case(desk, request.subject, May.EXPORT)
    if case.concern.state is ConcernState.DRAFT:
        raise Refused(f"{case.ref} is still a draft: it goes into no record before it is logged.")
    text = as_text(in_words(concern_paper(file_of(case, REASON)), desk.rules))
    case.record("copied for the case record")
    say = "Copy this into the child's case record: the record is there, not here."
    fields = [Field(key="how", kind=FieldKind.STATEMENT, text=say)]
    fields += [
        Field(key=f"text{n}", kind=FieldKind.LONG, label=f"Text to copy{_part(n)}", initial=piece)
        for n, piece in enumerate(chunks(text, desk.rules))
    ]
    if desk.public_url:
        fields += [
            Field(key=f"link_{shape}", kind=FieldKind.STATEMENT, text=_link_words(case, shape, words))
            for shape, words in SHAPES
        ]
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


def _link_words(case: OpenCase, shape: Shape, words: str) -> str:
    secret = lead_to_concern(case.desk, case.id, shape)
    case.record("made a link to the file")
    return f"Or open it {words}, once, within ten minutes: {address_of(case.desk, secret)}"


def opened(desk: Desk, concern_id: int) -> ConcernFile:
    """The file that a one-time link leads to, recorded as opened. Refused where the person may not have it any more."""
    concern = concerns.get(desk.session, concern_id)
    assert concern is not None
    case = open_case(desk, concern.reference, May.EXPORT)
    case.record("opened the file by link")
    return file_of(case, REASON)


def file_done(desk: Desk, request: Request) -> Answer:
    """The end of "Copy for the case record": nothing typed there is kept."""
    case = open_case(desk, request.subject, May.EXPORT)
    text = f"The file of {case.ref} stays as it is; the copy is yours to put into the case record."
    if not may_note(case):
        return Notice(text=text)
    return Notice(text=f"{text} Once it is there, note the day.", buttons=(case.button(*ON_RECORD),))
