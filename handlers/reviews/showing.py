"""`/review AB-1042`: the child's timetable in words, what is to be done around it, and what this person can do now."""

from collections.abc import Callable
from datetime import date
from functools import partial

from handlers.cards import Answer, Button, Field, FieldKind, Form
from handlers.office import Desk
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.decisions import has_unsent
from handlers.reviews.earliest import last_ended
from handlers.reviews.feedback import feedback_deed
from handlers.reviews.planning import none_to_come
from handlers.reviews.risk import risks_of
from handlers.reviews.wording import TRACKS, due_words, held_words, state_words
from handlers.rights import May
from handlers.timetable.counting import ended_on, in_care_since, started_on
from handlers.timetable.tasks import DEED_OF_TASK, do_button, label_of
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from handlers.wording import name_of, role_in_words
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO, IRO_FIRST
from storage import contacts, review_tasks, reviews
from storage.contacts import ContactKind
from storage.review_tasks import ReviewTask
from storage.reviews import BEGUN, Review, ReviewState

MOST_HELD = 3
MOST_TASKS = 12
MOST_BUTTONS = 20


def show(desk: Desk, request: Request) -> Answer:
    """The child's reviews, as a form that is read, with a button for each thing this person can do now."""
    case = open_review(desk, request.subject, May.SEE_REVIEWS)
    tasks = open_tasks(case)
    return Form(
        deed="",
        title=f"Review: {case.ref}"[:24],
        subject=case.ref,
        cancel="Close",
        fields=(
            *_shown(case, "now", _statements),
            *_shown(case, "tasks", partial(_tasks, tasks)),
            *_wish(case),
            *_shown(case, "held", _held),
            Field(key="acts", kind=FieldKind.BUTTONS, buttons=acts(case, tasks)),
        ),
    )


def _shown(case: ReviewCase, key: str, draw: Callable[[ReviewCase], tuple[Field, ...]]) -> tuple[Field, ...]:
    """One part of the form; one that cannot be drawn is said in its place, and the buttons stay."""
    name = f"review {case.review.id}" if case.review is not None else f"reviews of child {case.child_id}"
    text = f"A part of the reviews of {case.ref} {CANNOT_BE_SHOWN}"
    said = (Field(key=key, kind=FieldKind.STATEMENT, text=text),)
    return drawn(case.desk, f"{name}: {key}", lambda: draw(case), lambda: said)


def _part(key: str, title: str, lines: list[str]) -> tuple[Field, ...]:
    if not lines:
        return ()
    return (Field(key=key, kind=FieldKind.STATEMENT, text="\n".join([f"{title}:", *lines])),)


def _statements(case: ReviewCase) -> tuple[Field, ...]:
    desk, child, review = case.desk, case.child, case.review
    iro, holder = name_of(desk, child.iro_id), name_of(desk, child.holder_id)
    people = f"{IRO_FIRST}: {iro if child.iro_id else 'nobody'}. Held by {holder if child.holder_id else 'nobody'}."
    track = TRACKS.get(child.track, child.track)
    since = started_on(child) if child.looked_after_from is not None else child.track_from
    about = f"{track}{f' since {say_day(since)}' if since is not None else ''}. {people}"
    texts = [about, _next_words(case) if review is None else due_words(desk, review)]
    if review is not None and child.left_care_on is not None:
        texts.append(f"{case.ref} left care on {say_day(child.left_care_on)}.")
    if review is not None:
        texts.append(f"Now: {state_words(desk, review)}.")
        if review.papers_in_on is not None:
            texts.append(f"Papers in since {say_day(review.papers_in_on, case.desk.today)}.")
        texts += _seen_words(case)
        risks = risks_of(desk, review)
        texts += [f"At risk: {', '.join(risks)}."] if risks else []
    return (Field(key="now", kind=FieldKind.STATEMENT, text="\n".join(texts)),)


