"""The tenant guard: a session sees and writes its own authority's rows, and every way around that has a name.

`storage.database.transaction` opens guarded sessions; rooms inherit `Scoped` and do not filter by authority.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    Mapper,
    ORMExecuteState,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.sql.dml import Insert, Update, UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.util import LRUCache
from sqlmodel import Field, Session, SQLModel, select

from storage.made import Made
from storage.mentions import mentions

AUTHORITY = "authority"
EVERY = "every authority"
WRITES = "writes"
HELD = "held"

Row = TypeVar("Row", bound=SQLModel)


class OutOfScope(Exception):
    """A statement or a row would have left the authority of its session: a defect of the program."""


class OnlyReading(OutOfScope):
    """Something would have been written in a transaction that was opened for reading."""

    def __init__(self) -> None:
        super().__init__("This transaction was opened for reading only.")


class Scoped(Made):
    """Base of every table whose rows belong to an authority, which is filled in when the row is written."""

    authority: str = Field(default="", index=True, max_length=40)

    def leaves(self) -> tuple[bool, datetime | None]:
        """Written as it is, whether it leaves something to be sent or shown anew, and when something falls due."""
        return False, None


class GuardedSession(Session):
    """A session that carries the authority it acts for."""

    def get(self, entity: type[Row], ident: object, **options: object) -> Row | None:  # type: ignore[override]
        """The row with that key, or None, also when the row is another authority's and already loaded.

        It is asked for once in a session: SQLAlchemy forgets a row as soon as nobody holds it, so it is held here.
        """
        row: Row | None = held(self, entity, ident) if not options else None
        if row is None:
            row = super().get(entity, ident, **options)  # type: ignore[arg-type]
        if isinstance(row, Scoped) and not self.info.get(EVERY) and row.authority != own_authority(self):
            return None
        if row is not None:
            hold(self, [row])
        return row

    def begin_nested(self) -> SessionTransaction:
        """A savepoint. What waits to be written belongs to what was before it."""
        settle(self)
        return super().begin_nested()


before_statements: list[Callable[[PlainSession, Collection[str] | None], None]] = []
"""Called with the tables of a statement before it is executed, without any for all tables."""


def settle(session: PlainSession, tables: Collection[str] | None = None) -> None:
    """Let what waits for these tables, or for any, be written."""
    for ask in before_statements:
        ask(session, tables)


def hold(session: PlainSession, rows: Iterable[SQLModel | None]) -> None:
    """Keep these rows at hand as long as the session lasts, so that none of them is asked for again by its id."""
    at_hand = session.info.setdefault(HELD, {})
    for row in rows:
        if row is not None and (key := inspect(row).identity) is not None:
            at_hand[type(row), key[0] if len(key) == 1 else key] = row


def held(session: PlainSession, entity: type[Row], ident: object) -> Row | None:
    """The row, where it is at hand; never a query."""
    row: Row | None = session.info.get(HELD, {}).get((entity, ident))
    return row


@event.listens_for(GuardedSession, "persistent_to_deleted")
@event.listens_for(GuardedSession, "after_soft_rollback")
def _let_go(session: PlainSession, _: object) -> None:
    """What was taken away or undone is asked for again."""
    session.info.pop(HELD, None)


def hold_all(session: Session, entity: type[Row], idents: Iterable[int | None]) -> None:
    """Read these rows at once, so that `get` finds each without a question of its own."""
    # To mypy the key of a mapped class is whatever its first column holds.
    key = inspect(entity).primary_key[0]
    wanted = sorted({one for one in idents if one is not None})
    if wanted:
        hold(session, session.execute(select(entity).where(key.in_(wanted))).scalars())


def writes(session: PlainSession) -> bool:
    """Whether the session was opened for writing."""
    return bool(session.info.get(WRITES, True))


def own_authority(session: PlainSession) -> str:
    """The authority the session acts for; raises OutOfScope when there is none."""
    authority = session.info.get(AUTHORITY)
    if not authority:
        raise OutOfScope("This session acts for no authority: open the transaction for one.")
    return str(authority)


@contextmanager
def every_authority(session: Session) -> Iterator[Session]:
    """Let the session act on the rows of all authorities: for the tick and the command line alone."""
    before = session.info.get(EVERY, False)
    settle(session)
    session.flush()
    session.info[EVERY] = True
    try:
        yield session
        session.flush()
    finally:
        session.info[EVERY] = before


@contextmanager
def acting_for(session: Session, authority: str) -> Iterator[Session]:
    """Narrow a session that was opened for no authority to one, for the length of the block."""
    if session.info.get(AUTHORITY) not in (None, authority):
        raise OutOfScope("A session opened for one authority cannot act for another.")
    before = {key: session.info.get(key) for key in (AUTHORITY, EVERY)}
    settle(session)
    session.flush()
    session.info.update({AUTHORITY: authority, EVERY: False})
    try:
        yield session
        settle(session)
        session.flush()
    finally:
        session.info.update(before)


@event.listens_for(GuardedSession, "do_orm_execute")
def guard_statement(state: ORMExecuteState) -> None:
    """Limit the statement to the session's authority, or refuse it."""
    if not writes(state.session) and not _only_reads(state):
        raise OnlyReading
    if state.is_column_load:
        return
    if state.session.info.get(EVERY):
        settle(state.session)
        return
    owned = owned_mappers(state)
    if not owned:
        return
    settle(state.session, {str(mapper.class_.__tablename__) for mapper in owned})
    authority = own_authority(state.session)
    if isinstance(state.statement, Insert):
        guard_insert(state, state.statement, authority)
        return
    if isinstance(state.statement, Update):
        guard_update(state, state.statement)
    state.statement = state.statement.options(*(limit_to(authority, mapper) for mapper in owned))


