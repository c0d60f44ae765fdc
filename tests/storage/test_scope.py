"""No session reads or writes what belongs to another authority."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, column, exists, func, insert, literal_column, text, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select, update

from storage.database import transaction
from storage.inbound import Inbound
from storage.procedure_texts import ProcedureText
from storage.scope import OutOfScope, acting_for, every_authority

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)

Deed = Callable[[Session], object]


@pytest.fixture
def two(engine: Engine) -> Engine:
    """One row for Northshire, two for Southmoor."""
    for authority, keys in (("northshire", ["n1"]), ("southmoor", ["s1", "s2"])):
        with transaction(engine, authority) as session:
            session.add_all(Inbound(key=key, received_at=MOMENT) for key in keys)
            session.add(ProcedureText(name="handbook", text=keys[0], digest="d", stored_at=MOMENT))
    return engine


other = aliased(Inbound)
READINGS: dict[str, Callable[[Session], list[str]]] = {
    "a class": lambda session: [row.key for row in session.exec(select(Inbound))],
    "a column": lambda session: list(session.exec(select(Inbound.key))),
    "an alias": lambda session: [row.key for row in session.exec(select(other))],
    "a self-join": lambda session: list(session.exec(select(other.key).join(Inbound, col(Inbound.id) != 0))),
    "a self-join by alias": lambda session: list(
        session.exec(select(other.key).select_from(Inbound).join(other, col(other.id) != 0))
    ),
    "a subquery": lambda session: list(session.exec(select(select(Inbound.key).subquery().c.key))),
    "a table expression": lambda session: list(session.exec(select(select(Inbound.key).cte("t").c.key))),
    "a union": lambda session: list(
        session.scalars(union_all(select(Inbound.key), select(Inbound.key).where(col(Inbound.id) < 0)))
    ),
    "a scalar beside another table": lambda session: list(
        session.exec(
            select(select(Inbound.key).where(col(Inbound.id) > 0).limit(1).scalar_subquery()).select_from(ProcedureText)
        )
    ),
}


@pytest.mark.parametrize("reading", READINGS)
def test_a_session_sees_its_own_authority_however_it_asks(two: Engine, reading: str) -> None:
    with transaction(two, "northshire", writes=False) as session:
        assert READINGS[reading](session) == ["n1"]


def test_counts_and_conditions_see_the_own_authority_alone(two: Engine) -> None:
    with transaction(two, "northshire", writes=False) as session:
        assert session.exec(select(func.count()).select_from(Inbound)).one() == 1
        foreign = exists().where(col(Inbound.key) == "s1")
        assert session.exec(select(ProcedureText).where(foreign)).all() == []
        outer = select(ProcedureText.name, Inbound.key).outerjoin(Inbound, col(Inbound.key) == "s1")
        assert [tuple(row) for row in session.execute(outer)] == [("handbook", None)]


def test_getting_by_key_finds_nothing_of_another_authority(two: Engine) -> None:
    with transaction(two, "southmoor", writes=False) as session:
        foreign = session.exec(select(Inbound.id)).first()
    with transaction(two, "northshire", writes=False) as session:
        assert session.get(Inbound, foreign) is None


def test_getting_by_key_finds_nothing_even_when_the_row_was_loaded_for_all(two: Engine) -> None:
    with transaction(two, "northshire") as session:
        with every_authority(session):
            foreign = session.exec(select(Inbound).where(Inbound.key == "s1")).one()
        assert session.get(Inbound, foreign.id) is None


def test_updates_and_deletes_leave_other_authorities_alone(two: Engine) -> None:
    with transaction(two, "northshire") as session:
        session.exec(update(Inbound).values(key="changed"))
        session.exec(delete(Inbound).where(col(Inbound.key).in_(["s1", "s2"])))
    with transaction(two, None) as session, every_authority(session):
        assert sorted(session.exec(select(Inbound.key))) == ["changed", "s1", "s2"]


REFUSED: dict[str, Deed] = {
    "SQL as text": lambda session: session.execute(text("SELECT * FROM inbound")),
    "text as a condition": lambda session: session.exec(select(Inbound).where(text("1=1 OR 1=1"))),
    "a literal column": lambda session: session.exec(select(Inbound).where(literal_column("1=1 OR 1=1"))),
    "text mapped to a class": lambda session: session.execute(
        select(Inbound).from_statement(text("SELECT * FROM inbound"))
    ),
    "text with columns": lambda session: session.execute(text("SELECT key FROM inbound").columns(column("key"))),
    # SQLModel hides the table.
    "a bare table": lambda session: session.execute(select(Inbound.__table__)),  # type: ignore[attr-defined]
    "a bare table joined": lambda session: session.exec(
        # SQLModel hides the table.
        select(ProcedureText).join(Inbound.__table__, Inbound.__table__.c.id > 0)  # type: ignore[attr-defined]
    ),
    "a bare table's alias beside its class": lambda session: session.exec(
        # SQLModel hides the table.
        select(Inbound.key, Inbound.__table__.alias("b").c.key)  # type: ignore[attr-defined]
    ),
    "a bare table changed": lambda session: session.execute(
        Inbound.__table__.update().values(key="x")  # type: ignore[attr-defined]  # SQLModel hides the table
    ),
    "no table at all": lambda session: session.exec(select(func.now())),
    "a foreign row added": lambda session: session.add_all(
        [Inbound(authority="southmoor", key="x", received_at=MOMENT)]
    ),
    "foreign rows in bulk": lambda session: session.execute(
        insert(Inbound), [{"authority": "southmoor", "key": "x", "received_at": MOMENT}]
    ),
    "a foreign row by values": lambda session: session.execute(
        insert(Inbound).values(authority="southmoor", key="x", received_at=MOMENT)
    ),
    "rows selected into a table": lambda session: session.execute(
        insert(Inbound).from_select(["key"], select(Inbound.key))
    ),
    "rows given away": lambda session: session.exec(update(Inbound).values(authority="southmoor")),
    "rows changed by key": lambda session: session.execute(update(Inbound), [{"id": 2, "key": "x"}]),
}


@pytest.mark.parametrize("deed", REFUSED)
def test_what_cannot_be_limited_to_one_authority_is_refused(two: Engine, deed: str) -> None:
    with pytest.raises(OutOfScope), transaction(two, "northshire") as session:
        REFUSED[deed](session)


def foreign_row(engine: Engine) -> Inbound:
    """A row of Southmoor's, loaded by Southmoor."""
    with transaction(engine, "southmoor") as session:
        return session.exec(select(Inbound).where(Inbound.key == "s1")).one()


