"""The eyes that read every text of the stories see what they are there for, and pass over what is right."""

from datetime import date

import pytest

from tests import what_is_read
from tests.what_is_read import faults, refuse_faults

TODAY = date(2026, 12, 7)


@pytest.mark.parametrize(
    "text",
    [
        "Reply by 18/12/2026.",
        "Reply by 2026-12-18.",
        "Reply by Tue 12 Jan.",  # of 2027: in 2026 it was a Monday
        "Reply by Tue 18 Dec 2026.",  # a Friday
        "Reply by Sun 29 Feb.",  # of 2032: 2026 has none
        "Reply by 18 Dec.",
        "From 18 December 2026 on.",
        "A \ue000 needs your reply.",
    ],
)
def test_a_fault_is_seen(text: str) -> None:
    assert len(faults(text, TODAY)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Reply by 5 pm, Fri 18 Dec.",
        "Reply by 5 pm, Tue 12 Jan 2027 (10 working days; 25 Dec, 28 Dec and 1 Jan not counted).",
        "10 working days, not counting 25 Dec, 28 Dec and 1 Jan.",
        "Closed besides bank holidays: Thu 24 Dec 2026; 29 Dec to 31 Dec every year.",
        "/iro away 21 Dec to 4 Jan cover @name says who covers you.",
        "Give a date, such as 2027-01-12.",
        "AB-1042 and C-12 stand in the report of 2025-26, 12 mars and 3 decisions.",
    ],
)
def test_what_is_right_is_passed_over(text: str) -> None:
    assert faults(text, TODAY, stands=True) == []


@pytest.mark.parametrize(
    "text", ["4 working days left.", "No working day left.", "Less than an hour left.", "2 days left"]
)
def test_what_is_left_is_seen_in_what_stands_once_it_is_looked_for(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_is_read, "LEFT_IS_LOOKED_FOR", True)
    assert len(faults(text, TODAY, stands=True)) == 1
    assert faults(text, TODAY) == []


def test_the_text_and_the_reason_are_told() -> None:
    with pytest.raises(
        AssertionError, match=r"read on Mon 7 Dec 2026: 18/12/2026 is a date in figures\n\nReply by 18/12"
    ):
        refuse_faults(["Reply by 18/12/2026."], TODAY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tue 12 Jan", "is a Mon in 2026: say its year, or the weekday it has"),
        ("Sun 29 Feb", "is no day of 2026"),
        ("12 Jan 2027", "has no weekday"),
    ],
)
def test_why_a_day_is_wrong_is_told(text: str, why: str) -> None:
    assert faults(text, TODAY) == [f"{text!r} {why}"]
