"""The form "Log a concern": drawn anew, from a draft, or again with everything typed kept."""

from collections.abc import Mapping

from handlers.cards import Button, Choice, Field, FieldKind, Form
from handlers.concerns.starting import lowest_for_service
from handlers.office import Desk
from handlers.requests import Value
from scheduling.procedures import Procedures
from storage import children, concerns
from storage.concerns import Concern

VOICE = (
    Choice(value="told", label="The child was told"),
    Choice(value="wishes", label="Their wishes were heard"),
    Choice(value="advocate", label="An advocate was offered"),
    Choice(value="complaint", label="They know how to complain"),
)
RAISED_DURING = (
    Choice(value="review", label="Review"),
    Choice(value="midway", label="Midway check"),
    Choice(value="between", label="Between reviews"),
)
NARRATIVE = ("worries", "working_well", "impact", "needs", "spoken_to", "start_reason")
"""The fields whose words are looked through for identifying detail; an agency's contact is exempt."""


def log_form(
    desk: Desk,
    *,
    values: Mapping[str, Value] | None = None,
    about_service: bool = False,
    draft: Concern | None = None,
    ask_holder: bool = False,
    as_manager: bool = False,
) -> Form:
    """The form, with what was typed. `ask_holder`: the child is new;
    `as_manager`: an IRO manager acts for an IRO who is away, and says why.
    """
    rules = desk.frozen_rules(draft.procedures_digest) if draft is not None else desk.rules
    typed = dict(values or {})
    fields = (
        *_about(desk, typed, about_service, ask_holder),
        *_words(typed),
        *_reasons(rules, typed),
        *_circumstances(rules, typed, about_service),
        *_stand_in(as_manager),
        Field(key="draft_buttons", kind=FieldKind.BUTTONS, buttons=_draft_buttons(draft)),
    )
    title = "Log a concern"
    return Form(
        deed="concern.log",
        title=title,
        submit="Log",
        subject=draft.reference if draft is not None else "",
        fields=fields,
        context={"about_service": "yes" if about_service else ""},
    )


def _draft_buttons(draft: Concern | None) -> tuple[Button, ...]:
    subject = draft.reference if draft is not None else ""
    save = Button(label="Save draft", deed="concern.save_draft", subject=subject)
    if draft is None:
        return (save,)
    discard = Button(label="Discard draft", deed="concern.discard", subject=subject, weight="danger")
    if draft.notes_shared:
        return (save, discard)
    share = Button(label="Share with IRO manager", deed="concern.share", subject=subject)
    return (save, share, discard)


def _text(typed: Mapping[str, Value], key: str) -> str:
    value = typed.get(key, "")
    return value if isinstance(value, str) else ""


