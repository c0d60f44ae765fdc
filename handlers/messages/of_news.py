"""Messages about news of a child, and about feedback on a review."""

from sqlmodel import Session

from handlers.cards import Card
from handlers.messages import subjects
from handlers.messages.message import Buttons, Topic, message
from handlers.messages.of_reviews import Matter, card, for_the_iro, for_the_line, lost, matter_of
from handlers.messages.owing import number_of
from handlers.messages.together import feedback_given
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from storage import news
from storage.feedback import of_review as feedback_on
from storage.news import News
from storage.outbox import Outbox
from storage.reviews import OPEN_REVIEWS


def _subject_of_news(row: Outbox) -> str | None:
    return subjects.of_news(number_of(row, "news"))


def _subject_of_feedback(row: Outbox) -> str | None:
    return subjects.of_feedback(number_of(row, "child"))


def _told(matter: Matter) -> News | None:
    """The news, while it waits for the IRO's word."""
    told = news.get(matter.scene.session, matter.number("news") or 0)
    return told if told is not None and told.answer is None else None


def _owed(matter: Matter) -> Buttons:
    told = _told(matter)
    if told is None or not matter.is_for_iro:
        return ()
    return (
        matter.button("Bring the review forward", "review.news.forward", told.id),
        matter.button("Noted", "review.news.noted", told.id),
    )


def _ended(session: Session, row: Outbox) -> str:
    told = news.get(session, number_of(row, "news") or 0)
    return "Answered" if told is not None and told.answer is not None else ""


NEWS = Topic(
    name="news", read=matter_of, reach=for_the_iro, subject=_subject_of_news, owed=_owed, lost=lost, ended=_ended
)
FEEDBACK = Topic(name="feedback", read=matter_of, reach=for_the_line, subject=_subject_of_feedback, lost=lost)


@message(
    "news of a child",
    NEWS,
    title="AB-1042 has something new",
    to="the IRO, when a child is missing or a review is needed first; other news is a line of the day",
    buttons=("Bring the review forward", "Noted", "Open"),
)
def something_new(matter: Matter) -> Card | None:
    told = _told(matter)
    if told is None:
        return None
    return card(
        f"{matter.whom_first} has something new",
        f"Told by {name_of(matter.scene, told.told_by_id)} at {when(told.told_at)}.",
        "They say that a review is needed before it happens." if told.review_first else "",
        _next_review(matter),
        "Open it to read what changed, and say whether a review is needed.",
        buttons=(*_owed(matter), matter.button("Open", "review.news.open", told.id, "primary")),
    )


def _next_review(matter: Matter) -> str:
    review = matter.review
    if review is None or review.state not in OPEN_REVIEWS:
        return ""
    booked = f", booked for {say_day(review.booked_for)}" if review.booked_for is not None else ""
    return f"The next review is due by {say_day(review.due_on)}{booked}."


@message(
    "feedback on a review",
    FEEDBACK,
    title="Feedback on the review of AB-1042",
    to="the team manager",
    buttons=("Open",),
    together=feedback_given,
)
def feedback(matter: Matter) -> Card | None:
    review = matter.review
    given = feedback_on(matter.scene.session, review.id) if review is not None and review.id is not None else None
    if review is None or given is None:
        return None
    held = f", held {say_day(review.held_on)}" if review.held_on is not None else ""
    return card(
        f"Feedback on the review of {matter.whom}",
        f"From {name_of(matter.scene, given.by_id)}{held}. For your information: no answer is needed.",
        matter.in_place_of(),
        buttons=(matter.button("Open", "review.feedback.open", review.id),),
    )
