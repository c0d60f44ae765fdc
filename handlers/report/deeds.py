"""The deeds around the annual report, by name."""

from collections.abc import Callable

from handlers.cards import Answer
from handlers.office import Desk
from handlers.report.asking import report_form
from handlers.report.sending import send_report
from handlers.requests import Request

DEEDS: dict[str, Callable[[Desk, Request], Answer]] = {
    "iro.report": report_form,
    "iro.report.send": send_report,
}
