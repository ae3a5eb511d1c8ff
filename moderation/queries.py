"""What the moderators' pages show: the queue, one story to review, how it came there."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from extensions import db
from moderation.models import Moderator
from stories import catalogue, events, life, wording
from stories.checks.finding import MarkKind, Severity
from stories.cleaning import Clean
from stories.content import TEXT_FIELDS, Content
from stories.models import (
    ActorKind,
    CheckRun,
    Consent,
    Event,
    Finding,
    Lane,
    Mark,
    Purpose,
    Revision,
    State,
    Story,
)
from stories.passages import Passage, passages_by_paragraph

PAGE = 25
COUNTED_TO = 1_000
DIGEST_SHOWN = 8
_DIGEST = re.compile("[0-9a-f]{64}")
QueueKey = tuple[datetime, int]


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


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue, and the key after which the next begins."""

    rows: list[QueueRow]
    after: QueueKey | None


@dataclass(frozen=True)
class Noticed:
    """A finding with the number under which the page shows it."""

    number: int
    finding: Finding
    words: Clean | None
    is_redacted: bool


@dataclass(frozen=True)
class Text:
    """One text of a revision, cut where findings and redactions begin and end, paragraph by paragraph."""

    field: str
    label: str
    words: str
    paragraphs: list[list[Passage]]


@dataclass(frozen=True)
class HistoryLine:
    """One event in words."""

    at: datetime
    kind: str
    who: str
    details: str
    digest: str | None


@dataclass(frozen=True)
class Review:
    """Everything to decide on one story."""

    number: int
    version: int
    state: State
    public_id: str | None
    lane: Lane | None
    due_at: datetime | None
    submitted_at: datetime
    revision: Revision | None
    content: Content | None
    texts: list[Text]
    answers: list[tuple[str, list[str]]]
    noticed: list[Noticed]
    marks: list[MarkKind]
    failed: list[str]
    is_checked: bool
    has_consent: bool
    is_waiting: bool
    can_redact: bool
    history: list[HistoryLine]

    @property
    def strong_numbers(self) -> set[int]:
        """The numbers of the strong findings."""
        return {entry.number for entry in self.noticed if entry.finding.severity is Severity.STRONG}

    @property
    def shown_numbers(self) -> set[int]:
        """The numbers of the findings that have a place in the texts above."""
        passages = (passage for text in self.texts for paragraph in text.paragraphs for passage in paragraph)
        return {number for passage in passages for number in passage.begins}


def queue_page(after: QueueKey | None = None, *, limit: int = PAGE) -> QueuePage:
    """Stories with a waiting revision, soonest due first; one page after the key `after`. Four queries."""
    rows = db.session.execute(_waiting(after).limit(limit + 1)).tuples().all()
    shown = rows[:limit]
    counts = _finding_counts([revision.id for _story, revision, _run in shown])
    marks = _marks([story.id for story, _revision, _run in shown])
    consented = _consented([story.id for story, _revision, _run in shown])
    known = catalogue.current(db.session)
    found = [
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
        )
        for story, revision, run in shown
    ]
    last = found[-1] if len(rows) > limit else None
    return QueuePage(found, (last.due_at, last.number) if last else None)


def waiting_counts() -> dict[Lane, int]:
    """How many stories wait in each lane, counted up to COUNTED_TO of them."""
    counts = {}
    for lane in Lane:
        bounded = select(Story.id).where(Story.waiting_number.is_not(None), Story.lane == lane).limit(COUNTED_TO)
        counts[lane] = db.session.scalar(select(func.count()).select_from(bounded.subquery())) or 0
    return counts


def review(number: int) -> Review | None:
    """Story `number` as it is reviewed: what waits, else what was published, else the newest words there are."""
    story = db.session.get(Story, number, populate_existing=True)
    if story is None:
        return None
    revision = story.waiting_revision or story.published_revision or _newest(number)
    content = revision.content if revision else None
    noticed = _noticed(revision, content) if revision and content else []
    known = catalogue.current(db.session)
    return Review(
        number=story.id,
        version=story.version,
        state=story.state,
        public_id=story.public_id,
        lane=story.lane,
        due_at=story.due_at,
        submitted_at=story.submitted_at,
        revision=revision,
        content=content,
        texts=_texts(revision, content, noticed) if revision and content else [],
        answers=_answers(content, known) if content else [],
        noticed=noticed,
        marks=_marks([story.id]).get(story.id, []),
        failed=list(revision.check_run.failed) if revision and revision.check_run else [],
        is_checked=revision is not None and revision.is_checked,
        has_consent=life.has_consent(story, Purpose.PUBLISH),
        is_waiting=story.waiting_number is not None,
        can_redact=story.state in life.MOVES["redact"],
        history=_history(number),
    )


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


