"""The deeds after a review, by name: decisions, their answer, feedback, news, and letting a task rest."""

from collections.abc import Callable

from handlers.cards import Answer
from handlers.office import Desk
from handlers.requests import Request
from handlers.reviews import answering, changing, decisions, feedback, marking, news, resting, sending

DEEDS: dict[str, Callable[[Desk, Request], Answer]] = {
    "review.decisions": answering.decisions_form,
    "review.decisions.add": decisions.add_decision,
    "review.decisions.change": changing.change_form,
    "review.decisions.change.send": changing.change,
    **changing.take_out.deeds,
    "review.decisions.take_out": changing.take_out_form,
    "review.decisions.keep": changing.keep_in,
    "review.decisions.send": sending.send_decisions,
    "review.decisions.open": answering.show_decisions,
    "review.decisions.agree": answering.agree,
    **answering.dispute.deeds,
    "review.decisions.done": marking.done_form,
    "review.decisions.done.send": marking.send_done,
    **feedback.send_feedback.deeds,
    "review.feedback": feedback.feedback_form,
    "review.feedback.open": feedback.show_feedback,
    **news.tell.deeds,
    "review.news.open": news.show_news,
    "review.news.noted": news.noted,
    "review.news.forward": news.bring_forward,
    "review.rest": resting.rest,
}
