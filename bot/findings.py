"""One line of the doctor's examination."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at and what is so; `mend` says what to do where something is wrong."""

    about: str
    said: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{'FAIL' if self.mend else 'ok'}  {self.about}: {' '.join(filter(None, (self.said, self.mend)))}"
