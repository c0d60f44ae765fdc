"""The later part of "Log a concern": where it was raised, who was spoken to, where it starts, and who else is in it."""

from collections.abc import Mapping

from handlers.cards import Choice, Field, FieldKind
from handlers.concerns.stages import stage_choices
from handlers.day_windows import DayOf
from handlers.days import day_field
from handlers.requests import Value
from scheduling.procedures import Procedures

VOICE = (
    Choice(value="told", label="The child was told"),
    Choice(value="wishes", label="Their wishes were heard"),
    Choice(value="advocate", label="An advocate was offered"),
    Choice(value="complaint", label="They know how to complain"),
    Choice(value="guardian", label="Their guardian was told"),
)
RAISED_DURING = (
    Choice(value="review", label="Review"),
    Choice(value="midway", label="Midway check"),
    Choice(value="between", label="Between reviews"),
)


def circumstances(rules: Procedures, typed: Mapping[str, Value], about_service: bool) -> tuple[Field, ...]:
    """The fields, with what was typed; about the service, nothing that speaks of one child."""
    return (
        *_raised(typed),
        *_start(rules, typed, about_service),
        *(() if about_service else (_harm(rules, typed),)),
        *_agency(rules, typed),
        *(() if about_service else (_voice(typed),)),
    )


def text_of(typed: Mapping[str, Value], key: str) -> str:
    """What was typed into a field of one value."""
    value = typed.get(key, "")
    return value if isinstance(value, str) else ""


def many_of(typed: Mapping[str, Value], key: str) -> tuple[str, ...]:
    """What was chosen in a field of several values."""
    value = typed.get(key, ())
    return value if isinstance(value, tuple) else ((value,) if value else ())


def _raised(typed: Mapping[str, Value]) -> tuple[Field, ...]:
    return (
        Field(
            key="raised_during",
            kind=FieldKind.CHOICE,
            label="Raised at",
            choices=RAISED_DURING,
            initial=text_of(typed, "raised_during"),
        ),
        Field(
            key="spoken_to",
            kind=FieldKind.TEXT,
            label="Spoken to",
            hint="A role, or a colleague's name.",
            max_length=150,
            initial=text_of(typed, "spoken_to"),
        ),
        day_field(DayOf.SPOKEN_TO, "spoken_on", "Spoken on", text_of(typed, "spoken_on"), required=False),
    )


def _start(rules: Procedures, typed: Mapping[str, Value], about_service: bool) -> tuple[Field, ...]:
    stages = stage_choices(rules, about_service=about_service)
    return (
        Field(
            key="start_at",
            kind=FieldKind.CHOICE,
            label="Start at",
            required=True,
            choices=stages,
            initial=text_of(typed, "start_at") or stages[0].value,
        ),
        Field(
            key="start_reason",
            kind=FieldKind.TEXT,
            label="Reason for starting here",
            hint="Asked for when a stage is skipped; you may always skip.",
            max_length=500,
            initial=text_of(typed, "start_reason"),
        ),
    )


def _harm(rules: Procedures, typed: Mapping[str, Value]) -> Field:
    """The tick that takes the immediate route; where the procedures have none it is kept for the record."""
    there = rules.immediate is not None
    return Field(
        key="significant_harm",
        kind=FieldKind.CHOICES,
        label="Risk of significant harm",
        hint="" if there else "No immediate route is written down here: start at the stage it needs, and telephone.",
        choices=(Choice(value="yes", label="Yes: use the immediate route" if there else "Yes"),),
        initial=many_of(typed, "significant_harm"),
    )


def _agency(rules: Procedures, typed: Mapping[str, Value]) -> tuple[Field, ...]:
    """A choice where the procedures name the agencies, else free words; and whom to ask there."""
    agencies = tuple(Choice(value=agency, label=agency) for agency in rules.agencies)
    return (
        Field(
            key="agency",
            kind=FieldKind.CHOICE if agencies else FieldKind.TEXT,
            label="Another agency",
            choices=agencies,
            max_length=120,
            initial=text_of(typed, "agency"),
        ),
        Field(
            key="agency_contact",
            kind=FieldKind.TEXT,
            label="Contact at the agency",
            hint="A professional's name, e-mail or telephone.",
            max_length=200,
            initial=text_of(typed, "agency_contact"),
        ),
    )


def _voice(typed: Mapping[str, Value]) -> Field:
    return Field(
        key="child_voice",
        kind=FieldKind.CHOICES,
        label="The child",
        choices=VOICE,
        initial=many_of(typed, "child_voice"),
    )
