"""The built-in page: its chats, the files in them, and how far its day was moved on."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "page_files",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_files")),
    )
    op.create_index(op.f("ix_page_files_authority"), "page_files", ["authority"], unique=False)
    op.create_table(
        "service_days",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ahead_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_days")),
    )
    op.create_index(op.f("ix_service_days_authority"), "service_days", ["authority"], unique=False)
    op.create_table(
        "page_messages",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("shrunk", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["page_files.id"], name=op.f("fk_page_messages_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_messages")),
        sa.UniqueConstraint("authority", "account", "key", name=op.f("uq_page_messages_authority_account_key")),
    )
    op.create_index(op.f("ix_page_messages_account"), "page_messages", ["account"], unique=False)
    op.create_index(op.f("ix_page_messages_authority"), "page_messages", ["authority"], unique=False)
    op.create_index(op.f("ix_page_messages_version"), "page_messages", ["version"], unique=False)
