"""Who takes a workspace over knows what was posted there within the last minute."""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("sender_leases", sa.Column("recent_posts", sa.Text(), nullable=True))
