"""What the moderators' pages show: the queue, one story to review, how it came there."""

from moderation.queries.history import HistoryLine, history_of, name_of, who_decided
from moderation.queries.queue import (
    AGES,
    COUNTED_TO,
    PAGE,
    Filters,
    QueueKey,
    QueueRow,
    next_story,
    queue_page,
    waiting_count,
    waiting_counts,
)
from moderation.queries.review import Review, review

__all__ = [
    "AGES",
    "COUNTED_TO",
    "PAGE",
    "Filters",
    "HistoryLine",
    "QueueKey",
    "QueueRow",
    "Review",
    "history_of",
    "name_of",
    "next_story",
    "queue_page",
    "review",
    "waiting_count",
    "waiting_counts",
    "who_decided",
]