def test_a_row_of_another_authority_cannot_be_changed(two: Engine) -> None:
    row = foreign_row(two)
    row.key = "changed"
    with pytest.raises(OutOfScope), transaction(two, "northshire") as session:
        session.add(row)


def test_a_row_of_another_authority_cannot_be_deleted(two: Engine) -> None:
    row = foreign_row(two)
    with pytest.raises(OutOfScope), transaction(two, "northshire") as session:
        session.delete(row)


def test_a_row_cannot_be_given_to_another_authority(two: Engine) -> None:
    with pytest.raises(OutOfScope), transaction(two, "northshire") as session:
        session.exec(select(Inbound)).one().authority = "southmoor"


def test_a_session_without_an_authority_touches_no_owned_table(two: Engine) -> None:
    with pytest.raises(OutOfScope), transaction(two, None) as session:
        session.exec(select(Inbound)).all()
    with pytest.raises(OutOfScope), transaction(two, None) as session:
        session.add(Inbound(key="x", received_at=MOMENT))


def test_new_rows_take_the_authority_of_their_session(two: Engine) -> None:
    with transaction(two, "northshire") as session:
        session.add(Inbound(key="n2", received_at=MOMENT))
        session.execute(insert(Inbound), [{"key": "n3", "received_at": MOMENT}])
        session.execute(insert(Inbound).values(key="n4", received_at=MOMENT))
    with transaction(two, "northshire", writes=False) as session:
        assert session.exec(select(Inbound.key).order_by(col(Inbound.key))).all() == ["n1", "n2", "n3", "n4"]


def test_the_tick_reads_every_authority_and_then_acts_for_one(two: Engine) -> None:
    with transaction(two, None) as session:
        with every_authority(session):
            assert len(session.exec(select(Inbound)).all()) == 3
        with acting_for(session, "southmoor"):
            assert sorted(session.exec(select(Inbound.key))) == ["s1", "s2"]
            session.add(Inbound(key="s3", received_at=MOMENT))
        with pytest.raises(OutOfScope):
            session.exec(select(Inbound)).all()
    with transaction(two, "southmoor", writes=False) as session:
        assert len(session.exec(select(Inbound)).all()) == 3


def test_a_session_of_one_authority_cannot_act_for_another(two: Engine) -> None:
    with (
        transaction(two, "northshire") as session,
        pytest.raises(OutOfScope),
        acting_for(session, "southmoor"),
    ):
        pass


def test_a_reading_transaction_writes_nothing(two: Engine) -> None:
    with pytest.raises(OutOfScope), transaction(two, "northshire", writes=False) as session:
        session.add(Inbound(key="x", received_at=MOMENT))
    with pytest.raises(OutOfScope), transaction(two, "northshire", writes=False) as session:
        session.exec(delete(Inbound))
