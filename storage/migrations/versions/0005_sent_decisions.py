"""Decisions know when they were sent, changed and taken out; a change waits apart until it is sent too."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

MOMENTS = ("sent_at", "changed_at", "taken_out_at")


def upgrade() -> None:
    """Go forward."""
    for name in MOMENTS:
        op.add_column("decisions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "decision_changes",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_role", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("takes_out", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_changes_decision_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_decision_changes_made_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_decision_changes_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_changes")),
    )
    op.create_index(op.f("ix_decision_changes_authority"), "decision_changes", ["authority"], unique=False)
    op.create_index(op.f("ix_decision_changes_decision_id"), "decision_changes", ["decision_id"], unique=False)
    _mark_what_was_sent()


def _mark_what_was_sent() -> None:
    """A decision went with the sending after it; one that was settled was known to who did it, sent or not."""
    op.execute(
        "UPDATE decisions SET sent_at = (SELECT decisions_sent_at FROM reviews WHERE reviews.id = decisions.review_id "
        "AND reviews.decisions_sent_at >= decisions.made_at)"
    )
    op.execute("UPDATE decisions SET sent_at = made_at WHERE sent_at IS NULL AND state <> 'open'")
