"""What reader pages show. Reads publications and their tallies only, through the readers' own session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from stories.cleaning import Clean
from stories.reading.models import ANY, Generation, GonePublication, Listing, Publication, Tally

PAGE = 20
FEW = 5
"""Below this many stories nothing is counted by outcome, only "too few to say"."""


@dataclass(frozen=True)
class Filter:
    """Which stories of a topic to show; None is any."""

    agent: str | None = None
    combined: str | None = None
    outcome: str | None = None
    language: str | None = None

    @property
    def is_any(self) -> bool:
        """Whether it leaves no story out."""
        return self == Filter()


@dataclass(frozen=True)
class PageKey:
    """Where a page of stories ends: when the last one was first published, and its public id."""

    at: datetime
    public_id: str

    def __str__(self) -> str:
        return f"{int(self.at.timestamp())}.{self.at.microsecond:06d}-{self.public_id}"

    @classmethod
    def read(cls, text: str) -> "PageKey | None":
        """The key that was printed as `text`, or None when it is none of ours."""
        moment, _dash, public_id = text.partition("-")
        seconds, _dot, micros = moment.partition(".")
        if not (seconds.isdecimal() and micros.isdecimal() and len(micros) == 6 and len(seconds) < 12):
            return None
        at = datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(micros))
        return cls(at, public_id)


@dataclass(frozen=True)
class Story:
    """One publication as readers see it: the answers and words shown, and their cleaned HTML."""

    public_id: str
    digest: str
    first_published_at: datetime
    shown: dict[str, Any]
    cleaned: dict[str, Clean]


@dataclass(frozen=True)
class Page:
    """Some stories, and the key after which the next page begins."""

    stories: list[Story]
    after: PageKey | None


def stories_page(
    session: Session, topic: str, chosen: Filter, after: PageKey | None = None, *, limit: int = PAGE
) -> Page:
    """Stories on `topic` (ANY for the whole site) that fit `chosen`, newest first; one page after `after`."""
    order = (Listing.first_published_at, Listing.public_id)
    listed = select(Listing.public_id).where(
        Listing.topic == topic, Listing.agent == (chosen.agent or ANY), Listing.combined == (chosen.combined or ANY)
    )
    if chosen.outcome is not None:
        listed = listed.where(Listing.outcome == chosen.outcome)
    if chosen.language is not None:
        listed = listed.where(Listing.language == chosen.language)
    if after is not None:
        listed = listed.where(tuple_(*order) < tuple_(after.at, after.public_id))
    ids = list(session.scalars(listed.order_by(*(column.desc() for column in order)).limit(limit + 1)))
    stories = _stories(session, ids[:limit])
    last = stories[-1] if len(ids) > limit else None
    return Page(stories, PageKey(last.first_published_at, last.public_id) if last else None)


def outcome_counts(session: Session, topic: str, chosen: Filter) -> dict[str, int]:
    """How many stories of each outcome stand on `topic` with the agent and combined therapy of `chosen`."""
    counted = select(Tally.outcome, Tally.stories).where(
        Tally.topic == topic, Tally.agent == (chosen.agent or ANY), Tally.combined == (chosen.combined or ANY)
    )
    return dict(session.execute(counted).tuples().all())


def agent_counts(session: Session, topic: str, chosen: Filter) -> dict[str, int]:
    """How many stories there are of each agent, the other filters kept."""
    counted = select(Tally.agent, func.sum(Tally.stories)).where(
        Tally.topic == topic, Tally.agent != ANY, Tally.combined == (chosen.combined or ANY)
    )
    if chosen.outcome is not None:
        counted = counted.where(Tally.outcome == chosen.outcome)
    return {agent: int(stories) for agent, stories in session.execute(counted.group_by(Tally.agent)).tuples()}


def combined_counts(session: Session, topic: str, chosen: Filter) -> dict[str, int]:
    """How many stories there are of each combined therapy, the other filters kept."""
    counted = select(Tally.combined, func.sum(Tally.stories)).where(
        Tally.topic == topic, Tally.agent == (chosen.agent or ANY), Tally.combined != ANY
    )
    if chosen.outcome is not None:
        counted = counted.where(Tally.outcome == chosen.outcome)
    return {slug: int(stories) for slug, stories in session.execute(counted.group_by(Tally.combined)).tuples()}


def topic_counts(session: Session, topics: Sequence[str]) -> dict[str, int]:
    """How many stories stand on each of `topics`; ANY counts the whole site."""
    counted = (
        select(Tally.topic, func.sum(Tally.stories))
        .where(Tally.topic.in_(topics), Tally.agent == ANY, Tally.combined == ANY)
        .group_by(Tally.topic)
    )
    return {topic: int(stories) for topic, stories in session.execute(counted).tuples()}


def story(session: Session, public_id: str) -> Story | None:
    """The publication under `public_id`, if it is public now."""
    found = _stories(session, [public_id])
    return found[0] if found else None


def is_gone(session: Session, public_id: str) -> bool:
    """Whether something was public under `public_id` and is not any more."""
    return session.get(GonePublication, public_id) is not None


def generation(session: Session, key: str) -> int:
    """The generation of `site`, `topic:<slug>` or `story:<id>`; 0 before anything changed."""
    return session.scalar(select(Generation.number).where(Generation.key == key)) or 0


def _stories(session: Session, ids: Sequence[str]) -> list[Story]:
    rows = session.scalars(select(Publication).where(Publication.public_id.in_(ids))).all()
    by_id = {
        row.public_id: Story(row.public_id, row.digest, row.first_published_at, row.shown, row.cleaned)
        for row in rows
    }
    return [by_id[public_id] for public_id in ids if public_id in by_id]
