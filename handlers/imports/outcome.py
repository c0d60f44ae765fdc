"""What an import did, or every place that kept it from being done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.refusals import Refused
from handlers.terms import in_words
from scheduling.procedures import Procedures
from scheduling.procedures.terms import said

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """One thing wrong: the line of the file (the header is 1), the column, and what would be right."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return said(f"{place}: {self.reason}")


class ImportRefused(Refused):
    """Nothing was imported; `problems` names every place in the file, in its order."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: one.line))
        number = len(self.problems)
        places = "one place is" if number == 1 else f"{number} places are"
        super().__init__(f"Nothing was imported: {places} wrong in the file; put it right and import it again.")

    def said_by(self, rules: Procedures) -> "ImportRefused":
        """The same problems in the words of the authority whose rules these are."""
        return ImportRefused(in_words(self.problems, rules))


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """Rows added, changed and left as they were; who was marked as left, or has another address; what to look at."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Findings:
    """The problems found so far, and the file refused as a whole when there are any."""

    def __init__(self) -> None:
        self.problems: list[RowProblem] = []

    def note(self, line: int, column: str, reason: str) -> None:
        """Keep one problem."""
        self.problems.append(RowProblem(line=line, column=column, reason=reason))

    def refuse_if_any(self) -> None:
        """Raise ImportRefused when anything was wrong."""
        if self.problems:
            raise ImportRefused(self.problems)


def silent(_done: int, _total: int) -> None:
    """Show no progress."""
