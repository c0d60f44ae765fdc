"""What happened, who did it and for whom: one hash chain per subject, appended to and never altered.

Entries are kept by the session and written when its transaction commits, after everything else: the head row
of each chain has to be locked last and in one order, or two transactions could wait for each other.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby

from sqlalchemy import UniqueConstraint, event, insert, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, col, func, select

from storage.append_only import keep_as_written
from storage.encrypted import EncryptedText
from storage.scope import EVERY, GuardedSession, Scoped, own_authority

Details = Mapping[str, str | int | None]

GENESIS = "0" * 64
QUEUE = "history to write"
LOOKED_UP = "history looked up"
AT_A_TIME = 5_000
"""Chains in one statement."""


class History(Scoped, table=True):
    """One entry. `digest` covers every column but id and salt, and the words by their salted commitment."""

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("authority", "chain", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    chain: str = Field(max_length=80)
    position: int
    at: datetime = Field(index=True)
    actor_id: int | None = Field(default=None, index=True)
    for_id: int | None = None
    what: str = Field(max_length=60)
    details: str
    words: str | None = Field(default=None, sa_type=EncryptedText)
    salt: str | None = Field(default=None, max_length=64)
    commitment: str | None = Field(default=None, max_length=64)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class HistoryChain(Scoped, table=True):
    """The head of one chain: how long it is, its last digest, and how much of it an anchor holds."""

    __tablename__ = "history_chains"
    __table_args__ = (UniqueConstraint("authority", "chain"),)

    id: int | None = Field(default=None, primary_key=True)
    chain: str = Field(max_length=80)
    length: int = 0
    head: str = Field(default=GENESIS, max_length=64)
    anchored: int = 0


keep_as_written(History.__table__, erasable=("words", "salt"))  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened, before it has its place in the chain."""

    authority: str
    chain: str
    at: datetime
    actor_id: int | None
    for_id: int | None
    what: str
    details: str
    words: str | None
    savepoint: SessionTransaction | None

    @property
    def place(self) -> tuple[str, str]:
        """Which chain of which authority; heads are locked in this order."""
        return self.authority, self.chain


def record(  # noqa: PLR0913 - one keyword for each column of an entry
    session: Session,
    *,
    chain: str,
    at: datetime,
    actor_id: int | None,
    what: str,
    for_id: int | None = None,
    details: Details | None = None,
    words: str | None = None,
) -> None:
    """Add to a chain ("concern:12", "child:5", "authority") when this transaction commits.

    `details` are ids, dates and stage numbers; narrative goes into `words`, encrypted and erasable.
    """
    if at.utcoffset() is None:
        raise ValueError("History needs a moment with its timezone.")
    entry = Entry(
        authority=own_authority(session),
        chain=chain,
        at=at.astimezone(UTC),
        actor_id=actor_id,
        for_id=for_id,
        what=what,
        details=canonical(dict(details or {})),
        words=words,
        savepoint=session.get_nested_transaction(),
    )
    session.info.setdefault(QUEUE, []).append(entry)


def queued(session: PlainSession) -> Sequence[Entry]:
    """What this transaction adds when it commits: what it changed, and who did."""
    queue: list[Entry] = session.info.get(QUEUE, [])
    return queue


def entries(session: Session, chain: str) -> Sequence[History]:
    """The committed entries of a chain, oldest first."""
    return session.exec(select(History).where(History.chain == chain).order_by(col(History.position))).all()


def last(session: Session, chain: str, what: str) -> History | None:
    """The latest committed entry of a chain that is called so."""
    query = select(History).where(History.chain == chain, History.what == what)
    return session.exec(query.order_by(col(History.position).desc()).limit(1)).first()


