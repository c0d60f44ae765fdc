"""The guide to the procedures file shows what really may be written."""

import re
from pathlib import Path

from scheduling.procedures import check_procedures

GUIDE = Path(__file__).parents[2] / "docs" / "procedures-file.md"


def test_the_guides_examples_together_are_a_file_with_the_one_warning_it_announces() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    first, *others = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    tables = [example for example in others if example.lstrip().startswith("[")]
    assert len(tables) == len(others) - 1  # all but the two lines on marking what is handbook's
    (problem,) = check_procedures(first + "\n".join(tables), "guide")
    assert problem.severity == "warning"
    announced = "Sat 30 May 2026"
    assert announced in problem.what
    assert announced in guide
