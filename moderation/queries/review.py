"""What the page of one story shows: its words with findings in place, marks, answers, and what may be done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db, utcnow
from moderation.queries.history import HistoryLine, history_of
from stories import catalogue, life, seconding, wording
from stories.checks.finding import MarkKind, Severity
from stories.cleaning import Clean
from stories.content import TEXT_FIELDS, Content
from stories.models import (
    Actor,
    ActorKind,
    Decision,
    Finding,
    Judgement,
    Lane,
    Mark,
    Purpose,
    Revision,
    State,
    Story,
)
from stories.passages import Passage, passages_by_paragraph


@dataclass(frozen=True)
class Noticed:
    """A finding with the number under which the page shows it."""

    number: int
    finding: Finding
    words: Clean | None
    is_redacted: bool


@dataclass(frozen=True)
class MarkLine:
    """A mark of the story: open, or what somebody found who looked at it."""

    kind: MarkKind
    opened_at: datetime
    judged_at: datetime | None
    judgement: Judgement | None


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be undone, and until when."""

    kind: str
    until: datetime


@dataclass(frozen=True)
class Text:
    """One text of a revision, cut where findings and redactions begin and end, paragraph by paragraph."""

    field: str
    label: str
    words: str
    paragraphs: list[list[Passage]]


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
    marks: list[MarkLine]
    needs_another: bool
    is_own_part_done: bool
    undoable: Undoable | None
    filed: list[tuple[str, str]]
    can_file: list[str]
    failed: list[str]
    is_checked: bool
    has_consent: bool
    is_waiting: bool
    can_redact: bool
    history: list[HistoryLine]

    @property
    def open_marks(self) -> list[MarkKind]:
        """The marks that have to be judged before anything is decided."""
        return [m.kind for m in self.marks if m.judged_at is None and m.kind is not MarkKind.ESCALATED]

    @property
    def is_escalated(self) -> bool:
        """Whether it was handed on to a lead."""
        return any(m.kind is MarkKind.ESCALATED and m.judged_at is None for m in self.marks)

    @property
    def strong_numbers(self) -> set[int]:
        """The numbers of the strong findings."""
        return {entry.number for entry in self.noticed if entry.finding.severity is Severity.STRONG}

    @property
    def shown_numbers(self) -> set[int]:
        """The numbers of the findings that have a place in the texts above."""
        passages = (passage for text in self.texts for paragraph in text.paragraphs for passage in paragraph)
        return {number for passage in passages for number in passage.begins}


def review(number: int, *, by: Actor) -> Review | None:
    """Story `number` as it is reviewed: what waits, else what was published, else the newest words there are."""
    story = db.session.get(Story, number, populate_existing=True)
    if story is None:
        return None
    revision = story.waiting_revision or story.published_revision or _newest(number)
    content = revision.content if revision else None
    is_waiting = story.waiting_number is not None
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
        marks=_marks(story),
        needs_another=is_waiting and seconding.needs_another_person(story),
        is_own_part_done=is_waiting and seconding.did_their_part(story, by=by),
        undoable=_undoable(story, by=by),
        filed=_filed(story, known),
        can_file=_can_file(content) if content and story.state in life.MOVES["file"] else [],
        failed=list(revision.check_run.failed) if revision and revision.check_run else [],
        is_checked=revision is not None and revision.is_checked,
        has_consent=life.has_consent(story, Purpose.PUBLISH),
        is_waiting=is_waiting,
        can_redact=story.state in life.MOVES["redact"],
        history=history_of(number),
    )


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


def _marks(story: Story) -> list[MarkLine]:
    rows = db.session.scalars(select(Mark).where(Mark.story_id == story.id).order_by(Mark.id))
    return [MarkLine(mark.kind, mark.opened_at, mark.judged_at, mark.judgement) for mark in rows]


def _undoable(story: Story, *, by: Actor) -> Undoable | None:
    last = select(Decision).where(Decision.story_id == story.id).order_by(Decision.id.desc()).limit(1)
    decision = db.session.scalars(last).one_or_none()
    if decision is None or decision.undone_at is not None or decision.version_after != story.version:
        return None
    until = life.closes_at(decision)
    is_theirs = by.kind is ActorKind.LEAD or by.id == decision.decided_by_id
    return Undoable(decision.kind.value, until) if is_theirs and until > utcnow() else None


def _filed(story: Story, known: catalogue.Catalogue) -> list[tuple[str, str]]:
    """Where moderators put the story, as pairs of question and name."""
    pairs = (("condition", story.filed_condition), ("agent", story.filed_agent))
    return [
        (wording.QUESTIONS[field], name) for field, slug in pairs for name in wording.in_words(field, slug, known)
    ]


def _can_file(content: Content) -> list[str]:
    """The questions that the patient answered with no entry of the catalogue."""
    return [field for field in ("condition", "agent") if getattr(content, field) is None]
