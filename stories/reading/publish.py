"""The only writer of the read side. Called by the verbs of `life`, inside their transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import delete, insert, select, update

from extensions import db, upsert
from stories import catalogue, keys
from stories.cleaning import Clean
from stories.reading.models import ANY, NOT_STATED, Generation, GonePublication, Listing, Publication, Tally

SITE = "site"


@dataclass(frozen=True, kw_only=True)
class PublicContent:
    """All that readers get of one story: the words and answers shown, and their cleaned HTML by field name.

    `shown` holds plain JSON values, with redactions in the words as `[place]`; it is what the digest is of.
    """

    public_id: str
    first_published_at: datetime
    shown: dict[str, Any]
    cleaned: dict[str, Clean]

    @property
    def digest(self) -> str:
        """SHA-256 of the RFC 8785 JSON of exactly what readers see."""
        return keys.digest(self.shown)


TallyKey = tuple[str, str, str, str]


def publish(content: PublicContent) -> Publication:
    """Make `content` public under its id, in place of what was public under it before."""
    before = _unlist(content.public_id)
    db.session.execute(delete(GonePublication).where(GonePublication.public_id == content.public_id))
    publication = db.session.get(Publication, content.public_id) or Publication(public_id=content.public_id)
    publication.digest = content.digest
    publication.first_published_at = content.first_published_at
    publication.shown = content.shown
    publication.cleaned = content.cleaned
    db.session.add(publication)
    db.session.flush()
    listings = list(_listings(content))
    db.session.execute(insert(Listing), listings)
    after = {(row["topic"], row["agent"], row["combined"], row["outcome"]) for row in listings}
    _tell(content.public_id, before, after)
    return publication


def unpublish(public_id: str, *, at: datetime) -> None:
    """Take what is public under `public_id` from readers; its id and the time stay, for a 410."""
    before = _unlist(public_id)
    db.session.execute(delete(Publication).where(Publication.public_id == public_id))
    leave_gone(public_id, at=at)
    _tell(public_id, before, set())


def leave_gone(public_id: str, *, at: datetime) -> None:
    """Keep that something was public under `public_id` until `at`."""
    db.session.execute(upsert(GonePublication, {"public_id": public_id}, {"gone_at": at}))


def clear() -> None:
    """Empty the read side, but for generations, which only rise. For a rebuild."""
    for model in (Listing, Tally, Publication, GonePublication):
        db.session.execute(delete(model))
    db.session.execute(update(Generation).values(number=Generation.number + 1))


def _listings(content: PublicContent) -> Iterator[dict[str, Any]]:
    shown = content.shown
    topics = catalogue.current(db.session).gathering_topics(shown["condition"], shown["agent"])
    agents = {ANY, shown["agent"] or ANY}
    therapies = {ANY, *(choice.partition(":")[0] for choice in shown["combined"])}
    for topic, agent, combined in product(sorted({ANY, *topics}), sorted(agents), sorted(therapies)):
        yield {
            "topic": topic,
            "agent": agent,
            "combined": combined,
            "public_id": content.public_id,
            "outcome": shown["outcome"] or NOT_STATED,
            "language": shown["language"],
            "first_published_at": content.first_published_at,
        }


def _unlist(public_id: str) -> set[TallyKey]:
    """Take every listing of a publication away, and say what it counted in."""
    columns = (Listing.topic, Listing.agent, Listing.combined, Listing.outcome)
    gone = db.session.execute(select(*columns).where(Listing.public_id == public_id)).tuples().all()
    db.session.execute(delete(Listing).where(Listing.public_id == public_id))
    return {(topic, agent, combined, outcome) for topic, agent, combined, outcome in gone}


def _tell(public_id: str, before: set[TallyKey], after: set[TallyKey]) -> None:
    """Bring tallies and generations up to date, each in the order of its keys, so that no two moves deadlock."""
    for key in sorted(before ^ after):
        _count(key, 1 if key in after else -1)
    topics = {topic for topic, *_rest in before | after if topic != ANY}
    for name in sorted({SITE, f"story:{public_id}", *(f"topic:{topic}" for topic in topics)}):
        db.session.execute(upsert(Generation, {"key": name}, {"number": 1}, adding="number"))


def _count(key: TallyKey, step: int) -> None:
    named = dict(zip(("topic", "agent", "combined", "outcome"), key, strict=True))
    if step > 0:
        db.session.execute(upsert(Tally, named, {"stories": step}, adding="stories"))
        return
    row = db.session.execute(select(Tally).filter_by(**named).with_for_update()).scalar_one()
    if row.stories == 1:
        db.session.delete(row)
    else:
        row.stories -= 1
    db.session.flush()
