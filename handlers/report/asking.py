"""`/iro report 2025-26`: who may have the annual report, and how it reaches them and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from handlers.cards import Answer, Button, Field, FieldKind, Form
from handlers.export.links import address_of
from handlers.figures.asked_report import INTERNAL, PUBLIC, AskedReport
from handlers.figures.entitlement import entitled_to, whose_words
from handlers.figures.named_year import year_named
from handlers.figures.report_shape import ReportShape
from handlers.figures.reporting_years import ReportingYear, year_of
from handlers.office import Desk
from handlers.report.asked import report_link
from handlers.report.sending import send_report
from handlers.requests import Request
from scheduling.procedures.terms import CONCERN
from storage.whose import Whose

_HOW = {
    ReportShape.DOCX: "as a document (DOCX)",
    ReportShape.HTML: "as a page (HTML)",
    ReportShape.XLSX: "as tables in a workbook (XLSX)",
}
_SEND = {
    ReportShape.DOCX: "Send me the document (DOCX)",
    ReportShape.HTML: "Send me the page (HTML)",
    ReportShape.XLSX: "Send me the workbook (XLSX)",
}
_AS_FILE = (
    f"As a file in your own chat. There it quotes nobody and names no child and no single {CONCERN}; it stays until "
    "somebody deletes it."
)


def report_form(desk: Desk, request: Request) -> Answer:
    """The report of a year, last year's where none is named: sent to this person, or by links for them alone.

    With a shape after the year ("2025-26 docx", "2025-26 public html") it is sent at once. Refused to anyone who
    may see no figures. Links need a public address.
    """
    whose = entitled_to(desk)
    words = request.words or request.subject
    typed = typed_report(words, desk.today)
    if typed is not None:
        return send_report(desk, replace(request, subject=typed.name))
    year = year_named(words, desk.today) if words else ReportingYear(begins=year_of(desk.today).begins - 1)
    head = f"The annual report {year.name}: {whose_words(whose)}, with all numbers. It is for use inside the service."
    said = _links(desk, year, whose) if desk.public_url else [_by_command_line(year)]
    tables = Button(label="See the tables here", deed="iro.figures", subject=year.name)
    fields = (
        Field(key="head", kind=FieldKind.STATEMENT, text=head),
        *_to_send(desk, year, whose),
        *(Field(key=f"how{n}", kind=FieldKind.STATEMENT, text=text) for n, text in enumerate(said)),
        Field(key="tables", kind=FieldKind.BUTTONS, buttons=(tables,)),
    )
    return Form(deed="", title="Annual report", cancel="Close", fields=fields)


def typed_report(words: str, today: date) -> AskedReport | None:
    """The report that is named in full, of last year where no year is; None where no shape or edition is named."""
    *rest, last = words.casefold().split() or [""]
    shape = ReportShape(last) if last in set(ReportShape) else None
    rest = rest if shape else [*rest, last]
    edition = rest.pop() if rest and rest[-1] in (INTERNAL, PUBLIC) else ""
    if shape is None and not edition:
        return None
    year = year_named(" ".join(rest), today) if rest else ReportingYear(begins=year_of(today).begins - 1)
    return AskedReport(year=year.name, public=edition == PUBLIC, shape=shape or ReportShape.DOCX)


def _to_send(desk: Desk, year: ReportingYear, whose: Whose) -> Iterator[Field]:
    """A button for each file that can be sent: three in a row, those for publication apart."""
    yield Field(key="send", kind=FieldKind.BUTTONS, text=_AS_FILE, buttons=_buttons(year, public=False))
    if _to_publish(desk, year, whose):
        text = "For publication, without counts under five:"
        yield Field(key="publish", kind=FieldKind.BUTTONS, text=text, buttons=_buttons(year, public=True))


def _buttons(year: ReportingYear, *, public: bool) -> tuple[Button, ...]:
    return tuple(
        Button(
            label=f"{label}, to publish" if public else label,
            deed="iro.report.send",
            subject=AskedReport(year=year.name, public=public, shape=shape).name,
        )
        for shape, label in _SEND.items()
    )


def _to_publish(desk: Desk, year: ReportingYear, whose: Whose) -> bool:
    """Editions for publication are offered to those who see the whole service, of years that are over."""
    return whose.is_everybody and year.end < desk.today


def _links(desk: Desk, year: ReportingYear, whose: Whose) -> list[str]:
    """A link for each shape; for publication too, where the person sees the whole service."""
    offered = [(shape, False, f"Open it {how}") for shape, how in _HOW.items()]
    if _to_publish(desk, year, whose):
        offered += [(shape, True, f"For publication, without counts under five: {how}") for shape, how in _HOW.items()]
    lines = []
    for shape, public, how in offered:
        secret = report_link(desk, AskedReport(year=year.name, public=public, shape=shape))
        lines.append(f"{how}, once, within ten minutes: {address_of(desk, secret)}")
    return lines


def _by_command_line(year: ReportingYear) -> str:
    return (
        "The whole of it, with every row named, comes from the person who runs the bot: "
        f"iro-bot report annual --year {year.name} --out DIR (and --public for publication)."
    )
