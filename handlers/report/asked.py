"""A report that someone asks for in the chat: which year, which edition, in which shape; and whose rows it counts."""

from dataclasses import dataclass
from dataclasses import replace as changed

from handlers.export.links import lead_to_report
from handlers.figures.entitlement import entitled_to
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.report.gathering import Gathered, gathered
from handlers.report.shapes import ReportShape
from handlers.report.year import period_of, year_named
from storage import history

INTERNAL, PUBLIC = "internal", "public"


@dataclass(frozen=True, kw_only=True)
class AskedReport:
    """Which report: its name ("2025-26 internal docx") is what a link to it keeps, and says nothing of anybody."""

    year: str
    public: bool
    shape: ReportShape

    @property
    def name(self) -> str:
        """Year, edition and shape."""
        return f"{self.year} {PUBLIC if self.public else INTERNAL} {self.shape}"


def named_report(name: str) -> AskedReport:
    """The report of that name; Refused for any other text."""
    year, _, rest = name.partition(" ")
    edition, _, shape = rest.partition(" ")
    if edition not in (INTERNAL, PUBLIC) or shape not in {one.value for one in ReportShape}:
        raise Refused("There is no such report. Ask for it again: /iro report 2025-26.")
    return AskedReport(year=year, public=edition == PUBLIC, shape=ReportShape(shape))


def report_link(desk: Desk, asked: AskedReport) -> str:
    """The secret of a one-time link to the report, for this person. Refused for a wrong year, and to the unentitled."""
    entitled_to(desk)
    year_named(asked.year, desk.today)
    return lead_to_report(desk, asked.name)


def report_for(desk: Desk, asked: AskedReport, *, quoting: bool = True) -> Gathered:
    """The report over the rows this person may have counted, recorded as taken out; drawing it comes after.

    Words of good practice are quoted to those alone who see the whole service.
    """
    year = year_named(asked.year, desk.today)
    whose = entitled_to(desk)
    period = changed(period_of(year), whose=whose)
    report = gathered(desk, year, period, public=asked.public, quoting=quoting and whose.is_everybody)
    history.record(
        desk.session,
        chain=f"person:{desk.actor_id}",
        at=desk.now,
        actor_id=desk.actor_id,
        what="took a report",
        details={"report": asked.name},
    )
    return report
