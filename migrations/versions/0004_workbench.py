"""Claims, judged marks, second readings, decisions that can be undone, and where moderators filed a story."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LANES = ("safeguarding", "serious_reaction", "needs_another_person", "ordinary")
MARKS = ("safeguarding", "serious_reaction", "identifiable", "minor", "legal", "escalated")
DECISIONS = ("approve", "decline", "ask_for_changes")
JUDGEMENTS = ("stands", "dismissed")
JUDGED = (
    "(judged_at IS NULL) = (judged_by_id IS NULL) AND (judged_at IS NULL) = (judgement IS NULL) "
    "AND (judged_at IS NULL) = (judged_root IS NULL)"
)
UNDONE = "(undone_at IS NULL) = (undone_by_id IS NULL)"

marks = sa.table("marks", sa.column("kind"), sa.column("judged_at"))
stories = sa.table("stories", sa.column("lane"))
decisions = sa.table(
    "decisions", sa.column("root"), sa.column("revision_digest"), sa.column("undone_at"), sa.column("id")
)
messages = sa.table("messages", sa.column("decision_id"))


def _kinds(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _allow("stories", "lane", LANES)
    with op.batch_alter_table("stories") as batch:
        batch.add_column(sa.Column("filed_condition", sa.String(80), nullable=True))
        batch.add_column(sa.Column("filed_agent", sa.String(80), nullable=True))
        waits = _where("waiting_number IS NOT NULL")
        batch.create_index("ix_stories_lane", ["lane", "due_at", "id"], **waits)
    with op.batch_alter_table("findings") as batch:
        batch.add_column(sa.Column("judgement", _kinds(JUDGEMENTS, "judgement"), nullable=True))
    _allow("marks", "markkind", MARKS, "kind")
    with op.batch_alter_table("marks") as batch:
        batch.drop_constraint("uq_marks_story_id_kind", type_="unique")
        batch.add_column(sa.Column("opened_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("judged_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("judged_root", sa.String(64), nullable=True))
        batch.add_column(sa.Column("judgement", _kinds(JUDGEMENTS, "judgement"), nullable=True))
        batch.create_check_constraint("judged_by_somebody", sa.text(JUDGED))
    with op.batch_alter_table("marks") as batch:
        batch.create_index("ix_marks_open", ["story_id", "kind"], unique=True, **_where("judged_at IS NULL"))
    with op.batch_alter_table("decisions") as batch:
        batch.drop_constraint("uq_decisions_revision_digest", type_="unique")
        batch.add_column(sa.Column("root", sa.String(64), nullable=True))
        batch.add_column(sa.Column("notes", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("is_alone", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
        # No version is below zero: what was decided before this migration is not undone after it.
        batch.add_column(sa.Column("version_after", sa.Integer(), nullable=False, server_default="-1"))
        batch.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch.create_check_constraint("undone_by_somebody", sa.text(UNDONE))
    op.execute(decisions.update().values(root=decisions.c.revision_digest))
    with op.batch_alter_table("decisions") as batch:
        batch.alter_column("root", nullable=False, existing_type=sa.String(64))
        for column in ("notes", "is_alone", "before", "version_after"):
            batch.alter_column(column, server_default=None)
        batch.create_index("ix_decisions_standing", ["revision_digest"], unique=True, **_where("undone_at IS NULL"))
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("kind", _kinds(DECISIONS, "decisionkind"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_readings_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("root", "by_id", name=op.f("uq_readings_root_by_id")),
    )
    op.create_index(op.f("ix_readings_story_id"), "readings", ["story_id"])
    op.create_table(
        "claims",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_claims_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_holder_id"), "claims", ["holder_id"])


def downgrade() -> None:
    op.drop_table("claims")
    op.drop_table("readings")
    # A decision that was undone stood for nothing; without the column it would stand again.
    undone = sa.select(decisions.c.id).where(decisions.c.undone_at.is_not(None))
    op.execute(messages.delete().where(messages.c.decision_id.in_(undone)))
    op.execute(decisions.delete().where(decisions.c.undone_at.is_not(None)))
    with op.batch_alter_table("decisions") as batch:
        batch.drop_index("ix_decisions_standing")
        batch.drop_constraint("undone_by_somebody", type_="check")
        for column in ("undone_by_id", "undone_at", "version_after", "before", "is_alone", "notes", "root"):
            batch.drop_column(column)
        batch.create_unique_constraint("uq_decisions_revision_digest", ["revision_digest"])
    # Only open marks stand on a story; those of people's own kinds are not known before.
    op.execute(marks.delete().where(sa.or_(marks.c.judged_at.is_not(None), marks.c.kind == MARKS[-1])))
    with op.batch_alter_table("marks") as batch:
        batch.drop_index("ix_marks_open")
        batch.drop_constraint("judged_by_somebody", type_="check")
        batch.drop_constraint("judgement", type_="check")
        for column in ("judgement", "judged_root", "judged_by_id", "judged_at", "opened_by_id"):
            batch.drop_column(column)
        batch.create_unique_constraint("uq_marks_story_id_kind", ["story_id", "kind"])
    _allow("marks", "markkind", MARKS[:-1], "kind")
    with op.batch_alter_table("findings") as batch:
        batch.drop_constraint("judgement", type_="check")
        batch.drop_column("judgement")
    with op.batch_alter_table("stories") as batch:
        batch.drop_index("ix_stories_lane")
        batch.drop_column("filed_agent")
        batch.drop_column("filed_condition")
    op.execute(stories.update().where(stories.c.lane == LANES[2]).values(lane=LANES[-1]))
    _allow("stories", "lane", (*LANES[:2], LANES[-1]))


def _allow(table: str, name: str, values: tuple[str, ...], column: str | None = None) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.column(column or name).in_(values))


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
