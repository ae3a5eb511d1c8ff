"""What has happened to a story, in words."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db
from moderation.models import Moderator
from stories import events
from stories.models import ActorKind, Event

DIGEST_SHOWN = 8
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class HistoryLine:
    """One event in words."""

    at: datetime
    kind: str
    who: str
    details: str
    digest: str | None


def who_decided(number: int) -> HistoryLine | None:
    """The last thing a person of the team did to the story, for those who come second."""
    team = (ActorKind.MODERATOR, ActorKind.LEAD)
    latest = (
        select(Event)
        .where(Event.story_id == number, Event.by_kind.in_(team))
        .order_by(Event.position.desc())
        .limit(1)
    )
    event = db.session.scalars(latest).one_or_none()
    return _line(event, _names([event])) if event else None


def name_of(moderator_id: int) -> str:
    """The name of somebody of the team."""
    name = db.session.scalar(select(Moderator.name).where(Moderator.id == moderator_id))
    return name or f"moderator {moderator_id}"


def history_of(number: int) -> list[HistoryLine]:
    """Every event of the story, oldest first."""
    found = events.history(number)
    names = _names(found)
    return [_line(event, names) for event in found]


def _names(found: list[Event]) -> dict[int, str]:
    ids = {event.by_id for event in found if event.by_id is not None}
    named = select(Moderator.id, Moderator.name).where(Moderator.id.in_(ids))
    return dict(db.session.execute(named).tuples().all())


def _line(event: Event, names: dict[int, str]) -> HistoryLine:
    who = names.get(event.by_id, f"{event.by_kind.value} {event.by_id}") if event.by_id else event.by_kind.value
    told = [f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in event.details.items() if value]
    return HistoryLine(event.at, event.kind, who, "; ".join(told), event.about)


def _plain(value: object) -> str:
    if isinstance(value, (list, dict)):
        return ", ".join(_plain(each) for each in value)
    told = str(value)
    return told[:DIGEST_SHOWN] if _DIGEST.fullmatch(told) else told.replace("_", " ")
