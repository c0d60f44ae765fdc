"""A review with a day that makes no sense: `/review AB-1042` says so in its place, and what puts it right stays."""

from datetime import date

import pytest

from handlers.undrawn import CANNOT_BE_SHOWN
from storage.database import transaction
from storage.reviews import Review
from tests.bench import Bench, button, words
from tests.cast import AUTHORITY, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.reviews.steps import do, in_care, open_review_of, shown


@pytest.mark.parametrize("column", ["due_on", "booked_for"])
def test_a_part_that_cannot_be_shown_takes_no_button_with_it(bench: Bench, column: str) -> None:
    in_care(bench, "2026-11-16")
    with transaction(bench.engine, AUTHORITY) as session:
        review = session.get(Review, open_review_of(bench).id)
        assert review is not None
        setattr(review, column, date(2207, 6, 2))
        session.add(review)
    for who in (IRO, TEAM_MANAGER, IRO_MANAGER, SOCIAL_WORKER):
        seen = shown(bench, who)
        assert f"A part of the reviews of AB-1042 {CANNOT_BE_SHOWN}" in words(seen)
        assert "To do:" in words(seen)
    assert button(shown(bench), "Contact").deed == "review.contact"


def test_a_booking_of_another_century_is_moved_and_shown_again(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    with transaction(bench.engine, AUTHORITY) as session:
        review = session.get(Review, open_review_of(bench).id)
        assert review is not None
        review.booked_for = date(2207, 6, 2)
        session.add(review)
    do(bench, "Move", booked_for="2026-12-10", reason="Lack of documents")
    assert open_review_of(bench).booked_for == date(2026, 12, 10)
    assert CANNOT_BE_SHOWN not in words(shown(bench))
