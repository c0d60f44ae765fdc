"""The whole table, and what is no act; the guide's table is made from it.

Acts are the deeds that change something and the rungs of the clock; a new one without a row fails a test. The person
who did it is not told of it.
"""

from handlers.who_hears.of_answers import ANSWERS
from handlers.who_hears.of_clock import CLOCK
from handlers.who_hears.of_concerns import CONCERNS
from handlers.who_hears.of_people import PEOPLE
from handlers.who_hears.of_reviews import REVIEWS
from handlers.who_hears.rows import How, Row

ROWS: tuple[Row, ...] = (*CONCERNS, *ANSWERS, *CLOCK, *REVIEWS, *PEOPLE)

_FORMS = {
    "concern": "add ask_again ask_time cafcass carry carry.show close correct extend file history lasted legal list "
    "move move.show needs_manager new new_date on_record open pass record refuse_time reopen reply sibling withdraw",
    "review": "adjourn book contact decisions decisions.change decisions.dispute decisions.done decisions.open "
    "decisions.take_out early feedback feedback.open hold hold.also list meeting midway news.open open papers record "
    "record_sent seen task tell track",
    "iro": "allocate away check child day day.more days figures figures.quality figures.rows figures.table handed "
    "people procedures quarter report",
    "praise": "form open",
    "caseload": "page show",
    "chat": "thanks written",
}
ONLY_SHOWS = frozenset({"home", *(f"{room}.{one}" for room, deeds in _FORMS.items() for one in deeds.split())})
"""The deeds that are no act: they show something, or open a form. Opening it may count as seen."""


def hearing_table() -> str:
    """The table in the guide, as Markdown: an act a line, and how each of them hears of it."""
    lines = ["| what happens | " + " | ".join(How) + " |", "| --- |" + " --- |" * len(How)]
    lines += [f"| {one.act} | " + " | ".join(_said(one, how) for how in How) + " |" for one in ROWS]
    return "\n".join(lines)


def _said(row: Row, how: How) -> str:
    """Those who hear so; of those who do not, each reason once."""
    found = {whom: cell for whom, cell in row.cells.items() if cell.how is how}
    if how is How.NOT:
        reasons = dict.fromkeys(cell.words for cell in found.values())
        said = [f"{', '.join(one for one in found if found[one].words == why)}: {why}" for why in reasons]
    else:
        said = [f"{whom}{f' ({cell.words})' if cell.words else ''}" for whom, cell in found.items()]
    return "; ".join(said) or "nobody"
