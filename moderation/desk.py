"""What moderators do with a story. Everything here runs inside a transaction that the door opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from moderation import claims, reasons
from moderation.accounts import services
from stories import life
from stories.checks.finding import MarkKind
from stories.cleaning import normalise
from stories.content import Redaction
from stories.life import Seen
from stories.models import Actor, ContentNote, Judgement


class Step(StrEnum):
    """What a moderator may choose; all but to escalate end the wait."""

    APPROVE = "approve"
    ASK_FOR_CHANGES = "ask_for_changes"
    DECLINE = "decline"
    ESCALATE = "escalate"


@dataclass(frozen=True)
class Verdict:
    """What a moderator decided, and what they tell the patient and the readers."""

    step: Step
    reason: str | None = None
    message: str | None = None
    knows_unchecked: bool = False
    notes: tuple[ContentNote, ...] = ()


def decide(number: int, verdict: Verdict, seen: Seen, claim: str, *, by: Actor) -> bool:
    """Decide on the revision that `by` saw and holds; False when it goes on waiting for another person.

    Raises NoSuchStory, ClaimLost, and MoveRefused as `life` does.
    """
    claims.confirm(number, claim, by=by)
    is_over = _decided(number, verdict, seen, by=by)
    claims.end(number)
    return is_over


def redact(number: int, spans: Sequence[Redaction], seen: Seen, *, by: Actor) -> None:
    """Take words out of the revision that `by` saw. Raises NoSuchStory, and MoveRefused as `life` does."""
    claims.refuse_if_others_hold(number, by=by)
    life.redact(life.locked(number), seen, spans, by=by)


def mark(number: int, kind: MarkKind, seen: Seen, *, by: Actor) -> None:
    """Open a mark. Raises NoSuchStory, and MoveRefused as `life` does."""
    claims.refuse_if_others_hold(number, by=by)
    life.mark(life.locked(number), seen, kind, by=by)


def judge(number: int, kind: MarkKind, judgement: Judgement, seen: Seen, *, by: Actor) -> None:
    """Close a mark. Raises NoSuchStory, and MoveRefused as `life` does."""
    claims.refuse_if_others_hold(number, by=by)
    life.judge(life.locked(number), seen, kind, judgement, by=by)


def judge_finding(number: int, finding: int, judgement: Judgement, seen: Seen, *, by: Actor) -> None:
    """Say whether a finding was right. Raises NoSuchStory, and MoveRefused as `life` does."""
    claims.refuse_if_others_hold(number, by=by)
    life.judge_finding(life.locked(number), seen, finding, judgement, by=by)


def file(number: int, *, condition: str | None, agent: str | None, by: Actor) -> None:
    """Put a story under entries of the catalogue. Raises NoSuchStory, and MoveRefused as `life` does."""
    claims.refuse_if_others_hold(number, by=by)
    life.file(life.locked(number), condition=condition, agent=agent, by=by)


def undo(number: int, *, by: Actor) -> None:
    """Undo the last decision. Raises NoSuchStory, and MoveRefused as `life` does."""
    life.undo(life.locked(number), by=by)


def take_down(number: int, reason: str, *, by: Actor) -> None:
    """Take a published story from readers. Raises NoSuchStory, and MoveRefused when it is not published."""
    told, words = reasons.statement(normalise(reason), None)
    life.take_down(life.locked(number), by=by, reason=told or reasons.IN_OWN_WORDS, words=words)


def put_back(number: int, *, by: Actor) -> None:
    """Publish a taken-down story again. Raises NoSuchStory, and MoveRefused as `life` does."""
    life.put_back(life.locked(number), by=by)


def erase(number: int, reason: str, *, by: Actor) -> None:
    """Erase a story for a reason that stays in its history. Raises NoSuchStory, NeedsLead."""
    life.erase(life.locked(number), by=by, reason=reason)


def _decided(number: int, verdict: Verdict, seen: Seen, *, by: Actor) -> bool:
    story = life.locked(number)
    if verdict.step is Step.ESCALATE:
        life.escalate(story, seen, by=by)
        return False
    is_shared = services.others_decide(by.id)
    if verdict.step is Step.APPROVE:
        decision = life.approve(
            story, seen, by=by, knows_unchecked=verdict.knows_unchecked, notes=verdict.notes, is_shared=is_shared
        )
        return decision is not None
    reason, words = reasons.statement(normalise(verdict.reason or ""), normalise(verdict.message or ""))
    move = life.decline if verdict.step is Step.DECLINE else life.ask_for_changes
    return move(story, seen, by=by, reason=reason, words=words, is_shared=is_shared) is not None
