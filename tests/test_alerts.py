"""The alert rules that administrators are given: each figure and label in them exists, and each says what to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.watch.lateness import NAME
from bot.watch.metrics import METRICS, PREFIX, Type
from bot.watch.trouble import Kind

FILE = Path(__file__).parents[1] / "docs" / "alerts.yml"
HEAD = ["groups:", "  - name: iro-bot", "    rules:"]
SHOWN: dict[str, tuple[str, ...]] = {
    **{f"{PREFIX}{one.name}{'_total' if one.type is Type.COUNTER else ''}": one.labels for one in METRICS},
    f"{NAME}_bucket": ("le",),
    "iro_bot_teams_alarms": (),
}
SPAN = re.compile(r"\d+[smhd]")
FUNCTIONS = {"absent", "abs", "increase", "rate", "sum", "histogram_quantile"}


@dataclass
class Rule:
    """One alert, as it stands in the file: its own lines, its labels and its annotations."""

    own: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)


def rules() -> Iterator[Rule]:
    """The rules, read line by line: whatever has another form is a fault of the file."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines[:3] == HEAD
    rule, part = Rule(), {"": ""}
    for line in lines[3:]:
        begun = re.fullmatch(r"      - alert: (\w+)", line)
        own = re.fullmatch(r"        (expr|for): (\S.*)", line)
        block = re.fullmatch(r"        (labels|annotations):", line)
        inner = re.fullmatch(r'          (\w+): (?:"([^"\\]+)"|(\w+))', line)
        if begun:
            if rule.own:
                yield rule
            rule = Rule(own={"alert": begun[1]})
        elif own:
            assert not re.search(r"""^["'{\[&*!|>%@`]|: | #""", own[2]), "it would have to be quoted in YAML"
            rule.own[own[1]] = own[2]
        elif block:
            part = rule.labels if block[1] == "labels" else rule.annotations
        else:
            assert inner, f"not understood: {line}"
            part[inner[1]] = inner[2] or inner[3]
    yield rule


RULES = list(rules())


def test_every_alert_has_a_name_of_its_own() -> None:
    names = [one.own["alert"] for one in RULES]
    assert len(names) == len(set(names)) > 10


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.own["alert"])
def test_an_alert_goes_by_figures_that_exist_and_says_what_to_do(rule: Rule) -> None:
    expr = rule.own["expr"]
    assert expr.count("(") == expr.count(")")
    assert {*re.findall(r"([a-z_]+) ?\(", expr)} - {"by"} <= FUNCTIONS
    names = re.findall(r"iro_bot_\w+", expr)
    assert names
    assert {*names} <= {*SHOWN}
    labels = {label for name in names for label in SHOWN[name]}
    asked = {*re.findall(r"(\w+)=\"", expr), *" ".join(re.findall(r"by \(([\w, ]+)\)", expr)).replace(",", " ").split()}
    told = " ".join(rule.annotations.values())
    assert asked | {*re.findall(r"\$labels\.(\w+)", told)} <= labels
    assert {*re.findall(r'kind="(\w+)"', expr)} <= {kind.value for kind in Kind}
    assert not (counted := [one for one in names if one.endswith("_total")]) or re.search(r"(rate|increase)\(", expr), (
        f"{counted} only rise"
    )
    assert SPAN.fullmatch(rule.own.get("for", "1m"))
    assert rule.labels["severity"] in ("critical", "warning", "info")
    assert {*rule.annotations} == {"summary", "action"}
    assert all(said.endswith(".") for said in rule.annotations.values())
