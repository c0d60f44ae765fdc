"""Messages are found by their reader, their stage run and what is to be done with them, however many were sent."""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None


def _partial(name: str, table: str, columns: list[str], holds: str) -> None:
    where = sa.text(holds)
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_outbox_told", "outbox", ["authority", "person_id", "kind", "sent_at"], unique=False)
    _partial("ix_outbox_of_run", "outbox", ["run_id"], "run_id IS NOT NULL")
    _partial("ix_live_messages_standing", "live_messages", ["authority", "person_id"], "overtaken_at IS NULL")
    to_shrink = "overtaken_at IS NOT NULL AND shrunk_at IS NULL"
    _partial("ix_live_messages_to_shrink", "live_messages", ["authority", "id"], to_shrink)
    op.drop_index(op.f("ix_outbox_authority"), "outbox")
    op.drop_index(op.f("ix_live_messages_authority"), "live_messages")
