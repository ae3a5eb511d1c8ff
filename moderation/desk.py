"""What moderators do: decide on a revision, take words out, take down, put back. Runs inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation import reasons
from stories import life
from stories.cleaning import normalise
from stories.content import Redaction
from stories.life import Seen
from stories.models import Actor, DecisionKind


@dataclass(frozen=True)
class Verdict:
    """What a moderator decided, and what they tell the patient."""

    kind: DecisionKind
    reason: str | None = None
    message: str | None = None
    knows_unchecked: bool = False


def decide(number: int, verdict: Verdict, seen: Seen, *, by: Actor) -> None:
    """Decide on the revision that `by` saw. Raises NoSuchStory, and MoveRefused as `life` does."""
    story = life.locked(number)
    reason, words = reasons.statement(normalise(verdict.reason or ""), normalise(verdict.message or ""))
    if verdict.kind is DecisionKind.APPROVE:
        life.approve(story, seen, by=by, knows_unchecked=verdict.knows_unchecked)
    elif verdict.kind is DecisionKind.DECLINE:
        life.decline(story, seen, by=by, reason=reason, words=words)
    else:
        life.ask_for_changes(story, seen, by=by, reason=reason, words=words)


def redact(number: int, spans: Sequence[Redaction], seen: Seen, *, by: Actor) -> None:
    """Take words out of the revision that `by` saw. Raises NoSuchStory, and MoveRefused as `life` does."""
    life.redact(life.locked(number), seen, spans, by=by)


def take_down(number: int, reason: str, *, by: Actor) -> None:
    """Take a published story from readers. Raises NoSuchStory, and MoveRefused when it is not published."""
    told, words = reasons.statement(normalise(reason), None)
    life.take_down(life.locked(number), by=by, reason=told or reasons.IN_OWN_WORDS, words=words)


def put_back(number: int, *, by: Actor) -> None:
    """Publish a taken-down story again. Raises NoSuchStory, and MoveRefused as `life` does."""
    life.put_back(life.locked(number), by=by)
