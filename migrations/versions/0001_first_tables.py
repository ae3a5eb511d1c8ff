"""The first tables: catalogue, write side, read side, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_entries",
        sa.Column(
            "kind",
            sa.Enum(
                "condition",
                "condition_group",
                "evidence_level",
                "agent",
                "agent_group",
                "agent_kind",
                "regulatory_status",
                "therapy",
                "scale",
                "reaction",
                "topic",
                "safety",
                "helpline",
                "reporting_place",
                "source",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("loaded_hash", sa.String(length=64), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_catalogue_entries")),
    )
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("folder_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_drafts_secret_hash")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_saved_at"), ["saved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_sealed_until"), ["sealed_until"], unique=False)

    op.create_table(
        "event_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_event_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_head")),
    )
    op.create_table(
        "events",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum(
                "patient",
                "moderator",
                "lead",
                "system",
                "import",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_story_id"), ["story_id"], unique=False)

    op.create_table(
        "generations",
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_generations")),
    )
    op.create_table(
        "gone_publications",
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_gone_publications")),
    )
    op.create_table(
        "import_identities",
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_import_identities")),
    )
    op.create_table(
        "moderators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderators")),
        sa.UniqueConstraint("email", name=op.f("uq_moderators_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_moderators_fs_uniquifier")),
    )
    op.create_table(
        "publications",
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("cleaned", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_publications")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "moderator", "lead", "admin", name="rolename", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "tallies",
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=80), nullable=False),
        sa.Column("combined", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.CheckConstraint("stories > 0", name=op.f("ck_tallies_counts_something")),
        sa.PrimaryKeyConstraint("topic", "agent", "combined", "outcome", name=op.f("pk_tallies")),
    )
    op.create_table(
        "listings",
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=80), nullable=False),
        sa.Column("combined", sa.String(length=80), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["public_id"], ["publications.public_id"], name=op.f("fk_listings_public_id_publications")
        ),
        sa.PrimaryKeyConstraint("topic", "agent", "combined", "public_id", name=op.f("pk_listings")),
    )
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_listings_newest", ["topic", "agent", "combined", "first_published_at", "public_id"], unique=False
        )
        batch_op.create_index(
            "ix_listings_outcome",
            ["topic", "agent", "combined", "outcome", "first_published_at", "public_id"],
            unique=False,
        )
        batch_op.create_index("ix_listings_publication", ["public_id"], unique=False)

    op.create_table(
        "moderator_roles",
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["moderators.id"],
            name=op.f("fk_moderator_roles_moderator_id_moderators"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_moderator_roles_role_id_roles")),
        sa.PrimaryKeyConstraint("moderator_id", "role_id", name=op.f("pk_moderator_roles")),
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "published",
                "with_patient",
                "declined",
                "taken_down",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("waiting_number", sa.Integer(), nullable=True),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column(
            "lane",
            sa.Enum(
                "safeguarding",
                "serious_reaction",
                "ordinary",
                name="lane",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(published_number IS NOT NULL) = (state IN ('published', 'taken_down'))",
            name=op.f("ck_stories_published_has_a_revision"),
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR waiting_number IS NOT NULL", name=op.f("ck_stories_waiting_has_a_revision")
        ),
        sa.CheckConstraint(
            "(waiting_number IS NULL) = (due_at IS NULL) AND (due_at IS NULL) = (lane IS NULL)",
            name=op.f("ck_stories_waits_in_a_lane"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_stories_draft_id_drafts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_stories_draft_id")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_stories_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stories_public_id")),
    )
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stories_queue",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("waiting_number IS NOT NULL"),
            postgresql_where=sa.text("waiting_number IS NOT NULL"),
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "publish",
                "research",
                "contact",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_consents_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("story_id", "purpose", name=op.f("uq_consents_story_id_purpose")),
    )
    op.create_table(
        "contacts",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_contacts_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("revision_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "approve",
                "decline",
                "ask_for_changes",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column(
            "decided_by_kind",
            sa.Enum(
                "patient",
                "moderator",
                "lead",
                "system",
                "import",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_decisions_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("revision_digest", name=op.f("uq_decisions_revision_digest")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_story_id"), ["story_id"], unique=False)

    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "safeguarding",
                "serious_reaction",
                "identifiable",
                "minor",
                "legal",
                name="markkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_marks_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("story_id", "kind", name=op.f("uq_marks_story_id_kind")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum(
                "patient",
                "moderator",
                "lead",
                "system",
                "import",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("condition", sa.String(length=80), nullable=True),
        sa.Column("condition_other", sa.Text(), nullable=True),
        sa.Column("agent", sa.String(length=80), nullable=True),
        sa.Column("agent_other", sa.Text(), nullable=True),
        sa.Column("combined", sa.JSON(), nullable=False),
        sa.Column("combined_other", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("time_to_improvement", sa.String(length=40), nullable=True),
        sa.Column("duration", sa.String(length=40), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("reactions", sa.JSON(), nullable=False),
        sa.Column("serious", sa.JSON(), nullable=False),
        sa.Column("stopped_because", sa.String(length=40), nullable=True),
        sa.Column("recurrence", sa.String(length=40), nullable=True),
        sa.Column("choose_again", sa.String(length=40), nullable=True),
        sa.Column("body_site", sa.Text(), nullable=True),
        sa.Column("treated_when", sa.String(length=40), nullable=True),
        sa.Column("age_band", sa.String(length=40), nullable=True),
        sa.Column("writer", sa.String(length=40), nullable=True),
        sa.Column("ties", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("cleaned", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_revisions_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("digest", name=op.f("uq_revisions_digest")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_revisions_story_id_number")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_fingerprint"), ["fingerprint"], unique=False)

    op.create_table(
        "check_runs",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_check_runs_revision_id_revisions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_check_runs")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "email",
                "url",
                "handle",
                "phone",
                "postcode",
                "number",
                "crisis",
                "serious_reaction",
                "repeat",
                name="findingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum("strong", "weak", name="severity", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column(
            "redact_as",
            sa.Enum(
                "name",
                "place",
                "date",
                "number",
                "contact",
                "detail",
                name="redactionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_findings_revision_id_revisions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cleaned", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_messages_decision_id_decisions")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_messages_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_messages_decision_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_story_id"), ["story_id"], unique=False)
    with op.batch_alter_table("stories") as batch_op:
        for which in ("waiting", "published"):
            batch_op.create_foreign_key(
                f"{which}_revision",
                "revisions",
                ["id", f"{which}_number"],
                ["story_id", "number"],
                deferrable=True,
                initially="DEFERRED",
            )


def downgrade() -> None:
    with op.batch_alter_table("stories") as batch_op:
        for which in ("waiting", "published"):
            batch_op.drop_constraint(f"{which}_revision", type_="foreignkey")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_story_id"))

    op.drop_table("messages")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_revision_id"))

    op.drop_table("findings")
    op.drop_table("check_runs")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revisions_fingerprint"))

    op.drop_table("revisions")
    op.drop_table("marks")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_story_id"))

    op.drop_table("decisions")
    op.drop_table("contacts")
    op.drop_table("consents")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_stories_queue",
            sqlite_where=sa.text("waiting_number IS NOT NULL"),
            postgresql_where=sa.text("waiting_number IS NOT NULL"),
        )

    op.drop_table("stories")
    op.drop_table("moderator_roles")
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.drop_index("ix_listings_publication")
        batch_op.drop_index("ix_listings_outcome")
        batch_op.drop_index("ix_listings_newest")

    op.drop_table("listings")
    op.drop_table("tallies")
    op.drop_table("roles")
    op.drop_table("publications")
    op.drop_table("moderators")
    op.drop_table("import_identities")
    op.drop_table("gone_publications")
    op.drop_table("generations")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_story_id"))

    op.drop_table("events")
    op.drop_table("event_head")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_sealed_until"))
        batch_op.drop_index(batch_op.f("ix_drafts_saved_at"))

    op.drop_table("drafts")
    op.drop_table("catalogue_state")
    op.drop_table("catalogue_entries")
