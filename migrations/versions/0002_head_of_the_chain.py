"""The one row that is the head of the chain of events, before the first event."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

event_head = sa.table("event_head", sa.column("id"), sa.column("count"), sa.column("hash"))


def upgrade() -> None:
    # A way back over a chain with events leaves its head, or the events could not be verified any more.
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(event_head)) == 0:
        op.execute(event_head.insert().values(id=1, count=0, hash="0" * 64))


def downgrade() -> None:
    op.execute(event_head.delete().where(event_head.c.count == 0))
