"""What "Your day" says of reviews: tasks and decisions to be done, reviews at risk, news and drafts that wait.

Each line goes to the person who owns it today: a cover, or the next in line, where the owner is away or gone.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from sqlmodel import col, or_, select

from handlers.cards import Button, Line
from handlers.day_entry import Entry, Kind
from handlers.day_words import by, said
from handlers.holders_manager import fills_today
from handlers.iro_place import vacancy_of
from handlers.messages.of_reviews import answer_buttons
from handlers.office import Scene
from handlers.people.line import id_of
from handlers.reviews.day_line import Named, open_review_button, whose
from handlers.reviews.near import Near, near_to, seeing_to
from handlers.reviews.resting import resting
from handlers.reviews.risk import is_late, risks_of
from handlers.reviews.told_lines import told_lines
from handlers.starts import is_told, was_before
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import ANSWERED, do_button, label_of
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from handlers.wording import for_whom, name_of, whom
from scheduling import ladder
from scheduling.booking import Risk
from scheduling.deadline_wording import say_day, say_list, say_time
from scheduling.working_days import local
from storage import decisions
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.decisions import Decision, DecisionState, shared
from storage.news import News
from storage.rare import Rare, may_be
from storage.review_tasks import ReviewTask
from storage.reviews import BEGUN, OPEN_REVIEWS, Review, ReviewState

RESTS = "review.rest"


def people_with_lines(scene: Scene) -> set[int]:
    """Everyone who has a line about reviews today."""
    return {owner for named in _all(scene, None) for owner in named.owners}


def entries_for(scene: Scene, person_id: int) -> list[Entry]:
    """The person's lines about reviews today, without the tasks they let rest."""
    mine = [named for named in _all(scene, person_id) if person_id in named.owners]
    at_rest = resting(scene, person_id) if mine else set()
    return [_entry(scene, person_id, named) for named in mine if named.task_id is None or named.task_id not in at_rest]


def _entry(scene: Scene, person_id: int, named: Named) -> Entry:
    line = Line(text=f"{named.text}{for_whom(scene, person_id, named.meant)}.", buttons=named.buttons)
    if named.on is None:
        return Entry(line=line, on=scene.today, kind=Kind.TOLD)
    about = f"task {named.task_id}" if named.task_id is not None else ""
    return Entry(line=line, on=named.on, kind=Kind.REVIEW, owed_by=named.owed_by, about=about)


def _all(scene: Scene, person_id: int | None) -> Iterator[Named]:
    """Every line of the day; those that can be this person's alone, where one is given."""
    if not may_be(scene.session, Rare.REVIEWS, Rare.NEWS):
        return
    near = near_to(scene, person_id)
    yield from (named for named in _every(near) if is_told(scene, named.child, named.on))


def before_start(scene: Scene, person_id: int) -> list[Entry]:
    """What was late before the teams of these children started: one list, and never a reminder that could rest."""
    near = near_to(scene, person_id)
    return [
        _entry(scene, person_id, replace(named, buttons=tuple(one for one in named.buttons if one.deed != RESTS)))
        for named in _every(near)
        if person_id in named.owners and named.on is not None and was_before(scene, named.child, named.on)
    ]


def _every(near: Near) -> Iterator[Named]:
    yield from _risks(near)
    yield from _news(near)
    yield from _tasks(near)
    yield from _decisions(near)
    yield from _drafts(near)
    yield from told_lines(near)


def _meant(role: str, child: Child) -> int | None:
    return {"iro": child.iro_id, "social_worker": child.holder_id}.get(role)


def _tasks(near: Near) -> Iterator[Named]:
    scene = near.scene
    query = (
        select(ReviewTask, Review, Child)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .where(
            col(ReviewTask.done_on).is_(None),
            col(ReviewTask.not_needed).is_(False),
            col(ReviewTask.due_on) <= _horizon(near, scene.rules.ladder.before.number),
        )
        .order_by(col(ReviewTask.due_on), col(ReviewTask.id))
    )
    for task, review, child in scene.session.exec(query.where(near.asked())):
        yield from _or_said(near, child, f"task {task.id}", partial(_task, near, task, review, child))


def _or_said(near: Near, child: Child, name: str, draw: Callable[[], Named | None]) -> tuple[Named, ...]:
    """The line, if there is one today; in the place of one that cannot be drawn the child's IRO reads a sentence."""

    def instead() -> Named:
        text = f"{whose(near.scene, child)}: something about the reviews {CANNOT_BE_SHOWN.rstrip('.')}"
        owners = near.of_role("iro", child)
        return Named(
            child=child,
            text=text,
            owners=owners,
            buttons=(open_review_button(child, None),),
            meant=child.iro_id,
            on=near.scene.today,
        )

    found = drawn(near.scene, name, draw, instead)
    return () if found is None else (found,)


