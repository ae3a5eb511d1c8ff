"""Decisions about one revision, and undoing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from extensions import db, settings, utcnow
from stories import events, keys, seconding, showing
from stories.checks.finding import MarkKind
from stories.cleaning import Clean
from stories.lanes import enter_lane, lane_of
from stories.life import marking, moves
from stories.life.moves import Seen
from stories.models import (
    SYSTEM,
    Actor,
    ActorKind,
    ContentNote,
    Decision,
    DecisionKind,
    Judgement,
    Mark,
    Message,
    Purpose,
    Reading,
    Revision,
    State,
    Story,
)
from stories.reading import publish as reading
from stories.refusal import MoveRefused, NoConsent, OpenMarks, UncheckedRevision


@dataclass(frozen=True)
class _Answer:
    """What somebody wants to decide, and what comes with it."""

    kind: DecisionKind
    reason: str | None = None
    words: str = ""
    notes: tuple[str, ...] = ()


def approve(
    story: Story,
    seen: Seen,
    *,
    by: Actor,
    knows_unchecked: bool = False,
    notes: Iterable[ContentNote] = (),
    is_shared: bool = True,
) -> Decision | None:
    """Publish exactly the revision that `by` saw; None when another person has to read it too, or to settle it.

    A random share is read by two where the work is shared by more than one person (`is_shared`).

    Raises MoveRefused: as StoryMoved if another actor was first, as StaleRevision if the words are not the
    latest, as NoConsent without consent to publish, as OpenMarks while a mark has not been judged, as
    NeedsLead or NeedsAnotherPerson where `by` cannot be the one, as UncheckedRevision unless
    `knows_unchecked`, or plainly if the state has no such move.
    """
    revision = moves.seen_revision(story, "approve", seen, story.waiting_revision)
    if not moves.has_consent(story, Purpose.PUBLISH):
        raise NoConsent("The patient has not agreed to publication, so this story cannot be approved.")
    if not revision.is_checked and not knows_unchecked:
        raise UncheckedRevision("The checks have not read these words. Confirm that you read them without.")
    answer = _Answer(DecisionKind.APPROVE, notes=tuple(sorted(note.value for note in set(notes))))
    return _decide(story, revision, answer, by=by, is_shared=is_shared)


def decline(
    story: Story, seen: Seen, *, by: Actor, reason: str | None, words: str, is_shared: bool = True
) -> Decision | None:
    """Not publish the revision that `by` saw, with a reason the patient reads; what is public stays.

    Returns and raises as `approve` does.
    """
    revision = moves.seen_revision(story, "decline", seen, story.waiting_revision)
    return _decide(story, revision, _Answer(DecisionKind.DECLINE, reason, words), by=by, is_shared=is_shared)


def ask_for_changes(
    story: Story, seen: Seen, *, by: Actor, reason: str | None, words: str, is_shared: bool = True
) -> Decision | None:
    """Send the revision that `by` saw back to the patient with a message; what is public stays.

    Returns and raises as `approve` does.
    """
    revision = moves.seen_revision(story, "ask_for_changes", seen, story.waiting_revision)
    answer = _Answer(DecisionKind.ASK_FOR_CHANGES, reason, words)
    return _decide(story, revision, answer, by=by, is_shared=is_shared)


def undo(story: Story, *, by: Actor) -> None:
    """Bring state, publication and waiting revision back to what they were before the last decision.

    Raises MoveRefused: as NeedsLead for somebody else's decision, plainly when there is none, when its window
    (`FIRSTHAND_UNDO_MINUTES`) has closed, or when anything has happened to the story since.
    """
    last = select(Decision).where(Decision.story_id == story.id).order_by(Decision.id.desc()).limit(1)
    decision = db.session.scalars(last).one_or_none()
    if decision is None or decision.undone_at is not None:
        raise MoveRefused("There is no decision to undo.")
    if by.kind is not ActorKind.LEAD and by.id != decision.decided_by_id:
        raise MoveRefused("Only who decided, or a lead, undoes a decision.")
    if decision.version_after != story.version:
        raise MoveRefused("Something has happened to this story since, so the decision cannot be undone.")
    if utcnow() > closes_at(decision):
        raise MoveRefused(f"A decision can be undone for {settings().undo_minutes} minutes; they are over.")
    was_public = story.state is State.PUBLISHED
    moves.go_back(story, decision.before)
    _reopen(story, decision)
    decision.undone_at, decision.undone_by_id = story.moved_at, by.id
    moves.flush("undo")
    db.session.execute(delete(Message).where(Message.decision_id == decision.id))
    revision = story.published_revision
    if story.state is State.PUBLISHED and revision is not None:
        reading.publish(showing.public_content(story, revision))
    elif was_public and story.public_id is not None and story.gone_at is not None:
        reading.unpublish(story.public_id, at=story.gone_at)
    events.append("undo", by=by, story_id=story.id, about=decision.revision_digest, undone=decision.kind.value)


def closes_at(decision: Decision) -> datetime:
    """Until when a decision can be undone, and is not told to the patient."""
    return decision.decided_at + timedelta(minutes=settings().undo_minutes)


def _decide(story: Story, revision: Revision, answer: _Answer, *, by: Actor, is_shared: bool) -> Decision | None:
    marks = seconding.open_marks(story)
    if marks - {MarkKind.ESCALATED}:
        raise OpenMarks("Judge every open mark before you decide.")
    is_alone = seconding.permit(story, answer.kind, by=by)
    root = seconding.root_of(story)
    first = next(iter(seconding.readings(root)), None)
    if not marks and not seconding.had_marks(story):
        if first is None and is_shared and seconding.is_drawn(root):
            _read(story, revision, root, answer.kind, by=by)
            return None
        if first is not None and first.kind is not answer.kind:
            _disagree(story, revision, root, first, answer.kind, by=by)
            return None
    if is_alone:
        events.append("read_again", by=by, story_id=story.id, about=revision.digest)
    details: dict[str, object] = {} if first is None else {"first_reading": first.kind.value}
    return _settle(story, revision, root, answer, by=by, is_alone=is_alone, details=details)


def _settle(
    story: Story,
    revision: Revision,
    root: str,
    answer: _Answer,
    *,
    by: Actor,
    is_alone: bool,
    details: dict[str, object],
) -> Decision:
    assert by.id is not None
    before = moves.snapshot(story)
    escalation = seconding.escalation(story)
    moves.step(story, answer.kind.value)
    decision = Decision(
        story_id=story.id,
        revision_digest=revision.digest,
        root=root,
        kind=answer.kind,
        reason=answer.reason,
        notes=list(answer.notes),
        decided_by_kind=by.kind,
        decided_by_id=by.id,
        decided_at=story.moved_at,
        is_alone=is_alone,
        before=before,
        version_after=story.version + 1,
    )
    db.session.add(decision)
    if answer.kind is DecisionKind.APPROVE:
        story.published_number = revision.number
        story.public_id = story.public_id or keys.new_public_id()
        story.first_published_at = story.first_published_at or story.moved_at
        story.published_at, story.gone_at = story.moved_at, None
    story.waiting_number = story.lane = story.due_at = None
    moves.flush(answer.kind.value)
    if escalation is not None:
        # After the decision's row, which the database compares with who handed the story on.
        marking.close(escalation, root, Judgement.STANDS, by=by)
    if answer.words:
        tell_patient(story, answer.words, at=decision.decided_at, decision=decision)
    if answer.kind is DecisionKind.APPROVE:
        details["publication"] = reading.publish(showing.public_content(story, revision)).digest
        details["unchecked"] = not revision.is_checked
        details["notes"] = list(answer.notes)
    else:
        details["reason"] = answer.reason
    if escalation is not None:
        details["escalated"] = True
    events.append(answer.kind.value, by=by, story_id=story.id, about=revision.digest, **details)
    return decision


def _read(story: Story, revision: Revision, root: str, kind: DecisionKind, *, by: Actor) -> None:
    """Note the verdict of the first of two; the event does not tell it to the second."""
    assert by.id is not None
    db.session.add(Reading(story_id=story.id, root=root, kind=kind, by_id=by.id, at=utcnow()))
    _wait_on(story, revision, "read_first")
    events.append("read_first", by=by, story_id=story.id, about=revision.digest)


def _disagree(
    story: Story, revision: Revision, root: str, first: Reading, kind: DecisionKind, *, by: Actor
) -> None:
    """Two people would decide differently: a lead who is neither of them settles it."""
    assert by.id is not None
    db.session.add(Reading(story_id=story.id, root=root, kind=kind, by_id=by.id, at=utcnow()))
    db.session.add(Mark(story_id=story.id, kind=MarkKind.ESCALATED, opened_at=utcnow()))
    _wait_on(story, revision, "escalate")
    events.append("read_second", by=by, story_id=story.id, about=revision.digest)
    events.append(
        "escalate",
        by=SYSTEM,
        story_id=story.id,
        about=revision.digest,
        mark=MarkKind.ESCALATED.value,
        first_reading=first.kind.value,
        second_reading=kind.value,
    )


def _wait_on(story: Story, revision: Revision, move: str) -> None:
    """The story goes on waiting, for another person."""
    story.moved_at = utcnow()
    moves.flush(move)
    enter_lane(story, lane_of(story), came_at=revision.created_at)
    moves.flush(move)


def tell_patient(story: Story, words: str, *, at: datetime, decision: Decision | None = None) -> None:
    """Write to the patient, about a decision or about why a story was taken down."""
    db.session.add(
        Message(
            story_id=story.id,
            decision_id=decision.id if decision else None,
            written_at=at,
            words=words,
            cleaned={"words": Clean.of(words)},
        )
    )


def _reopen(story: Story, decision: Decision) -> None:
    """The escalation that the decision answered waits again."""
    reopened = select(Mark).where(
        Mark.story_id == story.id,
        Mark.kind == MarkKind.ESCALATED,
        Mark.judged_root == decision.root,
        Mark.judged_at >= decision.decided_at,
    )
    for mark in db.session.scalars(reopened):
        mark.judged_at = mark.judged_by_id = mark.judgement = mark.judged_root = None
