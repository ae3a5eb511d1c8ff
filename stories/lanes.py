"""Where a waiting story stands: its lane, by its marks and by who has acted on it, and by when it is due."""

from datetime import datetime, timedelta

from stories import seconding
from stories.checks.finding import MarkKind
from stories.models import Lane, Story
from stories.seconding import open_marks

ALLOWANCES = {
    Lane.SAFEGUARDING: timedelta(hours=0),
    Lane.SERIOUS_REACTION: timedelta(hours=4),
    Lane.NEEDS_ANOTHER_PERSON: timedelta(hours=48),
    Lane.ORDINARY: timedelta(hours=48),
}
"""How long after it came a story of each lane is due."""

LANE_OF_MARK = {MarkKind.SAFEGUARDING: Lane.SAFEGUARDING, MarkKind.SERIOUS_REACTION: Lane.SERIOUS_REACTION}


def lane_of(story: Story) -> Lane:
    """The strictest lane of the story's marks; once one person has done their part, that of the other one's."""
    marks = open_marks(story)
    lanes = {LANE_OF_MARK[kind] for kind in marks if kind in LANE_OF_MARK}
    if lanes:
        return min(lanes, key=lambda lane: ALLOWANCES[lane])
    if marks <= {MarkKind.ESCALATED} and seconding.needs_another_person(story):
        return Lane.NEEDS_ANOTHER_PERSON
    return Lane.ORDINARY


def enter_lane(story: Story, lane: Lane, *, came_at: datetime) -> None:
    """Stand in `lane`, due its allowance after `came_at`; a story that waits already never loses its place."""
    due_at = came_at + ALLOWANCES[lane]
    story.lane, story.due_at = lane, min(story.due_at or due_at, due_at)
