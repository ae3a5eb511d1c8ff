"""The catalogue: what stories are filed under, from seven files into the database and from there into memory."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from stories.catalogue.entries import BrokenCatalogue, EntryKind
from stories.catalogue.files import FOLDER, CatalogueFiles, read_folder
from stories.catalogue.load import LoadReport, load, load_folder, stamp
from stories.catalogue.models import CatalogueEntry, CatalogueState, kept_entries
from stories.catalogue.nouns import (
    Agent,
    Choice,
    Claim,
    ClaimKind,
    Condition,
    Confidence,
    Helpline,
    IdentifierClass,
    Reaction,
    Result,
    Row,
    Section,
    Source,
    Therapy,
    Topic,
    TopicKind,
)
from stories.catalogue.snapshot import Catalogue
from stories.refusal import Refusal

__all__ = [
    "FOLDER",
    "Agent",
    "BrokenCatalogue",
    "Catalogue",
    "CatalogueEntry",
    "CatalogueFiles",
    "CatalogueNotLoaded",
    "CatalogueState",
    "Choice",
    "Claim",
    "ClaimKind",
    "Condition",
    "Confidence",
    "EntryKind",
    "Helpline",
    "IdentifierClass",
    "LoadReport",
    "Reaction",
    "Result",
    "Row",
    "Section",
    "Source",
    "Therapy",
    "Topic",
    "TopicKind",
    "current",
    "load",
    "load_folder",
    "read_folder",
    "stamp",
]


class CatalogueNotLoaded(Refusal):
    """There is no catalogue in the database. `flask catalogue load` puts one there."""


@dataclass
class _Kept:
    lock: Lock = field(default_factory=Lock)
    catalogue: Catalogue | None = None


_kept = _Kept()


def current(session: Session | scoped_session[Any]) -> Catalogue:
    """The catalogue as `session` sees it, kept in this process until its digest changes. For every thread.

    Raises CatalogueNotLoaded: without its safety lists no story may be taken.
    """
    digest = session.scalar(select(CatalogueState.digest))
    if not digest:
        raise CatalogueNotLoaded("No catalogue is loaded. Run: flask catalogue load")
    kept = _kept.catalogue
    if kept is None or kept.digest != digest:
        with _kept.lock:
            kept = _kept.catalogue
            if kept is None or kept.digest != digest:
                kept = Catalogue(kept_entries(session))
                _kept.catalogue = kept
    return kept