def _seen_words(case: ReviewCase) -> list[str]:
    """When the child was last seen and spoken to since the last review, or when it was offered and refused."""
    last = reviews.last_held(case.desk.session, case.child_id)
    since = last.held_on if last is not None and last.held_on is not None else date.min
    today = case.desk.today
    found = {
        one.kind: f"{one.kind.value}{' offered, and refused,' if one.refused else ''} {say_day(one.happened_on, today)}"
        for one in contacts.of_child(case.desk.session, case.child_id)
        if one.kind in (ContactKind.SEEN, ContactKind.SPOKEN_TO) and one.happened_on >= since
    }
    return [f"Since the last review: {'; '.join(found.values())}."] if found else []


def _next_words(case: ReviewCase) -> str:
    ended = ended_on(case.child, case.desk.today)
    if ended is not None:
        return f"No further review is due: not looked after since {say_day(ended)}."
    if in_care_since(case.child) is None:
        return "No review can be counted: it is not known since when the child is looked after."
    return none_to_come(case.desk, case.child, "No further review is due before the child is eighteen.")


def _wish(case: ReviewCase) -> tuple[Field, ...]:
    """How the child wants it, to those who may read it; that it was read is recorded."""
    review = case.review
    if review is None or not review.childs_wish or not case.may(May.READ_REVIEWS):
        return ()
    case.record("childs wish read", review=review.id)
    return (Field(key="wish", kind=FieldKind.STATEMENT, text=f"How the child wants it: {review.childs_wish}"),)


def _held(case: ReviewCase) -> tuple[Field, ...]:
    return _part("held", "Last reviews", _held_lines(case))


def _held_lines(case: ReviewCase) -> list[str]:
    every = reviews.of_child(case.desk.session, case.child_id)
    held = [one for one in every if one.state is ReviewState.HELD]
    held.sort(key=lambda one: one.held_on or date.min, reverse=True)
    lines = [f"{held_words(one)}{_record_words(case, one)}" for one in held[:MOST_HELD]]
    return [*lines, *_unsent_words(case, held[0])] if held else lines


def _unsent_words(case: ReviewCase, last: Review) -> list[str]:
    """That there are decisions not sent yet, with no word of them, to the person who sends the record out."""
    if not case.may(May.SEND_RECORD) or last.id is None or not has_unsent(case.desk, last.id):
        return []
    return ["Decisions of the last review: not all sent to the manager yet."]


def _record_words(case: ReviewCase, review: Review) -> str:
    if review.record_sent_on is not None:
        return f"; record sent {say_day(review.record_sent_on, case.desk.today)}"
    if review.record_written_on is not None:
        return f"; record written {say_day(review.record_written_on, case.desk.today)}, not sent"
    return "" if review.imported else "; record not written"


def open_tasks(case: ReviewCase) -> list[ReviewTask]:
    """What is still to be done around the child's open review and the last one held, soonest first."""
    last = reviews.last_held(case.desk.session, case.child_id)
    ids = {one.id for one in (case.review, last) if one is not None}
    rows = [row for one in ids if one is not None for row in review_tasks.of_review(case.desk.session, one)]
    undone = [row for row in rows if row.done_on is None and not row.not_needed]
    return sorted(undone, key=lambda row: (row.due_on or date.max, row.id or 0))


def _tasks(tasks: list[ReviewTask], case: ReviewCase) -> tuple[Field, ...]:
    return _part("tasks", "To do", [_task_line(case.desk, row) for row in tasks[:MOST_TASKS]])


def _task_line(desk: Desk, row: ReviewTask) -> str:
    owner = role_in_words(desk.rules, row.owner_role)
    if row.due_on is None:
        return f"- {label_of(desk, row.task)} ({owner})"
    tense = "was due" if row.due_on < desk.today else "by"
    return f"- {label_of(desk, row.task)}: {tense} {say_day(row.due_on, desk.today)} ({owner})"


def acts(case: ReviewCase, tasks: list[ReviewTask]) -> tuple[Button, ...]:
    """The buttons for what this person can do now, the likeliest first."""
    found = [*_about_open(case), *_about_held(case), *_always(case), *_other_tasks(case, tasks)]
    return tuple(found[:MOST_BUTTONS])


