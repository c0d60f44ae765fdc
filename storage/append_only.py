"""Tables whose rows stay as they were written: triggers on both databases refuse to delete or alter them."""

from collections.abc import Callable, Iterable

from sqlalchemy import DDL, Connection, Table, event
from sqlalchemy.schema import ExecutableDDLElement

GUARDS: dict[str, dict[str, list[str]]] = {}  # by table, then by database: the statements that make its triggers


def keep_as_written(table: Table, *, erasable: Iterable[str] = ()) -> None:
    """Refuse deletes, and updates of every column that is not erasable, from the table's creation on."""
    columns = [column.name for column in table.columns if column.name not in set(erasable)]
    GUARDS[table.name] = {name: build(table.name, columns) for name, build in _DIALECTS.items()}
    for dialect, statements in GUARDS[table.name].items():
        for statement in statements:
            event.listen(table, "after_create", _when(dialect, statement))


def _when(dialect: str, statement: str) -> ExecutableDDLElement:
    """The statement, executed on that database alone."""
    return DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


def _sqlite(table: str, columns: list[str]) -> list[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    altered = ", ".join(columns)
    return [
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refusal}",
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OF {altered} ON {table} {refusal}",
    ]


def _postgresql(table: str, columns: list[str]) -> list[str]:
    call = f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
    return [
        f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'",
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {call}",
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OF {', '.join(columns)} ON {table} {call}",
    ]


_DIALECTS: dict[str, Callable[[str, list[str]], list[str]]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def drop_guards(connection: Connection, table: str) -> None:
    """Take the triggers away; for tests of tampering and for repairs by hand."""
    for trigger in (f"{table}_stays", f"{table}_unchanged"):
        on_table = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on_table}")


def make_guards(connection: Connection, table: str) -> None:
    """Set the triggers of a table again."""
    for statement in GUARDS[table][connection.dialect.name]:
        connection.exec_driver_sql(statement)
