"""Lets a new revision carry the triggers of append-only tables, which Alembic's comparison does not see."""

from collections.abc import Iterable

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript

from storage.append_only import GUARDS


class KeepAsWritten(MigrateOperation):
    """Create the triggers of one table, on whichever database the revision runs."""

    def __init__(self, statements: dict[str, list[str]]) -> None:
        self.statements = statements


@renderers.dispatch_for(KeepAsWritten)
def render(_: AutogenContext, operation: KeepAsWritten) -> list[str]:
    """Write the statements out, so that a revision stays what it was when the code changes."""
    return [
        f"if op.get_context().dialect.name == {dialect!r}: op.execute({statement!r})"
        for dialect, statements in operation.statements.items()
        for statement in statements
    ]


def add_triggers(directives: Iterable[MigrationScript]) -> None:
    """Follow the creation of each append-only table by its triggers."""
    for script in directives:
        if script.upgrade_ops is None:
            continue
        created = [op.table_name for op in script.upgrade_ops.ops if isinstance(op, CreateTableOp)]
        script.upgrade_ops.ops.extend(KeepAsWritten(GUARDS[name]) for name in created if name in GUARDS)
