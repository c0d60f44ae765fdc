"""Forms about a child's review: what they come back with, and how one is opened for those who may, and unchanged."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from handlers.cards import Answer
from handlers.days import Edge
from handlers.forms.deeds import ByForm, done_by
from handlers.forms.form import Declared, Place
from handlers.office import Desk
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same
from handlers.reviews.earliest import until_the_end
from handlers.rights import May


class OfReview(Declared[ReviewCase]):
    """A form about an opened review.

    `of_run`: it is about that review, and not about the child's next. `watches`: what moves the review makes it old.
    """

    of_run: ClassVar[bool] = True
    watches: ClassVar[bool] = False

    def __init_subclass__(cls, *, of_run: bool = True, watches: bool = False, **rest: Any) -> None:  # noqa: ANN401 - what `Declared` takes
        """See `Declared`."""
        super().__init_subclass__(**rest)
        cls.of_run, cls.watches = of_run and cls.of_run, watches or cls.watches

    @classmethod
    def place(cls, about: ReviewCase) -> Place:
        """The child, the review, and how it stood."""
        run = about.review_id if cls.of_run else None
        return Place(subject=about.ref, run=run, context=context_of(about) if cls.watches else {})


F = TypeVar("F", bound=OfReview)


def by_form(
    form: type[F], what: May, *, also: Callable[[ReviewCase], object] | None = None
) -> Callable[[Callable[[ReviewCase, F], Answer]], ByForm[ReviewCase, F]]:
    """Stands above what is done with the values of a form, for one who may do `what`; `also` refuses for other reasons.

    A form that watches its review is refused once that is over, or has moved on since.
    """

    def opened(desk: Desk, request: Request, *, for_change: bool) -> ReviewCase:
        run = request.run if form.of_run else None
        case = open_review(desk, request.subject, what, review_id=run, for_change=for_change)
        if form.watches:
            require_same(case, request)
        if also is not None:
            also(case)
        return case

    return done_by(form, opened)


def today(case: ReviewCase) -> str:
    """What stands in the field of a day at first."""
    return case.desk.today.isoformat()


def until_care_ends(case: ReviewCase) -> Edge:
    """What is done with a child ends with care."""
    return until_the_end(case.desk, case.child)
