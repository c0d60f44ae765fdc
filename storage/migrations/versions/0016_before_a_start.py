"""Before a start: what people say of their children, and the day to reply by of a concern that is carried on."""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

ANSWER = sa.Enum("right", "wrong worker", "not mine", native_enum=False, create_constraint=True, length=40)

CAPACITY = sa.Enum("iro", "holder", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Go forward."""
    op.add_column("stage_runs", sa.Column("wanted_by", sa.Date(), nullable=True))
    op.create_table(
        "child_checks",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", ANSWER, nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("capacity", CAPACITY, nullable=False),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_child_checks_child_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_child_checks_person_id")),
        sa.ForeignKeyConstraint(["held_by_id"], ["people.id"], name=op.f("fk_child_checks_held_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_checks")),
        sa.UniqueConstraint(
            "authority", "child_id", "person_id", name=op.f("uq_child_checks_authority_child_id_person_id")
        ),
    )
    for name in ("authority", "person_id"):
        op.create_index(op.f(f"ix_child_checks_{name}"), "child_checks", [name], unique=False)
