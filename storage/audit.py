"""Proof that history stands as written: chains verified link by link, and their heads anchored daily."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from sqlalchemy import UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select, update

from storage.append_only import keep_as_written
from storage.history import GENESIS, History, HistoryChain, canonical, committed, sealed
from storage.scope import Scoped

AT_A_TIME = 2_000
"""Chains noted as anchored in one transaction, so that nobody waits long for the lock."""


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


Moved = tuple[int, str, int, str]
"""A chain that goes on since the anchor before: the id of its head, its name, its length and last digest."""


def moved(session: Session) -> Sequence[Moved]:
    """The chains to be anchored. No lock is needed: a chain only grows, and what comes later is in a later anchor."""
    columns = select(col(HistoryChain.id), HistoryChain.chain, HistoryChain.length, HistoryChain.head)
    longer = columns.where(col(HistoryChain.length) > col(HistoryChain.anchored))
    return [(row[0] or 0, row[1], row[2], row[3]) for row in session.exec(longer.order_by(col(HistoryChain.chain)))]


def heads_of(chains: Sequence[Moved]) -> str:
    """The heads as they are anchored."""
    return canonical([[chain, length, head] for _, chain, length, head in chains])


def keep_anchor(session: Session, day: date, heads: str) -> bool:
    """Anchor these heads for the day; False where the day has its anchor, which may hold less."""
    if is_anchored(session, day):
        return False
    before = session.exec(select(HistoryAnchor.digest).order_by(col(HistoryAnchor.day).desc()).limit(1)).first()
    new = HistoryAnchor(day=day, heads=heads, previous=before or GENESIS, digest="")
    new.digest = anchored(new)
    session.add(new)
    session.flush()
    return True


def mark_anchored(session: Session, chains: Sequence[Moved]) -> None:
    """Note how much of these chains an anchor holds; what is not noted is anchored again, which does no harm."""
    rows = [{"ident": ident, "held": length} for ident, _, length, _ in chains]
    if rows:
        session.connection().execute(_HELD, rows)


_HEADS = SQLModel.metadata.tables[HistoryChain.__tablename__]
_HELD = update(_HEADS).where(_HEADS.c.id == bindparam("ident")).values(anchored=bindparam("held"))


def is_anchored(session: Session, day: date) -> bool:
    """Whether the day has its anchor."""
    return session.exec(select(HistoryAnchor.id).where(HistoryAnchor.day == day)).first() is not None


def anchor(session: Session, day: date) -> str:
    """All of it in one transaction, for few chains. Returns the day's digest, worth keeping elsewhere too."""
    chains = moved(session)
    if keep_anchor(session, day, heads_of(chains)):
        mark_anchored(session, chains)
    return session.exec(select(HistoryAnchor.digest).where(HistoryAnchor.day == day)).one()


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