def _many(typed: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = typed.get(key, ())
    return value if isinstance(value, tuple) else ((value,) if value else ())


def _about(desk: Desk, typed: Mapping[str, Value], about_service: bool, ask_holder: bool) -> tuple[Field, ...]:
    if about_service:
        text = "About the service as a whole, and no one child. It goes to senior managers and into the annual report."
        return (Field(key="about", kind=FieldKind.STATEMENT, text=text),)
    chosen = _text(typed, "child")
    child = Field(
        key="child",
        kind=FieldKind.SEARCH,
        label="Child reference",
        hint="Type part of the reference. Not listed? Type it whole and choose to add it.",
        search="child",
        required=True,
        initial=chosen,
        initial_label=child_label(desk, chosen),
    )
    if not ask_holder:
        return (child,)
    holder = Field(
        key="holder",
        kind=FieldKind.SEARCH,
        label="Who holds the case?",
        hint="The social worker, or the manager while nobody is allocated. This child is new here.",
        search="person.holder",
        required=True,
        initial=_text(typed, "holder"),
    )
    return (child, holder)


def child_label(desk: Desk, chosen: str) -> str:
    """How a chosen child reads in the search field."""
    if chosen.startswith("add:"):
        return f"Not listed: add {chosen.removeprefix('add:')}"
    child = children.get(desk.session, int(chosen)) if chosen.isdigit() else None
    return child.reference if child is not None else ""


def _words(typed: Mapping[str, Value]) -> tuple[Field, ...]:
    def long(key: str, label: str, *, required: bool = False, hint: str = "") -> Field:
        return Field(key=key, kind=FieldKind.LONG, label=label, required=required, hint=hint, initial=_text(typed, key))

    return (
        long(
            "worries",
            "What are we worried about?",
            required=True,
            hint="No names, addresses or dates of birth.",
        ),
        long("working_well", "What is working well?"),
        long("impact", "Impact on the child"),
        long("needs", "What needs to happen, and by when?"),
        Field(key="needed_by", kind=FieldKind.DATE, label="By when", initial=_text(typed, "needed_by")),
    )


def reason_choices(rules: Procedures) -> tuple[Choice, ...]:
    """The authority's reasons, in its own words."""
    return tuple(Choice(value=category.key, label=category.choice_label) for category in rules.categories)


def _reasons(rules: Procedures, typed: Mapping[str, Value]) -> tuple[Field, ...]:
    reasons = reason_choices(rules)
    duties = tuple(Choice(value=key, label=label) for key, label in rules.duties.items())
    return (
        Field(
            key="main_reason",
            kind=FieldKind.CHOICE,
            label="Main reason",
            required=True,
            choices=reasons,
            initial=_text(typed, "main_reason"),
        ),
        Field(
            key="other_reasons",
            kind=FieldKind.CHOICES,
            label="Other reasons",
            choices=reasons,
            initial=_many(typed, "other_reasons"),
        ),
        Field(
            key="duty",
            kind=FieldKind.CHOICE,
            label="Duty at issue",
            choices=duties,
            initial=_text(typed, "duty"),
        ),
    )


def stage_choices(rules: Procedures, *, about_service: bool = False, above: int = -1) -> tuple[Choice, ...]:
    """The stages to choose from, each by number and name."""
    lowest = lowest_for_service(rules) if about_service else 0
    stages = (*((rules.informal,) if rules.informal else ()), *rules.stages)
    return tuple(
        Choice(value=str(stage.number), label=stage_label(stage.number, stage.name))
        for stage in stages
        if stage.number >= lowest and stage.number > above
    )


def stage_label(number: int, name: str) -> str:
    """ "Stage 2: Service manager"."""
    plain = f"Stage {number}" if number else "Informal"
    return name if name.casefold().startswith(plain.casefold()) else f"{plain}: {name}"


def _circumstances(rules: Procedures, typed: Mapping[str, Value], about_service: bool) -> tuple[Field, ...]:
    stages = stage_choices(rules, about_service=about_service)
    agencies = tuple(Choice(value=agency, label=agency) for agency in rules.agencies)
    fields = [
        Field(
            key="raised_during",
            kind=FieldKind.CHOICE,
            label="Raised at",
            choices=RAISED_DURING,
            initial=_text(typed, "raised_during"),
        ),
        Field(
            key="spoken_to",
            kind=FieldKind.TEXT,
            label="Spoken to",
            hint="A role, or a colleague's name.",
            max_length=150,
            initial=_text(typed, "spoken_to"),
        ),
        Field(key="spoken_on", kind=FieldKind.DATE, label="Spoken on", initial=_text(typed, "spoken_on")),
        Field(
            key="start_at",
            kind=FieldKind.CHOICE,
            label="Start at",
            required=True,
            choices=stages,
            initial=_text(typed, "start_at") or stages[0].value,
        ),
        Field(
            key="start_reason",
            kind=FieldKind.TEXT,
            label="Reason for starting here",
            hint="Asked for when a stage is skipped; you may always skip.",
            max_length=500,
            initial=_text(typed, "start_reason"),
        ),
    ]
    if not about_service:
        fields.append(_harm(rules, typed))
    if agencies:
        fields.append(
            Field(
                key="agency",
                kind=FieldKind.CHOICE,
                label="Another agency",
                choices=agencies,
                initial=_text(typed, "agency"),
            )
        )
    else:
        fields.append(
            Field(
                key="agency",
                kind=FieldKind.TEXT,
                label="Another agency",
                max_length=120,
                initial=_text(typed, "agency"),
            )
        )
    fields.append(
        Field(
            key="agency_contact",
            kind=FieldKind.TEXT,
            label="Contact at the agency",
            hint="A professional's name, e-mail or telephone.",
            max_length=200,
            initial=_text(typed, "agency_contact"),
        )
    )
    if not about_service:
        fields.append(
            Field(
                key="child_voice",
                kind=FieldKind.CHOICES,
                label="The child",
                choices=VOICE,
                initial=_many(typed, "child_voice"),
            )
        )
    return tuple(fields)


def _harm(rules: Procedures, typed: Mapping[str, Value]) -> Field:
    """The tick that takes the immediate route; where the procedures have none it is kept for the record."""
    there = rules.immediate is not None
    return Field(
        key="significant_harm",
        kind=FieldKind.CHOICES,
        label="Risk of significant harm",
        hint="" if there else "No immediate route is written down here: start at the stage it needs, and telephone.",
        choices=(Choice(value="yes", label="Yes: use the immediate route" if there else "Yes"),),
        initial=_many(typed, "significant_harm"),
    )


def _stand_in(as_manager: bool) -> tuple[Field, ...]:
    if not as_manager:
        return ()
    return (
        Field(
            key="manager_reason",
            kind=FieldKind.TEXT,
            label="Why you act for the IRO",
            hint="The IRO is away or has left, and is told.",
            required=True,
            max_length=300,
        ),
    )


def typed_in(desk: Desk, draft: Concern) -> dict[str, Value]:
    """What a draft holds, as the form's values."""
    assert draft.id is not None
    reasons = concerns.reasons_of(desk.session, draft.id)
    return {
        "child": str(draft.child_id) if draft.child_id else "",
        "worries": draft.worries or "",
        "working_well": draft.working_well or "",
        "impact": draft.impact or "",
        "needs": draft.needs or "",
        "needed_by": draft.needed_by.isoformat() if draft.needed_by else "",
        "main_reason": next((reason.reason for reason in reasons if reason.main), ""),
        "other_reasons": tuple(reason.reason for reason in reasons if not reason.main),
        "duty": draft.duty or "",
        "raised_during": draft.raised_during or "",
        "spoken_to": draft.spoken_to or "",
        "spoken_on": draft.spoken_on.isoformat() if draft.spoken_on else "",
        "start_at": str(draft.start_at),
        "start_reason": draft.start_reason or "",
        "significant_harm": ("yes",) if draft.significant_harm else (),
        "agency": draft.agency or "",
        "agency_contact": draft.agency_contact or "",
        "child_voice": tuple(filter(None, draft.child_voice.split(","))),
    }
