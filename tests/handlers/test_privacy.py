"""Identifying text is found, and what only looks like it is left alone."""

import re
import timeit
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import privacy
from handlers.office import parsed
from handlers.privacy import (
    BIRTH_SENTENCE,
    NHS_SENTENCE,
    UPN_SENTENCE,
    Identifying,
    _plain,
    identifying,
    looks_like_narrative,
)
from scheduling.procedures import shipped_text

RULES = parsed(shipped_text("handbook"))
NOTHING = Identifying()


def found(text: str) -> Identifying:
    return identifying(text, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "9434765919",
        "Her number is 943 476 5919.",
        "943-476-5919",
        "943\u2013476\u20115919",
        "943 4765919, registered",
        "(943.476.5919)",
        "９４３４７６５９１９",  # noqa: RUF001 - full-width digits
        "943\u200b476\u200b5919",
        "943\u00a0476\u00a05919",
        "NHS no. 1234567890",
        "nhs number: 12 3456 7890",
    ],
)
def test_nhs_numbers_are_refused(text: str) -> None:
    assert found(text).refused == NHS_SENTENCE


@pytest.mark.parametrize("text", ["A123456789012", "upn a123456789012.", "(UPN: 123 456 789 012)", "H82320001100B"])
def test_unique_pupil_numbers_are_refused(text: str) -> None:
    assert found(text).refused == UPN_SENTENCE


def test_a_pupil_number_with_a_wrong_check_letter_is_asked_about() -> None:
    result = found("B123456789012")
    assert result.refused is None
    assert result.asks == "A pupil number? This looks like personal detail: remove it, or keep it because ..."


@pytest.mark.parametrize(
    "text",
    [
        "DOB 1/2/2015",
        "dob: 01.02.15",
        "D.O.B. 2015-02-01",
        "d.o.b 1 Feb 2015",
        "DOB - 1st of February 2015",
        "DOB:\n01/02/2015",
        "born on 3 May 2014",
        "He was born 03/05/2014 in hospital",
        "date of birth: 3rd May 2014",
        "Date of birth is May 3, 2014",
        "Birthdate 3-May-2014",
        "born in hospital on 3 May 2014",
        "1/2/2015 (DOB)",
        "on 3 May 2014 she was born",
        "her 18th birthday is on 3 May",
        "birthday: 3 May 2014",
        "dob 01 02 2015",
    ],
)
def test_dates_labelled_as_birth_are_refused(text: str) -> None:
    assert found(text).refused == BIRTH_SENTENCE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Moved to M1 1AE.", "A postcode"),
        ("lives at sw1a 1aa now", "A postcode"),
        ("EC1A1BB", "A postcode"),
        ("ring 0161 496 0000", "A phone number"),
        ("07700 900123", "A phone number"),
        ("(01632) 960 001", "A phone number"),
        ("+44 7700 900123", "A phone number"),
        ("+44 (0)161 496 0000", "A phone number"),
        ("write to someone@school.example", "An e-mail address"),
        ("born in May 2014", "A month of birth"),
        ("M1 1AE, 07700 900123", "A postcode and a phone number"),
    ],
)
def test_contact_details_ask_to_be_removed_or_defended(text: str, kind: str) -> None:
    result = found(text)
    assert result.refused is None
    assert result.asks == f"{kind}? This looks like personal detail: remove it, or keep it because ..."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AB-1042 and C-12, then ABC-12345678.",
        "The review of 03/05/2026 at 10:30 was late; the next is 2026-11-03 14:00.",
        "On 01.02.2026 10 people came, on 01-02-2026 12:30 none.",
        "It cost £1,234,567.89 or £07.50 a week.",
        "1234567890 is no NHS number.".replace("NHS ", ""),
        "0000000000",
        "She was born early. On 3 May 2026 the plan was agreed.",
        "The newborn was visited on 3 May 2026.",
        "The health visitor came on 3 May 2026.",
        "Year 7, 1st term; Y7 1st term; stage 2 by 5pm.",
        "Regulation 33(3), s20 2nd placement, PN1 to PN7, 20 working days",
        "seen 3 times in 12 weeks at 9 a.m.",
        "the 0-5 team, 0.5 posts, 24/7",
        "Form CLA 2026-27, version 1.2.3.4",
        "He has had 3 social workers since 2024 and 5 moves.",
        "She will be 18 in May 2027.",
        "A plan for his birthday was missing.",
    ],
)
def test_references_dates_times_and_money_are_left_alone(text: str) -> None:
    assert found(text) == NOTHING


