"""Narrative at rest: the keys, the column type that uses them, and a canary that tells wrong keys."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, Dialect, Text, event, inspect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel, select, update

CANARY = "the keys fit"
UNREADABLE = "[This cannot be read any more: tell your administrator, who can run doctor.]"
"""In the place of words that no key opens: a row that was damaged takes no list, day or file with it."""


class Unread(str):
    """UNREADABLE as it was read: told from a person who types the same, since what lies there was not read."""

    __slots__ = ()


class KeysMissing(DontWrapMixin, Exception):
    """There is encrypted text to read or write, and no key."""

    def __init__(self) -> None:
        super().__init__("ENCRYPTION_KEYS is not set, and what people write is stored encrypted.")


class KeysWrong(DontWrapMixin, Exception):
    """No key given fits, or one is no key at all."""

    def __init__(self, sentence: str = "") -> None:
        fits_not = "ENCRYPTION_KEYS does not fit the stored data: give the keys it was written with."
        super().__init__(sentence or fits_not)


class Keyring:
    """Fernet keys, newest first: the first encrypts, all of them decrypt."""

    def __init__(self, keys: str) -> None:
        """Take comma-separated keys; raises KeysMissing for none, KeysWrong for one that is no Fernet key."""
        given = [key.strip() for key in keys.split(",") if key.strip()]
        if not given:
            raise KeysMissing
        try:
            self._fernet = MultiFernet([Fernet(key) for key in given])
        except ValueError:
            raise KeysWrong(
                "ENCRYPTION_KEYS holds something that is not a Fernet key (32 bytes in URL-safe base64)."
            ) from None

    def lock(self, text: str) -> str:
        """The text encrypted with the newest key."""
        return self._fernet.encrypt(text.encode()).decode()

    def unlock(self, token: str) -> str:
        """The text again; raises KeysWrong when no key fits."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise KeysWrong from None


class _Process:
    """What this process holds; the column type has no other way to it."""

    keyring: Keyring | None = None


def use_keyring(keyring: Keyring | None) -> None:
    """Set the keys of this process; None takes them away."""
    _Process.keyring = keyring


def keyring() -> Keyring:
    """The keys of this process; raises KeysMissing when none were set."""
    if _Process.keyring is None:
        raise KeysMissing
    return _Process.keyring


class EncryptedText(TypeDecorator[str]):
    """What people wrote: it lies encrypted in the database and cannot be searched there; None stays None.

    What no key opens is read as Unread, which is never written anywhere.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        if isinstance(value, Unread):
            raise KeysWrong
        return None if value is None else keyring().lock(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        try:
            return None if value is None else keyring().unlock(value)
        except KeysWrong:
            return Unread(UNREADABLE)


class EncryptedSecret(EncryptedText):
    """What the program itself needs, such as a token: reading it raises KeysWrong where no key opens it."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else keyring().lock(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else keyring().unlock(value)


class KeyCheck(SQLModel, table=True):
    """One known sentence, encrypted when the database was first used."""

    __tablename__ = "key_checks"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    canary: str = Field(sa_type=EncryptedSecret)


def check_keys(session: Session) -> None:
    """Read the canary, or write it on first use; raises KeysMissing or KeysWrong."""
    found = session.exec(select(KeyCheck.canary)).first()
    if found is None:
        session.add(KeyCheck(canary=CANARY))
        session.flush()
    elif found != CANARY:
        raise KeysWrong


def rotate(session: Session, *, batch: int = 200) -> int:
    """Encrypt all text again with the newest key; returns how many values. Call within `every_authority`."""
    return sum(_rotate_column(session, mapped, name, batch) for mapped, name in encrypted_columns())


def is_readable(row: SQLModel) -> bool:
    """Whether all that people wrote in a row could be read."""
    return not any(isinstance(getattr(row, name), Unread) for name in _columns_of(type(row)))


@event.listens_for(Mapper, "before_update")
def _never_over_what_was_not_read(_mapper: Mapper[SQLModel], _connection: Connection, row: SQLModel) -> None:
    """A form begins with what was read: sent back with more words, it would take the place of what may be mended."""
    for name in _columns_of(type(row)):
        added, _, before = inspect(row).attrs[name].history
        if added and before and isinstance(before[0], Unread) and UNREADABLE in (added[0] or ""):
            raise KeysWrong


@cache
def _columns_of(mapped: type[SQLModel]) -> tuple[str, ...]:
    return tuple(name for one, name in encrypted_columns() if one is mapped)


def encrypted_columns() -> list[tuple[type[SQLModel], str]]:
    """Every mapped class with an encrypted column, and the column's name."""
    return [
        (mapper.class_, column.key)
        for mapper in sorted(SQLModel._sa_registry.mappers, key=lambda mapper: mapper.class_.__name__)
        for column in mapper.local_table.columns
        if isinstance(column.type, EncryptedText)
    ]


def _rotate_column(session: Session, mapped: type[SQLModel], name: str, batch: int) -> int:
    """Write one column again, row by row, in batches by primary key."""
    (key,) = mapped.__table__.primary_key.columns  # type: ignore[attr-defined]
    ident, words = getattr(mapped, key.key), getattr(mapped, name)
    done, last = 0, None
    while True:
        rows = select(ident, words).where(words.is_not(None)).order_by(ident).limit(batch)
        found = session.exec(rows if last is None else rows.where(ident > last)).all()
        for row_id, text in found:
            session.exec(update(mapped).where(ident == row_id).values({name: text}))
            done, last = done + 1, row_id
        if not found:
            return done
