"""What Alembic runs: on the connection that `storage.migrating` hands it, against every table of the code."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum
from sqlalchemy.types import TypeDecorator

from storage.migrations.append_only_tables import add_triggers
from storage.tables import all_tables


def plain_type(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a revision outlives the code."""
    if kind == "type" and isinstance(item, Enum):
        values = ", ".join(map(repr, item.enums))
        return f"sa.Enum({values}, native_enum=False, create_constraint=True, length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_item=plain_type,
    render_as_batch=False,
    transaction_per_migration=False,
    process_revision_directives=lambda _context, _revision, directives: add_triggers(directives),
)
context.run_migrations()
