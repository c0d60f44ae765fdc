"""Around a review too: wherever decisions and news stand, no kind of message takes away what its reader still owes.

Every kind is put after every other, for the manager who is asked, their cover, the IRO and the IRO manager.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.messages.letters import all_buttons
from handlers.messages.of_reviews import sending_of
from handlers.messages.sending import overtakes, render, subject_of
from handlers.messages.table import MESSAGES
from storage import children, reviews
from storage.database import transaction
from storage.news import News
from storage.outbox import Outbox
from tests.bench import Bench, button, utc
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, away
from tests.databases import sqlite_engine
from tests.handlers.reviews.decided import as_form, decide, held_review, rows, send, sent
from tests.handlers.steps import act

TOPICS = ("decisions", "news", "feedback")
KINDS = tuple(one.name for one in MESSAGES.values() if one.topic.name in TOPICS)
ANSWER = {"review.decisions.agree", "review.decisions.dispute"}
WORD = {"review.news.forward", "review.news.noted"}
NOTHING: set[str] = set()


def nothing_told(bench: Bench) -> None:
    held_review(bench)


def decisions_sent(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)


def disputed(bench: Bench) -> None:
    decisions_sent(bench)
    opened = as_form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Dispute")))
    bench.submit(TEAM_MANAGER, opened, {"reason": "Too early."})


def sent_again(bench: Bench) -> None:
    disputed(bench)
    send(bench)


def asked_is_away(bench: Bench) -> None:
    decisions_sent(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2027, 1, 4), OTHER_MANAGER)


def news_told(bench: Bench) -> None:
    decisions_sent(bench)
    act(bench, SOCIAL_WORKER, f"/tell {CHILD}", kind="missing", words="A new home.")


def news_while_away(bench: Bench) -> None:
    held_review(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 18))
    act(bench, SOCIAL_WORKER, f"/tell {CHILD}", kind="missing", words="A new home.")


Stands = Callable[[Bench], None]
STANDS: dict[Stands, dict[str, set[str]]] = {
    nothing_told: {TEAM_MANAGER: NOTHING, IRO: NOTHING, IRO_MANAGER: NOTHING},
    decisions_sent: {TEAM_MANAGER: ANSWER, IRO: NOTHING, IRO_MANAGER: NOTHING},
    disputed: {TEAM_MANAGER: NOTHING, IRO: NOTHING},
    sent_again: {TEAM_MANAGER: ANSWER, IRO: NOTHING},
    asked_is_away: {TEAM_MANAGER: ANSWER, OTHER_MANAGER: ANSWER, IRO_MANAGER: NOTHING},
    news_told: {TEAM_MANAGER: ANSWER, IRO: WORD, IRO_MANAGER: NOTHING},
    news_while_away: {IRO_MANAGER: WORD, TEAM_MANAGER: NOTHING},
}


@pytest.mark.parametrize("stands", [pytest.param(one, id=one.__name__) for one in STANDS])
def test_whatever_comes_after_whatever_each_keeps_what_they_owe(stands: Stands, tmp_path: Path) -> None:
    (bench,) = (Bench(engine, utc("2026-12-07")) for engine in sqlite_engine(tmp_path))
    stands(bench)
    for who, owed in STANDS[stands].items():
        for subject, messages in every_message(bench, who).items():
            mine = owed & (ANSWER if subject.startswith("decisions") else WORD if subject.startswith("news") else set())
            for kind, (deeds, takes) in messages.items():
                assert takes == (mine <= deeds), (who, kind)
            for earlier, _ in messages.values():
                for deeds, takes in messages.values():
                    kept = deeds if takes else deeds | earlier
                    assert not mine <= earlier or mine <= kept, who


def every_message(bench: Bench, who: str) -> dict[str, dict[str, tuple[set[str], bool]]]:
    """By subject, each kind of message that this person could now get: its deeds, and whether it overtakes."""
    found: dict[str, dict[str, tuple[set[str], bool]]] = {}
    with transaction(bench.engine, AUTHORITY) as session:
        for kind in KINDS:
            row = owed_to(bench, session, kind, who)
            card, subject = render(session, row, bench.now), subject_of(row)
            if card is not None and subject is not None:
                deeds = {one.deed for one in all_buttons(card)}
                found.setdefault(subject, {})[kind] = (deeds, overtakes(session, row, card, bench.now))
        session.rollback()
    return found


def owed_to(bench: Bench, session: Session, kind: str, who: str) -> Outbox:
    """A row of that kind about the child, with whatever details any kind has."""
    child = children.by_reference(session, CHILD)
    assert child is not None
    assert child.id is not None
    review, told = reviews.last_held(session, child.id), rows(bench, News)
    details = {
        "child": child.id,
        "sent": sending_of(review) if review is not None else "",
        "person": bench.cast.people[TEAM_MANAGER],
        "absent": 1,
        "news": told[-1].id if told else None,
    }
    row = Outbox(
        authority=AUTHORITY,
        key=f"{kind}:{who}",
        kind=kind,
        person_id=bench.cast.people[who],
        review_id=review.id if review is not None else None,
        details=json.dumps(details),
        owed_at=bench.now,
    )
    session.add(row)
    session.flush()
    return row
