"""When a copy went on the child's record, whether the child was told, and why something is needed by a day."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("concerns", sa.Column("needed_why", sa.Text(), nullable=True))
    op.add_column("concerns", sa.Column("child_told", sa.String(length=20), nullable=True))
    op.add_column("concerns", sa.Column("on_record_on", sa.Date(), nullable=True))
    op.add_column("concerns", sa.Column("on_record_by_id", sa.Integer(), nullable=True))
