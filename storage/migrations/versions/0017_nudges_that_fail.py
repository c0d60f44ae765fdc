"""Nudges that fail keep the moment they first fell due, and an authority's are found without looking at others'."""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

FAILING = sa.text("first_due_at IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.add_column("nudges", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("nudges", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_nudges_of_authority", "nudges", ["authority", "due_at", "id"], unique=False)
    op.create_index(
        "ix_nudges_failing", "nudges", ["first_due_at"], unique=False, sqlite_where=FAILING, postgresql_where=FAILING
    )
    op.drop_index(op.f("ix_nudges_authority"), "nudges")
