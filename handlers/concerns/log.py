"""What is logged: the fields of a concern, once. From here come the form, the row, what a page and an export say, what
is looked through for personal detail, what a discarded draft loses, and what is copied for a brother or sister.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.cards import Button, Choice, Field, FieldKind
from handlers.concerns.before_log import open_already, why_so_high
from handlers.concerns.stages import stage_choices
from handlers.day_windows import DayOf
from handlers.forms.fields import choice, choice_if_any, day_if_any, line, search, tick, ticks, words
from handlers.forms.form import Declared, Place
from handlers.forms.kinds import Asked, AskedWords, Copied, Wrong, said
from handlers.office import Desk
from handlers.people.allocating import is_holder
from handlers.people.chosen import in_service, listed_child
from handlers.people.independence import check
from handlers.requests import Value
from handlers.standing import roles_of
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from scheduling.procedures.terms import A_CONCERN, AN_IRO_FIRST, IRO, IRO_MANAGER
from storage import concerns
from storage.children import Child
from storage.concerns import Concern
from storage.people import Person

ADD = "add:"
"""Before a reference that is not listed, and is to be added."""
_SERVICE = "About the service as a whole, and no one child. It goes to senior managers and into the annual report."
_LONGEST_REFERENCE = 40

WORRIED = "What are we worried about?"
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


@dataclass(frozen=True, kw_only=True)
class Logging:
    """What the form is about: by which rules, from which draft, of which child, and who acts.

    `adds` is the reference of a child that is not listed yet. `as_manager`: an IRO manager acts for an IRO who is
    away. `is_final`: it is to be logged, and no longer a draft.
    """

    desk: Desk
    rules: Procedures
    about_service: bool = False
    draft: Concern | None = None
    child: Child | None = None
    adds: str = ""
    as_manager: bool = False
    is_final: bool = True


def _of_a_child(about: Logging) -> bool:
    return not about.about_service


def _stands_in(about: Logging) -> bool:
    return about.as_manager and about.is_final


def _adds(about: Logging) -> bool:
    return bool(about.adds)


def child_label(about: Logging, chosen: str) -> str:
    """How a chosen child reads in the search field."""
    if chosen.startswith(ADD):
        return f"Not listed: add {chosen.removeprefix(ADD)}"
    child = listed_child(about.desk, chosen)
    return child.reference if child is not None else ""


def _child(about: Logging, chosen: str) -> Child | None:
    """The child chosen; None of one who is to be added, where that can be."""
    if not about.adds:
        if about.child is None:
            raise Wrong("Choose the child's reference from the list.")
        return about.child
    is_written_so = about.rules.child_reference.fullmatch(about.adds) is not None
    if not is_written_so or len(about.adds) > _LONGEST_REFERENCE:
        raise Wrong("This is not written like a child reference here.")
    if "iro" not in roles_of(about.desk, about.desk.actor):
        raise Wrong(f"Only the child's own {IRO} can add a child here; use /iro child.")
    return None


def _holder(about: Logging, chosen: str) -> Person:
    holder = in_service(about.desk, chosen)
    if holder is None or holder.id is None or not is_holder(about.desk, holder):
        raise Wrong("Choose a social worker or a manager of this service.")
    conflict = check(about.desk.session, holder.id, about.desk.actor_id)
    if conflict:
        raise Wrong(conflict)
    return holder


def _holder_label(about: Logging, chosen: str) -> str:
    holder = in_service(about.desk, chosen)
    return holder.name if holder is not None else ""


def _reasons(about: Logging) -> tuple[Choice, ...]:
    """The authority's reasons, in its own words."""
    return tuple(Choice(value=one.key, label=one.choice_label) for one in about.rules.categories)


def _duties(about: Logging) -> tuple[Choice, ...]:
    return tuple(Choice(value=key, label=label) for key, label in about.rules.duties.items())


def _stages(about: Logging) -> tuple[Choice, ...]:
    return stage_choices(about.rules, about_service=about.about_service)


def _lowest(about: Logging) -> str:
    return _stages(about)[0].value


def _harm(about: Logging) -> tuple[Choice, ...]:
    there = about.rules.immediate is not None
    return (Choice(value="yes", label="Yes: use the immediate route" if there else "Yes"),)


