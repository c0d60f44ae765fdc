"""Passing a request on: up to one's manager, with the reason; down to a worker. The deadline never moves.

Down it goes at the informal stage alone. At a formal stage a worker is asked to add, and the manager stays asked.
"""

from handlers.cards import Answer, Field, Notice
from handlers.concerns.by_form import OfOwnPlace, by_form
from handlers.concerns.case import OpenCase
from handlers.concerns.said_before import said_before
from handlers.forms.fields import search, words
from handlers.forms.kinds import Wrong
from handlers.hearing import for_iro
from handlers.lifecycle import Act, advance
from handlers.messages.asking import add_to_reply, needs_reply
from handlers.messages.informing import not_mine, passed_on
from handlers.messages.matter import Matter
from handlers.messages.message import Message
from handlers.messages.owing import about_concern, owe
from handlers.messages.urgent import urgent
from handlers.office import Desk
from handlers.parts import add_person, wanted_from
from handlers.people.addressees import Found, next_senior
from handlers.people.chosen import in_service
from handlers.people.line import line_above
from handlers.refusals import Refused
from handlers.rights import May, require
from handlers.set_aside import set_aside
from handlers.standing import iro_of
from handlers.unseen import watch
from handlers.wording import name_of
from scheduling.procedures.terms import IRO
from storage import people, stage_runs
from storage.people import Person
from storage.stage_runs import Addressee, Part, StageRun


def is_informal(run: StageRun) -> bool:
    """Whether a worker may be asked to reply in the place of who is asked."""
    return run.number == 0 and not run.kind.is_immediate


def _needs_reading(case: OpenCase) -> str:
    return f"No names of children. Your manager and the {IRO} read it when they open {case.ref}."


class NeedsManager(OfOwnPlace, deed="concern.needs_manager", title="This needs my manager", submit="Ask them instead"):
    """Why it needs the person who would be asked."""

    why: str = words(
        "Why does it need your manager?",
        hint=_needs_reading,
        missing="Say why it needs your manager.",
        column=Addressee.passed_why,
    )

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """Who would be asked."""
        found = _next_up(about, _place(about))
        label = about.desk.rules.role_label(found.role)
        return (f"{found.person.name} ({label}) is asked to reply instead, by the same time. The {IRO} is told.",)


def _next_up(case: OpenCase, part: Addressee) -> Found:
    desk = case.desk
    found = next_senior(
        desk.session,
        desk.rules,
        person_id=part.person_id,
        child=case.child,
        iro_id=iro_of(case.concern, case.child),
        on=desk.today,
        aside=set_aside(desk, case.concern, case.child, case.present_run.number),
    )
    if found is None:
        raise Refused(f"No manager above you could be found. Reply yourself, or telephone the {IRO}.")
    return found


@by_form(NeedsManager, May.SEE_IT_EXISTS, also=lambda case: _next_up(case, _place(case)))
def needs_manager(case: OpenCase, given: NeedsManager) -> Answer:
    """The next senior person is asked instead, at the same stage, by the same time; the reason is read in forms."""
    part = _place(case)
    found = _next_up(case, part)
    part.passed_why, part.passed_at = given.why, case.desk.now
    _hand_over(case, part, found, not_mine)
    return Notice(text=f"{found.person.name} has been asked to reply to {case.ref} instead. The deadline stays.")


def _place(case: OpenCase) -> Addressee:
    require(case.who, May.ANSWER)
    part = case.who.addressed_now
    if part is None or part.replied_at is not None:
        raise Refused(f"You have already replied to {case.ref}.", case.button("Add to my reply", "concern.add"))
    if part.passed_to_id is not None:
        raise Refused(f"You passed {case.ref} to {name_of(case.desk, part.passed_to_id)} already.")
    advance(case.ref, case.concern.state, Act.PASS_ON)
    return part


def _hand_over(case: OpenCase, part: Addressee, found: Found, told: Message[Matter]) -> None:
    desk, run = case.desk, case.present_run
    assert found.person.id is not None
    if any(
        one.person_id == found.person.id and one.replied_at is not None
        for one in stage_runs.people_of(desk.session, run.id or 0, Part.ADDRESSED)
    ):
        raise Refused(f"{found.person.name} has replied to {case.ref} already; it waits for your own reply.")
    part.passed_to_id = found.person.id
    part.seen_at = part.seen_at or desk.now
    desk.session.add(part)
    receiver = add_person(desk, run, found, Part.ADDRESSED)
    receiver.passed_to_id = None  # what comes back to someone who passed it on is theirs again; why they did stays
    desk.session.add(receiver)
    case.record(told.name, words=part.passed_why, passed_to=found.person.id)
    case.overtake(part.person_id, desk.actor_id)
    because = f"{part.id}:{desk.now.isoformat()}"
    _ask(case, receiver, because, part.person_id)
    readers, cause = for_iro(desk, case.concern, case.child), about_concern(case.concern, because)
    owe(desk, told, readers, cause, passed_by=part.person_id, passed_to=found.person.id)


