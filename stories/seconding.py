"""The second pair of eyes: who has acted on a patient's words, and may therefore not end the wait alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from extensions import db, settings, utcnow
from stories import keys
from stories.checks.finding import MarkKind
from stories.models import Actor, ActorKind, DecisionKind, Mark, Reading, Revision, Story
from stories.refusal import NeedsAnotherPerson, NeedsLead

ALONE_AFTER = timedelta(hours=24)
"""After this time the only person of a small team may read their own work a second time."""

WROTE = (ActorKind.PATIENT, ActorKind.IMPORT)
_DRAWN_OF = 1 << 32


@dataclass(frozen=True)
class Acted:
    """That somebody of the team did their part on a story's words, and when."""

    by_id: int
    at: datetime


def root_of(story: Story, number: int | None = None) -> str:
    """The digest of the patient's own revision under the waiting (or the `number`th) one.

    Taking words out makes a new revision, and never a new story to judge.
    """
    upto = number if number is not None else story.waiting_number
    own = (
        select(Revision.digest)
        .where(Revision.story_id == story.id, Revision.number <= upto, Revision.by_kind.in_(WROTE))
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return db.session.scalars(own).one()


def open_marks(story: Story) -> set[MarkKind]:
    """The marks that stand on the story and are not judged yet."""
    return set(db.session.scalars(select(Mark.kind).where(Mark.story_id == story.id, Mark.judged_at.is_(None))))


def judged_marks(story: Story, revision: Revision) -> set[MarkKind]:
    """The marks that somebody has judged on the patient's words that `revision` shows."""
    root = root_of(story, revision.number)
    return set(db.session.scalars(select(Mark.kind).where(Mark.story_id == story.id, Mark.judged_root == root)))


def escalation(story: Story) -> Mark | None:
    """The escalation that waits for a lead."""
    waits = select(Mark).where(Mark.story_id == story.id, Mark.kind == MarkKind.ESCALATED, Mark.judged_at.is_(None))
    return db.session.scalars(waits).one_or_none()


def readings(root: str) -> list[Reading]:
    """What those said who read these words as the first of two, in order."""
    return list(db.session.scalars(select(Reading).where(Reading.root == root).order_by(Reading.id)))


def needs_another_person(story: Story) -> bool:
    """Whether one person has done their part on the waiting words, and another one has to do theirs."""
    return bool(_acted(story)) or escalation(story) is not None


def did_their_part(story: Story, *, by: Actor) -> bool:
    """Whether `by` acted on the waiting words, so that another person has to end their wait."""
    return any(acted.by_id == by.id for acted in _acted(story))


def is_drawn(root: str) -> bool:
    """Whether these words are of the random share that two people read; no redaction and no retry draws again."""
    drawn = int(keys.keyed_hash(settings().data_key, "second reading", root)[:8], 16)
    return drawn < _DRAWN_OF * settings().second_reading_percent / 100


def had_marks(story: Story) -> bool:
    """Whether the waiting words ever had a mark, so that two people read them anyway."""
    revision = story.waiting_revision
    return bool(open_marks(story)) or (revision is not None and bool(judged_marks(story, revision)))


def permit(story: Story, kind: DecisionKind, *, by: Actor) -> bool:
    """Whether `by` reads their own work a second time, as the only person of a small team may after a day.

    False when they are another person than those who acted. Raises NeedsLead where an escalation waits for
    one, and NeedsAnotherPerson where `by` would second themselves.
    """
    is_escalated = escalation(story) is not None
    if is_escalated and by.kind is not ActorKind.LEAD:
        raise NeedsLead("This story was handed on to a lead, so a lead has to decide.")
    if kind is not DecisionKind.APPROVE and not is_escalated and not readings(root_of(story)):
        return False
    own = [acted.at for acted in _acted(story) if acted.by_id == by.id]
    if not own:
        return False
    if settings().small_team and max(own) + ALONE_AFTER <= utcnow():
        return True
    raise NeedsAnotherPerson(
        "You did the first part of this story yourself, so another person has to decide."
        + (" In a small team you may do it after 24 hours." if settings().small_team else "")
    )


def _acted(story: Story) -> list[Acted]:
    """Everybody who judged marks, read first, handed on or (where it was handed on) took words out."""
    root = root_of(story)
    judged = select(Mark.judged_by_id, Mark.judged_at).where(Mark.story_id == story.id, Mark.judged_root == root)
    found = [Acted(by, at) for by, at in db.session.execute(judged).tuples() if by is not None and at is not None]
    found += [Acted(reading.by_id, reading.at) for reading in readings(root)]
    handed_on = escalation(story)
    if handed_on is not None:
        if handed_on.opened_by_id is not None:
            found.append(Acted(handed_on.opened_by_id, handed_on.opened_at))
        found += _took_words_out(story, root)
    return found


def _took_words_out(story: Story, root: str) -> list[Acted]:
    begins = select(Revision.number).where(Revision.digest == root).scalar_subquery()
    later = select(Revision.by_id, Revision.created_at).where(
        Revision.story_id == story.id, Revision.number > begins, Revision.by_id.is_not(None)
    )
    return [Acted(by, at) for by, at in db.session.execute(later).tuples() if by is not None]
