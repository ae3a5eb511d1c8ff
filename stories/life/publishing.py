"""What readers see of a story beside decisions: taken down, put back, filed, made again."""

from sqlalchemy import select

from extensions import db, utcnow
from stories import catalogue, events, showing
from stories.life import moves
from stories.life.deciding import tell_patient
from stories.life.moves import PUBLISHED
from stories.models import Actor, ActorKind, Purpose, Story
from stories.reading import publish as reading
from stories.refusal import MoveRefused, NeedsLead, NoConsent


def take_down(story: Story, *, by: Actor, reason: str, words: str) -> None:
    """Take a published story from readers for the very next request; the patient reads `words`.

    It is never refused as stale.

    Raises MoveRefused when it is not published.
    """
    moves.refuse_unless(story, "take_down")
    revision = story.published_revision
    assert revision is not None
    assert story.public_id is not None
    now = utcnow()
    moves.step(story, "take_down")
    story.gone_at = now
    moves.flush("take_down")
    reading.unpublish(story.public_id, at=now)
    tell_patient(story, words, at=now)
    events.append("take_down", by=by, story_id=story.id, about=revision.digest, reason=reason)


def put_back(story: Story, *, by: Actor) -> None:
    """Publish a taken-down story again, the same revision. Raises MoveRefused unless taken down, by a lead."""
    moves.refuse_unless(story, "put_back")
    if by.kind is not ActorKind.LEAD:
        raise NeedsLead("Only a lead puts a story back.")
    if not moves.has_consent(story, Purpose.PUBLISH):
        raise NoConsent("The patient does not agree to publication.")
    revision = story.published_revision
    assert revision is not None
    moves.step(story, "put_back")
    story.gone_at, story.published_at = None, story.moved_at
    moves.flush("put_back")
    reading.publish(showing.public_content(story, revision))
    events.append("put_back", by=by, story_id=story.id, about=revision.digest)


def file(story: Story, *, condition: str | None, agent: str | None, by: Actor) -> None:
    """Put a story whose patient found no entry under entries of the catalogue, for readers too. None: as told.

    The patient's words stay as they are. Raises MoveRefused for an entry that is not in the catalogue, for a
    question that the patient answered with an entry, and for a withdrawn story.
    """
    moves.refuse_unless(story, "file")
    known, content = catalogue.current(db.session), moves.latest(story).content
    for chosen, told, entries in (
        (condition, content.condition, known.conditions),
        (agent, content.agent, known.agents),
    ):
        if chosen is not None and (told is not None or chosen not in {entry.slug for entry in entries}):
            raise MoveRefused("A story is filed under an entry of the catalogue, where the patient named none.")
    moves.step(story, "file")
    story.filed_condition, story.filed_agent = condition, agent
    moves.flush("file")
    revision = story.published_revision
    if story.state is PUBLISHED and revision is not None:
        reading.publish(showing.public_content(story, revision))
    events.append("file", by=by, story_id=story.id, condition=condition, agent=agent)


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
