"""Nudges by the hundred thousand that are due some day, and some that are due now, about nothing that there is."""

from datetime import timedelta

from sqlalchemy import Engine, insert

from scheduling.ladder import Rung
from scheduling.procedures import shipped_text
from storage import procedure_texts
from storage.authorities import Authority
from storage.database import transaction
from storage.nudges import Nudge
from storage.scope import WRITES
from tests.benchmarks.late_council import LATER, MORNING, PENDING, settled

SPREAD_SECONDS = 300 * 24 * 3600
_PENDING = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) "
        "INSERT INTO nudges (authority, due_at, id, subject, rung, failures) "
        "SELECT 'la' || (i % {authorities}), "
        "strftime('%Y-%m-%d %H:%M:%f', '{pending}', '+' || (i * 7919 % {spread}) || ' seconds') || '000', "
        "printf('p%031d', i), 'concern:' || i, '{rung}', 0 FROM n"
    ),
    "postgresql": (
        "INSERT INTO nudges (authority, due_at, id, subject, rung, failures) "
        "SELECT 'la' || mod(i, {authorities}), "
        "timestamptz '{pending}+00' + mod(i * 7919::bigint, {spread}) * interval '1 second', "
        "'p' || lpad(i::text, 31, '0'), 'concern:' || i, '{rung}', 0 FROM generate_series(1, {number}) AS i"
    ),
}


def service(engine: Engine, authorities: int) -> None:
    """So many authorities, without anybody in them."""
    text = shipped_text("handbook")
    for number in range(authorities):
        key = f"la{number}"
        with transaction(engine, key) as session:
            session.add(
                Authority(
                    key=key,
                    name=key,
                    procedures_name="handbook.toml",
                    procedures_digest="0" * 64,
                    created_at=MORNING,
                )
            )
            session.flush()
            procedure_texts.keep(session, name="handbook.toml", text=text, digest="0" * 64, at=MORNING)


def put_pending(engine: Engine, number: int, authorities: int) -> None:
    """So many that fall due in the 300 days from `PENDING` on, no two neighbours of one authority."""
    statement = _PENDING[engine.dialect.name].format(
        number=number,
        authorities=authorities,
        pending=f"{PENDING:%Y-%m-%d %H:%M:%S}",
        spread=SPREAD_SECONDS,
        rung=Rung.DEADLINE.value,
    )
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.exec_driver_sql(statement)
    settled(engine)


def put_due(engine: Engine, number: int, authority: str = "la0") -> None:
    """So many that have fallen due at `LATER`, each about something of its own."""
    rows = [
        {
            "due_at": LATER - timedelta(seconds=one),
            "id": f"d{one:031}",
            "subject": f"concern:{9_000_000 + one}",
            "rung": Rung.DEADLINE,
        }
        for one in range(number)
    ]
    with transaction(engine, authority) as session:
        session.execute(insert(Nudge), rows)
