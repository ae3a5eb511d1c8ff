"""What the patient's pages show: choices by lay words, answers in words, and what became of a story."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db, utcnow
from stories import life, wording
from stories.catalogue import Catalogue
from stories.cleaning import Clean, normalise
from stories.content import MAX_CHARS, Content
from stories.models import Decision, DecisionKind, Message, Revision, State, Story
from stories.passages import Shown, shown_paragraphs
from stories.telling.forms import STEPS


@dataclass(frozen=True)
class Row:
    """One answer in words, and where it can be changed."""

    field: str
    question: str
    values: tuple[str, ...]
    step: str


@dataclass(frozen=True)
class Told:
    """A message to the patient; one that is about no decision says why the story was taken down."""

    written_at: datetime
    decision: DecisionKind | None
    paragraphs: list[Shown]


@dataclass(frozen=True)
class OwnStory:
    """What a patient sees of their own story."""

    number: int
    state: State
    public_id: str | None
    submitted_at: datetime
    due_at: datetime | None
    title: Clean | None
    messages: list[Told]
    has_waiting_words: bool


def names_of_conditions(known: Catalogue) -> list[str]:
    """Every name under which a condition is found, for suggestions while typing."""
    entries = known.conditions
    return list(dict.fromkeys(n for e in entries for n in (e.plain_name.partition(":")[0], e.name, *e.synonyms)))


def names_of_agents(known: Catalogue) -> list[str]:
    """Every name and brand under which a treatment is found, for suggestions while typing."""
    return list(dict.fromkeys(n for e in known.agents for n in (e.name, *e.brands, *e.synonyms)))


def answer_rows(content: Content, known: Catalogue) -> list[Row]:
    """The answers in words, in the order of the form; a question that was skipped has no values."""
    step_of = {field: step for step, fields in STEPS.items() for field in fields}
    rows = []
    for field, question in wording.QUESTIONS.items():
        words = wording.in_words(field, getattr(content, field), known)
        other = getattr(content, f"{field}_other", None)
        rows.append(Row(field, question, (*words, *([other] if other else [])), step_of[field]))
    return rows


def preview(content: Content) -> list[Shown]:
    """The narrative as readers would see it; nothing of one that is too long to be taken."""
    if len(content.narrative) > MAX_CHARS["narrative"]:
        return []
    return shown_paragraphs(Clean.of(normalise(content.narrative)))


def own_story(number: int) -> OwnStory | None:
    """What the patient of story `number` sees of it, messages newest first."""
    story = db.session.get(Story, number)
    if story is None:
        return None
    latest, untold = _latest(number), _untold(story)
    messages = db.session.execute(
        select(Message, Decision.kind)
        .outerjoin(Decision, Decision.id == Message.decision_id)
        .where(Message.story_id == number, *([Message.decision_id.is_distinct_from(untold.id)] if untold else []))
        .order_by(Message.id.desc())
    ).tuples()
    before = untold.before if untold else None
    return OwnStory(
        number=number,
        state=State(before["state"]) if before else story.state,
        public_id=story.public_id,
        submitted_at=story.submitted_at,
        due_at=datetime.fromisoformat(before["due_at"]) if before else story.due_at,
        title=latest.cleaned.get("title") if latest else None,
        messages=[
            Told(message.written_at, kind, shown_paragraphs(message.cleaned["words"])) for message, kind in messages
        ],
        has_waiting_words=before is not None or story.waiting_number is not None,
    )


def _untold(story: Story) -> Decision | None:
    """The last decision, while it can be undone and nothing has happened since: the patient is told of it later."""
    last = select(Decision).where(Decision.story_id == story.id).order_by(Decision.id.desc()).limit(1)
    decision = db.session.scalars(last).one_or_none()
    if decision is None or decision.undone_at is not None or decision.version_after != story.version:
        return None
    return decision if life.closes_at(decision) > utcnow() else None


def latest_content(number: int) -> Content | None:
    """The words that a patient would go on from: those of the newest revision; None once withdrawn."""
    latest = _latest(number)
    return latest.content if latest else None


def _latest(number: int) -> Revision | None:
    newest = select(Revision).where(Revision.story_id == number).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()
