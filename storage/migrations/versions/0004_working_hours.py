"""What is not urgent waits for working hours."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("outbox", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
