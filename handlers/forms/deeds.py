"""A deed that is done by a form: opened, filled in, sent; what is written is the form and what it does.

What it is about is opened the same way for both, and locked to be sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from handlers.cards import Answer, Errors, Form
from handlers.forms.form import Declared
from handlers.office import Desk
from handlers.requests import Request

A = TypeVar("A")
Opened_co = TypeVar("Opened_co", covariant=True)
D = TypeVar("D", bound=Declared)  # type: ignore[type-arg]  # of whatever it is about
Handler = Callable[[Desk, Request], Answer]


class Opens(Protocol[Opened_co]):
    """Opens what a form is about; refused to those who may not, and where it has gone on since."""

    def __call__(self, desk: Desk, request: Request, *, for_change: bool) -> Opened_co: ...


@dataclass(frozen=True, kw_only=True)
class ByForm(Generic[A, D]):
    """The deed: its form, what opens what it is about, and what it does with the values."""

    form: type[D]
    opens: Opens[A]
    does: Callable[[A, D], Answer]

    def open(self, desk: Desk, request: Request) -> Answer:
        """The form to be filled in."""
        return self.form.draw(self.opens(desk, request, for_change=False))

    def send(self, desk: Desk, request: Request) -> Answer:
        """Do it with what was filled in, unless something is wrong or to be asked first."""
        about = self.opens(desk, request, for_change=True)
        given = self.form.read(desk, about, request)
        return given if isinstance(given, Errors | Form) else self.does(about, given)

    @property
    def deeds(self) -> Mapping[str, Handler]:
        """Both by their names in the table of deeds."""
        return {self.form.deed: self.open, self.form.sends: self.send}


def done_by(form: type[D], opens: Opens[A]) -> Callable[[Callable[[A, D], Answer]], ByForm[A, D]]:
    """Stands above what is done with a form's values."""
    return lambda does: ByForm(form=form, opens=opens, does=does)
