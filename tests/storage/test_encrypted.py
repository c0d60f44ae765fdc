"""What people write lies encrypted, and wrong keys are told before anything is read."""

from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage.audit import verify_all
from storage.database import transaction
from storage.encrypted import (
    Keyring,
    KeysMissing,
    KeysWrong,
    check_keys,
    encrypted_columns,
    rotate,
    use_keyring,
)
from storage.history import History, record
from storage.inbound import Inbound
from storage.procedure_texts import ProcedureText
from storage.procedure_texts import keep as keep_text
from storage.scope import every_authority

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = "The placement plan was not followed."


def keep(engine: Engine, answer: str | None) -> None:
    with transaction(engine, "northshire") as session:
        session.add(Inbound(key="k", received_at=MOMENT, answer=answer))


def kept(engine: Engine) -> str | None:
    with transaction(engine, "northshire", writes=False) as session:
        return session.exec(select(Inbound.answer)).one()


def test_text_comes_back_and_lies_unreadable(engine: Engine) -> None:
    keep(engine, WORDS)
    assert kept(engine) == WORDS
    with engine.connect() as connection:
        lying = connection.exec_driver_sql("SELECT answer FROM inbound").scalar_one()
    assert WORDS not in lying
    assert "placement" not in lying


def test_nothing_stays_nothing(engine: Engine) -> None:
    keep(engine, None)
    assert kept(engine) is None


def test_without_keys_text_is_neither_written_nor_read(engine: Engine) -> None:
    keep(engine, WORDS)
    use_keyring(None)
    with pytest.raises(KeysMissing, match=r"^ENCRYPTION_KEYS is not set[^\n]+\.$"):
        kept(engine)
    with pytest.raises(KeysMissing):
        keep(engine, WORDS)


def test_an_error_of_the_database_never_quotes_what_was_written(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        keep_text(session, name="handbook", text=WORDS, digest="d", at=MOMENT)
    with pytest.raises(IntegrityError) as refusal, transaction(engine, "northshire") as session:
        session.add(ProcedureText(name="handbook", text=WORDS, digest="d", stored_at=MOMENT))
    assert "placement" not in str(refusal.value)


def test_a_wrong_key_is_told_in_one_sentence(engine: Engine) -> None:
    keep(engine, WORDS)
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with pytest.raises(KeysWrong, match=r"^ENCRYPTION_KEYS does not fit the stored data[^\n]+\.$"):
        kept(engine)


@pytest.mark.parametrize(("keys", "refusal"), [("", KeysMissing), (" , ", KeysMissing), ("short", KeysWrong)])
def test_what_is_no_key_is_refused_at_once(keys: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match="ENCRYPTION_KEYS"):
        Keyring(keys)


def test_the_canary_is_written_once_and_tells_a_wrong_key(engine: Engine) -> None:
    for _ in range(2):
        with transaction(engine, None) as session:
            check_keys(session)
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with pytest.raises(KeysWrong), transaction(engine, None) as session:
        check_keys(session)


def test_after_rotation_the_old_key_can_be_thrown_away(engine: Engine) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    use_keyring(Keyring(old))
    keep(engine, WORDS)
    with transaction(engine, "northshire") as session:
        for number in range(5):
            record(session, chain="concern:1", at=MOMENT, actor_id=1, what="logged", words=f"{WORDS} {number}")
    use_keyring(Keyring(f"{new},{old}"))
    with transaction(engine, None) as session, every_authority(session):
        assert rotate(session, batch=2) == 6
    use_keyring(Keyring(new))
    assert kept(engine) == WORDS
    with transaction(engine, "northshire", writes=False) as session:
        assert verify_all(session) == []
        assert session.exec(select(History.words).where(History.position == 5)).one() == f"{WORDS} 4"


def test_rotation_finds_every_encrypted_column() -> None:
    found = {(mapped.__name__, column) for mapped, column in encrypted_columns()}
    assert {("History", "words"), ("Inbound", "answer"), ("KeyCheck", "canary")} <= found
