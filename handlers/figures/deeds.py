"""The deeds around figures, good practice and caseloads, by name."""

from collections.abc import Callable

from handlers.cards import Answer
from handlers.caseload import show_caseload
from handlers.figures.quarter import show_quarter
from handlers.figures.showing import show_figures, show_quality, show_rows, show_table
from handlers.office import Desk
from handlers.praise.form import praise_form, send_praise
from handlers.praise.reading import open_praise
from handlers.reading import Reads
from handlers.requests import Request
from handlers.supervision import show_page

DEEDS: dict[str, Callable[[Desk, Request], Answer]] = {
    "iro.figures": show_figures,
    "iro.figures.table": show_table,
    "iro.figures.rows": show_rows,
    "iro.figures.quality": show_quality,
    "iro.quarter": show_quarter,
    "praise.form": praise_form,
    "praise.send": send_praise,
    "praise.open": open_praise,
    "caseload.show": Reads(show_caseload),
    "caseload.page": Reads(show_page),
}
