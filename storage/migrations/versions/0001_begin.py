"""Begin."""

# ruff: noqa: E501, PLR0915 - written by Alembic
import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "authorities",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("procedures_name", sa.String(), nullable=False),
        sa.Column("procedures_digest", sa.String(length=64), nullable=False),
        sa.Column("last_concern_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_authorities")),
    )
    op.create_table(
        "connections",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("platform", "workspace", name=op.f("uq_connections_platform_workspace")),
    )
    op.create_index(op.f("ix_connections_authority"), "connections", ["authority"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("conversation", sa.String(length=250), nullable=False),
        sa.Column("service_url", sa.String(length=250), nullable=False),
        sa.Column("bot", sa.String(length=120), nullable=False),
        sa.Column("member", sa.String(length=250), nullable=False),
        sa.Column("sign_in", sa.String(length=64), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "platform", "workspace", "conversation", name=op.f("uq_conversations_platform_workspace_conversation")
        ),
    )
    op.create_index(op.f("ix_conversations_account"), "conversations", ["account"], unique=False)
    op.create_index(op.f("ix_conversations_authority"), "conversations", ["authority"], unique=False)
    op.create_index(op.f("ix_conversations_mail"), "conversations", ["mail"], unique=False)
    op.create_index(op.f("ix_conversations_sign_in"), "conversations", ["sign_in"], unique=False)
    op.create_table(
        "history",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("authority", "chain", "position", name=op.f("uq_history_authority_chain_position")),
    )
    op.create_index(op.f("ix_history_actor_id"), "history", ["actor_id"], unique=False)
    op.create_index(op.f("ix_history_at"), "history", ["at"], unique=False)
    op.create_index(op.f("ix_history_authority"), "history", ["authority"], unique=False)
    op.create_table(
        "history_anchors",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("heads", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_anchors")),
        sa.UniqueConstraint("authority", "day", name=op.f("uq_history_anchors_authority_day")),
    )
    op.create_index(op.f("ix_history_anchors_authority"), "history_anchors", ["authority"], unique=False)
    op.create_table(
        "history_chains",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_chains")),
        sa.UniqueConstraint("authority", "chain", name=op.f("uq_history_chains_authority_chain")),
    )
    op.create_index(op.f("ix_history_chains_authority"), "history_chains", ["authority"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("authority", "key", name=op.f("uq_inbound_authority_key")),
    )
    op.create_index(op.f("ix_inbound_authority"), "inbound", ["authority"], unique=False)
    op.create_index(op.f("ix_inbound_received_at"), "inbound", ["received_at"], unique=False)
    op.create_table(
        "key_checks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("canary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_checks")),
    )
    op.create_table(
        "nudges",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("rung", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("due_at", "id", name=op.f("pk_nudges")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_nudges_authority"), "nudges", ["authority"], unique=False)
    op.create_index(op.f("ix_nudges_subject"), "nudges", ["subject"], unique=False)
    op.create_table(
        "people",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("fte", sa.Float(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("slack_id", sa.String(length=80), nullable=True),
        sa.Column("teams_id", sa.String(length=120), nullable=True),
        sa.Column("prefers", sa.String(length=20), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("authority", "email", name=op.f("uq_people_authority_email")),
        sa.UniqueConstraint("authority", "slack_id", name=op.f("uq_people_authority_slack_id")),
        sa.UniqueConstraint("authority", "teams_id", name=op.f("uq_people_authority_teams_id")),
    )
    op.create_index(op.f("ix_people_authority"), "people", ["authority"], unique=False)
    op.create_index(op.f("ix_people_manager_id"), "people", ["manager_id"], unique=False)
    op.create_table(
        "printed_totals",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_name", sa.String(length=120), nullable=False),
        sa.Column("column_name", sa.String(length=60), nullable=False),
        sa.Column("printed", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_totals")),
        sa.UniqueConstraint(
            "authority",
            "first_on",
            "last_on",
            "table_name",
            "row_name",
            "column_name",
            "source",
            name="uq_printed_totals_cell",
        ),
    )
    op.create_index(op.f("ix_printed_totals_authority"), "printed_totals", ["authority"], unique=False)
    op.create_table(
        "procedure_texts",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_texts")),
        sa.UniqueConstraint("authority", "digest", name=op.f("uq_procedure_texts_authority_digest")),
    )
    op.create_index(op.f("ix_procedure_texts_authority"), "procedure_texts", ["authority"], unique=False)
    op.create_table(
        "sender_leases",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_sender_leases")),
    )
    op.create_table(
        "absences",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("cover_id", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cover_id IS NULL OR cover_id <> person_id", name="ck_absences_cover_is_another"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ck_absences_in_order"),
        sa.ForeignKeyConstraint(["cover_id"], ["people.id"], name=op.f("fk_absences_cover_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["people.id"], name=op.f("fk_absences_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_authority"), "absences", ["authority"], unique=False)
    op.create_index(op.f("ix_absences_cover_id"), "absences", ["cover_id"], unique=False)
    op.create_index(op.f("ix_absences_person_id"), "absences", ["person_id"], unique=False)
    op.create_table(
        "children",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("looked_after_from", sa.Date(), nullable=True),
        sa.Column("iro_id", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(length=40), nullable=False),
        sa.Column("track_from", sa.Date(), nullable=True),
        sa.Column("last_review_on", sa.Date(), nullable=True),
        sa.Column("left_care_on", sa.Date(), nullable=True),
        sa.Column("born", sa.String(length=7), nullable=True),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_children_holder_id")),
        sa.ForeignKeyConstraint(["iro_id"], ["people.id"], name=op.f("fk_children_iro_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("authority", "reference", name=op.f("uq_children_authority_reference")),
    )
    op.create_index(op.f("ix_children_authority"), "children", ["authority"], unique=False)
    op.create_index(op.f("ix_children_holder_id"), "children", ["holder_id"], unique=False)
    op.create_index(op.f("ix_children_iro_id"), "children", ["iro_id"], unique=False)
    op.create_table(
        "person_roles",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_roles")),
    )
    op.create_index(op.f("ix_person_roles_authority"), "person_roles", ["authority"], unique=False)
    op.create_index(op.f("ix_person_roles_person_id"), "person_roles", ["person_id"], unique=False)
    op.create_index(op.f("ix_person_roles_role"), "person_roles", ["role"], unique=False)
    op.create_table(
        "praise",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "recipient",
            sa.Enum("worker", "carer's service", "partner", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("to_name", sa.String(length=120), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("quotable", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR recipient <> 'worker'", name="ck_praise_worker_is_staff"),
        sa.CheckConstraint("person_id IS NOT NULL OR to_name <> ''", name="ck_praise_to_somebody"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_praise_by_id")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_praise_for_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_praise_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_praise_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise")),
    )
    op.create_index(op.f("ix_praise_authority"), "praise", ["authority"], unique=False)
    op.create_index(op.f("ix_praise_by_id"), "praise", ["by_id"], unique=False)
    op.create_index(op.f("ix_praise_person_id"), "praise", ["person_id"], unique=False)
    op.create_index(op.f("ix_praise_sent_at"), "praise", ["sent_at"], unique=False)
    op.create_table(
        "allocations",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "capacity", sa.Enum("iro", "holder", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_allocations_child_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_allocations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    op.create_index(op.f("ix_allocations_authority"), "allocations", ["authority"], unique=False)
    op.create_index(op.f("ix_allocations_child_id"), "allocations", ["child_id"], unique=False)
    op.create_index(op.f("ix_allocations_person_id"), "allocations", ["person_id"], unique=False)
    op.create_table(
        "concerns",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("imported_reference", sa.String(length=60), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("about_service", sa.Boolean(), nullable=False),
        sa.Column("iro_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "asked",
                "replied",
                "planned",
                "closed",
                "discarded",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("procedures_digest", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worries", sa.Text(), nullable=True),
        sa.Column("working_well", sa.Text(), nullable=True),
        sa.Column("impact", sa.Text(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("duty", sa.String(length=60), nullable=True),
        sa.Column("raised_during", sa.String(length=40), nullable=True),
        sa.Column("spoken_to", sa.Text(), nullable=True),
        sa.Column("spoken_on", sa.Date(), nullable=True),
        sa.Column("significant_harm", sa.Boolean(), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=True),
        sa.Column("agency_contact", sa.Text(), nullable=True),
        sa.Column("child_voice", sa.String(length=120), nullable=False),
        sa.Column("kept_because", sa.Text(), nullable=True),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("start_reason", sa.Text(), nullable=True),
        sa.Column("notes_shared", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("limit_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("highest_stage", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "resolved",
                "partly resolved",
                "not resolved",
                "withdrawn",
                "superseded",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("what_changed", sa.Text(), nullable=True),
        sa.Column("change_recorded", sa.Boolean(), nullable=False),
        sa.Column(
            "lasted",
            sa.Enum("yes", "no", "not known", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("lasted_asked_on", sa.Date(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "child_id IS NOT NULL OR about_service OR state IN ('draft','discarded')", name="ck_concerns_about"
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_concerns_child_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_concerns_drafted_by_id")),
        sa.ForeignKeyConstraint(["iro_id"], ["people.id"], name=op.f("fk_concerns_iro_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("authority", "imported_reference", name=op.f("uq_concerns_authority_imported_reference")),
        sa.UniqueConstraint("authority", "number", name=op.f("uq_concerns_authority_number")),
    )
    op.create_index(op.f("ix_concerns_authority"), "concerns", ["authority"], unique=False)
    op.create_index(op.f("ix_concerns_closed_at"), "concerns", ["closed_at"], unique=False)
    op.create_index(op.f("ix_concerns_iro_id"), "concerns", ["iro_id"], unique=False)
    op.create_index("ix_concerns_of_child", "concerns", ["child_id", "authority", "number"], unique=False)
    op.create_index("ix_concerns_standing", "concerns", ["authority", "state", "iro_id"], unique=False)
    op.create_table(
        "news",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "missing",
                "move",
                "plan",
                "school",
                "worker",
                "complaint",
                "other",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("bring the review forward", "noted", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_news_answered_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_news_child_id")),
        sa.ForeignKeyConstraint(["told_by_id"], ["people.id"], name=op.f("fk_news_told_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    op.create_index(op.f("ix_news_authority"), "news", ["authority"], unique=False)
    op.create_index(op.f("ix_news_child_id"), "news", ["child_id"], unique=False)
    op.create_index(op.f("ix_news_told_by_id"), "news", ["told_by_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "booked",
                "adjourned",
                "in series",
                "held",
                "not needed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("track", sa.String(length=40), nullable=False),
        sa.Column(
            "order",
            sa.Enum("first", "second", "later", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("law_due_on", sa.Date(), nullable=True),
        sa.Column("brought_forward_from", sa.Date(), nullable=True),
        sa.Column("early_reason", sa.String(length=120), nullable=True),
        sa.Column("asked_for_by", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_for", sa.Date(), nullable=True),
        sa.Column("booked_time", sa.String(length=20), nullable=False),
        sa.Column("place_kind", sa.String(length=60), nullable=False),
        sa.Column("childs_wish", sa.Text(), nullable=True),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adjourned_on", sa.Date(), nullable=True),
        sa.Column("adjourned_reason", sa.String(length=120), nullable=True),
        sa.Column("series", sa.Boolean(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("held_how", sa.String(length=40), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("late_reason", sa.String(length=120), nullable=True),
        sa.Column(
            "participation",
            sa.Enum(
                "PN0",
                "PN1",
                "PN2",
                "PN3",
                "PN4",
                "PN5",
                "PN6",
                "PN7",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "chaired",
            sa.Enum("no", "chaired", "co-chaired", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("took_part", sa.String(length=200), nullable=False),
        sa.Column("offered", sa.String(length=80), nullable=False),
        sa.Column("iro_id", sa.Integer(), nullable=True),
        sa.Column("papers_in_on", sa.Date(), nullable=True),
        sa.Column("midway_on", sa.Date(), nullable=True),
        sa.Column("decisions_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decisions_to_id", sa.Integer(), nullable=True),
        sa.Column("decisions_delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decisions_answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decisions_answer", sa.String(length=20), nullable=True),
        sa.Column("decisions_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decisions_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("decisions_dispute", sa.Text(), nullable=True),
        sa.Column("record_written_on", sa.Date(), nullable=True),
        sa.Column("record_sent_on", sa.Date(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("completed_on IS NULL OR completed_on >= held_on", name="ck_reviews_completed_after_held"),
        sa.ForeignKeyConstraint(["booked_by_id"], ["people.id"], name=op.f("fk_reviews_booked_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_reviews_child_id")),
        sa.ForeignKeyConstraint(
            ["decisions_answered_by_id"], ["people.id"], name=op.f("fk_reviews_decisions_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["decisions_to_id"], ["people.id"], name=op.f("fk_reviews_decisions_to_id")),
        sa.ForeignKeyConstraint(["iro_id"], ["people.id"], name=op.f("fk_reviews_iro_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_authority"), "reviews", ["authority"], unique=False)
    op.create_index(op.f("ix_reviews_booked_for"), "reviews", ["booked_for"], unique=False)
    op.create_index(op.f("ix_reviews_held_on"), "reviews", ["held_on"], unique=False)
    op.create_index(op.f("ix_reviews_iro_id"), "reviews", ["iro_id"], unique=False)
    op.create_index("ix_reviews_of_child", "reviews", ["child_id", "authority", "due_on"], unique=False)
    op.create_index("ix_reviews_standing", "reviews", ["authority", "state", "due_on"], unique=False)
    op.create_table(
        "concern_reasons",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_concern_reasons_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_reasons")),
        sa.UniqueConstraint(
            "authority", "concern_id", "reason", name=op.f("uq_concern_reasons_authority_concern_id_reason")
        ),
    )
    op.create_index(op.f("ix_concern_reasons_authority"), "concern_reasons", ["authority"], unique=False)
    op.create_index(op.f("ix_concern_reasons_concern_id"), "concern_reasons", ["concern_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "child seen",
                "child spoken to",
                "monitoring contact",
                "midway check",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_contacts_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_contacts_child_id")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_contacts_for_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_contacts_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_authority"), "contacts", ["authority"], unique=False)
    op.create_index(op.f("ix_contacts_by_id"), "contacts", ["by_id"], unique=False)
    op.create_index(op.f("ix_contacts_happened_on"), "contacts", ["happened_on"], unique=False)
    op.create_index("ix_contacts_of_child", "contacts", ["child_id", "authority", "happened_on"], unique=False)
    op.create_index(op.f("ix_contacts_review_id"), "contacts", ["review_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_role", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", "not done", "no longer needed", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_at_review_id", sa.Integer(), nullable=True),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("times_undone", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_decisions_child_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_decisions_concern_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_decisions_owner_id")),
        sa.ForeignKeyConstraint(["repeats_id"], ["decisions.id"], name=op.f("fk_decisions_repeats_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_decisions_review_id")),
        sa.ForeignKeyConstraint(
            ["settled_at_review_id"], ["reviews.id"], name=op.f("fk_decisions_settled_at_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_authority"), "decisions", ["authority"], unique=False)
    op.create_index("ix_decisions_of_child", "decisions", ["child_id", "authority", "state"], unique=False)
    op.create_index(op.f("ix_decisions_owner_id"), "decisions", ["owner_id"], unique=False)
    op.create_index(op.f("ix_decisions_review_id"), "decisions", ["review_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("good", sa.Text(), nullable=True),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_feedback_by_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_feedback_review_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_feedback_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_authority"), "feedback", ["authority"], unique=False)
    op.create_index(op.f("ix_feedback_review_id"), "feedback", ["review_id"], unique=False)
    op.create_table(
        "file_links",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=True),
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_file_links_concern_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_file_links_person_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_file_links")),
    )
    op.create_index(op.f("ix_file_links_authority"), "file_links", ["authority"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "owed", "attempted", "sent", "dropped", "failed", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=True),
        sa.Column("workspace", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=250), nullable=True),
        sa.Column("message", sa.String(length=120), nullable=True),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_outbox_concern_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_outbox_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("authority", "key", name=op.f("uq_outbox_authority_key")),
    )
    op.create_index(op.f("ix_outbox_authority"), "outbox", ["authority"], unique=False)
    op.create_index(op.f("ix_outbox_concern_id"), "outbox", ["concern_id"], unique=False)
    op.create_index(op.f("ix_outbox_person_id"), "outbox", ["person_id"], unique=False)
    op.create_index(op.f("ix_outbox_review_id"), "outbox", ["review_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["authority", "urgent", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('owed', 'attempted')"),
        postgresql_where=sa.text("state IN ('owed', 'attempted')"),
    )
    op.create_table(
        "referrals",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "referred to Cafcass",
                "contact with Cafcass",
                "legal advice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_referrals_by_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_referrals_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_authority"), "referrals", ["authority"], unique=False)
    op.create_index(op.f("ix_referrals_concern_id"), "referrals", ["concern_id"], unique=False)
    op.create_index(op.f("ix_referrals_happened_on"), "referrals", ["happened_on"], unique=False)
    op.create_table(
        "review_meetings",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_meetings_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_meetings")),
    )
    op.create_index(op.f("ix_review_meetings_authority"), "review_meetings", ["authority"], unique=False)
    op.create_index(op.f("ix_review_meetings_review_id"), "review_meetings", ["review_id"], unique=False)
    op.create_table(
        "review_moves",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_review_moves_by_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_moves_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_moves")),
    )
    op.create_index(op.f("ix_review_moves_authority"), "review_moves", ["authority"], unique=False)
    op.create_index(op.f("ix_review_moves_review_id"), "review_moves", ["review_id"], unique=False)
    op.create_table(
        "review_tasks",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("owner_role", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("not_needed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_review_tasks_child_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_review_tasks_done_by_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_tasks_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_tasks")),
        sa.UniqueConstraint("authority", "review_id", "task", name=op.f("uq_review_tasks_authority_review_id_task")),
    )
    op.create_index(op.f("ix_review_tasks_authority"), "review_tasks", ["authority"], unique=False)
    op.create_index("ix_review_tasks_of_child", "review_tasks", ["child_id", "authority", "done_on"], unique=False)
    op.create_index("ix_review_tasks_open", "review_tasks", ["authority", "done_on", "due_on"], unique=False)
    op.create_index(op.f("ix_review_tasks_review_id"), "review_tasks", ["review_id"], unique=False)
    op.create_table(
        "stage_runs",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "entry",
                "immediate",
                "asked again",
                "immediate, asked again",
                "reopened",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("deadline_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_stage_runs_concern_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=op.f("fk_stage_runs_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_runs")),
    )
    op.create_index(op.f("ix_stage_runs_authority"), "stage_runs", ["authority"], unique=False)
    op.create_index(op.f("ix_stage_runs_concern_id"), "stage_runs", ["concern_id"], unique=False)
    op.create_index("ix_stage_runs_entries", "stage_runs", ["authority", "started_at", "number"], unique=False)
    op.create_table(
        "addressees",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("addressed", "copied", "alerted", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("standing_for_id", sa.Integer(), nullable=True),
        sa.Column("standing_why", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_to_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_addressees_concern_id")),
        sa.ForeignKeyConstraint(["passed_to_id"], ["people.id"], name=op.f("fk_addressees_passed_to_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addressees_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["stage_runs.id"], name=op.f("fk_addressees_run_id")),
        sa.ForeignKeyConstraint(["standing_for_id"], ["people.id"], name=op.f("fk_addressees_standing_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressees")),
        sa.UniqueConstraint(
            "authority", "run_id", "person_id", "part", name=op.f("uq_addressees_authority_run_id_person_id_part")
        ),
    )
    op.create_index(op.f("ix_addressees_authority"), "addressees", ["authority"], unique=False)
    op.create_index(op.f("ix_addressees_concern_id"), "addressees", ["concern_id"], unique=False)
    op.create_index(op.f("ix_addressees_person_id"), "addressees", ["person_id"], unique=False)
    op.create_index(op.f("ix_addressees_run_id"), "addressees", ["run_id"], unique=False)
    op.create_table(
        "extension_requests",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_extension_requests_concern_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_extension_requests_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["stage_runs.id"], name=op.f("fk_extension_requests_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_requests")),
    )
    op.create_index(op.f("ix_extension_requests_authority"), "extension_requests", ["authority"], unique=False)
    op.create_index(op.f("ix_extension_requests_concern_id"), "extension_requests", ["concern_id"], unique=False)
    op.create_index(op.f("ix_extension_requests_run_id"), "extension_requests", ["run_id"], unique=False)
    op.create_table(
        "extensions",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["people.id"], name=op.f("fk_extensions_agreed_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_extensions_asked_by_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_extensions_concern_id")),
        sa.ForeignKeyConstraint(["run_id"], ["stage_runs.id"], name=op.f("fk_extensions_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_authority"), "extensions", ["authority"], unique=False)
    op.create_index(op.f("ix_extensions_concern_id"), "extensions", ["concern_id"], unique=False)
    op.create_index(op.f("ix_extensions_run_id"), "extensions", ["run_id"], unique=False)
    op.create_table(
        "live_messages",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=250), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overtaken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shrunk_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_live_messages_outbox_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_live_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_messages")),
    )
    op.create_index(op.f("ix_live_messages_authority"), "live_messages", ["authority"], unique=False)
    op.create_index("ix_live_messages_of", "live_messages", ["authority", "subject", "person_id"], unique=False)
    op.create_index(op.f("ix_live_messages_person_id"), "live_messages", ["person_id"], unique=False)
    op.create_table(
        "replies",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("adds_to_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "agreed and done",
                "agreed, with a plan by date",
                "partly agreed",
                "not agreed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["adds_to_id"], ["replies.id"], name=op.f("fk_replies_adds_to_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_replies_concern_id")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_replies_for_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_replies_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_replies_recorded_by_id")),
        sa.ForeignKeyConstraint(["run_id"], ["stage_runs.id"], name=op.f("fk_replies_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_authority"), "replies", ["authority"], unique=False)
    op.create_index(op.f("ix_replies_concern_id"), "replies", ["concern_id"], unique=False)
    op.create_index(op.f("ix_replies_person_id"), "replies", ["person_id"], unique=False)
    op.create_index(op.f("ix_replies_run_id"), "replies", ["run_id"], unique=False)
    op.create_table(
        "task_rests",
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rested_on", sa.Date(), nullable=False),
        sa.Column("rested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_task_rests_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["review_tasks.id"], name=op.f("fk_task_rests_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_rests")),
        sa.UniqueConstraint(
            "authority",
            "task_id",
            "person_id",
            "rested_on",
            name=op.f("uq_task_rests_authority_task_id_person_id_rested_on"),
        ),
    )
    op.create_index(op.f("ix_task_rests_authority"), "task_rests", ["authority"], unique=False)
    op.create_index(op.f("ix_task_rests_person_id"), "task_rests", ["person_id"], unique=False)
    op.create_index(op.f("ix_task_rests_task_id"), "task_rests", ["task_id"], unique=False)
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER history_stays BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        )
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER history_unchanged BEFORE UPDATE OF authority, id, chain, position, at, actor_id, for_id, what, details, commitment, previous, digest ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_history() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''history is append-only''; END'"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_stays BEFORE DELETE ON history FOR EACH ROW EXECUTE FUNCTION refuse_history()"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_unchanged BEFORE UPDATE OF authority, id, chain, position, at, actor_id, for_id, what, details, commitment, previous, digest ON history FOR EACH ROW EXECUTE FUNCTION refuse_history()"
        )
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER history_anchors_stays BEFORE DELETE ON history_anchors BEGIN SELECT RAISE(ABORT, 'history_anchors is append-only'); END"
        )
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER history_anchors_unchanged BEFORE UPDATE OF authority, id, day, heads, previous, digest ON history_anchors BEGIN SELECT RAISE(ABORT, 'history_anchors is append-only'); END"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_history_anchors() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''history_anchors is append-only''; END'"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_anchors_stays BEFORE DELETE ON history_anchors FOR EACH ROW EXECUTE FUNCTION refuse_history_anchors()"
        )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_anchors_unchanged BEFORE UPDATE OF authority, id, day, heads, previous, digest ON history_anchors FOR EACH ROW EXECUTE FUNCTION refuse_history_anchors()"
        )
