"""The first lines of one message about several children or concerns, for the declarations of what may go together."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from handlers.messages import of_reviews
from handlers.messages.dates import by, day_of
from handlers.messages.matter import Matter
from handlers.wording import name_of
from scheduling.deadline_wording import say_first

NAMED = 3
"""So many references are named in a first line; of more the first two, and how many more there are."""

Day = Callable[[Matter], str]


def refs(matters: Sequence[Matter]) -> str:
    """ "C-12, C-13 and C-14"; "C-12, C-13, C-14 and 6 more"."""
    named = list(dict.fromkeys(one.ref for one in matters))
    return say_first(named, NAMED if len(named) <= NAMED else NAMED - 1)


def due(matter: Matter) -> str:
    """The day by which a reply is due."""
    return _by(matter, matter.run.due_at)


def limit(matter: Matter) -> str:
    """The day on which all stages end."""
    return _by(matter, matter.concern.limit_at)


def waiting_since(matter: Matter) -> str:
    """The day since which a decision is waited for."""
    return day_of(matter.concern.state_since)


def _by(matter: Matter, moment: datetime | None) -> str:
    return by(matter.scene, moment) if moment is not None else ""


def saying(words: str, *, day: str = "", of: Day = due) -> Callable[[Sequence[Matter]], str]:
    """These words with the references for {refs}, and for {day} the day in its words, where it is one for all."""

    def line(matters: Sequence[Matter]) -> str:
        return words.format(refs=refs(matters), day=_same(map(of, matters), day))

    return line


def raised_before(matters: Sequence[Matter]) -> str:
    """ "Raised before, please reply to C-3, C-5 and 2 more, the first by Tue 12 Jan"."""
    due_at = [one.run.due_at for one in matters if one.run.due_at is not None]
    coming = [one for one in due_at if one > matters[0].scene.now] or due_at
    day = by(matters[0].scene, min(coming)) if coming else ""
    first = ", the first" if len({one.run.due_at for one in matters}) > 1 else ""
    return f"Raised before, please reply to {refs(matters)}{first}{f' by {day}' if day else ''}"


def replies_came(matters: Sequence[Matter]) -> str:
    """ "Tess Hill has replied to C-12 and C-13"."""
    who = _same(name_of(one.scene, one.number("person")) for one in matters)
    return f"{who} has replied to {refs(matters)}" if who else f"There are replies to {refs(matters)}"


def decisions_to_agree(matters: Sequence[of_reviews.Matter]) -> str:
    """ "3 children: decisions to agree by Thu 18 Feb 2027"."""
    days = (_until(one) for one in matters)
    return f"{len({one.child.id for one in matters})} children: decisions to agree{_same(days, ' by {}')}"


def _until(matter: of_reviews.Matter) -> str:
    sent = matter.review.decisions_delivered_at if matter.review is not None else None
    answer = of_reviews.answer_deadline(matter.scene, sent or matter.scene.now)
    return by(matter.scene, answer.at) if answer is not None else ""


def feedback_given(matters: Sequence[of_reviews.Matter]) -> str:
    """ "Feedback on 3 reviews"."""
    return f"Feedback on {len(matters)} reviews"


def _same(said: Iterable[str], words: str = "{}") -> str:
    """What is said of all of them alike, in these words; nothing where it differs."""
    every = set(said)
    (only,) = every if len(every) == 1 else ("",)
    return words.format(only) if only else ""
