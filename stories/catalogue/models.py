"""The catalogue as rows: its entries, and one row that says which catalogue this is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from extensions import Model
from stories.catalogue.entries import Entry, EntryKind


class CatalogueEntry(Model):
    """One entry. Never deleted: what left the files is retired, so that old stories keep their labels."""

    __tablename__ = "catalogue_entries"

    kind: Mapped[EntryKind] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    position: Mapped[int]
    body: Mapped[dict[str, Any]]
    loaded_hash: Mapped[str | None] = mapped_column(sa.String(64))
    """Hash of the body that was last taken from a file; None for an entry that came from no file."""
    edited_at: Mapped[datetime | None]
    """When a person changed it here; from then on, files do not."""
    retired_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """How a report names it."""
        return f"{self.kind} {self.slug}"


class CatalogueState(Model):
    """Which catalogue this is: one row, so that a process notices a change with one small query."""

    __tablename__ = "catalogue_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(sa.String(64))
    """Of all entries, edited ones and retired ones too."""
    folder_digest: Mapped[str] = mapped_column(sa.String(64))
    """Of the files loaded last. Empty makes the next load look at every entry again."""


def kept_entries(session: Session | scoped_session[Any]) -> Iterator[Entry]:
    """All entries as values, retired ones too, as the database has them now."""
    row = CatalogueEntry
    columns = (row.kind, row.slug, row.position, row.body, row.retired_at.is_not(None))
    for kind, slug, position, body, is_retired in session.execute(sa.select(*columns)):
        yield Entry(kind, slug, position, body, is_retired=bool(is_retired))
