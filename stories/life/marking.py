"""Marks: opened by a person, judged by a person, and handing a story on to a lead."""

from extensions import db, utcnow
from stories import events
from stories.checks.finding import MarkKind
from stories.lanes import enter_lane, lane_of
from stories.life import moves
from stories.life.moves import Seen
from stories.models import Actor, ActorKind, Judgement, Mark, Revision, Story
from stories.refusal import MoveRefused
from stories.seconding import open_marks, root_of


def mark(story: Story, seen: Seen, kind: MarkKind, *, by: Actor) -> None:
    """Open a mark on the revision that `by` saw; one that is open already stays as it is.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, plainly for an escalation, which is a step of its own.
    """
    if kind is MarkKind.ESCALATED:
        raise MoveRefused("To hand a story on is a decision of its own.")
    revision = moves.seen_revision(story, "mark", seen, story.waiting_revision)
    if kind not in open_marks(story):
        _open(story, revision, "mark", kind, by=by)


def escalate(story: Story, seen: Seen, *, by: Actor) -> None:
    """Hand the revision that `by` saw on to a lead, who has to be another person.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, plainly when it was handed on already.
    """
    revision = moves.seen_revision(story, "escalate", seen, story.waiting_revision)
    if MarkKind.ESCALATED in open_marks(story):
        raise MoveRefused("This story was handed on to a lead already.")
    _open(story, revision, "escalate", MarkKind.ESCALATED, by=by)


def judge(story: Story, seen: Seen, kind: MarkKind, judgement: Judgement, *, by: Actor) -> None:
    """Close a mark with what `by` found. Whoever judges a mark does not approve the same words.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, plainly when there is no such mark, or for an escalation, which a lead's decision answers.
    """
    revision = moves.seen_revision(story, "judge", seen, story.waiting_revision)
    found = db.session.query(Mark).filter_by(story_id=story.id, kind=kind, judged_at=None).one_or_none()
    if found is None or kind is MarkKind.ESCALATED:
        raise MoveRefused("There is no such mark to judge.")
    close(found, root_of(story), judgement, by=by)
    moves.step(story, "judge")
    _enter(story, revision, "judge")
    events.append(
        "judge", by=by, story_id=story.id, about=revision.digest, mark=kind.value, judgement=judgement.value
    )


def close(found: Mark, root: str, judgement: Judgement, *, by: Actor) -> None:
    """Note what `by` found about a mark, on the patient's words whose digest is `root`."""
    found.judged_at, found.judged_by_id = utcnow(), by.id
    found.judgement, found.judged_root = judgement, root


def _open(story: Story, revision: Revision, move: str, kind: MarkKind, *, by: Actor) -> None:
    is_of_team = by.kind in (ActorKind.MODERATOR, ActorKind.LEAD)
    opened_by = by.id if is_of_team else None
    db.session.add(Mark(story_id=story.id, kind=kind, opened_at=utcnow(), opened_by_id=opened_by))
    moves.step(story, move)
    _enter(story, revision, move)
    events.append(move, by=by, story_id=story.id, about=revision.digest, mark=kind.value)


def _enter(story: Story, revision: Revision, move: str) -> None:
    moves.flush(move)
    enter_lane(story, lane_of(story), came_at=revision.created_at)
    moves.flush(move)
