"""Who is away in the sample's last weeks, and who stands in."""

from dataclasses import dataclass

from bot.sample.days import Days
from bot.sample.diary import Diary
from bot.sample.people import AWAY_WORKER, COVERING_WORKER, IRO, OTHER_IRO
from bot.sample.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Away:
    """From one working day to another, counted from the present one, both included."""

    who: str
    cover: str
    first: int
    last: int

    def enter(self, stage: Stage, days: Days) -> None:
        """The person enters it."""
        stage.fill(
            self.who,
            "/iro away",
            **{
                "from": days.on(self.first).isoformat(),
                "to": days.on(self.last).isoformat(),
                "cover": str(stage.person_id(self.cover)),
            },
        )


ABSENCES = (
    Away(who=OTHER_IRO, cover=IRO, first=-6, last=4),
    Away(who=AWAY_WORKER, cover=COVERING_WORKER, first=-4, last=4),
)


def plan_absences(diary: Diary, days: Days) -> None:
    """Each is entered on the afternoon before it begins."""
    for away in ABSENCES:
        # mypy infers no type for a lambda with a default.
        diary.add(days.at(away.first - 1, "16:35"), lambda stage, one=away: one.enter(stage, days))  # type: ignore[misc]


def acting(who: str, offset: int) -> str:
    """Who does somebody's work on a working day: they, or who covers for them."""
    for away in ABSENCES:
        if away.who == who and away.first <= offset <= away.last:
            return away.cover
    return who
