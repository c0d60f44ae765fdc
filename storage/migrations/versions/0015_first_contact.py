"""From when a council, or a team, uses this; and when each person was told what it is."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

KNOWS_IT = """
UPDATE people SET welcomed_on = (
    SELECT MIN(DATE(outbox.sent_at)) FROM outbox WHERE outbox.person_id = people.id AND outbox.state = 'sent'
)
"""


def upgrade() -> None:
    """Go forward. Those who have been sent anything know what it is."""
    op.add_column("people", sa.Column("welcomed_on", sa.Date(), nullable=True))
    op.execute(KNOWS_IT)
    op.create_table(
        "starts",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_starts")),
        sa.UniqueConstraint("authority", "team", name=op.f("uq_starts_authority_team")),
    )
    op.create_index(op.f("ix_starts_authority"), "starts", ["authority"], unique=False)