def _task(near: Near, task: ReviewTask, review: Review, child: Child) -> Named | None:
    scene, due_on = near.scene, _due_on(task, review)
    if due_on is None or not any(_named_on(scene, due_on, day) for day in near.days):
        return None
    return Named(
        child=child,
        text=_task_words(scene, task, review, child, due_on),
        owners=near.reminded(_owners(near, task, review, child), partial(_named_on, scene, due_on)),
        buttons=_task_buttons(task, review, child),
        meant=review.decisions_to_id if task.task == ANSWERED else _meant(task.owner_role, child),
        task_id=task.id,
        on=due_on,
        owed_by=due_on,
    )


def _task_buttons(task: ReviewTask, review: Review, child: Child) -> tuple[Button, ...]:
    """What does it, and "Not today"; an answer is given at once."""
    if task.task == ANSWERED:
        return (do_button(child, task, "Read"), *answer_buttons(child.reference, review))
    return (do_button(child, task), open_review_button(child, review.id), _not_today(child, task))


def _due_on(task: ReviewTask, review: Review) -> date | None:
    """The task's day; the manager's answer is due when the message that asked for it says."""
    if task.task != ANSWERED:
        return task.due_on
    waits = review.decisions_answer is None and review.decisions_delivered_at is not None
    due_at = review.decisions_answer_due_at
    return local(due_at).date() if waits and due_at is not None else None


def _named_on(scene: Scene, due_on: date, day: date) -> bool:
    return ladder.named_today(due_on, day, scene.rules.ladder.before, scene.calendar)


def _owners(near: Near, task: ReviewTask, review: Review, child: Child) -> tuple[int, ...]:
    if task.task == ANSWERED and review.decisions_to_id is not None:
        found = fills_today(near.scene, child)
        return (id_of(found.person),) if found is not None else ()
    return near.of_role(task.owner_role, child)


def _task_words(scene: Scene, task: ReviewTask, review: Review, child: Child, due_on: date) -> str:
    if task.task == ANSWERED:
        return _answer_words(scene, review, child)
    label = label_of(scene, task.task)
    if child.iro_id is not None:
        label = label.replace("the IRO", name_of(scene, child.iro_id))  # as the handbook's labels have it
    text = f"{whose(scene, child)}: {label[:1].lower()}{label[1:]} {by(scene, due_on)}"
    if review.held_on is not None:
        return f"{text} (review of {say_day(review.held_on, scene.today)})"
    if review.booked_for is not None:
        return f"{text} (review {said(scene, review.booked_for)})"
    return f"{text} (review due {say_day(review.due_on, scene.today)})"


def _answer_words(scene: Scene, review: Review, child: Child) -> str:
    """ "AB-1201: 4 decisions from Ann Lee. Agree or dispute by 5 pm, Wed 2 Dec, or they count as agreed"."""
    number, due_at = len(decisions.of_review(scene.session, review.id or 0)), review.decisions_answer_due_at
    sent = f"{number} decision{'s' if number != 1 else ''} from {name_of(scene, child.iro_id)}"
    here = local(due_at) if due_at is not None else None
    when = f" by {say_time(here.time())}, {said(scene, here.date())}" if here is not None else ""
    return f"{whose(scene, child)}: {sent}. Agree or dispute{when}, or they count as agreed"


def _not_today(child: Child, task: ReviewTask) -> Button:
    return Button(label="Not today", deed=RESTS, subject=child.reference, run=task.id)


def _decisions(near: Near) -> Iterator[Named]:
    """Decisions sent that are due, to those who see to them: two working days before, on the day, then weekly."""
    scene = near.scene
    query = (
        select(Decision, Child)
        .join(Child, col(Child.id) == col(Decision.child_id))
        .where(
            Decision.state == DecisionState.OPEN,
            shared(),
            col(Decision.due_on) <= _horizon(near, scene.rules.ladder.before.number),
            col(Child.left_care_on).is_(None),
        )
        .order_by(col(Decision.due_on), col(Decision.id))
    )
    for decision, child in scene.session.exec(query.where(near.owned())):
        yield from _or_said(near, child, f"decision {decision.id}", partial(_decision, near, decision, child))


def _decision(near: Near, decision: Decision, child: Child) -> Named | None:
    scene, due_on, owner = near.scene, decision.due_on, decision.owner_id
    if due_on is None or not any(_decision_named_on(scene, due_on, day) for day in near.days):
        return None
    owners = seeing_to(scene, child, decision) if owner is not None else near.of_role(decision.owner_role, child)
    reminded = near.reminded(owners, partial(_decision_named_on, scene, due_on))
    if not reminded:
        return None
    done = Button(label="Do", deed="review.decisions.done", subject=child.reference)
    return Named(
        child=child,
        text=f"{whose(scene, child)}: a decision of the review is yours to see to {by(scene, due_on)}",
        owners=reminded,
        buttons=(done, Button(label="Open", deed="review.decisions.open", subject=child.reference)),
        meant=owner if owner is not None else _meant(decision.owner_role, child),
        on=due_on,
        owed_by=due_on,
    )


