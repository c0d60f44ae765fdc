"""Moving a concern to another stage, and asking the same stage again: the IRO's decision, at any time."""

from dataclasses import dataclass

from handlers.asking import with_typed
from handlers.cards import Answer, Button, Choice, Field, FieldKind, Form, Notice
from handlers.concerns.by_form import SINCE, OfConcern, OfOpened, by_form
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.said_before import passed_up
from handlers.concerns.sending_now import with_hours
from handlers.concerns.stages import stage_choices
from handlers.concerns.starting import Start, begin, lowest_for_service, stage_of, whom_to_ask
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, press, words
from handlers.lifecycle import Act, advance
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused, Unfit
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import both_clocks, limit_words, name_of, stage_named
from scheduling.procedures.terms import IRO_MANAGER
from storage import stage_runs
from storage.stage_runs import Part, RunKind, StageRun

_CHOOSE = "Choose a stage."


@dataclass(frozen=True, kw_only=True)
class Moving(OpenCase):
    """A concern with the stage it is to be moved to."""

    target: int


def _stages(case: Moving) -> tuple[Choice, ...]:
    every = stage_choices(case.rules, about_service=case.concern.about_service)
    return tuple(one for one in every if one.value != str(case.present_run.number))


def _target_first(case: Moving) -> str:
    return str(case.target)


def _show(case: Moving) -> tuple[Button, ...]:
    return (case.button("Show whom this asks", "concern.move.show"),)


def _title(case: Moving) -> str:
    return f"Move to {stage_named(case.target)}"


class Moved(OfOpened[Moving], deed="concern.move", title=_title, submit="Move", watches=True):
    """ "Move to stage n": the reason, and the addressees shown before sending."""

    stage: int = choice("Stage", _stages, int, missing=_CHOOSE, first=_target_first)
    show: tuple[()] = press(_show)
    reason: str = words(
        "Reason",
        hint="What the reply lacked, or that none came.",
        missing="Say why it moves.",
        column=StageRun.reason,
    )

    @classmethod
    def above(cls, about: Moving) -> tuple[str, ...]:
        """Who has been asked already, whom the stage asks, by when, and what is skipped."""
        target = about.target
        lines = (
            _asked_already(about),
            asked_words(about, target),
            _time_words(about, target),
            _skipped_words(about, target),
        )
        return tuple(filter(None, lines))


def _opened(desk: Desk, request: Request, *, for_change: bool = False) -> OpenCase:
    case = open_case(desk, request.subject, May.MOVE, for_change=for_change)
    require_present(case, request.run, request.context.get(SINCE, "") if for_change else "")
    advance(case.ref, case.concern.state, Act.MOVE)
    return case


def _form(case: OpenCase, stage: str) -> Form:
    """For the stage named, else the next above; at the top what is left to do there."""
    target = _target(case, stage)
    return _top_form(case) if target is None else Moved.draw(Moving(**vars(case), target=target))


def move_form(desk: Desk, request: Request) -> Answer:
    """Open it. `request.words` names the stage, if any."""
    return _form(_opened(desk, request), request.words or request.text("stage"))


def show_stage(desk: Desk, request: Request) -> Answer:
    """The form again, for the stage chosen in it: whom it would ask. What was typed stays."""
    form = _form(_opened(desk, request), request.text("stage"))
    return with_typed(form, request) if form.deed else form


def _to_move(desk: Desk, request: Request, *, for_change: bool) -> Moving:
    case = _opened(desk, request, for_change=for_change)
    target = _target(case, request.text("stage"))
    if target is None:
        raise Unfit({"stage": _CHOOSE})
    return Moving(**vars(case), target=target)


@done_by(Moved, _to_move)
def move(case: Moving, given: Moved) -> Answer:
    """Take the concern to the chosen stage and tell everyone concerned."""
    desk, before, skipped = case.desk, case.present_run.number, bool(_skipped(case, given.stage))
    case.become(Act.MOVE)
    run = begin(
        case,
        Start(number=given.stage, kind=RunKind.ENTRY, by_id=desk.actor_id, reason=given.reason, skipped=skipped),
    )
    case.record("moved", from_stage=before, stage=given.stage, skipped=1 if skipped else None)
    case.tell_absent_iro(f"moved it to {stage_named(given.stage)}")
    assert run.id is not None
    names = [name_of(desk, one.person_id) for one in stage_runs.people_of(desk.session, run.id, Part.ADDRESSED)]
    asked = f"{case.ref} is now at {stage_named(given.stage)}. Asked: {', '.join(names) or 'nobody could be found'}."
    return with_hours(case, Notice(text=f"{asked} {both_clocks(desk, case.rules, case.concern, run)}"))


