"""The weekdays a member of staff works, and an end of service that is known beforehand."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("people", sa.Column("works", sa.String(length=40), nullable=True))
    op.add_column("people", sa.Column("serves_until", sa.Date(), nullable=True))
