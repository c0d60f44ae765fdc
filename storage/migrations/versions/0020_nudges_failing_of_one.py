"""Of one authority the nudges that fail are found by themselves, the longest failing first."""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

FAILING = sa.text("first_due_at IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_nudges_failing", "nudges")
    op.create_index(
        "ix_nudges_failing",
        "nudges",
        ["authority", "first_due_at"],
        unique=False,
        sqlite_where=FAILING,
        postgresql_where=FAILING,
    )
