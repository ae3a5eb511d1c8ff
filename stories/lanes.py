"""Where a waiting story stands: the lane of its marks, and by when it is due."""

from datetime import datetime, timedelta

from sqlalchemy import select

from extensions import db
from stories.checks.finding import MarkKind
from stories.models import Lane, Mark, Story

ALLOWANCES = {
    Lane.SAFEGUARDING: timedelta(hours=0),
    Lane.SERIOUS_REACTION: timedelta(hours=4),
    Lane.ORDINARY: timedelta(hours=48),
}
"""How long after it came a story of each lane is due."""

LANE_OF_MARK = {MarkKind.SAFEGUARDING: Lane.SAFEGUARDING, MarkKind.SERIOUS_REACTION: Lane.SERIOUS_REACTION}


def open_marks(story: Story) -> set[MarkKind]:
    """The marks that stand on the story."""
    return set(db.session.scalars(select(Mark.kind).where(Mark.story_id == story.id)))


def lane_of(story: Story) -> Lane:
    """The strictest lane of the story's marks."""
    lanes = {LANE_OF_MARK[kind] for kind in open_marks(story) if kind in LANE_OF_MARK} | {Lane.ORDINARY}
    return min(lanes, key=lambda lane: ALLOWANCES[lane])


def enter_lane(story: Story, lane: Lane, *, came_at: datetime) -> None:
    """Stand in `lane`, due its allowance after `came_at`; a story that waits already never loses its place."""
    due_at = came_at + ALLOWANCES[lane]
    story.lane, story.due_at = lane, min(story.due_at or due_at, due_at)
