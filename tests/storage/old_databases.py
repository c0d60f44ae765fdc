"""A database as version 0.1.0 left it, with a year in it, on either database.

`tests/data/year_of_0_1_0.db.xz` was made by 0.1.0 itself at its first schema: a made-up authority at Slack and Teams
lived through a year against the stand-ins, beside generated rows, and three more authorities whose people have ids in
two workspaces and tenants, in one that was taken out, and in none yet.
"""

import base64
import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, make_url

from storage.database import make_engine
from storage.migrating import upgrade
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, without_server

FILE = Path(__file__).parents[1] / "data" / "year_of_0_1_0.db.xz"
KEY = base64.urlsafe_b64encode(b"a made-up key for a made-up year").decode()
ENDED = datetime(2026, 3, 31, 11, tzinfo=UTC)
TWOFOLD, FORMERLY, NOT_YET = "twofold", "formerly", "notyet"
FIRST_TENANT, SECOND_TENANT = (f"{digit * 8}-aaaa-4bbb-8ccc-dddddddddddd" for digit in "12")


def old_sqlite(folder: Path) -> Iterator[Engine]:
    """The file of 0.1.0."""
    path = folder / "year.db"
    path.write_bytes(lzma.decompress(FILE.read_bytes()))
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def old_postgres(folder: Path) -> Iterator[Engine]:
    """The same rows in a server's database at the first schema."""
    name = f"{WORKER}_year"
    if not make_scratch_database(name):
        without_server()
    engine = make_engine(make_url(SERVER).set(database=name).render_as_string(hide_password=False))
    upgrade(engine, "0001")
    for file in old_sqlite(folder):
        with file.connect() as source, engine.begin() as target:
            pour(source, target)
    yield engine
    engine.dispose()
    drop_scratch_database(name)


def pour(source: Connection, target: Connection) -> None:
    """Copy every row, and let the numbers go on behind them."""
    rows, tables = MetaData(), MetaData()
    rows.reflect(source)
    tables.reflect(target)
    target.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
    for table in tables.sorted_tables:
        if table.name == "alembic_version":
            continue
        found = [dict(row) for row in source.execute(rows.tables[table.name].select()).mappings()]
        for row in found:
            row.update({name: at.replace(tzinfo=UTC) for name, at in row.items() if isinstance(at, datetime)})
        if found:
            target.execute(table.insert(), found)
        if table.autoincrement_column is not None:
            # Names of our own tables.
            counted = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
            target.exec_driver_sql(counted)
