"""Replies to a stage, what was added to them later, and the extensions an IRO agreed."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class AnswerKind(StrEnum):
    """What someone answered."""

    DONE = "agreed and done"
    PLAN = "agreed, with a plan by date"
    PARTLY = "partly agreed"
    NOT_AGREED = "not agreed"


class Reply(Scoped, table=True):
    """A reply, or an addition to one (`adds_to_id`). `recorded_by_id`: the IRO wrote down one given elsewhere."""

    __tablename__ = "replies"

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    run_id: int = Field(foreign_key="stage_runs.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    for_id: int | None = Field(default=None, foreign_key="people.id")
    recorded_by_id: int | None = Field(default=None, foreign_key="people.id")
    adds_to_id: int | None = Field(default=None, foreign_key="replies.id")
    answer: AnswerKind | None = Field(default=None, sa_type=named(AnswerKind))
    words: str | None = Field(default=None, sa_type=EncryptedText)
    plan_by: date | None = None
    given_at: datetime
    done_at: datetime | None = None  # who promised it said that it is done

    @property
    def is_answer(self) -> bool:
        """Whether it answers for somebody asked to reply; else it adds to an answer, their own or their manager's."""
        return self.answer is not None and self.adds_to_id is None

    @property
    def is_contrary(self) -> bool:
        """Whether it does not agree, or not with all."""
        return self.answer in (AnswerKind.PARTLY, AnswerKind.NOT_AGREED)


class Extension(Scoped, table=True):
    """A deadline agreed by the IRO; never moves the total limit. One that brings an agreed date back counts as none."""

    __tablename__ = "extensions"

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    run_id: int = Field(foreign_key="stage_runs.id", index=True)
    before_at: datetime
    after_at: datetime
    asked_by_id: int | None = Field(default=None, foreign_key="people.id")
    asked_by: str = Field(default="", max_length=120)
    reason: str | None = Field(default=None, sa_type=EncryptedText)
    agreed_by_id: int = Field(foreign_key="people.id")
    agreed_at: datetime

    @property
    def brings_back(self) -> bool:
        """Whether it puts right, to an earlier day, what was agreed before."""
        return self.after_at < self.before_at


class ExtensionRequest(Scoped, table=True):
    """An addressee's wish for more time; only the IRO can grant or refuse it, the latter with a word if they like."""

    __tablename__ = "extension_requests"

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    run_id: int = Field(foreign_key="stage_runs.id", index=True)
    person_id: int = Field(foreign_key="people.id")
    until: date
    reason: str | None = Field(default=None, sa_type=EncryptedText)
    asked_at: datetime
    refused_at: datetime | None = None
    refusal: str | None = Field(default=None, sa_type=EncryptedText)


def of_run(session: Session, run_id: int) -> list[Reply]:
    """The replies and additions of a run, oldest first."""
    return list(session.exec(select(Reply).where(Reply.run_id == run_id).order_by(col(Reply.given_at), col(Reply.id))))


def who_replied(session: Session, run_ids: Collection[int]) -> dict[int, list[int]]:
    """By the run: those who replied or added to a reply, in that order, each once; none of their words."""
    query = select(Reply.run_id, Reply.person_id).where(col(Reply.run_id).in_(run_ids))
    found: dict[int, dict[int, None]] = {}
    for run_id, person_id in session.exec(query.order_by(col(Reply.given_at), col(Reply.id))) if run_ids else ():
        if person_id is not None:
            found.setdefault(run_id, {})[person_id] = None
    return {run_id: list(several) for run_id, several in found.items()}


def of_concern(session: Session, concern_id: int) -> list[Reply]:
    """The replies and additions of a concern, oldest first."""
    return list(
        session.exec(select(Reply).where(Reply.concern_id == concern_id).order_by(col(Reply.given_at), col(Reply.id)))
    )


def extensions_of(session: Session, concern_id: int) -> list[Extension]:
    """The extensions agreed on a concern, oldest first."""
    return list(session.exec(select(Extension).where(Extension.concern_id == concern_id).order_by(col(Extension.id))))


def requests_of(session: Session, run_id: int) -> list[ExtensionRequest]:
    """The wishes for more time in a run that were not refused, oldest first."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.run_id == run_id, col(ExtensionRequest.refused_at).is_(None)
    )
    return list(session.exec(query.order_by(col(ExtensionRequest.id))))


def refused_in(session: Session, concern_id: int) -> list[ExtensionRequest]:
    """The wishes for more time on a concern that were refused, oldest first."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.concern_id == concern_id, col(ExtensionRequest.refused_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(ExtensionRequest.id))))
