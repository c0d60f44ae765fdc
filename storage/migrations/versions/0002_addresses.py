"""A person's accounts as rows, each in its workspace; links by which workspaces are connected."""

# ruff: noqa: E501
import sqlalchemy as sa
from alembic import op
from alembic.operations.ops import CreateTableOp

from storage.migrations.rebuilding import rebuild

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

COLUMNS = {"slack": "slack_id", "teams": "teams_id"}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "addresses",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addresses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint(
            "authority",
            "person_id",
            "platform",
            "workspace",
            name=op.f("uq_addresses_authority_person_id_platform_workspace"),
        ),
        sa.UniqueConstraint(
            "authority",
            "platform",
            "workspace",
            "account",
            name=op.f("uq_addresses_authority_platform_workspace_account"),
        ),
    )
    op.create_index(op.f("ix_addresses_authority"), "addresses", ["authority"], unique=False)
    op.create_index(op.f("ix_addresses_person_id"), "addresses", ["person_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("domains", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_authority"), "invitations", ["authority"], unique=False)
    op.add_column("connections", sa.Column("link_domains", sa.String(length=1000), nullable=True))
    op.add_column("connections", sa.Column("set_domains", sa.String(length=1000), nullable=True))
    carry_over()
    drop_columns()


def carry_over() -> None:
    """Give each id to the workspace it is of."""
    connection = op.get_bind()
    for platform, column in COLUMNS.items():
        people = connection.execute(
            # Columns of our own.
            sa.text(f"SELECT id, authority, {column} FROM people WHERE {column} IS NOT NULL ORDER BY id")  # noqa: S608
        ).all()
        connected = connections_by_authority(connection, platform)
        rows = [
            {
                "authority": authority,
                "person_id": person_id,
                "platform": platform,
                "workspace": workspace_of(connection, platform, connected.get(authority, []), person_id, account),
                "account": account,
            }
            for person_id, authority, account in people
        ]
        if rows:
            connection.execute(ADDRESSES.insert(), rows)


ADDRESSES = sa.table(
    "addresses", *(sa.column(name) for name in ("authority", "person_id", "platform", "workspace", "account"))
)


def connections_by_authority(connection: sa.Connection, platform: str) -> dict[str, list[str]]:
    """The workspaces that each authority has or had, those in use before those removed, then the oldest first."""
    found: dict[str, list[str]] = {}
    for authority, workspace in connection.execute(
        sa.text(
            "SELECT authority, workspace FROM connections WHERE platform = :platform "
            "ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, id"
        ),
        {"platform": platform},
    ):
        found.setdefault(authority, []).append(workspace)
    return found


def workspace_of(connection: sa.Connection, platform: str, connected: list[str], person_id: int, account: str) -> str:
    """The workspace an id is of: the only one, else the one that answered under it, else the one written to so far.

    Empty where the authority has connected none yet: the first one it connects takes the id over.
    """
    if len(connected) < 2:
        return connected[0] if connected else ""
    for query in EVIDENCE:
        given = {"platform": platform, "account": account, "person": person_id}
        for (workspace,) in connection.execute(query, given):
            if workspace in connected:
                return str(workspace)
    return connected[0]  # where 0.1.0 wrote to everybody it had an id of


EVIDENCE = (
    sa.text(
        "SELECT workspace FROM conversations WHERE platform = :platform AND account = :account "
        "ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, told_at DESC, id DESC"
    ),
    sa.text("SELECT workspace FROM live_messages WHERE platform = :platform AND person_id = :person ORDER BY id DESC"),
    sa.text(
        "SELECT workspace FROM outbox WHERE platform = :platform AND person_id = :person AND state = 'sent' ORDER BY id DESC"
    ),
)
"""What tells in which workspace an id was answered, the surest first."""


def drop_columns() -> None:
    """Take the two columns away, which on SQLite needs the table anew."""
    if op.get_context().dialect.name != "sqlite":
        for column in COLUMNS.values():
            op.drop_constraint(op.f(f"uq_people_authority_{column}"), "people")
            op.drop_column("people", column)
        return
    people: list[sa.schema.SchemaItem] = [
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("fte", sa.Float(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("prefers", sa.String(length=20), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("authority", "email", name=op.f("uq_people_authority_email")),
    ]
    rebuild(op.get_bind(), CreateTableOp("people", people).to_table(op.get_context()))
