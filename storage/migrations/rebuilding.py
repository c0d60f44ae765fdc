"""Makes a SQLite table anew where ALTER TABLE cannot change it: rows, indexes and triggers are kept.

The way is the one of sqlite.org/lang_altertable.html, section 7. Revisions use it, so what it does may not change.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateTable

ANEW = "anew_"


def rebuild(connection: Connection, declared: Table, values: Mapping[str, str] | None = None) -> None:
    """Make the table of that name as declared. `values`: SQL over the old row for columns that it has not or had else.

    Foreign keys have to be off, which has no effect inside a transaction: `storage.migrating` sees to that, and checks
    them before all is committed. Left on, dropping the old table would delete or refuse the rows that refer to it.
    """
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one():
        raise RuntimeError("A table can be made anew only while foreign keys are off.")
    name = declared.name
    kept = {column: quoted(column) for column in columns_of(connection, name) if column in declared.columns}
    taken = kept | dict(values or {})
    beside = statements_beside(connection, name)
    connection.exec_driver_sql(creation(connection, declared))
    into, source = ", ".join(map(quoted, taken)), ", ".join(taken.values())
    # Names of our own tables, quoted.
    copying = f"INSERT INTO {quoted(ANEW + name)} ({into}) SELECT {source} FROM {quoted(name)}"  # noqa: S608
    connection.exec_driver_sql(copying)
    connection.exec_driver_sql(f"DROP TABLE {quoted(name)}")
    connection.exec_driver_sql(f"ALTER TABLE {quoted(ANEW + name)} RENAME TO {quoted(name)}")
    for statement in beside:
        connection.exec_driver_sql(statement)


def creation(connection: Connection, declared: Table) -> str:
    """The statement that makes the new table beside the old; whatever refers to the name means the new one later."""
    if is_without_rowid(connection, declared.name):
        declared.dialect_options["sqlite"]["with_rowid"] = False
    begins = f"CREATE TABLE {connection.dialect.identifier_preparer.format_table(declared)} "
    written = str(CreateTable(declared).compile(connection)).strip()
    if not written.startswith(begins):
        raise RuntimeError(f"The table {declared.name} is not written as expected.")
    return f"CREATE TABLE {quoted(ANEW + declared.name)} {written.removeprefix(begins)}"


def columns_of(connection: Connection, table: str) -> list[str]:
    """The columns that the table has now."""
    return [row.name for row in connection.exec_driver_sql(f"PRAGMA table_info({quoted(table)})")]


def statements_beside(connection: Connection, table: str) -> list[str]:
    """What made the table's indexes and triggers, which go with it when it is dropped."""
    found = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL "
        "ORDER BY type, name",
        (table,),
    )
    return list(found.scalars())


def is_without_rowid(connection: Connection, table: str) -> bool:
    """Whether the table as it stands is clustered on its primary key."""
    written = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table'", (table,)
    ).scalar_one()
    return str(written).rstrip().upper().endswith("WITHOUT ROWID")


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'
