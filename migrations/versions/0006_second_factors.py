"""Second factors of accounts, and admins among those who make events."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = ("patient", "moderator", "lead", "system", "import")
AFTER = ("patient", "moderator", "lead", "admin", "system", "import")
COLUMNS = (("revisions", "by_kind"), ("decisions", "decided_by_kind"), ("events", "by_kind"))

events = sa.table("events", sa.column("by_kind", sa.String))


def upgrade() -> None:
    _allow(AFTER)
    op.create_table(
        "authenticators",
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _of_a_moderator("authenticators"),
        sa.PrimaryKeyConstraint("moderator_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _of_a_moderator("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_moderator_id"), "passkeys", ["moderator_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        _of_a_moderator("recovery_codes"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_moderator_id"), "recovery_codes", ["moderator_id"])


def downgrade() -> None:
    by_admins = sa.select(sa.func.count()).select_from(events).where(events.c.by_kind == "admin")
    if op.get_bind().scalar(by_admins):
        # An event can be neither changed nor taken out of the chain, and earlier releases know no admin in one.
        raise RuntimeError("an admin has made events: there is no way back to a release that cannot read them")
    for table in ("recovery_codes", "passkeys", "authenticators"):
        op.drop_table(table)
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    for table, column in COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint("actorkind", type_="check")
            batch.create_check_constraint("actorkind", sa.column(column).in_(kinds))


def _of_a_moderator(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_moderator_id_moderators")
    return sa.ForeignKeyConstraint(["moderator_id"], ["moderators.id"], name=name, ondelete="CASCADE")
