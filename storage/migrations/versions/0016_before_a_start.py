"""The day to reply by that the IRO gave, of a concern that is carried on from before."""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("stage_runs", sa.Column("wanted_by", sa.Date(), nullable=True))
