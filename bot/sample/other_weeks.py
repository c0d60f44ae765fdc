"""What else happens in the last weeks: good work recognised, news told, and the notes that IROs make in passing."""

from collections.abc import Sequence

from bot.sample import words
from bot.sample.absences import acting
from bot.sample.arranged import ARRANGED
from bot.sample.children import Child
from bot.sample.people import HALF_TIME_IRO, IRO, OTHER_WORKER, SOCIAL_WORKER
from bot.sample.stage import Stage
from bot.sample.weeks import Weeks
from storage.news import NewsKind

CONTACTS = 14
PRAISED = ((IRO, "Priya Nair", -14), (HALF_TIME_IRO, "Fay Holt", -9), (IRO, OTHER_WORKER, -4))
"""Who recognised whose work, and when."""
TOLD = ((SOCIAL_WORKER, IRO, NewsKind.SCHOOL, -6), (OTHER_WORKER, HALF_TIME_IRO, NewsKind.MOVE, -2))
"""Who told which child's IRO that something changed."""


def plan_the_rest(weeks: Weeks, children: Sequence[Child]) -> None:
    """Put it into the diary."""
    for (iro, worker, offset), said in zip(PRAISED, words.GOOD_PRACTICE, strict=True):
        _praise(weeks, iro, worker, offset, said)
    for (worker, iro, kind, offset), said in zip(TOLD, words.NEWS, strict=True):
        about = next(
            one
            for one in children
            if one.holder == worker and one.iro == iro and one.left_on is None and one.number not in ARRANGED
        )
        _tell(weeks, about, kind, offset, said)
    present = [one for one in children if one.left_on is None]
    for child in weeks.chance.sample(present, CONTACTS):
        _contact(weeks, child, -weeks.chance.randrange(1, 17))


def _praise(weeks: Weeks, iro: str, worker: str, offset: int, said: str) -> None:
    def deed(stage: Stage) -> None:
        stage.fill(iro, "/praise", person=str(stage.person_id(worker)), words=said, quotable=("yes",))

    weeks.diary.add(weeks.some_time(weeks.days.on(offset)), deed)


def _tell(weeks: Weeks, child: Child, kind: NewsKind, offset: int, said: str) -> None:
    def deed(stage: Stage) -> None:
        stage.fill(acting(child.holder, offset), f"/tell {child.reference}", kind=kind.value, words=said)

    weeks.diary.add(weeks.some_time(weeks.days.on(offset)), deed)


def _contact(weeks: Weeks, child: Child, offset: int) -> None:
    said = weeks.chance.choice(words.CONTACTS)

    def deed(stage: Stage) -> None:
        stage.fill(acting(child.iro, offset), f"/review {child.reference} contact", words=said)

    weeks.diary.add(weeks.some_time(weeks.days.on(offset)), deed)
