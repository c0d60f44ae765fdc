"""Setting up the authority that the settings name: its row, and the procedures in force for new concerns."""

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.procedures_named import procedures_text
from bot.settings import Settings
from scheduling.procedures import Procedures, parse_procedures
from storage import authorities, history, procedure_texts
from storage.authorities import Authority
from storage.database import transaction


def establish(engine: Engine, settings: Settings, now: datetime) -> str:
    """Make the authority AUTHORITY, or bring it to the procedures that PROCEDURES names; returns its key.

    Concerns that are open keep the rules they began under. ProceduresInvalid where the text cannot be used.
    """
    key = settings.authority
    name, text = procedures_text(settings.procedures)
    rules = parse_procedures(text, name)
    with transaction(engine, key, writes=False) as session:
        if stands(session, key, rules):
            return key
    try:
        _settle(engine, key, rules, text, name, now)
    except IntegrityError:  # another process set the same authority up between our look and our write
        _settle(engine, key, rules, text, name, now)
    return key


def _settle(engine: Engine, key: str, rules: Procedures, text: str, name: str, now: datetime) -> None:
    with transaction(engine, key) as session:
        if not stands(session, key, rules):
            _put_in_force(session, key, rules, text, name, now)


def stands(session: Session, key: str, rules: Procedures) -> bool:
    """Whether the authority is there and these are its rules, its text kept."""
    row = authorities.find(session, key)
    kept = procedure_texts.text_of(session, rules.digest)
    return row is not None and row.procedures_digest == rules.digest and kept is not None


def _put_in_force(session: Session, key: str, rules: Procedures, text: str, name: str, now: datetime) -> None:
    row = authorities.find(session, key)
    before = row.procedures_digest if row else None
    row = row or Authority(
        key=key, name=rules.name, procedures_name=name, procedures_digest=rules.digest, created_at=now
    )
    row.name, row.procedures_name, row.procedures_digest = rules.name, name, rules.digest
    session.add(row)
    session.flush()
    procedure_texts.keep(session, name=name[:80], text=text, digest=rules.digest, at=now)
    history.record(
        session,
        chain="authority",
        at=now,
        actor_id=None,
        what="procedures changed" if before else "set up",
        details={"procedures": name, "digest": rules.digest, "before": before},
    )
