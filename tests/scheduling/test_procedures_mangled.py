"""Whatever is done to a procedures file, checking answers with problems and never breaks down."""

import tomllib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scheduling.procedures import (
    Procedures,
    ProceduresInvalid,
    check_procedures,
    explain,
    parse_procedures,
    shipped_names,
    shipped_text,
)
from scheduling.procedures.review_values import review_values

TEXTS = [shipped_text(name) for name in shipped_names()]
VALUES = (
    '""', '" "', "true", "-1", "0", "1e400", "nan", "[]", "[[]]", "[1]", '["x"]', "{}", "{ a = 1 }",
    "2026-04-01", "2026-04-01T10:00:00Z", "17:00:00", '"24 hours"', '"999999999 months"',
    '"12-29 to 12-31"', '"é\\u0000"',
    "0x" + "f" * 5000, "9" * 5000, "[" * 3000 + "]" * 3000, '"""\nmany\nlines"""', '["team_manager", 3]',
)  # fmt: skip
MANGLED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stands(text: str) -> None:
    """Checking and reading agree, name real lines, and end in procedures that can be used, or in problems."""
    problems = check_procedures(text, "mangled.toml")
    lines = text.count("\n") + 1
    assert all(1 <= problem.line <= lines and problem.what for problem in problems)
    if any(problem.severity == "error" for problem in problems):
        with pytest.raises(ProceduresInvalid, match=r"mangled\.toml:\d+: error: "):
            parse_procedures(text, "mangled.toml")
    else:
        usable(parse_procedures(text, "mangled.toml"))


def usable(procedures: Procedures) -> None:
    assert procedures.top_stage.addressees
    assert procedures.calendar().opens < procedures.closes
    assert all(stage.reply_within for stage in procedures.stages)
    assert not procedures.child_reference.fullmatch("C-12")
    assert explain(procedures)
    assert review_values(procedures).adjournment.times in (0, 1)


@pytest.mark.slow
@MANGLED
@given(text=st.sampled_from(TEXTS), at=st.floats(0, 1), length=st.integers(1, 60), put=st.text(max_size=8))
def test_any_piece_replaced_by_any_text(text: str, at: float, length: int, put: str) -> None:
    start = int(at * len(text))
    stands(text[:start] + put + text[start + length :])


@MANGLED
@given(text=st.sampled_from(TEXTS), picked=st.floats(0, 0.999), value=st.sampled_from(VALUES))
def test_any_value_replaced_by_another_kind_of_value(text: str, picked: float, value: str) -> None:
    lines = text.splitlines()
    settable = [n for n, line in enumerate(lines) if " = " in line and not line.startswith(("#", " "))]
    place = settable[int(picked * len(settable))]
    lines[place] = f"{lines[place].split(' = ')[0]} = {value}"
    stands("\n".join(lines))


@MANGLED
@given(text=st.sampled_from(TEXTS), picked=st.floats(0, 0.999), count=st.integers(1, 12))
def test_any_lines_left_out(text: str, picked: float, count: int) -> None:
    lines = text.splitlines()
    start = int(picked * len(lines))
    stands("\n".join(lines[:start] + lines[start + count :]))


@MANGLED
@given(text=st.text(max_size=200))
@example(text="a = '\ud800'")
def test_any_text_at_all(text: str) -> None:
    stands(text)


def sections() -> list[str]:
    return sorted({key for text in TEXTS for key in tomllib.loads(text)})


@pytest.mark.parametrize("section", sections())
@pytest.mark.parametrize("value", ["1", '"x"', "[]", "[1]", "[[]]", "{}", "{ x = 1 }", "[{}]", "[{ key = 1 }]", "true"])
def test_any_section_that_is_something_else(section: str, value: str) -> None:
    head = {"extends": '"handbook"', "key": '"a"', "name": '"A"', "source": '"S"', section: value}
    stands("\n".join(f"{key} = {written}" for key, written in head.items()))


@pytest.mark.parametrize("name", ["rules", "tasks", "targets", "early", "counting", "adjournment", "late_reasons"])
@pytest.mark.parametrize("value", ["1", "[]", "[1]", "{}", "{ x = 1 }", '[{ key = "k", within = 3, from = 1 }]'])
def test_any_review_section_that_is_something_else(name: str, value: str) -> None:
    stands(f'extends = "handbook"\nkey = "a"\nname = "A"\nsource = "S"\nreviews.{name} = {value}\n')
