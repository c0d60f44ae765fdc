"""The form "Log a concern": drawn anew, from a draft, or again with everything typed kept."""

from collections.abc import Mapping

from handlers.cards import Button, Choice, Field, FieldKind, Form
from handlers.concerns.log_circumstances import circumstances, many_of, text_of
from handlers.concerns.standing_in import manager_reason
from handlers.day_windows import DayOf
from handlers.days import day_field
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.requests import Value
from scheduling.procedures import Procedures
from scheduling.procedures.terms import A_CONCERN, IRO_MANAGER
from storage import children, concerns
from storage.concerns import Concern

NARRATIVE = ("worries", "working_well", "impact", "needs", "needed_why", "spoken_to", "start_reason")
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
        *circumstances(rules, typed, about_service),
        *((manager_reason(),) if as_manager else ()),
        Field(key="draft_buttons", kind=FieldKind.BUTTONS, buttons=_draft_buttons(draft)),
    )
    title = f"Log {A_CONCERN}"
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
    share = Button(label=f"Share with {IRO_MANAGER}", deed="concern.share", subject=subject)
    return (save, share, discard)


def _about(desk: Desk, typed: Mapping[str, Value], about_service: bool, ask_holder: bool) -> tuple[Field, ...]:
    if about_service:
        text = "About the service as a whole, and no one child. It goes to senior managers and into the annual report."
        return (Field(key="about", kind=FieldKind.STATEMENT, text=text),)
    chosen = text_of(typed, "child")
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
        initial=text_of(typed, "holder"),
    )
    return (child, holder)


def child_label(desk: Desk, chosen: str) -> str:
    """How a chosen child reads in the search field."""
    if chosen.startswith("add:"):
        return f"Not listed: add {chosen.removeprefix('add:')}"
    number = number_of(chosen)
    child = children.get(desk.session, number) if number is not None else None
    return child.reference if child is not None else ""


def _words(typed: Mapping[str, Value]) -> tuple[Field, ...]:
    def long(key: str, label: str, *, required: bool = False, hint: str = "") -> Field:
        return Field(
            key=key, kind=FieldKind.LONG, label=label, required=required, hint=hint, initial=text_of(typed, key)
        )

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
        day_field(DayOf.NEEDED, "needed_by", "By when", text_of(typed, "needed_by"), required=False),
        Field(
            key="needed_why",
            kind=FieldKind.TEXT,
            label="Why by then",
            hint="A court hearing, a move, a review. It is read in the form alone.",
            max_length=300,
            initial=text_of(typed, "needed_why"),
        ),
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
            initial=text_of(typed, "main_reason"),
        ),
        Field(
            key="other_reasons",
            kind=FieldKind.CHOICES,
            label="Other reasons",
            choices=reasons,
            initial=many_of(typed, "other_reasons"),
        ),
        Field(
            key="duty",
            kind=FieldKind.CHOICE,
            label="Duty at issue",
            choices=duties,
            initial=text_of(typed, "duty"),
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
        "needed_why": draft.needed_why or "",
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
