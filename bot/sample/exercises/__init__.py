"""Exercises with a tick: four for each of the four seats that are offered first."""

from collections.abc import Sequence

from bot.sample.exercises import iro, iro_manager, manager, worker
from bot.sample.exercises.exercise import Exercise, Result, Task
from bot.sample.seats import SeatKey

EXERCISES: Sequence[Exercise] = (*iro.EXERCISES, *worker.EXERCISES, *manager.EXERCISES, *iro_manager.EXERCISES)

__all__ = ["EXERCISES", "Exercise", "Result", "Task", "exercise", "exercises_for"]


def exercise(key: str) -> Exercise:
    """The exercise of that key; KeyError for a key of none."""
    return {one.key: one for one in EXERCISES}[key]


def exercises_for(seat: SeatKey) -> Sequence[Exercise]:
    """Those of one seat, in the order in which they are offered."""
    return [one for one in EXERCISES if one.seat is seat]
