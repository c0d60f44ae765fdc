"""The concerns of the last weeks: some open at every stage, one of them late and one urgent, and some closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sample.arranged import ARRANGED
from bot.sample.children import Child
from bot.sample.concern_acts import (
    Act,
    OneConcern,
    ask_for_time,
    ask_to_add,
    close,
    give_time,
    log,
    move_up,
    opened,
    refer_to_cafcass,
    reply,
    seen,
)
from bot.sample.diary import Deed
from bot.sample.people import (
    HALF_TIME_IRO,
    IRO,
    NORTH,
    OTHER_IRO,
    OTHER_WORKER,
    SOCIAL_WORKER,
    SOUTH,
    WORKERS,
)
from bot.sample.stage import NotPlayable, Stage
from bot.sample.weeks import Weeks
from storage.replies import AnswerKind

DONE, PLAN = AnswerKind.DONE, AnswerKind.PLAN
PARTLY, NOT_AGREED = AnswerKind.PARTLY, AnswerKind.NOT_AGREED

Step = tuple[int, str, Act]
"""The working day, counted from the present one, the time of day, and what is done."""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """How a concern went. `lately`: acts of the last hours, by the minutes that have passed since."""

    iro: str
    holders: tuple[str, ...] = ()
    child: int = 0
    service: bool = False
    steps: tuple[Step, ...] = ()
    lately: tuple[tuple[int, Act], ...] = ()


PRIYA = "Priya Nair"
PLOTS = (
    # late: the manager's time ended on the last working day
    Plot(iro=IRO, holders=(OTHER_WORKER,), steps=((-11, "10:15", log(1)), (-10, "16:20", opened))),
    # to be answered by five o'clock today, by the manager
    Plot(iro=IRO, holders=("Dan Birch", OTHER_WORKER), steps=((-10, "12:40", log(1)), (-9, "10:20", opened))),
    # to be answered in two working days, by the manager
    Plot(iro=IRO, child=1120, steps=((-8, "11:30", log(1)), (-7, "09:50", opened))),
    # to be answered in two working days, by the worker or the manager
    Plot(iro=IRO, holders=(SOCIAL_WORKER,), steps=((-3, "15:05", log(0)),)),
    # the worker has replied: for the IRO to say whether that will do
    Plot(
        iro=IRO, holders=(SOCIAL_WORKER,), steps=((-6, "12:10", log(0)), (-3, "10:40", reply(DONE, only=SOCIAL_WORKER)))
    ),
    # the manager did not agree: with the service manager
    Plot(
        iro=IRO,
        holders=WORKERS[SOUTH],
        steps=(
            (-17, "11:00", log(0)),
            (-11, "09:40", move_up),
            (-7, "14:30", reply(NOT_AGREED)),
            (-3, "10:05", move_up),
        ),
    ),
    # all the way up: with the assistant director since the last hours
    Plot(
        iro=OTHER_IRO,
        holders=WORKERS[NORTH],
        steps=(
            (-17, "15:30", log(1)),
            (-6, "11:15", move_up),
            (-3, "16:05", reply(PARTLY)),
            (-2, "12:00", refer_to_cafcass),
        ),
        lately=((50, move_up),),
    ),
    # the immediate route, seen by both and answered by neither
    Plot(iro=HALF_TIME_IRO, holders=WORKERS[SOUTH], lately=((40, log(1, significant_harm=("yes",))), (28, seen))),
    # agreed, with a plan whose day is still to come
    Plot(
        iro=IRO,
        holders=(OTHER_WORKER,),
        steps=((-12, "14:00", log(0)), (-9, "11:20", reply(PLAN, by=7, only=OTHER_WORKER))),
    ),
    # more time was asked for and given
    Plot(
        iro=OTHER_IRO,
        holders=WORKERS[SOUTH],
        steps=((-12, "09:35", log(1)), (-4, "10:30", ask_for_time(3)), (-3, "15:20", give_time)),
    ),
    # more time is asked for
    Plot(iro=HALF_TIME_IRO, holders=WORKERS[SOUTH], steps=((-8, "13:45", log(1)), (-1, "11:05", ask_for_time(6)))),
    # no reply, and the IRO who has to decide is away: the cover has not, and the IRO manager knows
    Plot(iro=OTHER_IRO, holders=("Dan Birch",), steps=((-13, "16:00", log(0)),)),
    # the manager asked a worker to add
    Plot(iro=HALF_TIME_IRO, holders=(PRIYA,), steps=((-7, "10:55", log(1)), (-5, "09:30", ask_to_add(PRIYA)))),
    # about the service: the most senior have a plan
    Plot(iro=IRO, service=True, steps=((-8, "15:50", log(9)), (-7, "11:30", reply(PLAN, by=9)))),
    # with another agency
    Plot(iro=HALF_TIME_IRO, holders=WORKERS[NORTH], steps=((-3, "14:15", log(0, agency="Health")),)),
    # just logged
    Plot(iro=HALF_TIME_IRO, holders=WORKERS[SOUTH], steps=((-1, "15:10", log(0)),)),
    # a draft that was left lying
    Plot(iro=IRO, holders=WORKERS[SOUTH], steps=((-6, "16:40", log(0, draft=True)),)),
    # closed: put right, in part, not at all
    Plot(
        iro=IRO,
        holders=WORKERS[NORTH],
        steps=((-15, "10:20", log(0)), (-12, "15:15", reply(DONE)), (-11, "11:45", close("resolved"))),
    ),
    Plot(
        iro=OTHER_IRO,
        holders=WORKERS[SOUTH],
        steps=((-16, "13:20", log(1)), (-10, "16:15", reply(PARTLY)), (-8, "10:10", close("partly resolved"))),
    ),
    Plot(iro=HALF_TIME_IRO, holders=WORKERS[NORTH], steps=((-14, "11:50", log(0)), (-10, "12:20", close("withdrawn")))),
    Plot(
        iro=IRO,
        holders=(OTHER_WORKER, "Dan Birch"),
        steps=((-16, "09:45", log(1)), (-9, "15:40", reply(DONE)), (-5, "14:20", close("resolved"))),
    ),
)


def plan_concerns(weeks: Weeks, children: Sequence[Child], *, strictly: bool) -> None:
    """Put every concern's acts into the diary. Not `strictly`: what other rules refuse ends that concern's story."""
    taken: set[int] = set(ARRANGED)
    for plot in PLOTS:
        about = "service"
        if not plot.service:
            child = _child_for(plot, children, taken)
            taken.add(child.number)
            about = child.reference
        one = OneConcern(about=about, iro=plot.iro, days=weeks.days, rules=weeks.rules, chance=weeks.chance)
        moments = [(weeks.days.at(offset, wall), act) for offset, wall, act in plot.steps]
        moments += [(weeks.days.lately(minutes), act) for minutes, act in plot.lately]
        ended: list[str] = []
        for at, act in moments:
            weeks.diary.add(at, _deed(one, act, ended, strictly=strictly))


def _child_for(plot: Plot, children: Sequence[Child], taken: set[int]) -> Child:
    fitting = (
        child
        for child in children
        if child.left_on is None and child.iro == plot.iro and (not plot.holders or child.holder in plot.holders)
    )
    return next(
        child for child in fitting if child.number == plot.child or (not plot.child and child.number not in taken)
    )


def _deed(one: OneConcern, act: Act, ended: list[str], *, strictly: bool) -> Deed:
    def deed(stage: Stage) -> None:
        if ended:
            return
        try:
            act(one, stage)
        except NotPlayable as refused:
            if strictly:
                raise
            ended.append(str(refused))

    return deed