def latest(session: Session, chains: Collection[str], what: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When each of these was last kept of each of these chains; those that never were are left out."""
    found: dict[tuple[str, str], datetime] = {}
    wanted = sorted(chains)
    for at in range(0, len(wanted), AT_A_TIME):
        query = select(History.chain, History.what, func.max(History.at)).where(
            col(History.chain).in_(wanted[at : at + AT_A_TIME]), col(History.what).in_(what)
        )
        rows = session.exec(query.group_by(History.chain, History.what))
        found.update({(chain, one): moment for chain, one, moment in rows})
    return found


def kept_between(session: Session, after: datetime, until: datetime, what: Collection[str]) -> Sequence[History]:
    """What of these kinds was kept in that time, of whatever subject, oldest first; looked up once in a transaction.

    What a transaction adds itself is written when it ends, so that nothing it does changes the answer.
    """
    found = session.info.setdefault(LOOKED_UP, {})
    key = (own_authority(session), after, until, *what)
    if key not in found:
        kept = select(History).where(col(History.at) > after, col(History.at) <= until, col(History.what).in_(what))
        found[key] = session.exec(kept.order_by(col(History.id))).all()
    answer: Sequence[History] = found[key]
    return answer


def of_people_between(session: Session, after: datetime, until: datetime, what: Collection[str]) -> Sequence[History]:
    """What of these kinds was kept of members of staff in that time, oldest first."""
    return [one for one in kept_between(session, after, until, what) if one.chain.startswith("person:")]


def erase_words(session: Session, history_id: int) -> None:
    """Erase what an entry says, and the salt with which it could be guessed; the chain holds as before."""
    session.exec(update(History).where(col(History.id) == history_id).values(words=None, salt=None))


def canonical(value: object) -> str:
    """JSON that is the same text for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def committed(words: str, salt: str) -> str:
    """The commitment to words that stays when they are erased."""
    return sha256(f"{salt}\n{words}".encode()).hexdigest()


def sealed(entry: History | Mapping[str, object]) -> str:
    """The digest of an entry, computed from its columns."""
    row = entry.model_dump() if isinstance(entry, History) else dict(entry)
    moment = row["at"]
    assert isinstance(moment, datetime)
    parts = [row[name] for name in ("authority", "chain", "position", "actor_id", "for_id", "what", "details")]
    return sha256(
        canonical([*parts, moment.astimezone(UTC).isoformat(), row["commitment"], row["previous"]]).encode()
    ).hexdigest()


@event.listens_for(GuardedSession, "before_commit")
def write_queued(session: PlainSession) -> None:
    """Lock the heads and write what was recorded; a released savepoint writes nothing yet."""
    if session.in_nested_transaction():
        return
    queued: list[Entry] = session.info.pop(QUEUE, [])
    if not queued:
        return
    session.flush()
    before = session.info.get(EVERY)
    session.info[EVERY] = True
    try:
        _append(session, sorted(queued, key=lambda entry: entry.place))
    finally:
        session.info[EVERY] = before


@event.listens_for(GuardedSession, "after_soft_rollback")
def forget_queued(session: PlainSession, ended: SessionTransaction) -> None:
    """What was recorded inside a transaction or savepoint goes with it."""
    queue: list[Entry] = session.info.get(QUEUE, [])
    session.info[QUEUE] = [entry for entry in queue if ended.nested and not within(entry.savepoint, ended)]


def within(savepoint: SessionTransaction | None, ended: SessionTransaction) -> bool:
    """Whether a savepoint is the ended one or lies inside it."""
    while savepoint is not None and savepoint is not ended:
        savepoint = savepoint.parent
    return savepoint is ended


def _append(session: PlainSession, queued: list[Entry]) -> None:
    """Give the entries, sorted by chain, their places, and move the heads."""
    heads = _locked_heads(session, sorted({entry.place for entry in queued}))
    rows: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for place, of_chain in groupby(queued, key=lambda entry: entry.place):
        ident, length, head = heads[place]
        for entry in of_chain:
            length += 1
            row = _row(entry, length, head)
            rows.append(row)
            head = str(row["digest"])
        moved.append({"id": ident, "length": length, "head": head})
    session.execute(insert(History), rows)
    session.execute(update(HistoryChain), moved)


def _row(entry: Entry, position: int, previous: str) -> dict[str, object]:
    """The columns of an entry at its place."""
    salt = secrets.token_hex(32) if entry.words is not None else None
    row: dict[str, object] = {
        "authority": entry.authority,
        "chain": entry.chain,
        "position": position,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "for_id": entry.for_id,
        "what": entry.what,
        "details": entry.details,
        "words": entry.words,
        "salt": salt,
        "commitment": committed(entry.words, salt) if entry.words is not None and salt else None,
        "previous": previous,
    }
    return row | {"digest": sealed(row)}


def _locked_heads(session: PlainSession, places: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int, str]]:
    """Lock the head rows in the order of their places, starting the chains that are new."""
    authority, chain = col(HistoryChain.authority), col(HistoryChain.chain)
    wanted = tuple_(authority, chain).in_(places)
    columns = (authority, chain, col(HistoryChain.id), col(HistoryChain.length), col(HistoryChain.head))
    query = select_columns(*columns).where(wanted).order_by(authority, chain)
    found = session.execute(query).all()
    new = sorted({*places} - {(row[0], row[1]) for row in found})
    is_postgres = session.get_bind().dialect.name == "postgresql"
    if new:
        dialect = postgresql if is_postgres else sqlite
        values = [{"authority": owner, "chain": name} for owner, name in new]
        session.execute(dialect.insert(HistoryChain).on_conflict_do_nothing(), values)
    if new or is_postgres:  # SQLite has one writer: what it read is how things stand
        found = session.execute(query.with_for_update()).all()
    return {(row[0], row[1]): (int(row[2] or 0), row[3], row[4]) for row in found}