def _target(case: OpenCase, words: str) -> int | None:
    """The stage meant: the one named, else the next above; None at the top."""
    wanted = number_of(words)
    if wanted is not None:
        stage_of(case.rules, wanted)
        if case.concern.about_service and wanted < lowest_for_service(case.rules):
            lowest = stage_named(lowest_for_service(case.rules))
            raise Refused(f"{case.ref} is about the service and goes no lower than {lowest}.")
        if wanted == case.present_run.number:
            raise Refused(
                f"{case.ref} stands at {stage_named(wanted)} already; you can ask again there.",
                case.button("Ask again", "concern.ask_again"),
            )
        return wanted
    return _next_above(case)


def _next_above(case: OpenCase) -> int | None:
    """The next stage above, or the first that asks somebody whom "This needs my manager" has not brought in already."""
    above = sorted(stage.number for stage in case.rules.stages if stage.number > case.present_run.number)
    already = {one.passed_to_id for one in passed_up(case, case.present_run)}
    for number in above if already else ():
        found = whom_to_ask(case.desk, case.concern, case.rules, number, RunKind.ENTRY)
        if {one.person.id for one in found} - already:
            return number
    return min(above, default=None)


def _top_form(case: OpenCase) -> Form:
    buttons = [case.button("Ask again", "concern.ask_again", "primary")]
    if not case.concern.about_service:
        buttons.append(case.button("Note a Cafcass referral", "concern.cafcass"))
    buttons.append(case.button("Legal advice", "concern.legal"))
    text = f"{case.ref} stands at the top stage. You can ask again, note a Cafcass referral, or take legal advice."
    return Form(
        deed="",
        title="The top stage",
        subject=case.ref,
        cancel="Close",
        fields=(
            Field(key="top", kind=FieldKind.STATEMENT, text=text),
            Field(key="buttons", kind=FieldKind.BUTTONS, buttons=tuple(buttons)),
        ),
    )


def _asked_already(case: OpenCase) -> str:
    """Who was brought in by "This needs my manager" at this stage."""
    passed = passed_up(case, case.present_run)
    said = [
        f"{name_of(case.desk, one.passed_to_id)} has been asked already: {name_of(case.desk, one.person_id)} "
        "said that it needs their manager."
        for one in passed
    ]
    return " ".join(said)


def asked_words(case: OpenCase, target: int) -> str:
    """Whom the stage would ask, before it is sent."""
    found = whom_to_ask(case.desk, case.concern, case.rules, target, RunKind.ENTRY)
    label = case.desk.rules.role_label
    asked = [f"{one.person.name} ({label(one.role)}){f': {one.why}' if one.why else ''}" for one in found]
    nobody = f"nobody could be found; you and the {IRO_MANAGER} would be told"
    return f"Asked to reply: {'; '.join(asked) or nobody}."


def _time_words(case: OpenCase, target: int) -> str:
    within = stage_of(case.rules, target).reply_within or "none set"
    return f"Time to reply: {within}. {limit_words(case.desk, case.rules, case.concern)}".strip()


def _skipped_words(case: OpenCase, target: int) -> str:
    skipped = _skipped(case, target)
    return f"This skips {skipped}. You may; say why in the reason." if skipped else ""


def _skipped(case: OpenCase, target: int) -> str:
    between = [stage.title for stage in case.rules.stages if case.present_run.number < stage.number < target]
    return " and ".join(between)


class OnceMore(OfConcern, deed="concern.ask_again", title="Ask again", submit="Ask again", watches=True):
    """The same stage, with a new time to reply; the limit of all stages does not move."""

    reason: str = words("What is still needed?", missing="Say what is still needed.", column=StageRun.reason)

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """Who would be asked, and what becomes of the clocks."""
        run = about.present_run
        found = whom_to_ask(about.desk, about.concern, about.rules, run.number, run.kind.once_more)
        names = ", ".join(one.person.name for one in found) or "nobody could be found"
        limit = limit_words(about.desk, about.rules, about.concern)
        again = "The time to reply starts again; the limit of all stages stays."
        return (f"Asked to reply: {names}. {again} {limit}".strip(),)


@by_form(OnceMore, May.STEER, act=Act.ASK_AGAIN)
def ask_again(case: OpenCase, given: OnceMore) -> Answer:
    """Start the same stage once more; it is not counted as another entry to it."""
    desk = case.desk
    asked = case.present_run
    case.become(Act.ASK_AGAIN)
    run = begin(
        case,
        Start(number=asked.number, kind=asked.kind.once_more, by_id=desk.actor_id, reason=given.reason),
    )
    case.record("asked again", stage=asked.number)
    case.tell_absent_iro("asked again")
    said = f"{case.ref} has been asked again. {both_clocks(desk, case.rules, case.concern, run)}"
    return with_hours(case, Notice(text=said))