def _harm_hint(about: Logging) -> str:
    there = about.rules.immediate is not None
    return "" if there else "No immediate route is written down here: start at the stage it needs, and telephone."


def _agencies(about: Logging) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, label=one) for one in about.rules.agencies)


def _spoken_to(row: Concern) -> str:
    """Who was spoken to, and on which day, in one."""
    on = f" on {say_day(row.spoken_on)}" if row.spoken_on else ""
    return f"{row.spoken_to or ''}{on}".strip()


def _with_the_one_before(_: Concern) -> str:
    return ""


class LogForm(Declared[Logging], deed="concern.new", sends="concern.log", title=f"Log {A_CONCERN}", submit="Log"):
    """The form "Log a concern": drawn anew, from a draft, or again with everything typed kept."""

    child: Child | None = search(
        "Child reference",
        "child",
        _child,
        named=child_label,
        hint="Type part of the reference. Not listed? Type it whole and choose to add it.",
        missing="Choose the child's reference from the list.",
        asks=_of_a_child,
        copied=Copied.NEVER,
    )
    holder: Person = search(
        "Who holds the case?",
        "person.holder",
        _holder,
        named=_holder_label,
        hint="The social worker, or the manager while nobody is allocated. This child is new here.",
        missing="Choose a social worker or a manager of this service.",
        asks=_adds,
        copied=Copied.NEVER,
    )
    worries: str = words(
        WORRIED,
        hint="No names, addresses or dates of birth.",
        missing="Say what the worry is.",
        column=Concern.worries,
        copied=Copied.NEVER,
    )
    working_well: str = words("What is working well?", required=False, column=Concern.working_well, copied=Copied.NEVER)
    impact: str = words("Impact on the child", required=False, column=Concern.impact, copied=Copied.NEVER)
    needs: str = words(
        "What needs to happen, and by when?", required=False, column=Concern.needs, heading="What needs to happen"
    )
    needed_by: date | None = day_if_any(DayOf.NEEDED, "By when", column=Concern.needed_by)
    needed_why: str = line(
        "Why by then",
        limit=300,
        required=False,
        hint="A court hearing, a move, a review. It is read in the form alone.",
        column=Concern.needed_why,
    )
    main_reason: str = choice(
        "Main reason",
        _reasons,
        str,
        missing="Choose the main reason.",
        empty="",
        copied=Copied.SAME_RULES,
    )
    other_reasons: tuple[str, ...] = ticks("Other reasons", _reasons, copied=Copied.SAME_RULES)
    duty: str | None = choice_if_any("Duty at issue", _duties, str, column=Concern.duty, copied=Copied.SAME_RULES)
    raised_during: str | None = choice_if_any("Raised at", RAISED_DURING, str, column=Concern.raised_during)
    spoken_to: str = line(
        "Spoken to",
        limit=150,
        required=False,
        hint="A role, or a colleague's name.",
        column=Concern.spoken_to,
        shown=_spoken_to,
    )
    spoken_on: date | None = day_if_any(
        DayOf.SPOKEN_TO, "Spoken on", column=Concern.spoken_on, shown=_with_the_one_before
    )
    start_at: int = choice(
        "Start at",
        _stages,
        int,
        missing="Choose where it starts.",
        first=_lowest,
        empty=0,
        column=Concern.start_at,
        shown=_with_the_one_before,
        copied=Copied.SAME_RULES,
    )
    start_reason: str = line(
        "Reason for starting here",
        limit=500,
        required=False,
        hint="Asked for when a stage is skipped; you may always skip.",
        column=Concern.start_reason,
        copied=Copied.SAME_RULES,
    )
    significant_harm: bool = tick(
        "Risk of significant harm", _harm, hint=_harm_hint, asks=_of_a_child, column=Concern.significant_harm
    )
    agency: str | None = choice_if_any(
        "Another agency", _agencies, str, or_line=120, column=Concern.agency, copied=Copied.SAME_RULES
    )
    agency_contact: str = line(
        "Contact at the agency",
        limit=200,
        required=False,
        checked=False,  # a professional's telephone number is what is asked for
        hint="A professional's name, e-mail or telephone.",
        column=Concern.agency_contact,
    )
    child_voice: tuple[str, ...] = ticks(
        "The child", VOICE, asks=_of_a_child, column=Concern.child_voice, copied=Copied.NEVER
    )
    manager_reason: str = line(
        f"Why you act for the {IRO}",
        limit=300,
        hint=f"{AN_IRO_FIRST} who is away is told.",
        asks=_stands_in,
        copied=Copied.NEVER,
    )

    @classmethod
    def place(cls, about: Logging) -> Place:
        """The draft, where there is one; and whether it is about the service."""
        subject = about.draft.reference if about.draft is not None else ""
        return Place(subject=subject, context={"about_service": "yes" if about.about_service else ""})

    @classmethod
    def stands(cls, about: Logging) -> Mapping[str, Value]:
        """What the draft holds."""
        return sent_with(about.desk, about.draft) if about.draft is not None else {}

    @classmethod
    def above(cls, about: Logging) -> tuple[str, ...]:
        """That it is about the service."""
        return (_SERVICE,) if about.about_service else ()

    @classmethod
    def last(cls, about: Logging) -> tuple[Field, ...]:
        """What can be done with a draft."""
        return (Field(key="draft_buttons", kind=FieldKind.BUTTONS, buttons=_draft_buttons(about.draft)),)

    def questions(self, about: Logging) -> dict[str, str]:
        """Why it starts high, and what is open already. The immediate route has a question of its own, and no time."""
        if not about.is_final or (self.significant_harm and about.rules.immediate is not None):
            return {}
        besides = about.draft.reference if about.draft is not None else ""
        found = open_already(about.desk, self.main_reason, about.child, besides=besides)
        again = {key: f"{text} Press Log again if this is another one." for key, text in found.items()}
        if self.start_reason:
            return again
        return {**why_so_high(about.rules, self.start_at, about_service=about.about_service), **again}

    @classmethod
    def is_final(cls, about: Logging) -> bool:
        """A draft may lack anything."""
        return about.is_final


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


