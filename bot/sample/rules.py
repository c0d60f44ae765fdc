"""The rules the sample authority works by: its own, or any procedures text somebody wants to see at work."""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from bot.procedures_named import procedures_text
from scheduling.procedures import Procedures, parse_procedures

NAME = "anyshire.toml"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A procedures text under its file name. ProceduresInvalid lists its faults when it is first parsed."""

    name: str
    text: str

    @cached_property
    def procedures(self) -> Procedures:
        """What it says."""
        return parse_procedures(self.text, self.name)


def anyshires_own() -> Rules:
    """The rules of Anyshire: the handbook's, with a clock for informal concerns and an immediate route."""
    return Rules(name=NAME, text=files(__package__).joinpath(NAME).read_text(encoding="utf-8"))


def rules_named(name_or_path: str) -> Rules:
    """Shipped procedures by name, or a file by its path. ProceduresInvalid when it cannot be read."""
    name, text = procedures_text(name_or_path)
    return Rules(name=name, text=text)
