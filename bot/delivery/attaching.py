"""Gets the file of a message ready before any attempt is marked: gathered, drawn, and handed to the platform."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.port import FileRefused, Platform, Posted, PostsFiles
from bot.delivery.works import Broken, Works
from bot.documents.made import File
from handlers.cards import Card
from handlers.messages.of_reports import without_file
from storage import outbox

NO_FILES = "The bot cannot send files into this chat."
GIVEN_UP = "It was tried several times, and the chat did not take the file."


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file, and the id the platform gave it when it was handed over."""

    file: File
    handed: str


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What is to be posted: the card, and with it a file, or none."""

    card: Card
    attached: Attached | None = None


class Attaching:
    """The files of one lane."""

    def __init__(self, works: Works, lane: Lane) -> None:
        self._works = works
        self._lane = lane

    async def ready(self, job: Job) -> Ready:
        """The message with its file; without one where the platform takes none, or has refused it too often.

        Nothing is posted yet. Broken where the file cannot be made; Undeliverable where it cannot be handed over now.
        """
        assert job.card is not None
        if not job.card.attached:
            return Ready(card=job.card)
        platform = self._platform
        if self._works.gather is None or not isinstance(platform, PostsFiles):
            return Ready(card=without_file(job.card, NO_FILES))
        if job.attempts >= self._works.timing.most_files:
            return Ready(card=without_file(job.card, GIVEN_UP))
        file = await self._drawn(job)
        try:
            handed = await platform.hand_over(workspace=self._lane.workspace, file=file)
        except FileRefused as refused:
            return Ready(card=without_file(job.card, refused.reason))
        return Ready(card=job.card, attached=Attached(file=file, handed=handed))

    async def post(self, address: str, card: Card, key: str, attached: Attached | None) -> Posted:
        """One attempt. Raises Undeliverable or Unanswered, and with a file FileRefused."""
        platform, workspace = self._platform, self._lane.workspace
        if attached is None or not isinstance(platform, PostsFiles):
            return await platform.post(workspace=workspace, address=address, card=card, key=key)
        file, handed = attached.file, attached.handed
        return await platform.post_file(
            workspace=workspace, address=address, card=card, key=key, file=file, handed=handed
        )

    async def _drawn(self, job: Job) -> File:
        """Rows are read in one short transaction; drawing, which takes longer, holds none."""
        draw = await self._works.reading(self._lane.authority, lambda session: self._gathered(session, job))
        return await self._works.aside(lambda: self._works.guarded("drawing a file", draw))

    def _gathered(self, session: Session, job: Job) -> Callable[[], File]:
        row, gather = outbox.get(session, job.outbox_id), self._works.gather
        if row is None or gather is None:
            raise Broken("no such message")
        return self._works.handled(session, "gathering a file", lambda: gather(session, row, self._works.day()))

    @property
    def _platform(self) -> Platform:
        return self._works.platforms[self._lane.platform]