def _of_the_row() -> Iterator[Asked]:
    return (one for one in LogForm.asked if one.column is not None)


def keep(given: LogForm, concern: Concern) -> None:
    """Write into the row what was sent; the reasons have a table of their own."""
    for one in _of_the_row():
        one.keep(concern, getattr(given, one.key))


def erase(concern: Concern) -> None:
    """Take out what was written, as when a draft is thrown away."""
    for one in _of_the_row():
        if isinstance(one, AskedWords):
            one.keep(concern, "")
    concern.agency = concern.kept_because = None


def sent_with(desk: Desk, concern: Concern) -> dict[str, Value]:
    """What the form would have been sent with for the concern to stand as it does."""
    assert concern.id is not None
    reasons = concerns.reasons_of(desk.session, concern.id)
    return {
        **{one.key: one.stands(concern) for one in _of_the_row()},
        "child": str(concern.child_id) if concern.child_id else "",
        "main_reason": next((one.reason for one in reasons if one.main), ""),
        "other_reasons": tuple(one.reason for one in reasons if not one.main),
    }


def copied(desk: Desk, concern: Concern) -> dict[str, Value]:
    """The same, for a brother or sister: without what is the child's own, or may have changed with the procedures."""
    same = concern.procedures_digest == desk.rules.digest
    goes = {Copied.ALWAYS, Copied.SAME_RULES} if same else {Copied.ALWAYS}
    keys = {one.key for one in LogForm.asked if one.copied in goes}
    return {key: value for key, value in sent_with(desk, concern).items() if key in keys}


def told(about: Logging, concern: Concern) -> list[tuple[str, str]]:
    """What it says, heading by heading, for those entitled to read it; in the order of the form."""
    labels = [_reason_label(about, one.reason) for one in concerns.reasons_of(about.desk.session, concern.id or 0)]
    reasons = {"main_reason": labels[0] if labels else "", "other_reasons": "; ".join(labels[1:])}
    pairs = []
    for one in LogForm.asked:
        text = one.told(concern, about) if one.column is not None else reasons.get(one.key, "")
        if text:
            pairs.append((one.heading or said(one.label, about), text))
    return pairs


def _reason_label(about: Logging, key: str) -> str:
    category = about.rules.category(key)
    return category.label if category is not None else key
