"""Cases that have been played, kept while the page runs; one that has not is played in the background."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.sample.rules import Rules, anyshires_own, rules_named
from bot.workspace.case import CannotTell, Case, told_by
from scheduling.procedures import ProceduresInvalid, shipped_names

OWN = ""
"""The council's own rules."""


class Plays:
    """One for the page. Of two who want the same case at once, both get the one that is played."""

    def __init__(self) -> None:
        self._played: dict[str, asyncio.Task[Case]] = {}
        self._halted = False

    def halt(self) -> None:
        """Leave what is being played: the bot is being stopped."""
        self._halted = True

    @property
    def shipped(self) -> tuple[str, ...]:
        """The procedures that come with the bot."""
        return tuple(shipped_names())

    async def by(self, name: str) -> Case:
        """The case by the council's own rules, or by shipped ones. KeyError for a name of none; CannotTell."""
        if name != OWN and name not in self.shipped:
            raise KeyError(name)
        return await asyncio.shield(self._task(name))

    def ready(self, name: str) -> bool:
        """Whether it has been played; it is begun where it has not."""
        return self._task(name).done()

    async def by_text(self, rules: Rules) -> Case:
        """The case by rules that somebody dropped in, which are kept nowhere. ProceduresInvalid, CannotTell."""
        return await asyncio.to_thread(told_by, rules, self._is_halted)

    def _task(self, name: str) -> asyncio.Task[Case]:
        task = self._played.get(name)
        if task is None or (task.done() and not task.cancelled() and task.exception() is not None):
            task = self._played[name] = asyncio.create_task(self._play(name))
        return task

    def _play(self, name: str) -> Coroutine[Any, Any, Case]:
        def play() -> Case:
            return told_by(rules_named(name) if name != OWN else anyshires_own(), self._is_halted)

        return asyncio.to_thread(play)

    def _is_halted(self) -> bool:
        return self._halted


__all__ = ["OWN", "CannotTell", "Plays", "ProceduresInvalid"]
