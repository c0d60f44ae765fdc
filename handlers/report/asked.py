"""The report that was asked for, made: over the rows the person may have counted, or behind a one-time link."""

from dataclasses import replace as changed

from handlers.export.links import lead_to_report
from handlers.figures.asked_report import AskedReport, may_have, taken
from handlers.figures.entitlement import entitled_to
from handlers.figures.named_year import period_of, year_named
from handlers.office import Desk
from handlers.report.gathering import Gathered, gathered


def report_link(desk: Desk, asked: AskedReport) -> str:
    """The secret of a one-time link to the report, for this person. Refused for a wrong year, and to the unentitled."""
    entitled_to(desk)
    year_named(asked.year, desk.today)
    return lead_to_report(desk, asked.name)


def report_of(desk: Desk, asked: AskedReport, *, in_chat: bool = False) -> Gathered:
    """The report over the rows this person may have counted, not recorded; drawing it comes after.

    Words of good practice are quoted to those alone who see the whole service. `in_chat`: for a file that lies in a
    chat from then on. It quotes nobody and names no single concern, child or review.
    """
    whose = may_have(desk, asked)
    year = year_named(asked.year, desk.today)
    period = changed(period_of(year), whose=whose)
    quoting = whose.is_everybody and not in_chat
    return gathered(desk, year, period, public=asked.public, quoting=quoting, naming=not in_chat)


def report_for(desk: Desk, asked: AskedReport) -> Gathered:
    """The same with everything in it, recorded as taken out."""
    report = report_of(desk, asked)
    taken(desk, asked)
    return report
