"""`/moderation`: the queue, the review of one story, and every step that is taken there."""

from moderation.views import queue, review, steps
from moderation.views.room import bp

__all__ = ["bp", "queue", "review", "steps"]
