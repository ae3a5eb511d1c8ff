"""The queue: every story that waits, soonest due first, and why each is where it is."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from extensions import database_clock, db, utcnow
from moderation.models import Moderator
from stories import catalogue, wording
from stories.checks.finding import MarkKind, Severity
from stories.cleaning import Clean
from stories.content import Content
from stories.models import CheckRun, Claim, Consent, Finding, Lane, Mark, Purpose, Revision, Story

PAGE = 25
COUNTED_TO = 1_000
QueueKey = tuple[datetime, int]
_lease = aliased(Claim)
"""A claim that a condition asks for, beside the one that a row shows."""
AGES = {"day": timedelta(days=1), "2_days": timedelta(days=2), "week": timedelta(days=7)}
"""The ages by which the queue is filtered: what has waited longer."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which of the waiting stories are asked for; `by` is who asks. An unknown value lets nothing through."""

    lane: str | None = None
    condition: str | None = None
    agent: str | None = None
    language: str | None = None
    mark: str | None = None
    claimed: str | None = None
    age: str | None = None
    by: int | None = None

    @classmethod
    def names(cls) -> list[str]:
        """The names of the filters, as addresses have them."""
        return [field.name for field in fields(cls) if field.name != "by"]

    def told(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: value for name in self.names() if (value := getattr(self, name))}


