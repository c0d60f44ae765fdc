"""Why a reply was left to a manager, who is asked to add to one, when a promise was kept, and news that cannot wait."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("addressees", sa.Column("passed_why", sa.Text(), nullable=True))
    op.add_column("addressees", sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("addressees", sa.Column("adds_for_id", sa.Integer(), nullable=True))
    op.add_column("replies", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("news", sa.Column("review_first", sa.Boolean(), nullable=True))
