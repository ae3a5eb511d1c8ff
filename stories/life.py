"""The life of a story: its states, the table of moves, and one function a move. Alone writes `Story.state`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from extensions import db, utcnow
from stories import events, keys, showing
from stories.checks.finding import Finding as Noticed
from stories.cleaning import Clean
from stories.content import Content, Redaction
from stories.erasing import erase_content, log_withdrawal
from stories.lanes import ALLOWANCES, enter_lane, lane_of, open_marks
from stories.models import (
    PATIENT,
    SYSTEM,
    Actor,
    ActorKind,
    CheckRun,
    Consent,
    Contact,
    Decision,
    DecisionKind,
    Finding,
    Lane,
    Mark,
    Message,
    Purpose,
    Revision,
    State,
    Story,
)
from stories.reading import publish as reading
from stories.redacting import carried_over, with_redactions
from stories.refusal import (
    MoveRefused,
    NeedsLead,
    NoConsent,
    NoSuchStory,
    StaleRevision,
    StoryMoved,
    UncheckedRevision,
)
from stories.revising import write_revision

WAITING, PUBLISHED, WITH_PATIENT, DECLINED, TAKEN_DOWN, WITHDRAWN = State

MOVES: dict[str, dict[State, State]] = {
    "approve": {WAITING: PUBLISHED, PUBLISHED: PUBLISHED, TAKEN_DOWN: PUBLISHED},
    "ask_for_changes": {WAITING: WITH_PATIENT, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN},
    "decline": {WAITING: DECLINED, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN},
    "amend": {
        WAITING: WAITING,
        WITH_PATIENT: WAITING,
        DECLINED: WAITING,
        TAKEN_DOWN: WAITING,
        PUBLISHED: PUBLISHED,
    },
    "redact": {WAITING: WAITING, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN},
    "take_down": {PUBLISHED: TAKEN_DOWN},
    "put_back": {TAKEN_DOWN: PUBLISHED},
    "withdraw": dict.fromkeys(State, WITHDRAWN),
}
"""Each move: from which states, and to which. A story begins by `submit`, in WAITING."""


@dataclass(frozen=True)
class Seen:
    """What an actor had on the screen: the version of the story and the digest of the revision."""

    version: int
    digest: str


@dataclass(frozen=True)
class Sender:
    """What comes with a first submission and is never judged: who may open it, and what was agreed to."""

    key_hash: str | None = None
    draft_id: int | None = None
    sealed_email: bytes | None = None
    consents: Mapping[Purpose, str] | None = None


def locked(number: int) -> Story:
    """The story with this number, its row locked until the transaction ends. Raises NoSuchStory."""
    story = db.session.scalars(
        select(Story).where(Story.id == number).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if story is None:
        raise NoSuchStory("There is no story with this number.")
    return story


def submit(content: Content, sender: Sender, *, by: Actor, submitted_at: datetime | None = None) -> Story:
    """A new story with `content` as its first revision, waiting in the ordinary lane until it is checked."""
    now = utcnow()
    story = Story(
        state=WAITING,
        lane=Lane.ORDINARY,
        due_at=now + ALLOWANCES[Lane.ORDINARY],
        submitted_at=submitted_at or now,
        moved_at=now,
        key_hash=sender.key_hash,
        draft_id=sender.draft_id,
        waiting_number=1,
    )
    db.session.add(story)
    revision = write_revision(story, content, number=1, by=by)
    db.session.flush()
    consents = sender.consents or {}
    for purpose, version in sorted(consents.items()):
        db.session.add(Consent(story_id=story.id, purpose=purpose, version=version, given_at=now))
    if sender.sealed_email is not None:
        db.session.add(Contact(story_id=story.id, sealed_email=sender.sealed_email))
    events.append(
        "submit",
        by=by,
        story_id=story.id,
        about=revision.digest,
        consents={purpose.value: version for purpose, version in consents.items()},
    )
    return story


def amend(story: Story, content: Content, *, by: Actor = PATIENT) -> Revision:
    """A new revision by the patient, waiting; what is public stays. Redactions whose words are still there stay.

    Raises MoveRefused when the story was withdrawn.
    """
    _refuse_unless(story, "amend")
    latest = _latest(story)
    content = replace(content, redactions=carried_over(latest.content, content))
    revision = _wait_with(story, content, "amend", by=by)
    events.append("amend", by=by, story_id=story.id, about=revision.digest)
    return revision


def redact(story: Story, seen: Seen, spans: Sequence[Redaction], *, by: Actor) -> Revision:
    """A new revision with `spans` taken out, by a moderator: the only change they may make to a patient's words.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, as BadRedaction when a span does not lie in its text.
    """
    base = _seen(story, "redact", seen, story.waiting_revision or story.published_revision)
    revision = _wait_with(story, with_redactions(base.content, spans), "redact", by=by)
    kinds = sorted(span.kind.value for span in spans)
    events.append("redact", by=by, story_id=story.id, about=revision.digest, redacted=seen.digest, kinds=kinds)
    return revision


def note_checks(story: Story, revision: Revision, noticed: Sequence[Noticed], failed: Sequence[str]) -> None:
    """Keep what the checks found in `revision`, open the marks they set, and put the story into its lane.

    Called again for the same revision it replaces what was noted before; marks stay open.
    """
    db.session.query(Finding).filter_by(revision_id=revision.id).delete()
    db.session.query(CheckRun).filter_by(revision_id=revision.id).delete()
    db.session.add(CheckRun(revision_id=revision.id, ran_at=utcnow(), failed=sorted(failed)))
    for found in noticed:
        db.session.add(
            Finding(
                revision_id=revision.id,
                kind=found.kind,
                severity=found.severity,
                rule=found.rule,
                rule_version=found.rule_version,
                field=found.field,
                start=found.start,
                end=found.end,
                why=found.why,
                redact_as=found.redact_as,
            )
        )
    opened = {found.mark for found in noticed if found.mark is not None} - open_marks(story)
    for kind in sorted(opened):
        db.session.add(Mark(story_id=story.id, kind=kind, opened_at=utcnow()))
    db.session.flush()
    if revision.number == story.waiting_number:
        enter_lane(story, lane_of(story), came_at=revision.created_at)
    story.moved_at = utcnow()
    _flush("check")
    db.session.expire(revision, ["check_run", "findings"])
    events.append(
        "check",
        by=SYSTEM,
        story_id=story.id,
        about=revision.digest,
        findings=len(noticed),
        failed=sorted(failed),
        marks=sorted(kind.value for kind in opened),
    )


def approve(story: Story, seen: Seen, *, by: Actor, knows_unchecked: bool = False) -> None:
    """Publish exactly the revision that `by` saw.

    Raises MoveRefused: as StoryMoved if another actor was first, as StaleRevision if the words are not the
    latest, as NoConsent without consent to publish, as NeedsLead while a mark is open and `by` is no lead,
    as UncheckedRevision unless `knows_unchecked`, or plainly if the state has no such move.
    """
    revision = _seen(story, "approve", seen, story.waiting_revision)
    if not has_consent(story, Purpose.PUBLISH):
        raise NoConsent("The patient has not agreed to publication, so this story cannot be approved.")
    marks = sorted(kind.value for kind in open_marks(story))
    if marks and by.kind is not ActorKind.LEAD:
        raise NeedsLead("A mark is open on this story, so a lead has to approve it.")
    if not revision.is_checked and not knows_unchecked:
        raise UncheckedRevision("The checks have not read these words. Confirm that you read them without.")
    now = utcnow()
    _decide(story, revision, DecisionKind.APPROVE, by=by)
    story.published_number = revision.number
    story.public_id = story.public_id or keys.new_public_id()
    story.first_published_at = story.first_published_at or now
    story.published_at, story.gone_at = now, None
    _flush("approve")
    publication = reading.publish(showing.public_content(story, revision))
    events.append(
        "approve",
        by=by,
        story_id=story.id,
        about=revision.digest,
        publication=publication.digest,
        open_marks=marks,
        unchecked=not revision.is_checked,
    )


def decline(story: Story, seen: Seen, *, by: Actor, reason: str | None, words: str) -> None:
    """Not publish the revision that `by` saw, with a reason the patient reads; what is public stays.

    Raises MoveRefused, as `approve` does.
    """
    _answer(story, seen, DecisionKind.DECLINE, by=by, reason=reason, words=words)


def ask_for_changes(story: Story, seen: Seen, *, by: Actor, reason: str | None, words: str) -> None:
    """Send the revision that `by` saw back to the patient with a message; what is public stays.

    Raises MoveRefused, as `approve` does.
    """
    _answer(story, seen, DecisionKind.ASK_FOR_CHANGES, by=by, reason=reason, words=words)


def take_down(story: Story, *, by: Actor, reason: str, words: str) -> None:
    """Take a published story from readers for the very next request; the patient reads `words`.

    It is never refused as stale.

    Raises MoveRefused when it is not published.
    """
    _refuse_unless(story, "take_down")
    revision = story.published_revision
    assert revision is not None
    assert story.public_id is not None
    now = utcnow()
    story.state, story.moved_at, story.gone_at = MOVES["take_down"][story.state], now, now
    _flush("take_down")
    reading.unpublish(story.public_id, at=now)
    _tell_patient(story, words, at=now)
    events.append("take_down", by=by, story_id=story.id, about=revision.digest, reason=reason)


def put_back(story: Story, *, by: Actor) -> None:
    """Publish a taken-down story again, the same revision. Raises MoveRefused unless taken down, by a lead."""
    _refuse_unless(story, "put_back")
    if by.kind is not ActorKind.LEAD:
        raise NeedsLead("Only a lead puts a story back.")
    if not has_consent(story, Purpose.PUBLISH):
        raise NoConsent("The patient does not agree to publication.")
    revision = story.published_revision
    assert revision is not None
    story.state, story.moved_at, story.gone_at = MOVES["put_back"][story.state], utcnow(), None
    story.published_at = story.moved_at
    _flush("put_back")
    reading.publish(showing.public_content(story, revision))
    events.append("put_back", by=by, story_id=story.id, about=revision.digest)


def withdraw(story: Story, *, by: Actor = PATIENT) -> None:
    """Take the story from readers and erase its content, from whatever state. Done twice, it succeeds."""
    if story.state is WITHDRAWN:
        return
    was_public = story.state is PUBLISHED
    now = utcnow()
    story.state, story.moved_at = MOVES["withdraw"][story.state], now
    story.waiting_number = story.published_number = story.lane = story.due_at = None
    if was_public:
        story.gone_at = now
    _flush("withdraw")
    if was_public and story.public_id is not None:
        reading.unpublish(story.public_id, at=now)
    erase_content(story)
    events.append("withdraw", by=by, story_id=story.id)
    log_withdrawal(story, at=now)


def rebuild_publications() -> int:
    """Make the read side again from the write side, but for generations; how many stories are public."""
    reading.clear()
    published = 0
    for story in db.session.scalars(select(Story).where(Story.public_id.is_not(None)).order_by(Story.id)):
        revision = story.published_revision
        if story.state is PUBLISHED and revision is not None:
            reading.publish(showing.public_content(story, revision))
            published += 1
        elif story.public_id is not None and story.gone_at is not None:
            reading.leave_gone(story.public_id, at=story.gone_at)
    return published


def has_consent(story: Story, purpose: Purpose) -> bool:
    """Whether the patient agreed to `purpose`."""
    given = select(Consent.id).where(Consent.story_id == story.id, Consent.purpose == purpose)
    return db.session.scalar(given) is not None


def _answer(story: Story, seen: Seen, kind: DecisionKind, *, by: Actor, reason: str | None, words: str) -> None:
    revision = _seen(story, kind.value, seen, story.waiting_revision)
    decision = _decide(story, revision, kind, by=by, reason=reason)
    _flush(kind.value)
    _tell_patient(story, words, at=decision.decided_at, decision=decision)
    events.append(kind.value, by=by, story_id=story.id, about=revision.digest, reason=reason)


def _tell_patient(story: Story, words: str, *, at: datetime, decision: Decision | None = None) -> None:
    db.session.add(
        Message(
            story_id=story.id,
            decision_id=decision.id if decision else None,
            written_at=at,
            words=words,
            cleaned={"words": Clean.of(words)},
        )
    )


def _seen(story: Story, move: str, seen: Seen, revision: Revision | None) -> Revision:
    """The revision that is moved, which must be the one that was seen."""
    if revision is None:
        raise StoryMoved("Nothing waits for a decision here any more: another person, or the patient, was first.")
    if revision.digest != seen.digest:
        raise StaleRevision("The words have changed since you opened this story.")
    if story.version != seen.version:
        raise StoryMoved("Something changed while you had this story open.")
    _refuse_unless(story, move)
    return revision


def _refuse_unless(story: Story, move: str) -> None:
    if story.state not in MOVES[move]:
        raise MoveRefused(f"A story that is {story.state.value.replace('_', ' ')} cannot take this step.")


def _decide(
    story: Story, revision: Revision, kind: DecisionKind, *, by: Actor, reason: str | None = None
) -> Decision:
    assert by.id is not None
    story.state, story.moved_at = MOVES[kind.value][story.state], utcnow()
    story.waiting_number = story.lane = story.due_at = None
    decision = Decision(
        story_id=story.id,
        revision_digest=revision.digest,
        kind=kind,
        reason=reason,
        decided_by_kind=by.kind,
        decided_by_id=by.id,
        decided_at=story.moved_at,
    )
    db.session.add(decision)
    return decision


def _wait_with(story: Story, content: Content, move: str, *, by: Actor) -> Revision:
    """Let the story wait with a new revision; a story that waits already keeps its place."""
    number, lane = _latest(story).number + 1, lane_of(story)
    if story.state is TAKEN_DOWN and MOVES[move][story.state] is WAITING:
        story.published_number = None
    story.state, story.moved_at = MOVES[move][story.state], utcnow()
    story.waiting_number = number
    enter_lane(story, lane, came_at=story.moved_at)
    revision = write_revision(story, content, number=number, by=by)
    _flush(move)
    return revision


def _latest(story: Story) -> Revision:
    newest = select(Revision).where(Revision.story_id == story.id).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(newest).one()


def _flush(move: str) -> None:
    # The race is lost here, by name; any query before this would flush, and lose it, elsewhere.
    try:
        db.session.flush()
    except StaleDataError as lost:
        raise StoryMoved(f"Another person was first, so this step ({move}) was not taken.") from lost
