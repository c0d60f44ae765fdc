"""One line of the doctor's examination."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at and what is so; `mend` says what to do where something is wrong.

    `advice` says what might be better where nothing is wrong.
    """

    about: str
    said: str
    mend: str = ""
    advice: str = ""

    def __str__(self) -> str:
        how = "FAIL" if self.mend else "WARN" if self.advice else "ok"
        return f"{how}  {self.about}: {' '.join(filter(None, (self.said, self.mend, self.advice)))}"
