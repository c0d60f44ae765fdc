"""Children change hands in acts that are kept; somebody asked whose line lost the child is told of once."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

CAPACITY = sa.Enum("iro", "holder", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "handovers",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_handovers_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    for name in ("at", "authority", "told_on"):
        op.create_index(op.f(f"ix_handovers_{name}"), "handovers", [name], unique=False)
    op.create_table(
        "handed_children",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("capacity", CAPACITY, nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("formal", sa.Boolean(), nullable=False),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handed_children_handover_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_handed_children_child_id")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_handed_children_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_handed_children_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_children")),
    )
    for name in ("authority", "child_id", "handover_id"):
        op.create_index(op.f(f"ix_handed_children_{name}"), "handed_children", [name], unique=False)
    op.add_column("addressees", sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("addressees", sa.Column("lost_told_on", sa.Date(), nullable=True))