def _waiting(after: QueueKey | None) -> Select[Story, Revision, CheckRun | None]:
    run = aliased(CheckRun)
    order = (Story.due_at, Story.id)
    page = (
        select(Story, Revision, run)
        .join(Revision, (Revision.story_id == Story.id) & (Revision.number == Story.waiting_number))
        .outerjoin(run, run.revision_id == Revision.id)
        .where(Story.waiting_number.is_not(None))
        .order_by(*order)
    )
    return page if after is None else page.where(tuple_(*order) > tuple_(*after))


def _finding_counts(revisions: list[int]) -> dict[tuple[int, Severity], int]:
    counted = (
        select(Finding.revision_id, Finding.severity, func.count())
        .where(Finding.revision_id.in_(revisions))
        .group_by(Finding.revision_id, Finding.severity)
    )
    return {(revision, severity): count for revision, severity, count in db.session.execute(counted).tuples()}


def _marks(stories: list[int]) -> dict[int, list[MarkKind]]:
    found: dict[int, list[MarkKind]] = {}
    marks = select(Mark.story_id, Mark.kind).where(Mark.story_id.in_(stories)).order_by(Mark.id)
    for story, kind in db.session.execute(marks).tuples():
        found.setdefault(story, []).append(kind)
    return found


def _consented(stories: list[int]) -> set[int]:
    given = select(Consent.story_id).where(Consent.story_id.in_(stories), Consent.purpose == Purpose.PUBLISH)
    return set(db.session.scalars(given))


def _newest(number: int) -> Revision | None:
    newest = select(Revision).where(Revision.story_id == number).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def _noticed(revision: Revision, content: Content) -> list[Noticed]:
    place = {field: index for index, field in enumerate(("title", "narrative", *TEXT_FIELDS))}
    ordered = sorted(revision.findings, key=lambda found: (place.get(found.field, 99), found.start, found.id))
    return [
        Noticed(
            number,
            found,
            revision.cleaned[found.field].cut(found.start, found.end) if found.field in revision.cleaned else None,
            any(
                span.field == found.field and span.start <= found.start and found.end <= span.end
                for span in content.redactions
            ),
        )
        for number, found in enumerate(ordered, start=1)
    ]


def _texts(revision: Revision, content: Content, noticed: list[Noticed]) -> list[Text]:
    found = []
    for field in ("title", "narrative", *(name for name in TEXT_FIELDS if name not in ("title", "narrative"))):
        if field in revision.cleaned:
            redactions = [span for span in content.redactions if span.field == field]
            spots = [(entry.number, entry.finding) for entry in noticed if entry.finding.field == field]
            cut = passages_by_paragraph(revision.cleaned[field], redactions, spots)
            found.append(Text(field, TEXT_LABELS[field], getattr(content, field), cut))
    return found


TEXT_LABELS = {
    "title": "Title",
    "narrative": "The story",
    "display_name": "Signed",
    "condition_other": "Condition, in own words",
    "agent_other": "Treatment, in own words",
    "combined_other": "Also used, in own words",
    "schedule": "How often",
    "ties": "Ties to a company",
    "body_site": "Where on the body",
}


def _answers(content: Content, known: catalogue.Catalogue) -> list[tuple[str, list[str]]]:
    in_texts = ("schedule", "ties", "body_site")
    rows = (
        (question, wording.in_words(field, getattr(content, field), known))
        for field, question in wording.QUESTIONS.items()
        if field not in in_texts
    )
    return [(question, words) for question, words in rows if words]


def _about(content: Content, known: catalogue.Catalogue) -> list[str]:
    """Condition and agent by the catalogue's names; own words for them stay in the review."""
    return [
        *(wording.in_words("condition", content.condition, known) or ["Condition in own words"]),
        *(wording.in_words("agent", content.agent, known) or ["treatment in own words"]),
    ]


def _history(number: int) -> list[HistoryLine]:
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
