"""What a reply brings about: the concern goes to the IRO, stays with those still awaited, or follows a plan."""

from datetime import date, datetime

from handlers.cards import Choice
from handlers.concerns.by_form import OfConcern
from handlers.concerns.case import OpenCase
from handlers.concerns.starting import forget_run
from handlers.day_windows import DayOf
from handlers.forms.fields import choice, day_if_any, words
from handlers.hearing import for_iro
from handlers.lifecycle import Act
from handlers.messages import deciding
from handlers.messages.owing import about_concern, owe
from handlers.wording import one_is_enough
from scheduling import ladder
from storage import nudges, replies, stage_runs
from storage.concerns import ConcernState
from storage.replies import AnswerKind, Reply
from storage.stage_runs import Addressee, Part

ANSWERS = tuple(Choice(value=kind.value, label=kind.value[:1].upper() + kind.value[1:]) for kind in AnswerKind)


class Answering(OfConcern):
    """What every reply says: the answer, what will happen, and of a plan by when."""

    answer: AnswerKind = choice("Answer", ANSWERS, AnswerKind, missing="Choose an answer.")
    words: str = words("What will happen", missing="Say what will happen.", column=Reply.words)
    plan_by: date | None = day_if_any(
        DayOf.PLAN, "By", hint="For a plan: the date it will be done.", column=Reply.plan_by
    )

    def wrong(self, about: OpenCase) -> dict[str, str]:
        """A plan has its date."""
        if self.answer is AnswerKind.PLAN and self.plan_by is None:
            return {"plan_by": "Give the date by which it will be done."}
        return {}


def answered_by(case: OpenCase) -> Reply | None:
    """The reply that has settled the present stage already: what comes after it adds to it."""
    if case.concern.state not in (ConcernState.REPLIED, ConcernState.PLANNED):
        return None
    return next((one for one in replies.of_run(case.desk.session, case.present_run.id or 0) if one.is_answer), None)


def take(case: OpenCase, part: Addressee, given: Answering, *, given_at: datetime, recorded: bool = False) -> None:
    """Keep a reply and do what follows from it."""
    desk, run, before = case.desk, case.present_run, answered_by(case)
    assert run.id is not None
    for_id = part.person_id if not recorded and desk.actor_id != part.person_id else None
    reply = Reply(
        authority=desk.authority,
        concern_id=case.id,
        run_id=run.id,
        person_id=part.person_id,
        for_id=for_id,
        recorded_by_id=desk.actor_id if recorded else None,
        answer=given.answer,
        words=given.words,
        plan_by=given.plan_by if given.answer is AnswerKind.PLAN else None,
        given_at=given_at,
    )
    part.replied_at = given_at
    part.seen_at = part.seen_at or given_at
    desk.session.add_all((reply, part))
    desk.session.flush()
    what = "recorded a reply" if recorded else "replied"
    case.record(what, for_id=for_id, reply=reply.id, person=part.person_id, answer=given.answer.value)
    if before is None:
        _settle(case)
    else:
        _add_to_answer(case, reply)
    case.overtake(part.person_id, *(() if recorded else (desk.actor_id,)))
    _tell_iro(case, reply, before, recorded)


def _add_to_answer(case: OpenCase, reply: Reply) -> None:
    """A further reply where one was enough: what was to be decided, and by when, stays.

    But with a plan agreed nothing was to be decided yet: who does not agree puts it before the IRO.
    """
    if case.concern.state is not ConcernState.PLANNED:
        return
    if reply.is_contrary:
        forget_run(case)
        case.become(Act.REPLY)
        plan_verdict(case)
    elif reply.plan_by is not None and reply.plan_by > (case.present_run.plan_by or reply.plan_by):
        forget_run(case)
        _follow_plan(case, reply.plan_by)


def _settle(case: OpenCase) -> None:
    """Bring the concern to where its replies put it: still waiting for others, planned, or for the IRO to judge."""
    desk, run = case.desk, case.present_run
    assert run.id is not None
    given = [one for one in replies.of_run(desk.session, run.id) if one.is_answer]
    plans = [one.plan_by for one in given if one.plan_by is not None]
    if _others_awaited(case):
        return
    forget_run(case)
    if plans and not any(one.is_contrary for one in given):
        case.become(Act.REPLY_WITH_PLAN)
        _follow_plan(case, max(plans))
        return
    case.become(Act.REPLY)
    plan_verdict(case)


def _follow_plan(case: OpenCase, by: date) -> None:
    """On the day of the plan the IRO is asked whether it was done."""
    desk, run = case.desk, case.present_run
    run.plan_by = by
    desk.session.add(run)
    planned = ladder.for_plan(by, desk.calendar)
    due = max(planned.at, desk.now)
    nudges.plan(desk.session, subject=case.subject, rung=planned.rung, due_at=due, run_id=run.id)


def plan_verdict(case: OpenCase) -> None:
    """Plan the nudge that tells the IRO manager when the IRO has not said whether a reply satisfies."""
    verdict = ladder.for_verdict(case.desk.now, case.rules.ladder.verdict_within, case.desk.calendar)
    run_id = case.concern.run_id
    nudges.plan(case.desk.session, subject=case.subject, rung=verdict.rung, due_at=verdict.at, run_id=run_id)


def _others_awaited(case: OpenCase) -> bool:
    run = case.present_run
    assert run.id is not None
    if one_is_enough(case.rules, run):
        return False
    addressed = stage_runs.people_of(case.desk.session, run.id, Part.ADDRESSED)
    return any(part.is_awaited for part in addressed)


def _tell_iro(case: OpenCase, reply: Reply, before: Reply | None, recorded: bool) -> None:
    run = case.present_run
    late = run.due_at is not None and reply.given_at > run.due_at
    owe(
        case.desk,
        deciding.replied,
        for_iro(case.desk, case.concern, case.child),
        about_concern(case.concern, str(reply.id)),
        person=reply.person_id,
        plan_by=reply.plan_by.isoformat() if reply.plan_by else None,
        recorded=1 if recorded else None,
        late=1 if late else None,
        beside=before.person_id if before is not None else None,
    )