@dataclass(frozen=True)
class QueueRow:
    """One waiting story in the queue, and why it is where it is."""

    number: int
    title: Clean | None
    about: str
    lane: Lane
    due_at: datetime
    came_at: datetime
    marks: list[MarkKind]
    strong: int
    weak: int
    is_checked: bool
    is_amendment: bool
    has_consent: bool
    holder: str | None
    why: str


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue, and the key after which the next begins."""

    rows: list[QueueRow]
    after: QueueKey | None


def queue_page(after: QueueKey | None = None, *, filters: Filters | None = None, limit: int = PAGE) -> QueuePage:
    """Stories with a waiting revision, soonest due first; one page after the key `after`. Five queries."""
    now = database_clock()
    chosen = _waiting(after).where(*_wheres(filters or Filters(), now))
    rows = db.session.execute(chosen.limit(limit + 1)).tuples().all()
    found = _rows(rows[:limit], now)
    last = found[-1] if len(rows) > limit else None
    return QueuePage(found, (last.due_at, last.number) if last else None)


def next_story(passed: Collection[int], *, by: int) -> QueueRow | None:
    """The story due soonest that nobody but `by` has open, none of `passed`."""
    now = database_clock()
    chosen = _waiting(None).where(~_held(now, _lease.holder_id != by), Story.id.not_in(passed)).limit(1)
    rows = _rows(db.session.execute(chosen).tuples().all(), now)
    return rows[0] if rows else None


def waiting_counts() -> dict[Lane, int]:
    """How many stories wait in each lane, counted up to COUNTED_TO of them."""
    return {lane: waiting_count(Filters(lane=lane.value)) for lane in Lane}


def waiting_count(filters: Filters) -> int:
    """How many stories wait that `filters` let through, counted up to COUNTED_TO."""
    bounded = (
        select(Story.id)
        .where(Story.waiting_number.is_not(None), *_wheres(filters, database_clock()))
        .limit(COUNTED_TO)
    )
    if filters.told().keys() & {"condition", "agent", "language", "age"}:
        bounded = bounded.join(
            Revision, (Revision.story_id == Story.id) & (Revision.number == Story.waiting_number)
        )
    return db.session.scalar(select(func.count()).select_from(bounded.subquery())) or 0


WaitingRow = tuple[Story, Revision, CheckRun | None, str | None, datetime | None]


def _waiting(after: QueueKey | None) -> Select[Story, Revision, CheckRun | None, str | None, datetime | None]:
    order = (Story.due_at, Story.id)
    page = (
        select(Story, Revision, CheckRun, Moderator.name, Claim.ends_at)
        .join(Revision, (Revision.story_id == Story.id) & (Revision.number == Story.waiting_number))
        .outerjoin(CheckRun, CheckRun.revision_id == Revision.id)
        .outerjoin(Claim, Claim.story_id == Story.id)
        .outerjoin(Moderator, Moderator.id == Claim.holder_id)
        .where(Story.waiting_number.is_not(None))
        .order_by(*order)
    )
    return page if after is None else page.where(tuple_(*order) > tuple_(*after))


def _wheres(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.lane:
        found.append(Story.lane == filters.lane if filters.lane in set(Lane) else Story.id.is_(None))
    answers = {name: getattr(filters, name) for name in ("condition", "agent", "language")}
    found.extend(getattr(Revision, name) == value for name, value in answers.items() if value)
    if filters.mark:
        is_known = filters.mark in set(MarkKind)
        marked = exists().where(Mark.story_id == Story.id, Mark.kind == filters.mark, Mark.judged_at.is_(None))
        found.append(marked if is_known else Story.id.is_(None))
    if filters.claimed:
        found.append(_claimed(filters.claimed, filters.by, now))
    if filters.age:
        longer = AGES.get(filters.age)
        found.append(Revision.created_at < utcnow() - longer if longer else Story.id.is_(None))
    return found


def _claimed(by_whom: str, by: int | None, now: datetime) -> ColumnElement[bool]:
    if by_whom == "nobody":
        return ~_held(now)
    if by_whom == "me":
        return _held(now, _lease.holder_id == by)
    return _held(now, _lease.holder_id != by) if by_whom == "others" else Story.id.is_(None)


def _held(now: datetime, *whose: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_lease.story_id == Story.id, _lease.ends_at > now, *whose)


def _rows(rows: Collection[WaitingRow], now: datetime) -> list[QueueRow]:
    numbers = [story.id for story, *_others in rows]
    counts = _finding_counts([revision.id for _story, revision, *_others in rows])
    marks, consented = _open_marks(numbers), _consented(numbers)
    known = catalogue.current(db.session)
    return [
        QueueRow(
            number=story.id,
            title=revision.cleaned.get("title"),
            about=", ".join(_about(revision.content, known)),
            lane=story.lane or Lane.ORDINARY,
            due_at=story.due_at or story.moved_at,
            came_at=revision.created_at,
            marks=marks.get(story.id, []),
            strong=counts.get((revision.id, Severity.STRONG), 0),
            weak=counts.get((revision.id, Severity.WEAK), 0),
            is_checked=run is not None and not run.failed,
            is_amendment=story.published_number is not None,
            has_consent=story.id in consented,
            holder=holder if ends_at is not None and ends_at > now else None,
            why=WHY[story.lane or Lane.ORDINARY],
        )
        for story, revision, run, holder, ends_at in rows
    ]


WHY = {
    Lane.SAFEGUARDING: "Somebody may be in danger: at once",
    Lane.SERIOUS_REACTION: "Tells of a serious reaction: within 4 hours",
    Lane.NEEDS_ANOTHER_PERSON: "One person did their part: needs another",
    Lane.ORDINARY: "In turn: within 48 hours",
}
"""Why a story stands where it does, by its lane."""


def _finding_counts(revisions: list[int]) -> dict[tuple[int, Severity], int]:
    counted = (
        select(Finding.revision_id, Finding.severity, func.count())
        .where(Finding.revision_id.in_(revisions))
        .group_by(Finding.revision_id, Finding.severity)
    )
    return {(revision, severity): count for revision, severity, count in db.session.execute(counted).tuples()}


def _open_marks(stories: list[int]) -> dict[int, list[MarkKind]]:
    found: dict[int, list[MarkKind]] = {}
    marks = (
        select(Mark.story_id, Mark.kind)
        .where(Mark.story_id.in_(stories), Mark.judged_at.is_(None))
        .order_by(Mark.id)
    )
    for story, kind in db.session.execute(marks).tuples():
        found.setdefault(story, []).append(kind)
    return found


def _consented(stories: list[int]) -> set[int]:
    given = select(Consent.story_id).where(Consent.story_id.in_(stories), Consent.purpose == Purpose.PUBLISH)
    return set(db.session.scalars(given))


def _about(content: Content, known: catalogue.Catalogue) -> list[str]:
    """Condition and agent by the catalogue's names; own words for them stay in the review."""
    return [
        *(wording.in_words("condition", content.condition, known) or ["Condition in own words"]),
        *(wording.in_words("agent", content.agent, known) or ["treatment in own words"]),
    ]
