"""After a story was sent: what the checks found is kept, and a check that goes wrong keeps nobody waiting."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db, transaction
from stories import intake, life, seconding
from stories.checks.finding import FindingKind, MarkKind
from stories.checks.runner import Runner
from stories.models import Finding, Lane, State, Story
from stories.refusal import UncheckedRevision
from tests.client import PageClient
from tests.factories import LEAD, MODERATOR, TOLD, approve, judge, seen, the_story, withdraw
from tests.stories.telling.filling import NEEDED, share, story_key
from tests.stories.telling.kept import everything_kept

pytestmark = pytest.mark.usefixtures("database")

PATIENCE_SECONDS = 30.0
"""For checks that answer: so long that a busy machine does not fail a test."""
FAULTY = "tests.stories.checks.faulty"

RunWith = Callable[..., None]


@pytest.fixture
def run_with(app: Flask) -> Iterator[RunWith]:
    """Has the site run other checks, until the test ends."""
    usual = app.extensions["firsthand_checks"]
    started: list[Runner] = []

    def run_with(checks: str = "stories.checks:CHECKS", seconds: float = PATIENCE_SECONDS) -> None:
        started.append(Runner(checks, seconds, 1))
        app.extensions["firsthand_checks"] = started[-1]

    run_with()
    yield run_with
    app.extensions["firsthand_checks"] = usual
    for runner in started:
        runner.close()


def tell(client: PageClient, narrative: str = TOLD) -> Story:
    """The story that was told last."""
    assert share(client, {**NEEDED, "narrative": narrative}).status_code == 303
    db.session.rollback()
    newest = db.session.scalars(select(Story.id).order_by(Story.id.desc()).limit(1)).one()
    return the_story(newest)


def findings(story: Story) -> list[tuple[FindingKind, str]]:
    """What was found in the waiting words: its kind, and the words it is about."""
    revision = story.waiting_revision
    assert revision is not None
    found = db.session.scalars(select(Finding).where(Finding.revision_id == revision.id).order_by(Finding.id))
    return [(one.kind, (getattr(revision, one.field) or "")[one.start : one.end]) for one in found]


def is_checked(story: Story) -> bool:
    revision = story.waiting_revision
    assert revision is not None
    return revision.is_checked


def failed_checks(story: Story) -> list[str]:
    revision = story.waiting_revision
    assert revision is not None
    assert revision.check_run is not None
    return revision.check_run.failed


def test_a_harmless_story_is_checked_and_nothing_is_found(client: PageClient, run_with: RunWith) -> None:
    story = tell(client)
    assert is_checked(story)
    assert findings(story) == []
    assert story.lane is Lane.ORDINARY


def test_what_the_checks_found_is_kept_with_its_place(client: PageClient, run_with: RunWith) -> None:
    story = tell(client, f"{TOLD}\r\n\r\n😔 Write to wren@example.org or ring 07700 900123.")
    assert findings(story) == [(FindingKind.EMAIL, "wren@example.org"), (FindingKind.PHONE, "07700 900123")]
    assert is_checked(story)


def test_words_of_crisis_put_a_story_first(client: PageClient, run_with: RunWith) -> None:
    story = tell(client, f"{TOLD} In the sixth week I wanted to kill myself.")
    revision = story.waiting_revision
    assert revision is not None
    assert (story.lane, story.due_at) == (Lane.SAFEGUARDING, revision.created_at)
    assert seconding.open_marks(story) == {MarkKind.SAFEGUARDING}
    assert (FindingKind.CRISIS, "kill myself") in findings(story)


def test_a_serious_event_that_was_ticked_has_its_own_lane(client: PageClient, run_with: RunWith) -> None:
    assert share(client, {**NEEDED, "serious": ["hospital"]}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Story.lane)).one() is Lane.SERIOUS_REACTION


def test_the_same_words_in_an_earlier_story_are_noticed(client: PageClient, run_with: RunWith) -> None:
    first = tell(client)
    tell(client, TOLD.replace("cream", "lotion"))
    again = tell(client, TOLD.upper().replace(". ", " … \r\n"))
    revision = again.waiting_revision
    assert revision is not None
    of_words = select(Finding).where(Finding.revision_id == revision.id, Finding.kind == FindingKind.REPEAT)
    (repeat,) = db.session.scalars(of_words)
    assert (repeat.kind, repeat.why) == (FindingKind.REPEAT, f"Story {first.id} has the same words.")
    assert findings(first) == []


def test_a_story_that_was_taken_back_is_nobodys_repeat(client: PageClient, run_with: RunWith) -> None:
    withdraw(tell(client).id)
    assert findings(tell(client)) == []


@pytest.mark.parametrize(
    ("checks", "narrative", "seconds", "failed"),
    [
        ("RAISING", TOLD, PATIENCE_SECONDS, ["raises"]),
        ("HANGING", f"{TOLD} Please hang.", 0.5, ["hangs", "last"]),
        ("DYING", f"{TOLD} Please die.", PATIENCE_SECONDS, ["dies", "last"]),
        ("SILENT", TOLD, PATIENCE_SECONDS, ["answers_nothing"]),
        ("GARBAGE", TOLD, PATIENCE_SECONDS, None),
        ("NOWHERE", TOLD, PATIENCE_SECONDS, [f"{FAULTY}:NOWHERE"]),
    ],
)
def test_a_check_that_goes_wrong_leaves_the_story_waiting_and_the_patient_with_the_key(
    client: PageClient, run_with: RunWith, checks: str, narrative: str, seconds: float, failed: list[str] | None
) -> None:
    run_with(f"{FAULTY}:{checks}", seconds)
    story = tell(client, narrative)
    assert story_key(client.get("/share/sent")) is not None
    assert (story.state, story.waiting_number, story.lane) == (State.WAITING, 1, Lane.ORDINARY)
    assert not is_checked(story)
    assert failed_checks(story)
    assert failed is None or failed_checks(story) == failed
    with pytest.raises(UncheckedRevision):
        approve(story.id)
    with transaction():
        life.approve(life.locked(story.id), seen(story.id), by=MODERATOR, knows_unchecked=True)
    assert the_story(story.id).state is State.PUBLISHED


def test_what_the_other_checks_found_still_counts(client: PageClient, run_with: RunWith) -> None:
    run_with(f"{FAULTY}:RAISING")
    assert [kind for kind, _words in findings(tell(client))] == [FindingKind.NUMBER, FindingKind.NUMBER]


def test_after_a_story_that_hung_the_next_one_is_checked(client: PageClient, run_with: RunWith) -> None:
    run_with(f"{FAULTY}:HANGING", 3.0)
    assert not is_checked(tell(client, f"{TOLD} Please hang."))
    assert is_checked(tell(client))


def test_a_failed_check_writes_no_word_of_the_story_into_log_or_database(
    client: PageClient, run_with: RunWith, caplog: pytest.LogCaptureFixture
) -> None:
    run_with(f"{FAULTY}:RAISING")
    before = everything_kept().count("Marigold")
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.WARNING, logger="sqlalchemy"):
        tell(client, f"{TOLD} Marigold.")
    assert "Marigold" not in caplog.text
    assert everything_kept().count("Marigold") - before == 2, "more than the words and their cleaned form"


def test_checked_again_a_story_is_no_longer_unchecked(client: PageClient, run_with: RunWith) -> None:
    run_with(f"{FAULTY}:RAISING")
    story = tell(client, f"{TOLD} Some days I wanted to kill myself.")
    assert not is_checked(story)
    run_with()
    intake.check(story.id)
    story = the_story(story.id)
    db.session.expire_all()
    assert is_checked(story)
    assert story.lane is Lane.SAFEGUARDING
    judge(story.id, MarkKind.SAFEGUARDING)
    approve(story.id, by=LEAD)


def test_checking_what_does_not_wait_does_nothing(client: PageClient, run_with: RunWith) -> None:
    number = tell(client).id
    approve(number)
    before = everything_kept()
    intake.check(number)
    intake.check(number + 1_000)
    assert everything_kept() == before
