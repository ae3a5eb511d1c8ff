"""Sketches of the words of revisions, by which a story that is nearly the same as an earlier one is found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Revisions that are there already get none: a sketch needs the data key, which no migration has.
    op.create_table(
        "sketch_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_sketch_bands_revision_id_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("band", "revision_id", name=op.f("pk_sketch_bands")),
    )
    op.create_index(op.f("ix_sketch_bands_revision_id"), "sketch_bands", ["revision_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sketch_bands")
