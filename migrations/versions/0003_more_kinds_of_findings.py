"""Findings of every class of identifying detail, and of what else concerns a story."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("email", "url", "handle", "phone", "postcode", "number", "crisis", "serious_reaction", "repeat")
AFTER = (
    "name",
    "place",
    "address",
    "postcode",
    "date",
    "age",
    "phone",
    "fax",
    "email",
    "national_number",
    "record_number",
    "insurance_number",
    "account_number",
    "licence_number",
    "plate",
    "device_number",
    "url",
    "ip_address",
    "biometric",
    "picture",
    "handle",
    "number",
    "detail",
    "crisis",
    "serious_reaction",
    "minor",
    "third_party",
    "advice",
    "selling",
    "repeat",
    "near_repeat",
    "language",
    "unreadable",
)

findings = sa.table("findings", sa.column("kind", sa.String))


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    # What earlier checks could not notice, they would not have kept.
    op.execute(findings.delete().where(findings.c.kind.not_in(BEFORE)))
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("findings") as batch:
        batch.drop_constraint("findingkind", type_="check")
        batch.create_check_constraint("findingkind", sa.column("kind").in_(kinds))
