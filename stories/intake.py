"""The only way in, for form and import file: submit, amend, and the checks that run after."""

from dataclasses import replace

from flask import current_app
from sqlalchemy import select

from extensions import db, settings, transact, utcnow
from stories import catalogue, keys, life
from stories.checks.finding import Known
from stories.checks.runner import Runner
from stories.content import Submission
from stories.models import IMPORT, PATIENT, Actor, ImportIdentity, Purpose, Revision, State, Story
from stories.refusal import Refusal
from stories.rules import Problem, prepared, problems
from stories.sketching import near_repeats

CONSENT_VERSION = "2026-11-23"
"""Which wording of the consents the form shows."""

MOST_REPEATS = 10


class BadSubmission(Refusal):
    """A submission that breaks a rule; `problems` say which, field by field."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in found))
        self.problems = found


class TakenBefore(Refusal):
    """A row of an import file that was taken once already."""


def submit(sent: Submission, *, by: Actor = PATIENT, key: str | None = None, draft_id: int | None = None) -> Story:
    """A new waiting story. Inside the caller's transaction.

    Raises BadSubmission, and TakenBefore for an imported row that was taken once already.
    """
    ready = _ready(sent)
    if by == IMPORT:
        _remember_row(ready)
    sender = life.Sender(
        key_hash=key_hash(key) if key else None,
        draft_id=draft_id,
        sealed_email=keys.seal(settings().data_key, ready.email) if ready.email else None,
        consents=_consents(ready),
    )
    return life.submit(ready.content, sender, by=by, submitted_at=ready.submitted_at)


def amend(number: int, sent: Submission) -> Revision:
    """A new revision of a story by its patient. Inside the caller's transaction; raises BadSubmission.

    Consents and e-mail stay as they are: they belong to the story, not to its words.
    """
    ready = _ready(replace(sent, consent_publish=True, consent_contact=False, email=None))
    return life.amend(life.locked(number), ready.content)


def check(number: int) -> None:
    """Run the checks on the words that wait in a story, outside any transaction, and keep what they found.

    Whatever a check does, this returns, and the story waits on; what failed leaves it visibly unchecked.
    """
    story = db.session.get(Story, number, populate_existing=True)
    revision = story.waiting_revision if story else None
    if revision is None:
        return
    content, digest = revision.content, revision.digest
    listed = catalogue.current(db.session)
    known = Known(
        safety=listed.safety_lists,
        repeats=_repeats(revision),
        near_repeats=near_repeats(revision),
        terms=listed.terms,
    )
    db.session.rollback()
    result = runner().run(content, known)

    def note() -> None:
        latest = life.locked(number)
        waiting = latest.waiting_revision
        if waiting is not None and waiting.digest == digest:
            life.note_checks(latest, waiting, result.findings, result.failed)

    transact(note)


def runner() -> Runner:
    """The child processes in which this app's checks run."""
    found: Runner = current_app.extensions["firsthand_checks"]
    return found


def key_hash(key: str) -> str:
    """What is kept of a story key: a keyed hash of its words as meant."""
    return keys.keyed_hash(settings().data_key, "story key", keys.as_typed(key))


def story_of_key(key: str) -> int | None:
    """The number of the story that a key opens. An unknown key takes the same time as a known one."""
    return db.session.scalar(select(Story.id).where(Story.key_hash == key_hash(key)))


def _ready(sent: Submission) -> Submission:
    known = catalogue.current(db.session)
    if found := problems(sent, known):
        raise BadSubmission(found)
    return prepared(sent, known)


def _remember_row(ready: Submission) -> None:
    told = ready.source_id or f"{ready.content.title or ''}\n{ready.content.narrative}"
    identity = keys.keyed_hash(settings().data_key, "import", ready.source or "", told)
    if db.session.get(ImportIdentity, identity) is not None:
        raise TakenBefore("This row was taken before.")
    db.session.add(ImportIdentity(identity=identity, taken_at=utcnow()))


def _repeats(revision: Revision) -> tuple[int, ...]:
    """Numbers of earlier stories with the same words, at most ten."""
    if revision.fingerprint is None:
        return ()
    same = (
        select(Revision.story_id)
        .join(Story, Story.id == Revision.story_id)
        .where(Revision.fingerprint == revision.fingerprint, Revision.story_id < revision.story_id)
        .where(Story.state != State.WITHDRAWN)
        .distinct()
        .order_by(Revision.story_id)
        .limit(MOST_REPEATS)
    )
    return tuple(db.session.scalars(same))


def _consents(ready: Submission) -> dict[Purpose, str]:
    version = ready.consent_version or CONSENT_VERSION
    given = {
        Purpose.PUBLISH: ready.consent_publish,
        Purpose.RESEARCH: ready.consent_research,
        Purpose.CONTACT: ready.consent_contact,
    }
    return {purpose: version for purpose, is_given in given.items() if is_given}