def _ask(case: OpenCase, receiver: Addressee, because: str, passer_id: int) -> None:
    """Ask the receiver as the run asks: on the immediate route urgently, with a time to press Seen."""
    at_once = case.present_run.kind.is_immediate
    asking = urgent if at_once else needs_reply
    owe(case.desk, asking, receiver.person_id, about_concern(case.concern, because), passed_by=passer_id)
    if at_once and receiver.seen_at is None:
        watch(case)


def _goes_down(case: OpenCase) -> bool:
    return is_informal(case.present_run)


def _title(case: OpenCase) -> str:
    return "Pass on" if _goes_down(case) else "Ask a worker to add"


def _submit(case: OpenCase) -> str:
    return "Pass on" if _goes_down(case) else "Ask"


def _whom(case: OpenCase) -> str:
    return "To which of your workers?" if _goes_down(case) else "Which of your workers?"


def _what_follows(case: OpenCase) -> str:
    if _goes_down(case):
        return "They are asked in your place; the deadline stays."
    return "They are asked to add what they know. You stay asked for the reply, by the same time."


def _name(case: OpenCase, chosen: str) -> str:
    person = in_service(case.desk, chosen)
    return person.name if person is not None else ""


def _worker(case: OpenCase, chosen: str) -> Person:
    """A worker of one's own, who is here and can be asked. Never the child's IRO."""
    desk, person = case.desk, in_service(case.desk, chosen)
    if person is None or person.id is None or not _is_own_worker(desk, person.id, _place(case)):
        raise Wrong("Choose one of your own workers.")
    if person.id == iro_of(case.concern, case.child):
        raise Wrong(f"The child's {IRO} cannot be asked to reply.")
    if people.absence_on(desk.session, person.id, desk.today) is not None:
        raise Wrong(f"{person.name} is away today.")
    if not _goes_down(case):
        _refuse_asked_already(case, person)
    return person


def _refuse_asked_already(case: OpenCase, person: Person) -> None:
    there = stage_runs.people_of(case.desk.session, case.present_run.id or 0)
    theirs = [one for one in there if one.person_id == person.id]
    if any(one.part is Part.ADDRESSED for one in theirs):
        raise Wrong(f"{person.name} is asked to reply to {case.ref} themself.")
    if any(wanted_from(case.desk, case.concern, one) for one in theirs):
        raise Wrong(f"{person.name} has been asked to add to {case.ref} already.")


class PassedDown(OfOwnPlace, deed="concern.pass", title=_title, submit=_submit):
    """Which of one's workers is asked: in one's place, or at a formal stage to add."""

    person: Person = search(
        _whom,
        "person.mine",
        _worker,
        named=_name,
        hint=_what_follows,
        missing="Choose one of your own workers.",
    )

    @classmethod
    def last(cls, about: OpenCase) -> tuple[Field, ...]:
        """What was said at this stage before."""
        return said_before(about, _place(about))


@by_form(PassedDown, May.SEE_IT_EXISTS, also=_place, locks=True)
def pass_on(case: OpenCase, given: PassedDown) -> Answer:
    """Ask a worker of one's own, in one's place or to add. Refused for anyone else, and for the child's IRO."""
    part, chosen = _place(case), given.person
    if not _goes_down(case):
        return _ask_to_add(case, part, chosen)
    why = f"passed on by {name_of(case.desk, part.person_id)}"
    found = Found(person=chosen, role=part.role, standing_for_id=None, why=why)
    part.passed_why, part.passed_at = None, case.desk.now
    _hand_over(case, part, found, passed_on)
    return Notice(text=f"{chosen.name} has been asked to reply to {case.ref} instead. The deadline stays.")


def _ask_to_add(case: OpenCase, part: Addressee, chosen: Person) -> Answer:
    """The worker gets a copy and is asked for what they know; the manager owes the reply as before."""
    desk, run = case.desk, case.present_run
    assert chosen.id is not None
    role = "social_worker" if "social_worker" in people.roles_on(desk.session, chosen.id, desk.today) else part.role
    receiver = add_person(case.desk, run, Found(person=chosen, role=role), Part.COPIED)
    receiver.adds_for_id, receiver.replied_at = part.person_id, None  # what they added for another stays where it is
    part.seen_at = part.seen_at or desk.now
    desk.session.add_all((receiver, part))
    desk.session.flush()
    case.record("asked a worker to add", passed_to=chosen.id)
    cause = about_concern(case.concern, f"add {part.id}:{desk.now.isoformat()}")
    owe(desk, add_to_reply, chosen.id, cause, passed_by=part.person_id)
    return Notice(text=f"{chosen.name} has been asked to add to {case.ref}. You stay asked for the reply.")


def _is_own_worker(desk: Desk, worker_id: int, part: Addressee) -> bool:
    """Whether the worker stands anywhere below who has the part, or below whom they stand in for there."""
    managers = (part.person_id, part.standing_for_id)
    return any(one.id in managers for one in line_above(desk.session, worker_id))
