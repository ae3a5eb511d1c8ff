"""From files into the database: changes follow, what is gone is retired, what people edited stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from extensions import db, utcnow
from stories.catalogue.entries import digest
from stories.catalogue.files import CatalogueFiles, folder_digest, read_folder
from stories.catalogue.models import CatalogueEntry, CatalogueState, kept_entries


@dataclass(frozen=True)
class LoadReport:
    """What a load did, entry by entry, each named like `agent imiquimod-5`."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    """Edited in the browser, and so left as they are whatever the files say."""


def load_folder(folder: Path) -> LoadReport:
    """Load the catalogue in `folder`, inside the caller's transaction; of the one loaded last, only say so.

    The files loaded last are known by their digest, so that a start without news costs two small queries.
    Raises BrokenCatalogue, and then nothing has changed.
    """
    state = _locked_state()
    if folder_digest(folder) != state.folder_digest:
        return load(read_folder(folder))
    columns = (CatalogueEntry.kind, CatalogueEntry.slug, CatalogueEntry.edited_at)
    active = db.session.execute(
        select(*columns).where(CatalogueEntry.retired_at.is_(None) | CatalogueEntry.edited_at.is_not(None))
    )
    report: dict[bool, list[str]] = {True: [], False: []}
    for kind, slug, edited_at in active:
        report[edited_at is not None].append(f"{kind} {slug}")
    return LoadReport(unchanged=tuple(report[False]), skipped=tuple(report[True]))


def load(files: CatalogueFiles) -> LoadReport:
    """Bring the catalogue to what `files` say, inside the caller's transaction.

    Loading twice changes nothing. An entry edited in the browser is never overwritten and never retired; a
    retired one that is back in the files is offered again, and counts as changed.
    """
    state = _locked_state()
    query = select(CatalogueEntry).execution_options(populate_existing=True)
    kept = {(row.kind, row.slug): row for row in db.session.scalars(query)}
    done: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": [], "retired": [], "skipped": []}
    for entry in files.entries:
        row = kept.pop((entry.kind, entry.slug), None)
        if row is None:
            row = CatalogueEntry(kind=entry.kind, slug=entry.slug)
            db.session.add(row)
            done_as = "added"
        elif row.edited_at is not None:
            done["skipped"].append(entry.name)
            continue
        else:
            is_same = row.loaded_hash == entry.hash and row.retired_at is None
            done_as = "unchanged" if is_same else "changed"
        if done_as != "unchanged":
            row.body, row.loaded_hash, row.retired_at = dict(entry.body), entry.hash, None
        row.position = entry.position
        done[done_as].append(entry.name)
    _retire(kept.values(), done)
    db.session.flush()
    stamp()
    state.folder_digest = files.digest
    db.session.flush()
    return LoadReport(**{name: tuple(names) for name, names in done.items()})


def stamp() -> None:
    """Write down which catalogue this is now, as the last step of every verb that changes an entry.

    Running processes keep the catalogue that they have read until the state has another digest.
    """
    state = _locked_state()
    state.digest = digest(kept_entries(db.session))
    db.session.flush()


def _retire(gone: Iterable[CatalogueEntry], done: dict[str, list[str]]) -> None:
    for row in gone:
        if row.edited_at is not None:
            done["skipped"].append(row.name)
        elif row.retired_at is None:
            row.retired_at = utcnow()
            done["retired"].append(row.name)


def _locked_state() -> CatalogueState:
    """The one row of state, locked until the transaction ends, so that of two loads one waits for the other."""
    query = select(CatalogueState).with_for_update().execution_options(populate_existing=True)
    if db.session.scalar(query) is None:
        try:
            with db.session.begin_nested():
                db.session.add(CatalogueState(id=1, digest="", folder_digest=""))
        except IntegrityError:
            # Another process was first; this waited for it, and reads what it wrote.
            pass
    return db.session.scalars(query).one()
