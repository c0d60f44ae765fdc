"""All tables of figures, with notes on how each is counted and what in the data is odd."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace

from handlers.figures.beginning import beginning_note, beginning_said, since_the_start
from handlers.figures.caseload_table import under_formal
from handlers.figures.concern_tables import (
    concerns_and_children,
    concerns_by_highest_stage,
    concerns_by_month,
    senior_roles,
)
from handlers.figures.counting_rules import COUNTING, rules_as_notes
from handlers.figures.describing import TOTAL, described
from handlers.figures.joining import Counted, joined
from handlers.figures.open_table import open_by_age
from handlers.figures.outcome_table import outcomes
from handlers.figures.period import Period
from handlers.figures.reason_table import reasons
from handlers.figures.reply_table import replies
from handlers.figures.review_tables import REVIEW_TABLES, review_notes
from handlers.figures.reviews_by_year import reviews_by_year, reviews_in
from handlers.figures.splitting import By, parts
from handlers.figures.tables import Figures, Place, PrintedTable, Row, Table, Tone
from handlers.office import Scene
from handlers.undrawn import rules_known
from scheduling.deadline_wording import say_first
from storage import concern_statistics

NAMED_AT_MOST = 10
ByYear = Callable[[Scene, Period], tuple[list[Row], dict[Place, int]]]
_PLAIN: Mapping[str, Callable[[Scene, Period], Table]] = {
    "concerns_by_month": concerns_by_month,
    "concerns_by_highest_stage": concerns_by_highest_stage,
    "concerns_and_children": concerns_and_children,
    "reasons": reasons,
    "replies": replies,
    "outcomes": outcomes,
    **REVIEW_TABLES,
}
ALL = tuple(COUNTING)
"""Every table, in the order in which they are printed."""


UNKNOWN_RULES = (
    "Begun under procedures that cannot be read any more, so that only who was asked shows whether they reached "
    "someone senior"
)


def figures(scene: Scene, period: Period, by: By | None = None) -> Figures:
    """Every table for the period; with `by` for each part of it, and then for all of it."""
    period = since_the_start(scene, period)
    printed = printed_tables(scene, period, by)
    under = under_formal(scene, period)  # a small number: never among what is published
    printed["caseload"] = replace(printed["caseload"], notes=(*printed["caseload"].notes, *under))
    return Figures(
        tables={name: list(one.rows[: len(one.rows) - one.added]) for name, one in printed.items()},
        notes=(*_rules(scene, period), *_oddities(scene, period), *review_notes(scene, period)),
        printed=printed,
        beginning=beginning_said(scene, period),
    )


def printed_tables(
    scene: Scene, period: Period, by: By | None = None, only: Container[str] = ALL
) -> dict[str, PrintedTable]:
    """The tables as people read them; those alone that are named in `only`, so that no other is counted."""
    made = _printed(scene, since_the_start(scene, period), by, only)
    notes = {name: beginning_note(scene, period, name) for name in made}
    return {name: replace(one, notes=(*one.notes, notes[name])) if notes[name] else one for name, one in made.items()}


def _printed(scene: Scene, period: Period, by: By | None, only: Container[str]) -> dict[str, PrintedTable]:
    if by is None:
        made = _counted(scene, period, only, reviews_by_year)
        return {
            name: described(name, rows, scene.rules, bases=made.bases.get(name), tones=made.tones.get(name))
            for name, rows in made.tables.items()
        }
    wanted = (*parts(scene, period, by), (TOTAL, period))
    blocks = [(name, _counted(scene, part, only, reviews_in)) for name, part in wanted]
    return {name: joined(name, blocks, by, scene.rules) for name in blocks[-1][1].tables}


def _counted(scene: Scene, period: Period, only: Container[str], by_year: ByYear) -> Counted:
    tables: dict[str, Table] = {}
    bases: dict[str, Mapping[Place, int]] = {}
    tones: dict[str, Mapping[Place, Tone]] = {}
    for name in ALL:
        if name not in only:
            continue
        if name == "reviews_by_year":
            tables[name], bases[name] = by_year(scene, period)
        elif name == "open_by_age":
            tables[name], tones[name] = open_by_age(scene, period)
        else:
            tables[name] = _PLAIN[name](scene, period)
    return Counted(tables=tables, bases=bases, tones=tones)


def _rules(scene: Scene, period: Period) -> tuple[str, ...]:
    seniors = ", ".join(scene.rules.role_label(role) for role in senior_roles(scene.rules))
    return (
        f"{period}, both days included, by the London calendar, as of {scene.today.isoformat()}.",
        *filter(None, (beginning_said(scene, period), *(beginning_note(scene, period, name) for name in ALL))),
        *rules_as_notes(),
        f"reached_assistant_director: asked someone senior ({seniors}), or reached a stage that does.",
    )


def _oddities(scene: Scene, period: Period) -> list[str]:
    notes = []
    if odd := _named(concern_statistics.without_reason(scene.session, period.within, NAMED_AT_MOST)):
        notes.append(f"Raised in the period without any reason: {odd}.")
    if odd := _named(concern_statistics.without_outcome(scene.session, period.within, NAMED_AT_MOST)):
        notes.append(f"Closed in the period without an outcome: {odd}.")
    digests = concern_statistics.procedures_of(scene.session, period.within)
    unknown = {*digests} - {*rules_known(scene, digests)}
    if odd := _named(concern_statistics.begun_under(scene.session, period.within, unknown, NAMED_AT_MOST)):
        notes.append(f"{UNKNOWN_RULES}: {odd}.")
    if withdrawn := concern_statistics.withdrawn_among(scene.session, period.within):
        notes.append(f"Raised in the period and withdrawn later, and still counted: {withdrawn}.")
    return notes


def _named(found: tuple[int, list[int]]) -> str:
    """How many, and the references of the first few."""
    number, named = found
    if not number:
        return ""
    return f"{number} ({say_first([f'C-{one}' for one in named], len(named), of=number)})"
