"""A report that someone asks for in the chat: which year, which edition, in which shape; and who may have it."""

from dataclasses import dataclass
from datetime import datetime

from handlers.figures.entitlement import entitled_to
from handlers.figures.named_year import refuse_too_early, year_named
from handlers.figures.report_shape import ReportShape
from handlers.office import Desk
from handlers.refusals import Refused
from scheduling.procedures.terms import IRO_MANAGER
from scheduling.working_days import local
from storage import history
from storage.whose import Whose

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

    def file_name(self, asked_at: datetime) -> str:
        """What the file is called in a chat: "annual-report-2025-26-internal-20261121-181507.docx", by London's clock.

        The moment it was asked for makes it one file among all that were sent, so that it can be found again.
        """
        year, edition, shape = self.name.split(" ")
        return f"annual-report-{year}-{edition}-{local(asked_at):%Y%m%d-%H%M%S}.{shape}"


def named_report(name: str) -> AskedReport:
    """The report of that name; Refused for any other text."""
    year, _, rest = name.partition(" ")
    edition, _, shape = rest.partition(" ")
    if edition not in (INTERNAL, PUBLIC) or shape not in {one.value for one in ReportShape}:
        raise Refused("There is no such report. Ask for it again: /iro report 2025-26.")
    return AskedReport(year=year, public=edition == PUBLIC, shape=ReportShape(shape))


def may_have(desk: Desk, asked: AskedReport) -> Whose:
    """Whose rows the report counts for this person. Refused to the unentitled, for a wrong year, and too early."""
    whose = entitled_to(desk)
    year = year_named(asked.year, desk.today)
    if asked.public and not whose.is_everybody:
        raise Refused(f"The edition for publication is made by those who see the whole service: ask the {IRO_MANAGER}.")
    if asked.public:
        refuse_too_early(year, desk.today)
    return whose


def taken(desk: Desk, asked: AskedReport) -> None:
    """Record that this person took the report out."""
    history.record(
        desk.session,
        chain=f"person:{desk.actor_id}",
        at=desk.now,
        actor_id=desk.actor_id,
        what="took a report",
        details={"report": asked.name},
    )
