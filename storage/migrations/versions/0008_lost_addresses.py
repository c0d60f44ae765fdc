"""When an account was last known to be open, and when a message that reached nobody is tried again."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("addresses", sa.Column("open_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("look_again_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_outbox_unreached",
        "outbox",
        ["authority", "look_again_at"],
        unique=False,
        sqlite_where=sa.text("look_again_at IS NOT NULL"),
        postgresql_where=sa.text("look_again_at IS NOT NULL"),
    )
