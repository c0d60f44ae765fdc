"""What was said at the present stage before somebody replies: other replies, what a worker added, why it came to them.

It is read in forms alone, by those who may read the concern.
"""

from handlers.cards import Field, FieldKind
from handlers.concerns.case import OpenCase
from handlers.rights import May, Place, may
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from storage import replies, stage_runs
from storage.replies import Reply
from storage.stage_runs import Addressee, Part, StageRun


def said_before(case: OpenCase, part: Addressee) -> tuple[Field, ...]:
    """All of it as statements, for the form of who holds this place: of the replies none of their own."""
    if not may(case.who, May.READ):
        return ()
    run_id = case.present_run.id or 0
    others = [one for one in replies.of_run(case.desk.session, run_id) if one.person_id != part.person_id]
    told = [why_passed(case, one) for one in with_reason(case, case.present_run)]
    told += [(reply_heading(case, one), one.words or "") for one in others]
    return tuple(
        Field(key=f"before{n}", kind=FieldKind.STATEMENT, label=heading, text=words)
        for n, (heading, words) in enumerate(told)
    )


def hidden_from(case: OpenCase) -> set[int]:
    """Those wrongly asked, whose words are read by the IRO and the IRO manager alone."""
    sees_all = case.who.holds(Place.IRO, Place.COVER, Place.IRO_MANAGER)
    return set() if sees_all else stage_runs.removed_from(case.desk.session, case.id)


def with_reason(case: OpenCase, run: StageRun) -> list[Addressee]:
    """The places from which somebody said why it needs their manager, wherever the reply lies by now."""
    return [one for one in stage_runs.people_of(case.desk.session, run.id or 0, Part.ADDRESSED) if one.passed_why]


def passed_up(case: OpenCase, run: StageRun) -> list[Addressee]:
    """Those of them whose reply lies with the manager: it has not come back."""
    return [one for one in with_reason(case, run) if one.passed_to_id is not None]


def why_passed(case: OpenCase, part: Addressee) -> tuple[str, str]:
    """Why somebody said that it needs their manager, under a heading."""
    to = name_of(case.desk, part.passed_to_id) if part.passed_to_id is not None else "their manager"
    return f"{name_of(case.desk, part.person_id)}: it needs {to}", part.passed_why or ""


def reply_heading(case: OpenCase, reply: Reply) -> str:
    """Who replied or added, what they answered, and when."""
    who = name_of(case.desk, reply.person_id) if reply.person_id else "Reply"
    recorded = f", recorded by {name_of(case.desk, reply.recorded_by_id)}" if reply.recorded_by_id else ""
    plan = f" (by {say_day(reply.plan_by)})" if reply.plan_by else ""
    return f"{who}{recorded}: {_answer(case, reply)}{plan}, {when(reply.given_at)}"


def _answer(case: OpenCase, reply: Reply) -> str:
    if reply.is_answer and reply.answer is not None:
        return reply.answer.value
    return "replied" if case.concern.imported and reply.adds_to_id is None else "added"
