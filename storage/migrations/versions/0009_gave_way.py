"""Who fills a place for a time gives way when its owner is back, or when somebody else fills it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("addressees", sa.Column("gave_way_at", sa.DateTime(timezone=True), nullable=True))
