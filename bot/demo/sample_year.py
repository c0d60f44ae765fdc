"""A made-up year of past concerns, so that the demo's figures look like a service's and not like one concern's."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from bot.demo.people import email_of
from scheduling.procedures import Procedures

COLUMNS = (
    "reference",
    "child",
    "raised_on",
    "raised_by",
    "team",
    "main_reason",
    "other_reasons",
    "agency",
    "significant_harm",
    "informal_on",
    "stage_1_on",
    "stage_2_on",
    "stage_3_on",
    "cafcass_on",
    "replied_on",
    "closed_on",
    "outcome",
)
HOW_MANY = 48


def sample_year(rules: Procedures, first: date) -> str:
    """A history file of concerns raised from April to October of the year that begins on `first`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(_rows(rules, first))
    return text.getvalue()


def _rows(rules: Procedures, first: date) -> Iterator[dict[str, str]]:
    formal = [category.key for category in rules.categories if category.used_at(1)]
    informal = [category.key for category in rules.categories if category.used_at(0)]
    for number in range(HOW_MANY):
        raised = first + timedelta(days=number * 4 + number % 3)
        stages = 0 if number % 3 == 0 else (3 if number % 24 == 7 else 2 if number % 6 == 1 else 1)
        row = {
            "reference": f"PAST-{number + 1}",
            "child": f"RO-{2000 + number % 31}",
            "raised_on": raised.isoformat(),
            "raised_by": email_of("Ann Lee"),
            "team": ("North team", "South team")[number % 2],
            "main_reason": (formal if stages else informal)[number % len(formal if stages else informal)],
            "agency": "Health" if number % 16 == 5 else "",
            "informal_on": raised.isoformat() if number % 2 == 0 or stages == 0 else "",
            "replied_on": (raised + timedelta(days=6 + 7 * stages)).isoformat(),
            "closed_on": (raised + timedelta(days=10 + 8 * stages)).isoformat() if number % 8 else "",
            "outcome": ("resolved", "partly resolved")[number % 5 == 0] if number % 8 else "",
        }
        for stage in range(1, stages + 1):
            row[f"stage_{stage}_on"] = (raised + timedelta(days=7 * (stage - 1) + 1)).isoformat()
        yield row
