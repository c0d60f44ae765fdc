"""How decisions of a review read: each with its owner and its day, and how they stand with the manager."""

from handlers.cards import Field, FieldKind
from handlers.office import Scene
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from storage.decisions import Decision, DecisionState
from storage.reviews import Review

_LABEL = 70


def statement(key: str, text: str, label: str = "") -> Field:
    """A paragraph to read."""
    return Field(key=key, kind=FieldKind.STATEMENT, label=label, text=text)


def as_read(scene: Scene, number: int, decision: Decision) -> Field:
    """A decision as a paragraph, for those entitled to read it."""
    return statement(f"decision{decision.id}", decision.words or "", f"{number}. {about(scene, decision)}")


def about(scene: Scene, decision: Decision) -> str:
    """Whose a decision is, by when, and how it stands."""
    parts = [owner_words(scene, decision)]
    if decision.due_on is not None:
        parts.append(f"by {say_day(decision.due_on)}")
    if decision.state is not DecisionState.OPEN:
        parts.append(decision.state.value)
    if decision.times_undone:
        parts.append(f"found not done {times(decision.times_undone)}")
    return ", ".join(parts)


def owner_words(scene: Scene, decision: Decision) -> str:
    """The person who sees to it, or the role."""
    if decision.owner_id is not None:
        return name_of(scene, decision.owner_id)
    return scene.rules.role_label(decision.owner_role)


def times(number: int) -> str:
    """ "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def short(decision: Decision) -> str:
    """A decision's first words, for a list to tick in."""
    words = " ".join((decision.words or "").split())
    return words if len(words) <= _LABEL else f"{words[: _LABEL - 3]}..."


def answer_words(scene: Scene, review: Review) -> str:
    """How the decisions of a review stand with the manager, as a sentence."""
    asked = name_of(scene, review.decisions_to_id)
    if review.decisions_sent_at is None:
        return "The decisions have not been sent to the manager yet."
    if review.decisions_answer in ("agreed", "disputed") and review.decisions_answered_at is not None:
        by = name_of(scene, review.decisions_answered_by_id)
        return f"The decisions were {review.decisions_answer} by {by} at {when(review.decisions_answered_at)}."
    if review.decisions_answer is not None and review.decisions_delivered_at is not None:
        arrived = when(review.decisions_delivered_at)
        return f"The decisions reached {asked} at {arrived}; nobody answered in time, which counts as agreed."
    if review.decisions_delivered_at is None:
        return f"The decisions were sent to {asked} at {when(review.decisions_sent_at)}; delivery is not proved yet."
    due = review.decisions_answer_due_at
    if due is not None and due <= scene.now:
        return f"The decisions reached {asked}, who was away on the last day; the time begins again when they are back."
    until = f" until {when(due)}; without an answer they then count as agreed" if due is not None else ""
    return f"The decisions reached {asked} at {when(review.decisions_delivered_at)}, who can answer{until}."
