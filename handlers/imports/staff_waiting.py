"""What waits on nobody once a staff file is in: on those who left by it, and on those whose role it ended."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from handlers.people.line import id_of
from scheduling.deadline_wording import say_first, say_list
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.decisions import Decision, DecisionState
from storage.people import Person
from storage.review_tasks import ReviewTask
from storage.reviews import Review, ReviewState
from storage.stage_runs import Addressee, Part, StageRun, holds

MOST_NAMED = 10
_HOLDS = "social_worker"


@dataclass(frozen=True, kw_only=True)
class Lost:
    """Somebody who left, or whose roles `ended`; `kept` are those they still hold."""

    person: Person
    ended: frozenset[str]
    kept: frozenset[str] = frozenset()
    left: bool = False

    def why(self, rules: Procedures) -> str:
        """Why nothing may wait on them, after their name."""
        if self.left:
            return f"{self.person.name}, who has left"
        labels = [rules.role_label(role) for role in sorted(self.ended)]
        ended = f"role {labels[0]} has" if len(labels) == 1 else f"roles {say_list(labels)} have"
        return f"{self.person.name}, whose {ended} ended"

    def has_lost(self, *roles: str) -> bool:
        """Whether what one of these roles does is theirs no more."""
        return self.left or (bool(self.ended & set(roles)) and not self.kept & set(roles))


def waiting_on(session: Session, rules: Procedures, lost: Iterable[Lost]) -> Iterator[str]:
    """A sentence for each person and kind of thing that waits on them, in a fixed number of statements."""
    holds = (_HOLDS, *rules.line_roles, *rules.other_roles)
    everyone = list(lost)
    iros = {id_of(one.person): one for one in everyone if one.has_lost("iro")}
    holders = {id_of(one.person): one for one in everyone if one.has_lost(*holds)}
    managers = {id_of(one.person): one for one in everyone if one.has_lost(*rules.line_roles)}
    gone = {id_of(one.person): one for one in everyone if one.left}
    yield from _children(session, iros, Child.iro_id, f"is still the {IRO} of")
    yield from _children(session, holders, Child.holder_id, "still holds the cases of")
    for found, sentence in (
        (_replies(session, everyone), _sentence("{} {waits} for a reply from {}.")),
        (_verdicts(session, iros), _sentence(f"{{}} {{waits}} for a decision by the {IRO}, {{}}.")),
        (_answers(session, managers), _sentence("Decisions from the review of {} {wait} for an answer from {}.")),
        (_decisions(session, gone), _sentence("Decisions from reviews of {} {are} to be seen to by {}.")),
        (_tasks(session, iros, holders), _sentence("Review tasks of {} {wait} for {}.")),
    ):
        yield from (sentence(list(dict.fromkeys(what)), one.why(rules)) for one, what in found)


_Found = Iterable[tuple[Lost, list[str]]]


def _sentence(words: str) -> Callable[[list[str], str], str]:
    def said(what: list[str], who: str) -> str:
        return words.format(
            say_first(what, MOST_NAMED), who, waits="waits" if len(what) == 1 else "wait", wait="wait", are="are"
        )

    return said


def _children(session: Session, lost: Mapping[int, Lost], column: int | None, words: str) -> Iterator[str]:
    counts = session.exec(
        select(column, func.count())
        .where(col(column).in_(lost), col(Child.left_care_on).is_(None))
        .group_by(col(column))
        .order_by(col(column))
    )
    for person_id, number in counts:
        if person_id is not None:
            children = "1 child" if number == 1 else f"{number} children"
            yield f"{lost[person_id].person.name} {words} {children}: allocate them anew."


def _replies(session: Session, lost: list[Lost]) -> _Found:
    """Replies asked of them that nobody has given: of those who left all, of others those asked of the ended role."""
    by_id = {id_of(one.person): one for one in lost}
    query = (
        select(Addressee, Concern.number)
        .join(StageRun, col(StageRun.id) == col(Addressee.run_id))
        .join(Concern, col(Concern.id) == col(Addressee.concern_id))
        .where(
            col(Addressee.person_id).in_(by_id),
            Addressee.part == Part.ADDRESSED,
            col(Addressee.replied_at).is_(None),
            col(Addressee.passed_to_id).is_(None),
            *holds(),
            col(StageRun.ended_at).is_(None),
            col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)),
        )
        .order_by(col(Concern.number))
    )
    waits = [(by_id[part.person_id], part, number) for part, number in session.exec(query)]
    return _grouped((one, f"C-{number}") for one, part, number in waits if one.has_lost(part.role))


def _verdicts(session: Session, iros: Mapping[int, Lost]) -> _Found:
    """What waits for the IRO's own word."""
    whose = func.coalesce(col(Child.iro_id), col(Concern.iro_id))
    query = (
        select(whose, Concern.number)
        .join(Child, col(Child.id) == col(Concern.child_id), isouter=True)
        .where(whose.in_(iros), col(Concern.state).in_((ConcernState.ASKED, ConcernState.REPLIED)))
        .order_by(col(Concern.number))
    )
    return _grouped((iros[person_id], f"C-{number}") for person_id, number in session.exec(query))


def _answers(session: Session, managers: Mapping[int, Lost]) -> _Found:
    """Decisions that were sent to them as the manager."""
    query = (
        select(Review.decisions_to_id, Child.reference)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.decisions_to_id).in_(managers),
            col(Review.decisions_sent_at).is_not(None),
            col(Review.decisions_answered_at).is_(None),
            col(Review.decisions_answer).is_(None),
        )
        .order_by(Child.reference)
    )
    return _grouped((managers[one], reference) for one, reference in session.exec(query) if one is not None)


def _decisions(session: Session, gone: Mapping[int, Lost]) -> _Found:
    """Decisions that they were to see to, by name."""
    query = (
        select(Decision.owner_id, Child.reference)
        .join(Child, col(Child.id) == col(Decision.child_id))
        .where(
            col(Decision.owner_id).in_(gone),
            Decision.state == DecisionState.OPEN,
            col(Decision.sent_at).is_not(None),
            col(Decision.taken_out_at).is_(None),
        )
        .order_by(Child.reference)
    )
    return _grouped((gone[one], reference) for one, reference in session.exec(query) if one is not None)


def _tasks(session: Session, iros: Mapping[int, Lost], holders: Mapping[int, Lost]) -> _Found:
    """Tasks around reviews that are the IRO's, or the social worker's, of a child in care."""
    for role, column, lost in (("iro", Child.iro_id, iros), (_HOLDS, Child.holder_id, holders)):
        query = (
            select(column, Child.reference)
            .join(ReviewTask, col(ReviewTask.child_id) == col(Child.id))
            .join(Review, col(Review.id) == col(ReviewTask.review_id))
            .where(
                col(column).in_(lost),
                col(Child.left_care_on).is_(None),
                ReviewTask.owner_role == role,
                col(ReviewTask.done_on).is_(None),
                col(ReviewTask.not_needed).is_(False),
                col(Review.state) != ReviewState.NOT_NEEDED,
            )
            .order_by(Child.reference)
        )
        yield from _grouped((lost[one], reference) for one, reference in session.exec(query) if one is not None)


def _grouped(found: Iterable[tuple[Lost, str]]) -> _Found:
    grouped: defaultdict[int, list[str]] = defaultdict(list)
    whose = {}
    for one, what in found:
        whose[id_of(one.person)] = one
        grouped[id_of(one.person)].append(what)
    return [(whose[ident], what) for ident, what in grouped.items()]
