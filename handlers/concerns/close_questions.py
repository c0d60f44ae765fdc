"""What "Close" asks: how it ended, what changed for the child, whether they have been told; with the reply on top."""

from functools import partial

from handlers.cards import Choice, Field, FieldKind
from handlers.concerns.case import OpenCase
from handlers.concerns.on_record import on_record_field
from handlers.concerns.said_before import hidden_from, reply_heading
from handlers.concerns.standing_in import reason_field
from handlers.concerns.superseding import successor_field
from handlers.requests import Request
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from storage import replies
from storage.concerns import ChildTold, Concern, Outcome
from storage.replies import Reply

OUTCOMES = tuple(Choice(value=one.value, label=one.value[:1].upper() + one.value[1:]) for one in Outcome)
_TOLD = (
    Choice(value=ChildTold.YES.value, label="Yes"),
    Choice(value=ChildTold.NOT_YET.value, label="Not yet"),
    Choice(value=ChildTold.NOT_RIGHT.value, label="No: it would not be right for this child"),
)


def close_fields(case: OpenCase, outcome: Outcome | None) -> tuple[Field, ...]:
    """The reply, then the questions. No outcome is ready-chosen but that of somebody who withdraws."""
    return (
        *_replies(case),
        Field(
            key="outcome",
            kind=FieldKind.CHOICE,
            label="Outcome",
            required=True,
            choices=OUTCOMES,
            initial=outcome.value if outcome is not None else "",
        ),
        Field(
            key="what_changed",
            kind=FieldKind.LONG,
            label="What changed for the child",
            hint="The difference it made, in a sentence or two. For a withdrawal: why.",
            required=True,
        ),
        *_of_the_child(case, outcome),
        *successor_field(case),
        *reason_field(case),
    )


def _of_the_child(case: OpenCase, outcome: Outcome | None) -> tuple[Field, ...]:
    """What is asked where it is about one child. Of what is withdrawn there may be nothing to tell."""
    if case.concern.about_service:
        return ()
    told = Field(
        key="child_told",
        kind=FieldKind.CHOICE,
        label="The child has been told",
        required=outcome is not Outcome.WITHDRAWN,
        choices=_TOLD,
    )
    return (told, on_record_field(None, required=False))


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


def unanswered(case: OpenCase, request: Request) -> dict[str, str]:
    """What has to be said before it can be closed, beside its field."""
    wrong: dict[str, str] = {}
    outcome = request.text("outcome")
    if outcome not in {choice.value for choice in OUTCOMES}:
        wrong["outcome"] = "Choose an outcome."
    if not request.text("what_changed"):
        wrong["what_changed"] = "Say what changed for the child, or that nothing did."
    asked = not case.concern.about_service and outcome != Outcome.WITHDRAWN
    if asked and request.text("child_told") not in {choice.value for choice in _TOLD}:
        wrong["child_told"] = "Say whether the child has been told."
    return wrong


def told_words(concern: Concern) -> str | None:
    """Whether the child has been told, as it was answered."""
    return next((choice.label for choice in _TOLD if choice.value == concern.child_told), None)