def _only_reads(state: ORMExecuteState) -> bool:
    """Whether the statement neither writes nor locks."""
    return state.is_select and getattr(state.statement, "_for_update_arg", None) is None


@lru_cache(maxsize=4096)
def limit_to(authority: str, mapper: Mapper[SQLModel]) -> LoaderCriteriaOption:
    """The criterion that limits one class to one authority.

    A plain expression would not follow an alias of a class joined to itself; the lambda does.
    """
    return with_loader_criteria(mapper, lambda owned: owned.authority == authority, include_aliases=True)


def owned_mappers(state: ORMExecuteState) -> Sequence[Mapper[SQLModel]]:
    """The owned classes a statement touches; raises OutOfScope when it cannot be told for sure."""
    statement = state.statement
    if not state.is_orm_statement or not isinstance(statement, SelectBase | UpdateBase):
        raise OutOfScope("A statement without a mapped class cannot be limited to one authority.")
    shape = statement._generate_cache_key()
    if shape is None:
        return owned_in(statement)
    owned = _SHAPES.get(shape.key)
    if owned is None:
        owned = _SHAPES[shape.key] = owned_in(statement)
    return owned


_SHAPES: LRUCache[object, Sequence[Mapper[SQLModel]]] = LRUCache(2000)
"""The owned classes of statements by their shape (without values): walking a statement costs as much as running it."""


def owned_in(statement: SelectBase | UpdateBase) -> Sequence[Mapper[SQLModel]]:
    """The owned classes found by walking the whole statement."""
    found = mentions(statement)
    if found.raw_text:
        raise OutOfScope("SQL text inside a statement cannot be limited to one authority.")
    owned = [mapper for mapper in found.mappers if issubclass(mapper.class_, Scoped)]
    mapped = {mapper.local_table for mapper in owned}
    for table in found.tables:
        if AUTHORITY in table.columns and (table in found.bare or table not in mapped):
            raise OutOfScope(f"The table {table.name} is used without its mapped class.")
    return owned


def guard_insert(state: ORMExecuteState, statement: Insert, authority: str) -> None:
    """Fill in the authority of inserted rows and refuse those of another."""
    if statement.select is not None or statement._multi_values or "do_update" in changes_on_conflict(statement):
        raise OutOfScope("Give the rows to insert as parameters; rows that stand are changed by an update.")
    given = {column_name(key): value for key, value in (statement._values or {}).items()}
    if given:
        refuse_foreign(getattr(given.get(AUTHORITY), "value", None), authority)
        state.statement = statement.values(authority=authority)
        return
    rows = state.parameters if isinstance(state.parameters, list) else [state.parameters]
    for row in rows:
        refuse_foreign(row.get(AUTHORITY), authority)  # type: ignore[union-attr]
        row[AUTHORITY] = authority  # type: ignore[index]


def changes_on_conflict(statement: Insert) -> str:
    """The visit name of an ON CONFLICT clause, or nothing."""
    return str(getattr(getattr(statement, "_post_values_clause", None), "__visit_name__", ""))


def guard_update(state: ORMExecuteState, statement: Update) -> None:
    """Refuse an update that gives rows away, or that names rows by key where no criterion can be added."""
    if state.parameters:
        raise OutOfScope("Updates by a list of keys cannot be limited to one authority: say where.")
    if AUTHORITY in map(column_name, statement._values or {}):
        raise OutOfScope("A row cannot be given to another authority.")


def column_name(key: object) -> str:
    """The name of a column given as text, as a column or as an attribute."""
    return str(getattr(key, "key", key))


def refuse_foreign(given: object, authority: str) -> None:
    """Raise OutOfScope when a row names an authority that is not the session's."""
    if given and given != authority:
        raise OutOfScope("A row of another authority cannot be written in this session.")


@event.listens_for(GuardedSession, "before_flush")
def guard_rows(session: PlainSession, _: UOWTransaction, __: object) -> None:
    """Fill in and check the authority of every row about to be written."""
    if not writes(session) and (session.new or session.dirty or session.deleted):
        raise OnlyReading
    for row in session.new:
        if isinstance(row, Scoped):
            row.authority = row.authority or own_authority(session)
            guard_row(session, row)
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, Scoped):
            if get_history(row, AUTHORITY).deleted:
                raise OutOfScope("A row cannot be given to another authority.")
            guard_row(session, row)


def guard_row(session: PlainSession, row: Scoped) -> None:
    """Refuse a row of another authority unless the session acts for all."""
    if not session.info.get(EVERY):
        refuse_foreign(row.authority, own_authority(session))