def _risks(near: Near) -> Iterator[Named]:
    """Reviews that are late, or at risk of being late, to the IRO."""
    scene = near.scene
    last = _horizon(near, values_of(scene).at_risk_within.number)
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            or_(
                col(Child.left_care_on).is_(None)
                & or_(
                    col(Review.due_on) <= last,
                    col(Review.booked_for) <= last,
                    col(Review.booked_for) > col(Review.due_on),
                ),
                col(Child.left_care_on).is_not(None) & col(Review.state).in_(BEGUN),
            ),
        )
        .order_by(col(Review.due_on), col(Review.id))
    )
    for review, child in scene.session.exec(query.where(near.children)):
        yield from _or_said(near, child, f"review {review.id}", partial(_risk, near, review, child))


def _risk(near: Near, review: Review, child: Child) -> Named | None:
    scene = near.scene
    stands = _stands(scene, review, child)
    if not stands:
        return None
    opened = open_review_button(child, review.id)
    book = Button(label="Book", deed="review.book", subject=child.reference, run=review.id)
    return Named(
        child=child,
        text=f"{whose(scene, child)}: the review {_due(scene, review)} {stands}",
        owners=near.of_role("iro", child),
        buttons=(book, opened) if review.state is ReviewState.DUE else (opened,),
        meant=child.iro_id,
        on=review.due_on,
        owed_by=review.due_on,
    )


def _stands(scene: Scene, review: Review, child: Child) -> str:
    if child.left_care_on is not None:
        left = say_day(child.left_care_on, scene.today)
        return f"had begun when the child left care on {left}, and waits to be completed"
    late, risks = is_late(scene, review), risks_of(scene, review)
    if not late and not risks:
        return ""
    if not late and risks == (Risk.NOT_BOOKED.value,):
        return "is not booked"
    why = f": {say_list(risks)}" if risks else ""
    return f"is late{why}" if late else f"is at risk{why}"


def _due(scene: Scene, review: Review) -> str:
    tense = "that was due" if review.due_on < scene.today else "due"
    if review.booked_for == review.due_on:
        tense = f"{tense} and booked for"
        return f"{tense} {say_day(review.due_on, scene.today)}"
    booked = f", booked for {say_day(review.booked_for, scene.today)}," if review.booked_for is not None else ""
    return f"{tense} {say_day(review.due_on, scene.today)}{booked}"


def _news(near: Near) -> Iterator[Named]:
    """News that waits for the IRO's word: of today only where no message told of it."""
    scene = near.scene
    query = (
        select(News, Child)
        .join(Child, col(Child.id) == col(News.child_id))
        .where(col(News.answer).is_(None))
        .order_by(col(News.id))
    )
    for told, child in scene.session.exec(query.where(near.children)):
        told_on = local(told.told_at).date()
        if told_on < scene.today or not told.cannot_wait:
            since = say_day(told_on, scene.today)
            yield Named(
                child=child,
                text=f"{whose(scene, child)} has something new since {since}; it waits for your word",
                owners=near.of_role("iro", child),
                buttons=(Button(label="Open", deed="review.news.open", subject=child.reference, run=told.id),),
                meant=child.iro_id,
                on=told_on,
            )


def _decision_named_on(scene: Scene, due_on: date, day: date) -> bool:
    if due_on >= day:
        return _named_on(scene, due_on, day)
    return ladder.manager_named_today(due_on, day, scene.rules.ladder.manager_again, scene.calendar)


def _drafts(near: Near) -> Iterator[Named]:
    """Concerns readied because decisions were not done; after some days every draft is named anyway."""
    scene = near.scene
    query = (
        select(Concern, Child)
        .join(Child, col(Child.id) == col(Concern.child_id))
        .where(
            Concern.state == ConcernState.DRAFT,
            col(Concern.id).in_(select(Decision.concern_id).where(col(Decision.concern_id).is_not(None))),
        )
        .order_by(col(Concern.id))
    )
    for draft, child in scene.session.exec(query.where(near.children)):
        yield from _or_said(near, child, draft.reference, partial(_draft, scene, draft, child))


def _draft(scene: Scene, draft: Concern, child: Child) -> Named | None:
    after = scene.frozen_rules(draft.procedures_digest).ladder.draft_named_after
    if scene.calendar.count(local(draft.drafted_at).date(), scene.today) >= after.number:
        return None
    return Named(
        child=child,
        text=f"{draft.reference} is ready as a draft: decisions about {whom(scene, child)} were not done",
        owners=(draft.iro_id,) if vacancy_of(scene, draft.iro_id) is None else (),
        buttons=(Button(label="Open", deed="concern.open", subject=draft.reference),),
        on=scene.today,
    )


def _horizon(near: Near, working_days: int) -> date:
    """The last day that can be named today: nothing due later is so few working days away."""
    return near.scene.calendar.add(near.days[-1], working_days + 1)
