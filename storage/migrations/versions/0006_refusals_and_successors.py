"""A wish for more time that is refused, and the concern that takes the place of another."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("concerns", sa.Column("first_raised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("concerns", sa.Column("superseded_by", sa.Integer(), nullable=True))
    op.add_column("extension_requests", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("extension_requests", sa.Column("refusal", sa.Text(), nullable=True))
