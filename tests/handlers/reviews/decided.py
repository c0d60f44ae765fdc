"""Steps of stories about what follows a review: held, decided, sent, answered."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from handlers.cards import Answer, Card, Form, Notice
from handlers.requests import Value
from storage.database import transaction
from tests.bench import Bench, button, words
from tests.cast import AUTHORITY, CHILD, IRO
from tests.handlers.reviews.steps import in_care

CANARY = "zebra-canary will be taught to swim"
HELD: dict[str, Value] = {"held_how": "in person", "participation": "PN1", "chaired": "no"}

_Row = TypeVar("_Row", bound=SQLModel)


def as_form(answer: Answer) -> Form:
    """The answer as the form it is."""
    assert isinstance(answer, Form), answer
    return answer


def as_notice(answer: Answer) -> str:
    """The sentence of a private answer."""
    assert isinstance(answer, Notice), answer
    return answer.text


def rows(bench: Bench, table: type[_Row]) -> Sequence[_Row]:
    """Every row of a table."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return session.exec(select(table).order_by(*inspect(table).primary_key)).all()


def hold(bench: Bench, on: date, reference: str = CHILD, **typed: Value) -> Answer:
    """The IRO records the child's review as held on that day."""
    opened = as_form(bench.command(IRO, f"/review {reference} hold"))
    return bench.submit(IRO, opened, {**HELD, "held_on": on.isoformat(), **typed})


def held_review(bench: Bench, reference: str = CHILD) -> None:
    """A child in care whose first review is held today."""
    in_care(bench, "2026-11-16", reference)
    said = hold(bench, bench.now.date(), reference)
    assert isinstance(said, Notice), words(said)


def decide(
    bench: Bench, what: str = CANARY, by: str = "2027-01-29", role: str = "social_worker", **typed: Value
) -> Form:
    """The IRO adds one decision; the form that is left open."""
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    given: dict[str, Value] = {"what": what, "owner_role": role, "due_on": by, **typed}
    return as_form(bench.submit(IRO, opened, given))


def send(bench: Bench) -> str:
    """The IRO sends the decisions; the sentence that says to whom."""
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    return as_notice(bench.press(IRO, button(opened, "Send to the manager")))


def sent(bench: Bench, who: str) -> Card:
    """The last message about decisions that this person had."""
    found = [one.card for one in bench.inbox(who) if "decision" in one.title]
    assert found, bench.titles(who)
    return found[-1]


def everything_sent(bench: Bench) -> str:
    """All that was ever put into a chat message."""
    return "\n".join(words(one.card) for one in bench.told)