def test_a_reference_of_digits_hides_no_number_written_in_groups() -> None:
    digits = parsed(shipped_text("handbook").replace(r"[A-Z]{2,4}-\d{2,8}", r"\d{3,8}"))
    assert digits.child_reference.pattern == r"\d{3,8}"
    assert identifying("943 476 5919", digits).refused == NHS_SENTENCE
    assert identifying("12345678 and 07700900", digits) == NOTHING


def test_the_sentences_never_repeat_what_was_typed() -> None:
    result = found("9434765919 at M1 1AE")
    assert result.refused is not None
    assert result.asks is not None
    assert "9434765919" not in result.refused
    assert "1AE" not in result.asks


@given(st.integers(0, 999_999_999), st.sampled_from(["", " ", "-"]))
def test_every_nhs_number_is_found_however_it_is_spaced(number: int, gap: str) -> None:
    nine = f"{number:09d}"
    check = (11 - sum(int(d) * (10 - place) for place, d in enumerate(nine)) % 11) % 11
    if check == 10 or len({*nine, str(check)}) == 1:
        return
    written = f"{nine[:3]}{gap}{nine[3:6]}{gap}{nine[6:]}{check}"
    assert found(f"see {written}, please").refused == NHS_SENTENCE


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_looked_at(text: str) -> None:
    result = found(text)
    assert result.refused is None or result.refused.startswith("Remove")


PATTERNS = {name: one for name, one in vars(privacy).items() if isinstance(one, re.Pattern)} | {
    f"{name}[{place}]": one
    for name, several in vars(privacy).items()
    if isinstance(several, tuple)
    for place, one in enumerate(several)
    if isinstance(one, re.Pattern)
}
ALMOST = (
    "1", "0", "a", " ", "(", "- ", "1 ", "1/", "a.", "a.a.@", "a@", "@", "A1", "<@", "x@y-", "born ", "born in ",
    "dob ", "dob: ", "birthday ", "birthday is ", "is ", "date of ", "1 jan (", "may ", "NHS ", "NHS 1 2 ",
    "UPN 1-2 ", "+44 ", "(01) ", "M1 1", "AB-10 ", "\n", "\u00a0\n", "\u200b",
)  # fmt: skip
"""Pieces of what is looked for, over and over without an end: a pattern that is not linear takes for ever."""
BEGINNINGS = ("", "birthday", "dob", "born", "1 jan")
QUICKLY = 0.05
"""Seconds for as many characters as a field takes: ten times what it takes, a twentieth of what it took."""


def is_quick(look: Callable[[str], object], text: str, within: float = QUICKLY) -> bool:
    """Whether it is, once in three times, since the machine does other things as well."""
    return any(timeit.timeit(lambda: look(text), number=1) < within for _ in range(3))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_pattern_takes_longer_than_its_text(name: str) -> None:
    for piece in ALMOST:
        text = _plain(f"x{piece * (4000 // len(piece))}x")
        assert is_quick(lambda told: list(PATTERNS[name].finditer(told)), text), piece


@pytest.mark.parametrize(
    ("size", "beginnings"), [(2900, ("birthday",)), pytest.param(20_000, BEGINNINGS, marks=pytest.mark.slow)]
)
def test_any_text_is_looked_at_in_no_time(size: int, beginnings: tuple[str, ...]) -> None:
    for begins, piece in product(beginnings, ALMOST):
        text = f"{begins}{piece * (size // len(piece))}@"
        assert is_quick(found, text, QUICKLY * size / 2900), (begins, piece)


@pytest.mark.parametrize("text", ["birthday" + " " * 2900 + "3 May", "943" + "\u00a0" * 500 + "476 5919"])
def test_spaces_hide_nothing(text: str) -> None:
    assert found(text).refused is not None


@pytest.mark.parametrize(
    "words",
    [
        "mum says he missed school again",
        "AB-1042 no visit since August and nobody answers",
        "C-12 reply placement has broken down",
        "stage 2 because nothing happened after hospital",
    ],
)
def test_a_story_after_a_command_is_told_apart(words: str) -> None:
    assert looks_like_narrative(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "AB-1042",
        "C-12 stage 2",
        "list overdue",
        "away 21 Dec to 4 Jan cover <@U123|ann lee>",
        "away until Monday cover @ann.lee",
        "figures this quarter",
        "report 2025-26",
        "lsit overdu",
        "C-12 clsoe please",
        "people C-12",
    ],
)
def test_a_command_is_no_story(words: str) -> None:
    assert not looks_like_narrative(words)
