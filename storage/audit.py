"""Proof that history stands as written: chains verified link by link, and their heads anchored daily."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select, update

from storage.append_only import keep_as_written
from storage.history import GENESIS, History, HistoryChain, canonical, committed, sealed
from storage.scope import Scoped

AT_A_TIME = 5_000
"""Ids in one statement."""


class HistoryAnchor(Scoped, table=True):
    """The heads that moved since the anchor before, as JSON: [[chain, length, digest], ...]."""

    __tablename__ = "history_anchors"
    __table_args__ = (UniqueConstraint("authority", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    heads: str
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


keep_as_written(HistoryAnchor.__table__)  # type: ignore[attr-defined]


def anchor(session: Session, day: date) -> str:
    """Anchor the day's heads once and return the digest, worth keeping elsewhere too.

    Use a transaction of its own: it locks the heads, which others lock last.
    """
    found = session.exec(select(HistoryAnchor).where(HistoryAnchor.day == day)).first()
    if found is not None:
        return found.digest
    moved = session.exec(
        select(HistoryChain.id, HistoryChain.chain, HistoryChain.length, HistoryChain.head)
        .where(col(HistoryChain.length) > col(HistoryChain.anchored))
        .order_by(col(HistoryChain.chain))
        .with_for_update()
    ).all()
    heads = canonical([[chain, length, head] for _, chain, length, head in moved])
    for at in range(0, len(moved), AT_A_TIME):
        ids = [one[0] for one in moved[at : at + AT_A_TIME]]
        session.exec(update(HistoryChain).where(col(HistoryChain.id).in_(ids)).values(anchored=HistoryChain.length))
    before = session.exec(select(HistoryAnchor.digest).order_by(col(HistoryAnchor.day).desc()).limit(1)).first()
    new = HistoryAnchor(day=day, heads=heads, previous=before or GENESIS, digest="")
    new.digest = anchored(new)
    session.add(new)
    session.flush()
    return new.digest


def anchored(row: HistoryAnchor) -> str:
    """The digest of an anchor, computed from its columns."""
    return sha256(canonical([row.day.isoformat(), row.heads, row.previous]).encode()).hexdigest()


def verify(session: Session, chain: str) -> list[str]:
    """What is wrong with one chain, a sentence each; nothing when it stands as written."""
    rows = session.exec(select(History).where(History.chain == chain).order_by(col(History.position))).all()
    head = session.exec(select(HistoryChain).where(HistoryChain.chain == chain)).first()
    return _broken_links(chain, rows) + _wrong_head(chain, rows, head)


def verify_all(session: Session) -> list[str]:
    """What is wrong with any chain or anchor of the authority."""
    chains = set(session.exec(select(HistoryChain.chain)).all()) | set(
        session.exec(select(History.chain).distinct()).all()
    )
    problems = [problem for chain in sorted(chains) for problem in verify(session, chain)]
    return problems + _wrong_anchors(session)


def _broken_links(chain: str, rows: Sequence[History]) -> list[str]:
    problems: list[str] = []
    previous = GENESIS
    for expected, row in enumerate(rows, start=1):
        place = f"{chain}, entry {row.position}"
        if row.position != expected:
            problems.append(f"{place}: entry {expected} is missing before it.")
            return problems
        if row.previous != previous:
            problems.append(f"{place}: it does not follow the entry before it.")
        if sealed(row) != row.digest:
            problems.append(f"{place}: it was altered.")
        if row.words is not None and row.commitment != committed(row.words, row.salt or ""):
            problems.append(f"{place}: its words were altered.")
        previous = row.digest
    return problems


def _wrong_head(chain: str, rows: Sequence[History], head: HistoryChain | None) -> list[str]:
    if head is None:
        return [f"{chain}: its head is missing."]
    if head.length != len(rows) or head.head != (rows[-1].digest if rows else GENESIS):
        return [f"{chain}: {len(rows)} entries stand, and its head was set for {head.length}."]
    return []


def _wrong_anchors(session: Session) -> list[str]:
    problems: list[str] = []
    previous = GENESIS
    for row in session.exec(select(HistoryAnchor).order_by(col(HistoryAnchor.day))).all():
        follows, previous = row.previous == previous, row.digest
        if not follows or anchored(row) != row.digest:
            problems.append(f"The anchor of {row.day.isoformat()} was altered, or one before is missing.")
            continue
        for chain, length, digest in json.loads(row.heads):
            stands = session.exec(
                select(History.digest).where(History.chain == chain, History.position == length)
            ).first()
            if stands != digest:
                problems.append(f"{chain}: it is not what was anchored on {row.day.isoformat()}.")
    return problems