def _about_open(case: ReviewCase) -> list[Button]:
    review = case.review
    if review is None or ended_on(case.child, case.desk.today) is not None:
        return _to_complete(case, review or last_ended(case.desk, case.child))
    found: list[Button] = []
    state = review.state
    if case.may(May.CHAIR) and state is ReviewState.IN_SERIES:
        found.append(case.button("Add a meeting", "review.meeting", "primary"))
    if case.may(May.BOOK) and state is not ReviewState.IN_SERIES:
        label = "Book" if review.booked_for is None else "Move"
        found.append(case.button(label, "review.book", "" if review.booked_for else "primary"))
    if case.may(May.CHAIR):
        begun = state in BEGUN
        found.append(case.button("Complete" if begun else "Record as held", "review.hold"))
    if case.may(May.CHAIR) and state in (ReviewState.DUE, ReviewState.BOOKED):
        found += [case.button("Adjourn", "review.adjourn")] if review.adjourned_on is None else []
        if review.due_on > case.desk.today:
            found.append(case.button("Bring forward", "review.early"))
    if case.may(May.PAPERS) and review.papers_in_on is None:
        found.append(case.button("Papers in", "review.papers"))
    return found


def _to_complete(case: ReviewCase, review: Review | None) -> list[Button]:
    """Once care has ended nothing is booked or prepared: what was held by then is recorded, what began completed."""
    if review is None or not case.may(May.CHAIR):
        return []
    found = [_at(case, review, "Complete" if review.state in BEGUN else "Record as held", "review.hold")]
    if review.state is ReviewState.IN_SERIES:
        found.insert(0, _at(case, review, "Add a meeting", "review.meeting"))
    return found


def _about_held(case: ReviewCase) -> list[Button]:
    last = reviews.last_held(case.desk.session, case.child_id)
    if last is None:
        return []
    found: list[Button] = []
    if case.may(May.CHAIR):
        found.append(_at(case, last, "Decisions", "review.decisions"))
        found += [_at(case, last, "Midway check", "review.midway")] if _midway_is_open(case, last) else []
        found += [_at(case, last, "Record written", "review.record")] if last.record_written_on is None else []
    elif case.may(May.READ_REVIEWS):
        found.append(_at(case, last, "Decisions", "review.decisions.open"))
    if case.may(May.SEND_RECORD) and last.record_sent_on is None and not last.imported:
        found.append(_at(case, last, "Record sent", "review.record_sent"))
    deed = feedback_deed(case, last)
    return found if deed is None else [*found, _at(case, last, "Feedback", deed)]


def _midway_is_open(case: ReviewCase, last: Review) -> bool:
    """From the day after the review, while the child is looked after."""
    ended = last.completed_on or last.held_on
    present = ended_on(case.child, case.desk.today) is None
    return present and last.midway_on is None and ended is not None and ended < case.desk.today


def _at(case: ReviewCase, review: Review, label: str, deed: str) -> Button:
    return Button(label=label, deed=deed, subject=case.ref, run=review.id)


def _always(case: ReviewCase) -> list[Button]:
    found: list[Button] = []
    if case.may(May.CHAIR):
        found += [case.button("Contact", "review.contact"), case.button("Seen or spoken to", "review.seen")]
    if case.may(May.TELL) and not case.who.is_iro:
        found.append(case.button(f"Tell the {IRO}", "review.tell"))
    if case.may(May.TRACK):
        found.append(case.button("Change of track", "review.track"))
    return found


def _other_tasks(case: ReviewCase, tasks: list[ReviewTask]) -> list[Button]:
    """A button for each task of the procedures that has no deed of its own."""
    return [
        do_button(case.child, row, label_of(case.desk, row.task)[:75])
        for row in tasks
        if row.task not in DEED_OF_TASK and case.may(May.CHAIR if row.owner_role == "iro" else May.PAPERS)
    ]
