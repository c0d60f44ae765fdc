"""Has the handlers answer what somebody does in a seat."""

from collections.abc import Callable

from bot import failing
from bot.threads import WorkerThreads
from bot.workspace.acts import Act
from bot.workspace.platform import PAGE
from handlers.cards import Answer, Notice
from handlers.requests import Request

NOBODY = Notice(text="Nobody with this seat is on the staff list any more.")


class Desk:
    """One for the page."""

    def __init__(
        self,
        authority: str,
        threads: WorkerThreads,
        person_of: Callable[[str], int | None],
        answer: Callable[[Request], Answer],
    ) -> None:
        self._authority = authority
        self._threads = threads
        self._person_of = person_of
        self._answer = answer

    async def answered(self, act: Act) -> Answer:
        """The answer; an error of ours as a sentence, so that what was typed stays where it was typed."""
        try:
            return await self._threads.run(lambda: self._at_once(act))
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing that was typed may be lost over it
            return failing.sorry(error, platform=PAGE, deed=act.deed)

    def _at_once(self, act: Act) -> Answer:
        person = self._person_of(act.account)
        return NOBODY if person is None else self._answer(act.request(self._authority, person))
