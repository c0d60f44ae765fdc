"""How decisions of a review read: each with its owner and its day, and how they stand with the manager."""

from collections.abc import Sequence

from handlers.cards import Choice, Field, FieldKind
from handlers.labels import cut_apart
from handlers.office import Scene
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage.decisions import Decision, DecisionChange, DecisionState
from storage.reviews import Review

_LABEL = 70


def statement(key: str, text: str, label: str = "") -> Field:
    """A paragraph to read."""
    return Field(key=key, kind=FieldKind.STATEMENT, label=label, text=text)


def as_read(scene: Scene, number: int, decision: Decision, news: str = "") -> Field:
    """A decision as a paragraph, for those entitled to read it; `news` is what the last sending brought."""
    label = f"{number}. {about(scene, decision)}{f', {news}' if news else ''}"
    return statement(f"decision{decision.id}", decision.words or "", label)


def as_the_iro_has_it(
    scene: Scene, number: int, decision: Decision, change: DecisionChange | None, review: Review
) -> Field:
    """A decision as its IRO reads it: with what is not sent yet, which nobody else is shown."""
    key, state = f"decision{decision.id}", f"{number}. {about(scene, decision)}"
    if change is None:
        others_went = decision.sent_at is None and review.decisions_sent_at is not None
        return as_read(scene, number, decision, "not sent yet" if others_went else "")
    if change.takes_out:
        return statement(key, decision.words or "", f"{state}, taken out by the next sending")
    by = f", by {say_day(change.due_on)}" if change.due_on is not None else ""
    label = f"{number}. {owner_words(scene, change)}{by}, changed, not sent yet"
    return statement(key, f"{change.words or ''}\n(As sent: {decision.words or ''})", label)


def about(scene: Scene, decision: Decision) -> str:
    """Whose a decision is, by when, and how it stands."""
    parts = [owner_words(scene, decision)]
    if decision.due_on is not None:
        parts.append(f"by {say_day(decision.due_on)}")
    if decision.taken_out_at is not None:
        parts.append(f"taken out on {say_day(local(decision.taken_out_at).date())}")
    if decision.state is not DecisionState.OPEN:
        parts.append(decision.state.value)
    if decision.times_undone:
        parts.append(f"found not done {times(decision.times_undone)}")
    return ", ".join(parts)


def news_of(decision: Decision, review: Review, *, again: bool) -> str:
    """What the last sending brought of a decision, where it was sent `again`; nothing where it stands as before."""
    last = review.decisions_sent_at
    if not again or last is None:
        return ""
    if decision.sent_at == last:
        return "new"
    return "changed" if decision.changed_at == last else ""


def owner_words(scene: Scene, decision: Decision | DecisionChange) -> str:
    """The person who sees to it, or the role."""
    if decision.owner_id is not None:
        return name_of(scene, decision.owner_id)
    return scene.rules.role_label(decision.owner_role)


def times(number: int) -> str:
    """ "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def ticked_by(decisions: Sequence[Decision]) -> tuple[Choice, ...]:
    """Decisions to tick, each by its first words, or by its first and last where others begin like it."""
    labels = cut_apart([decision.words or "" for decision in decisions], _LABEL)
    return tuple(Choice(value=str(decision.id), label=label) for decision, label in zip(decisions, labels, strict=True))


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
