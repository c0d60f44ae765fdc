"""The quarterly summary: themes, good practice and what is open by age, in a form, from the report's own tables."""

from handlers.cards import Answer, Button, Field, FieldKind, Form
from handlers.concerns.record import chunks
from handlers.figures.beginning import beginning_said
from handlers.figures.counting_rules import COUNTING
from handlers.figures.entitlement import entitled_to, whose_words
from handlers.figures.making import printed_tables
from handlers.figures.period import Period
from handlers.figures.period_words import asked_for, named
from handlers.figures.reading import lines_of
from handlers.office import Desk
from handlers.requests import Request
from scheduling.deadline_wording import say_day

TABLES = ("reasons", "outcomes", "good_practice", "open_by_age", "replies")


def show_quarter(desk: Desk, request: Request) -> Answer:
    """The summary of a quarter, of the rows this person may have counted."""
    whose = entitled_to(desk)
    asked = asked_for(request.subject or "last quarter", desk.today).period
    period = Period(first=asked.first, last=asked.last, whose=whose)
    made = printed_tables(desk, period, only=TABLES)
    head = (f"{named(asked)}: {whose_words(whose)}, as of {say_day(desk.today)}.", beginning_said(desk, period))
    fields = [_statement("head", " ".join(filter(None, head)))]
    for name in TABLES:
        text = "\n".join(lines_of(desk, made[name]))
        fields += [
            _statement(f"{name}{n}", part, COUNTING[name].title if n == 0 else "")
            for n, part in enumerate(chunks(text, desk.rules))
        ]
        fields.append(_statement(f"{name}_rule", made[name].rule))
    tables = Button(label="All tables", deed="iro.figures", subject=f"{asked.first} to {asked.last}")
    fields.append(Field(key="all", kind=FieldKind.BUTTONS, buttons=(tables,)))
    return Form(deed="", title="Quarterly summary", cancel="Close", fields=tuple(fields))


def _statement(key: str, text: str, label: str = "") -> Field:
    return Field(key=key, kind=FieldKind.STATEMENT, label=label, text=text)
