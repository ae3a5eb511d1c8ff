"""The history of the site: append-only, hash-chained, one event a move, the head of the chain locked last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, func, select

from extensions import db, utcnow
from stories import keys
from stories.models import Actor, Event, EventHead

GENESIS = "0" * 64
"""What the first event names as the hash before it."""

BATCH = 1_000
NONSENSE = (ValueError, TypeError, LookupError, RecursionError)
"""What reading an event raises whose columns hold what no event has."""


@dataclass(frozen=True)
class Head:
    """An end of the chain: how many events there are up to it, and the hash of the last."""

    count: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken: the position of the first bad event, and what is wrong with it."""

    position: int
    what: str


def append(kind: str, *, by: Actor, story_id: int | None = None, about: str | None = None, **details: Any) -> Event:
    """Add one event to the chain, inside the caller's transaction and as the last thing it locks.

    `about` is a digest; `details` are codes, ids and counts, never words that a person wrote.
    """
    head = db.session.execute(select(EventHead).with_for_update()).scalar_one()
    entry = Event(
        position=head.count + 1,
        story_id=story_id,
        kind=kind,
        by_kind=by.kind,
        by_id=by.id,
        at=utcnow(),
        about=about,
        details=details,
        previous=head.hash,
    )
    entry.hash = digest(entry)
    head.count, head.hash = entry.position, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry


def digest(entry: Event) -> str:
    """SHA-256 of the RFC 8785 JSON of all that an event says, the hash before it included."""
    return keys.digest(_said(entry))


def _said(entry: Event) -> dict[str, Any]:
    return {
        "position": entry.position,
        "story": entry.story_id,
        "kind": entry.kind,
        "by": [str(entry.by_kind), entry.by_id],
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "about": entry.about,
        "details": entry.details,
        "previous": entry.previous,
    }


def history(story_id: int) -> list[Event]:
    """The events of one story, oldest first."""
    return list(db.session.scalars(select(Event).where(Event.story_id == story_id).order_by(Event.position)))


def exported() -> Iterator[dict[str, Any]]:
    """Every event as it stands, lowest position first: what its hash is made of, and the hash.

    Nothing is verified. Of an event that cannot be read there is the position alone.
    """
    first, last = db.session.execute(select(func.min(Event.position), func.max(Event.position))).tuples().one()
    if first is None or last is None:
        return
    for position, entry in _between(first - 1, last):
        yield {"position": position} if entry is None else {**_said(entry), "hash": entry.hash}


def fault(*kept: Head) -> Fault | None:
    """The first bad event of the chain, or None when it is whole up to its head. See `verified`."""
    found = verified(*kept)
    return found if isinstance(found, Fault) else None


def verified(*kept: Head) -> Head | Fault:
    """The end of the chain, found whole up to there, or its first bad event. Moves may go on meanwhile.

    `kept` are ends that it had, kept elsewhere: a chain that was cut off or forged, its head with it, does not
    have them any more. What was forged then lies anywhere after the last of `kept` that still fits.
    """
    if (stray := _first(Event.position < 1)) is not None:
        return Fault(stray, "does not belong to the chain")
    end, known = Head(0, GENESIS), -1
    while known < 0 or _first(Event.position > end.count) is not None:
        head = _head()
        if head is None:
            return Fault(end.count + 1, "is not known: the head of the chain is missing")
        if head.count == known:
            return Fault(end.count + 1, "is not known to the head of the chain")
        known = head.count
        end, what = _walked(end, kept, until=known)
        if what is not None:
            return Fault(end.count + 1, what)
        if head != end:
            return Fault(end.count, "is not the one that the head of the chain names")
    if any(once.count > end.count for once in kept):
        return Fault(end.count + 1, "is missing: a checkpoint knows it")
    return end


def _head() -> Head | None:
    row = db.session.execute(select(EventHead.count, EventHead.hash)).tuples().one_or_none()
    return None if row is None else Head(*row)


def _walked(end: Head, kept: Sequence[Head], *, until: int) -> tuple[Head, str | None]:
    """The last sound event after `end`, and what is wrong with the next one up to `until`."""
    for position, entry in _between(end.count, until):
        if position != end.count + 1:
            return end, "is missing"
        if entry is None:
            return end, "cannot be read"
        if (what := _wrong(entry, end.hash)) is not None:
            return end, what
        reached = Head(position, entry.hash)
        if any(once.count == position and once != reached for once in kept):
            return end, "is not the one that a checkpoint names"
        end = reached
    return end, "is missing, cut off from the end" if end.count < until else None


def _wrong(entry: Event, previous: str) -> str | None:
    if entry.previous != previous:
        return "does not follow the one before it"
    try:
        return None if entry.hash == digest(entry) else "was changed"
    except NONSENSE:
        return "was changed"


def _first(where: ColumnElement[bool]) -> int | None:
    return db.session.scalar(select(Event.position).where(where).order_by(Event.position).limit(1))


def _between(after: int, last: int) -> Iterator[tuple[int, Event | None]]:
    """Events by position, oldest first, after `after` up to `last`; None for one that cannot be read."""
    positions = select(Event.position).order_by(Event.position).limit(BATCH)
    while batch := list(db.session.scalars(positions.where(Event.position > after, Event.position <= last))):
        yield from _read(batch)
        after = batch[-1]
        db.session.expunge_all()


def _read(positions: Sequence[int]) -> Iterator[tuple[int, Event | None]]:
    wanted = select(Event).where(Event.position.in_(positions)).order_by(Event.position)
    try:
        entries = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    except NONSENSE:
        if len(positions) == 1:
            yield positions[0], None
            return
        middle = len(positions) // 2
        yield from _read(positions[:middle])
        yield from _read(positions[middle:])
        return
    yield from ((entry.position, entry) for entry in entries)
