"""The table of moves, what every move begins and ends with, and the only place where `Story.state` is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from extensions import db, utcnow
from stories.models import Consent, Lane, Purpose, Revision, State, Story
from stories.refusal import MoveRefused, NoSuchStory, StaleRevision, StoryMoved

WAITING, PUBLISHED, WITH_PATIENT, DECLINED, TAKEN_DOWN, WITHDRAWN = State
_STAYS = {WAITING: WAITING, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN}

MOVES: dict[str, dict[State, State]] = {
    "approve": {WAITING: PUBLISHED, PUBLISHED: PUBLISHED, TAKEN_DOWN: PUBLISHED},
    "ask_for_changes": {WAITING: WITH_PATIENT, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN},
    "decline": {WAITING: DECLINED, PUBLISHED: PUBLISHED, TAKEN_DOWN: TAKEN_DOWN},
    "escalate": _STAYS,
    "mark": _STAYS,
    "judge": _STAYS,
    "judge_finding": _STAYS,
    "amend": {
        WAITING: WAITING,
        WITH_PATIENT: WAITING,
        DECLINED: WAITING,
        TAKEN_DOWN: WAITING,
        PUBLISHED: PUBLISHED,
    },
    "redact": _STAYS,
    "file": {state: state for state in State if state is not WITHDRAWN},
    "take_down": {PUBLISHED: TAKEN_DOWN},
    "put_back": {TAKEN_DOWN: PUBLISHED},
    "withdraw": dict.fromkeys(State, WITHDRAWN),
    "erase": dict.fromkeys(State, WITHDRAWN),
}
"""Each move: from which states, and to which. A story begins by `submit`, in WAITING; *undo* goes back instead."""


@dataclass(frozen=True)
class Seen:
    """What an actor had on the screen: the version of the story and the digest of the revision."""

    version: int
    digest: str


def locked(number: int) -> Story:
    """The story with this number, its row locked until the transaction ends. Raises NoSuchStory."""
    story = db.session.scalars(
        select(Story).where(Story.id == number).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if story is None:
        raise NoSuchStory("There is no story with this number.")
    return story


def has_consent(story: Story, purpose: Purpose) -> bool:
    """Whether the patient agreed to `purpose`."""
    given = select(Consent.id).where(Consent.story_id == story.id, Consent.purpose == purpose)
    return db.session.scalar(given) is not None


def latest(story: Story) -> Revision:
    """The newest revision of the story, whoever wrote it."""
    newest = select(Revision).where(Revision.story_id == story.id).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(newest).one()


def seen_revision(story: Story, move: str, seen: Seen, revision: Revision | None) -> Revision:
    """The revision that is moved, which must be the one that was seen. Raises MoveRefused where it is not."""
    if revision is None:
        raise StoryMoved("Nothing waits for a decision here any more: another person, or the patient, was first.")
    if revision.digest != seen.digest:
        raise StaleRevision("The words have changed since you opened this story.")
    if story.version != seen.version:
        raise StoryMoved("Something changed while you had this story open.")
    refuse_unless(story, move)
    return revision


def refuse_unless(story: Story, move: str) -> None:
    """Raise MoveRefused when the story's state has no such move."""
    if story.state not in MOVES[move]:
        raise MoveRefused(f"A story that is {story.state.value.replace('_', ' ')} cannot take this step.")


def step(story: Story, move: str) -> None:
    """Bring the story into the state that the table names, and note the time, so that its version rises."""
    story.state, story.moved_at = MOVES[move][story.state], utcnow()


_TIMES = ("due_at", "first_published_at", "published_at", "gone_at")


def snapshot(story: Story) -> dict[str, Any]:
    """What undoing a decision on the waiting story brings back, as plain JSON values."""
    assert story.lane is not None
    times = {name: getattr(story, name) for name in _TIMES}
    return {
        "state": story.state.value,
        "waiting_number": story.waiting_number,
        "published_number": story.published_number,
        "lane": story.lane.value,
        **{name: moment.isoformat() if moment is not None else None for name, moment in times.items()},
    }


def go_back(story: Story, before: Mapping[str, Any]) -> None:
    """Bring the story back to what `snapshot` told of it.

    Readers have seen the address of what was public meanwhile: it is gone, and does not become unknown again.
    """
    was_public = story.state is PUBLISHED
    story.state, story.moved_at = State(before["state"]), utcnow()
    story.waiting_number, story.published_number = before["waiting_number"], before["published_number"]
    story.lane = Lane(before["lane"])
    for name in _TIMES:
        setattr(story, name, datetime.fromisoformat(before[name]) if before[name] else None)
    if was_public and story.state is not PUBLISHED:
        story.gone_at = story.gone_at or story.moved_at


def begin(**values: object) -> Story:
    """A new story, in the state in which every story begins."""
    return Story(state=WAITING, **values)


def flush(move: str) -> None:
    """Write the story's row, or lose the race for it by name. Raises StoryMoved."""
    # Any query before this would flush, and lose the race elsewhere.
    try:
        db.session.flush()
    except StaleDataError as lost:
        raise StoryMoved(f"Another person was first, so this step ({move}) was not taken.") from lost
