"""Forms about a concern: what they come back with, the reason of who stands in for the IRO, and how one is opened."""

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from handlers.cards import Answer
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.forms.deeds import ByForm, done_by
from handlers.forms.fields import line
from handlers.forms.form import Declared, Place
from handlers.lifecycle import Act, advance
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import May, may, require
from scheduling.procedures.terms import AN_IRO_FIRST, IRO

SINCE = "since"
"""Where a form carries since when the concern has stood as it did."""


C = TypeVar("C", bound=OpenCase)


def _stands_in(case: OpenCase) -> bool:
    """Whether the person acts as IRO manager for an IRO who is away or gone."""
    return not case.who.is_iro and may(case.who, May.STEER)


class OfOpened(Declared[C], Generic[C]):
    """A form about an opened concern, and what was chosen for it.

    `of_run`: what the next stage makes old. `watches`: so does whatever else happens to the concern meanwhile.
    """

    manager_reason: str = line(
        f"Why you act for the {IRO}",
        limit=300,
        hint=f"{AN_IRO_FIRST} who is away is told.",
        missing=f"Say why you act for the {IRO}.",
        asks=_stands_in,
        at_end=True,
    )
    of_run: ClassVar[bool] = True
    watches: ClassVar[bool] = False

    def __init_subclass__(cls, *, of_run: bool = True, watches: bool = False, **rest: Any) -> None:  # noqa: ANN401 - what `Declared` takes
        """See `Declared`."""
        super().__init_subclass__(**rest)
        cls.of_run, cls.watches = of_run and cls.of_run, watches or cls.watches

    @classmethod
    def place(cls, about: C) -> Place:
        """The concern, its run, and since when it has stood so."""
        since = {SINCE: about.concern.state_since.isoformat()} if cls.watches else {}
        return Place(subject=about.ref, run=about.concern.run_id if cls.of_run else None, context=since)

    def taken(self, about: C) -> None:
        """Why it was done in the IRO's place is kept."""
        if self.manager_reason:
            about.record("acted for the IRO", words=self.manager_reason)


class OfConcern(OfOpened[OpenCase]):
    """A form about an opened concern."""


class OfOwnPlace(OfConcern):
    """What somebody says in a place of their own, and never the IRO's: nobody asks them why they act."""

    manager_reason: str = ""


F = TypeVar("F", bound=OfConcern)


def by_form(
    form: type[F],
    see: May,
    *,
    act: Act | None = None,
    to: May | None = None,
    also: Callable[[OpenCase], object] | None = None,
    locks: bool = False,
) -> Callable[[Callable[[OpenCase, F], Answer]], ByForm[OpenCase, F]]:
    """Stands above what is done with the values of a form: for one who may `see` the concern, and do what needs `to`.

    Refused where the act cannot be done now, or the form is old; `also` refuses for other reasons. `locks`: the
    concern is locked to open the form too, since whose reply it is has to be settled first.
    """

    def opened(desk: Desk, request: Request, *, for_change: bool) -> OpenCase:
        case = open_case(desk, request.subject, see, for_change=for_change or locks)
        require_present(case, request.run if form.of_run else None, request.context.get(SINCE, ""))
        if to is not None:
            require(case.who, to)
        if act is not None:
            advance(case.ref, case.concern.state, act)
        if also is not None:
            also(case)
        return case

    return done_by(form, opened)
