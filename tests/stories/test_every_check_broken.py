"""Whichever check breaks, and however: the story waits, unchecked by name, and the other findings are kept."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from stories import intake
from stories.checks import CHECKS
from stories.checks.finding import Known
from stories.checks.runner import Runner
from stories.content import Content
from stories.models import CheckRun, Finding, State
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import TOLD, a_waiting_story, the_story
from tests.stories.checks.broken import FAULTS, HUNDRED_KB, hangs

NAMES = [check.__name__ for check in CHECKS]
PATIENCE_SECONDS = 30.0
LIMIT_SECONDS = 3.0
FOUND_BY = {"crisis": "crisis.suicide", "minors": "minor.child", "links": "email"}
STORY = f"{TOLD} My 6 year old has them. Once I wanted to kill myself. Write to wren@example.org."


@pytest.fixture
def app_of(sqlite_database: Database) -> Iterator[Flask]:
    """The site on SQLite, empty; what happens in the child has nothing to do with the database."""
    sqlite_database.empty()
    usual = sqlite_database.app.extensions["firsthand_checks"]
    with sqlite_database.app.app_context():
        yield sqlite_database.app
        db.session.remove()
    sqlite_database.app.extensions["firsthand_checks"] = usual


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_check_leaves_the_story_waiting_and_the_others_findings(
    app_of: Flask, name: str, fault: object
) -> None:
    broken = getattr(fault, "__name__", "")
    seconds = LIMIT_SECONDS if fault is hangs else PATIENCE_SECONDS
    runner = Runner(f"tests.stories.checks.broken:{broken}_{name}", seconds, 1)
    app_of.extensions["firsthand_checks"] = runner
    number = a_waiting_story(narrative=STORY, is_checked=False)
    try:
        intake.check(number)
    finally:
        runner.close()
    story = the_story(number)
    run = db.session.scalars(select(CheckRun)).one()
    lost = NAMES[NAMES.index(name) :] if fault is hangs else [name]
    assert story.state is State.WAITING
    assert run.failed == sorted(lost)
    kept = set(db.session.scalars(select(Finding.rule)))
    assert kept >= {rule for check, rule in FOUND_BY.items() if check not in lost}
    client = app_of.test_client()
    assert isinstance(client, PageClient)
    assert client.get("/").status_code == 200


def test_every_check_reads_a_hundred_kilobytes() -> None:
    runner = Runner(seconds=PATIENCE_SECONDS)
    try:
        result = runner.run(Content(narrative=(STORY + " ") * (HUNDRED_KB // len(STORY))), Known())
    finally:
        runner.close()
    assert result.failed == ()
