"""What words a story has: sent, changed, with words taken out, erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extensions import db, utcnow
from stories import events
from stories.content import Content, Redaction
from stories.erasing import erase_content, log_withdrawal
from stories.lanes import ALLOWANCES, enter_lane, lane_of
from stories.life import moves
from stories.life.moves import PUBLISHED, TAKEN_DOWN, WAITING, WITHDRAWN, Seen
from stories.models import PATIENT, Actor, ActorKind, Consent, Contact, Lane, Purpose, Revision, Story
from stories.reading import publish as reading
from stories.redacting import carried_over, with_redactions
from stories.refusal import NeedsLead
from stories.revising import write_revision


@dataclass(frozen=True)
class Sender:
    """What comes with a first submission and is never judged: who may open it, and what was agreed to."""

    key_hash: str | None = None
    draft_id: int | None = None
    sealed_email: bytes | None = None
    consents: Mapping[Purpose, str] | None = None


def submit(content: Content, sender: Sender, *, by: Actor, submitted_at: datetime | None = None) -> Story:
    """A new story with `content` as its first revision, waiting in the ordinary lane until it is checked."""
    now = utcnow()
    story = moves.begin(
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
    moves.refuse_unless(story, "amend")
    content = replace(content, redactions=carried_over(moves.latest(story).content, content))
    revision = _wait_with(story, content, "amend", by=by)
    events.append("amend", by=by, story_id=story.id, about=revision.digest)
    return revision


def redact(story: Story, seen: Seen, spans: Sequence[Redaction], *, by: Actor) -> Revision:
    """A new revision with `spans` taken out, by a moderator: the only change they may make to a patient's words.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, as BadRedaction when a span does not lie in its text.
    """
    base = moves.seen_revision(story, "redact", seen, story.waiting_revision or story.published_revision)
    revision = _wait_with(story, with_redactions(base.content, spans), "redact", by=by)
    kinds = sorted(span.kind.value for span in spans)
    events.append("redact", by=by, story_id=story.id, about=revision.digest, redacted=seen.digest, kinds=kinds)
    return revision


def withdraw(story: Story, *, by: Actor = PATIENT) -> None:
    """Take the story from readers and erase its content, from whatever state. Done twice, it succeeds."""
    if story.state is not WITHDRAWN:
        _erase(story, "withdraw", by=by)


def erase(story: Story, *, by: Actor, reason: str) -> None:
    """Erase the story as a withdrawal does, by a lead, for the `reason` that the event keeps.

    Done twice, it succeeds. Raises NeedsLead.
    """
    if by.kind is not ActorKind.LEAD:
        raise NeedsLead("Only a lead erases a story.")
    if story.state is not WITHDRAWN:
        _erase(story, "erase", by=by, reason=reason)


def _erase(story: Story, move: str, *, by: Actor, **details: str) -> None:
    was_public, now = story.state is PUBLISHED, utcnow()
    moves.step(story, move)
    story.waiting_number = story.published_number = story.lane = story.due_at = None
    story.filed_condition = story.filed_agent = None
    if was_public:
        story.gone_at = now
    moves.flush(move)
    if was_public and story.public_id is not None:
        reading.unpublish(story.public_id, at=now)
    erase_content(story)
    events.append(move, by=by, story_id=story.id, **details)
    log_withdrawal(story, at=now)


def _wait_with(story: Story, content: Content, move: str, *, by: Actor) -> Revision:
    """Let the story wait with a new revision; a story that waits already keeps its place."""
    number = moves.latest(story).number + 1
    if story.state is TAKEN_DOWN and moves.MOVES[move][story.state] is WAITING:
        story.published_number = None
    with db.session.no_autoflush:
        moves.step(story, move)
        story.waiting_number = number
        revision = write_revision(story, content, number=number, by=by)
        if story.lane is None:
            enter_lane(story, Lane.ORDINARY, came_at=story.moved_at)
    moves.flush(move)
    enter_lane(story, lane_of(story), came_at=story.moved_at)
    moves.flush(move)
    return revision
