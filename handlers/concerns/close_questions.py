"""What "Close" asks: how it ended, what changed for the child, whether they have been told; with the reply on top."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from handlers.cards import Choice, Field, FieldKind
from handlers.concerns.by_form import OfOpened
from handlers.concerns.case import OpenCase
from handlers.concerns.on_record import ON_RECORD, earliest_on_record
from handlers.concerns.said_before import hidden_from, reply_heading
from handlers.concerns.superseding import successors
from handlers.day_windows import DayOf
from handlers.forms.fields import choice, choice_if_any, day_if_any, words
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from scheduling.procedures.terms import CONCERN
from storage import replies
from storage.concerns import ChildTold, Concern, Outcome
from storage.replies import Reply

OUTCOMES = tuple(Choice(value=one.value, label=one.value[:1].upper() + one.value[1:]) for one in Outcome)
_TOLD = (
    Choice(value=ChildTold.YES.value, label="Yes"),
    Choice(value=ChildTold.NOT_YET.value, label="Not yet"),
    Choice(value=ChildTold.NOT_RIGHT.value, label="No: it would not be right for this child"),
)


@dataclass(frozen=True, kw_only=True)
class Closing(OpenCase):
    """A concern with how it ends, as far as that is said."""

    outcome: Outcome | None

    @cached_property
    def successors(self) -> tuple[Choice, ...]:
        """The concerns that can take its place."""
        return successors(self)


def _title(case: Closing) -> str:
    return f"Close {case.ref}"


def _outcome(case: Closing) -> str:
    """None is ready-chosen but that of somebody who withdraws."""
    return case.outcome.value if case.outcome is not None else ""


def _of_a_child(case: Closing) -> bool:
    return not case.concern.about_service


def _has_something_to_tell(case: Closing) -> bool:
    """Of what is withdrawn there may be nothing to tell the child."""
    return case.outcome is not Outcome.WITHDRAWN


class Closed(OfOpened[Closing], deed="concern.close", title=_title, submit=f"Close the {CONCERN}", watches=True):
    """The questions, under the reply."""

    outcome: Outcome = choice("Outcome", OUTCOMES, Outcome, missing="Choose an outcome.", first=_outcome)
    what_changed: str = words(
        "What changed for the child",
        hint="The difference it made, in a sentence or two. For a withdrawal: why.",
        missing="Say what changed for the child, or that nothing did.",
        column=Concern.what_changed,
    )
    child_told: str | None = choice_if_any(
        "The child has been told",
        _TOLD,
        str,
        missing="Say whether the child has been told.",
        asks=_of_a_child,
        needs=_has_something_to_tell,
        column=Concern.child_told,
    )
    on_record_on: date | None = day_if_any(
        DayOf.ON_RECORD,
        ON_RECORD[0],
        hint="The day on which the copy, with how it ended, went into the child's file. Empty: you are asked once.",
        asks=_of_a_child,
        since=earliest_on_record,
    )
    superseded_by: str | None = choice_if_any(
        f"Which {CONCERN} takes its place?",
        lambda case: case.successors,
        str,
        hint=f"For a superseded {CONCERN}: the other counts from when this one was first raised.",
    )

    @classmethod
    def above(cls, about: Closing) -> tuple[Field, ...]:
        """The replies at the last stage that had one."""
        return _replies(about)

    def wrong(self, about: Closing) -> dict[str, str]:
        """What is superseded has a successor, where there is one to choose."""
        if self.outcome is Outcome.SUPERSEDED and about.successors and self.superseded_by is None:
            return {"superseded_by": f"Choose the {CONCERN} that takes its place, or none of these."}
        return {}


def _replies(case: OpenCase) -> tuple[Field, ...]:
    """The replies at the last stage that had one, as statements."""
    odd = (_statement(0, f"A reply to {case.ref} {CANNOT_BE_SHOWN}"),)
    found = drawn(case.desk, f"{case.ref}: replies", partial(_drawn, case), lambda: odd)
    return found or (_statement(0, "Nobody has replied."),)


def _drawn(case: OpenCase) -> tuple[Field, ...]:
    said = [(reply_heading(case, one), one.words or "") for one in _last_replies(case)]
    return tuple(_statement(n, words, heading) for n, (heading, words) in enumerate(said))


def _statement(n: int, text: str, heading: str = "") -> Field:
    return Field(key=f"reply{n}", kind=FieldKind.STATEMENT, label=heading, text=text)


def _last_replies(case: OpenCase) -> list[Reply]:
    """What was replied at the last stage that had a reply, and what was added to it; oldest first."""
    hidden = hidden_from(case)
    given = [one for one in replies.of_concern(case.desk.session, case.id) if one.person_id not in hidden]
    last = given[-1].run_id if given else None
    return [one for one in given if one.run_id == last]


def told_words(concern: Concern) -> str | None:
    """Whether the child has been told, as it was answered."""
    return next((choice.label for choice in _TOLD if choice.value == concern.child_told), None)
