"""What comes to one person at one time about several children goes as one message."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("outbox", sa.Column("bundle_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_outbox_bundled",
        "outbox",
        ["bundle_id"],
        unique=False,
        sqlite_where=sa.text("bundle_id IS NOT NULL"),
        postgresql_where=sa.text("bundle_id IS NOT NULL"),
    )
