"""How things are said in messages: references, stages, dates, names. Never a narrative, a category or a suspicion."""

from datetime import datetime
from functools import cache

from handlers.office import Scene
from scheduling.deadline_wording import say_day, say_deadline, say_time, say_total_limit
from scheduling.deadlines import Deadline, HoursRule
from scheduling.duration import Duration
from scheduling.procedures import Procedures, load_procedures
from scheduling.procedures.terms import A_CHILD, CHILD, IRO, said
from scheduling.working_days import local
from storage import people
from storage.children import Child
from storage.concerns import Concern
from storage.stage_runs import Addressee, StageRun


def name_of(scene: Scene, person_id: int | None) -> str:
    """A member of staff's name; "the clock" where nobody acted."""
    if person_id is None:
        return "the clock"
    person = people.get(scene.session, person_id)
    return person.name if person is not None else "someone no longer listed"


def for_whom(scene: Scene, reader_id: int, owner_id: int | None) -> str:
    """ " (for Tess Hill)", after what is somebody else's; nothing of one's own."""
    return f" (for {name_of(scene, owner_id)})" if owner_id not in (None, reader_id) else ""


def about_whom(scene: Scene, concern: Concern, child: Child | None) -> str:
    """The child's reference as messages may say it; that it is about the service; of a draft, that none is chosen."""
    if concern.about_service:
        return "about the service"
    if child is None:
        return "no child chosen yet"
    label = said(CHILD, scene.rules)
    return f"{label} {child.reference}" if scene.rules.show_child_reference else label


def whom(scene: Scene, child: Child) -> str:
    """The child as messages may say it: the reference, or none of it where a setting hides it."""
    return child.reference if scene.rules.show_child_reference else said(A_CHILD, scene.rules)


def stage_words(number: int) -> str:
    """ "informal" or "stage 2", for the middle of a sentence."""
    return f"stage {number}" if number else "informal"


def run_words(run: StageRun) -> str:
    """The same for a run: of the immediate route only that it is urgent, since its name tells what is suspected."""
    return "urgent" if run.kind.is_immediate else stage_words(run.number)


def stage_named(number: int) -> str:
    """ "the informal stage" or "stage 2", for what a concern moves to or stands at."""
    return stage_words(number) if number else "the informal stage"


def run_named(run: StageRun) -> str:
    """For what a concern was taken to: "stage 2", or that it is urgent."""
    return "the urgent stage" if run.kind.is_immediate else stage_named(run.number)


def stage_title(rules: Procedures, run: StageRun) -> str:
    """A stage by its number and the authority's name for it."""
    if run.kind.is_immediate:
        return "Urgent"
    return rules.stage(run.number).title


def allowed(rules: Procedures, run: StageRun) -> tuple[Duration | None, HoursRule]:
    """The time a run gives to reply, by the rules it began under."""
    if run.kind.is_immediate and rules.immediate is not None:
        return rules.immediate.reply_within, rules.immediate.hours_rule
    stage = rules.stage(run.number)
    return stage.reply_within, stage.hours_rule


def one_is_enough(rules: Procedures, run: StageRun) -> bool:
    """Whether the reply of any one of those asked is enough at this stage; else each must give theirs."""
    route = rules.immediate
    by_route = run.kind.is_immediate and route is not None
    answer = route.answer if by_route and route is not None else rules.stage(run.number).answer
    return answer == "any"


def due_words(scene: Scene, rules: Procedures, run: StageRun) -> str:
    """When the reply is due, with every day that was not counted, and what is left."""
    due = deadline_of(scene, rules, run)
    if due is None:
        return f"No set time to reply; the {IRO} will ask if it stays quiet."
    return say_deadline(due, scene.now, scene.calendar)


def deadline_of(scene: Scene, rules: Procedures, run: StageRun) -> Deadline | None:
    """When the reply is due, and how that was counted; nothing where no time is set."""
    if run.due_at is None:
        return None
    counted, hours_rule = allowed(rules, run)
    if run.is_by_date:
        counted = None
    days = scene.calendar.not_counted(local(run.counted_from).date(), local(run.due_at).date()) if counted else ()
    return Deadline(at=run.due_at, not_counted=days, counted=counted, hours_rule=hours_rule)


def limit_words(scene: Scene, rules: Procedures, concern: Concern) -> str:
    """The total limit in words; nothing before the first formal stage."""
    if concern.limit_at is None:
        return ""
    return say_total_limit(concern.limit_at, rules.total_limit, scene.now)


def both_clocks(scene: Scene, rules: Procedures, concern: Concern, run: StageRun) -> str:
    """The stage's clock and the total limit, as one line."""
    return " ".join(filter(None, (due_words(scene, rules, run), limit_words(scene, rules, concern))))


def role_in_words(rules: Procedures, role: str) -> str:
    """A role inside a sentence: "team manager" where it is called as we call it; else as the authority writes it."""
    label = rules.role_label(role)
    ours = label == _usual_label(role) and label[1:2].islower()
    return label[0].lower() + label[1:] if ours else label


@cache
def _usual_label(role: str) -> str:
    return load_procedures("handbook").role_label(role)


def when(moment: datetime) -> str:
    """A moment in London: "5 pm, Tue 12 Jan 2027"."""
    here = local(moment)
    return f"{say_time(here.time())}, {say_day(here.date())}"


def addressee_words(scene: Scene, part: Addressee) -> str:
    """A person addressed: their own role, and for whom they stand in; that they have left, where they have."""
    name, asked_as = name_of(scene, part.person_id), scene.rules.role_label(part.role)
    if part.standing_for_id is not None:
        owner = name_of(scene, part.standing_for_id)
        why = part.standing_why.removeprefix("covers for ").removeprefix(owner).removeprefix(" is").strip(" ,")
        why = f"who {why}" if why.startswith(_DEEDS) else why
        return f"{name}, {_own_role(scene, part) or asked_as}, for {owner}{f', {why}' if why else ''}"
    words = f"{name} ({_own_role(scene, part) or asked_as if part.standing_why else asked_as})"
    person = people.get(scene.session, part.person_id)
    if person is not None and person.has_left(scene.today):
        return f"{words}, who has left"
    return f"{words}: {part.standing_why}" if part.standing_why else words


_DEEDS = ("has ", "does ", "may ")
"""How a reason begins that says what somebody does, not how they are ("away")."""


def _own_role(scene: Scene, part: Addressee) -> str:
    """The most senior role of the line that the person holds, as the authority writes it; else any other of theirs."""
    held = people.roles_on(scene.session, part.person_id, scene.today)
    in_order = [role for role in scene.rules.line_roles if role in held] or sorted(held)
    return scene.rules.role_label(in_order[-1]) if in_order else ""


def standing_in(part: Addressee | None) -> str:
    """The line that tells someone why they are asked in another's place."""
    why = part.standing_why if part is not None else ""
    if not why or why.startswith("passed on by "):
        return ""  # who passed it on is said already
    if why.startswith("covers for "):
        return f"You are asked because you cover for {why.removeprefix('covers for ')}."
    return f"You are asked because {'there is ' if why.startswith('no ') else ''}{why}."
