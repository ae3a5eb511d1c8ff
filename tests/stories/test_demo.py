"""A demonstration: a new instance full of invented stories, in every state, on pages that all hold."""

import re
from collections import Counter
from random import Random

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from moderation.models import Moderator, RoleName
from stories import catalogue, events
from stories.demo import TooMany, invented
from stories.demo.combining import combined
from stories.models import Event, Mark, Revision, State, Story
from stories.reading.models import GonePublication, Publication
from stories.rules import problems
from tests.client import PageClient
from tests.factories import a_waiting_story
from tests.moderation.people import EMAIL, an_account, sign_in

ALL_THAT_IS_FOUND = 25
"""So many stories have to wait until every kind of finding and of hostility is among them."""

OTHERS = {State.WITH_PATIENT: 2, State.DECLINED: 3, State.TAKEN_DOWN: 2, State.WITHDRAWN: 2}


def run(app: Flask, published: int, waiting: int, seed: int = 3) -> Result:
    """What `flask demo` answers."""
    numbers = ["--published", str(published), "--waiting", str(waiting), "--seed", str(seed)]
    return app.test_cli_runner().invoke(args=["demo", *numbers])


def titles() -> list[tuple[str | None, str]]:
    """Title and language of each first revision, in the order in which the stories were sent."""
    db.session.rollback()
    first = select(Revision.title, Revision.language).where(Revision.number == 1).order_by(Revision.story_id)
    return list(db.session.execute(first).tuples())


def the_stories() -> list[Story]:
    db.session.rollback()
    return list(db.session.scalars(select(Story).order_by(Story.id)))


def test_a_demonstration_reaches_every_state_with_the_numbers_asked_for(app: Flask) -> None:
    answer = run(app, 5, 6)
    assert answer.exit_code == 0, answer.output
    counts = Counter(story.state for story in the_stories())
    assert counts == {State.PUBLISHED: 5, State.WAITING: 6, **OTHERS}
    for state in State:
        assert f"{counts[state]} {state.value.replace('_', ' ')}" in answer.output
    assert events.fault() is None


def test_some_of_what_is_public_was_redacted_and_some_waits_with_an_amendment(app: Flask) -> None:
    run(app, 4, 0)
    amended = [story for story in the_stories() if story.state is State.PUBLISHED and story.waiting_number]
    kinds = Counter(db.session.scalars(select(Event.kind)))
    shown = " ".join(str(publication.shown) for publication in db.session.scalars(select(Publication)))
    assert amended
    assert kinds["redact"]
    assert "[place]" in shown
    assert "[name]" in shown
    assert "Little Marsham" not in shown


def test_the_checks_have_read_every_story_that_waits_and_opened_marks(app: Flask) -> None:
    run(app, 2, ALL_THAT_IS_FOUND)
    waiting = [story.waiting_revision for story in the_stories() if story.waiting_number]
    assert all(revision is not None and revision.is_checked for revision in waiting)
    found = {finding.kind.value for revision in waiting if revision for finding in revision.findings}
    assert {"crisis", "serious_reaction", "phone", "email", "url", "postcode", "repeat"} <= found
    assert set(db.session.scalars(select(Mark.kind)))


def test_every_public_page_of_a_demonstration_holds(app: Flask, client: PageClient) -> None:
    run(app, 12, 0)
    public = db.session.scalars(select(Publication.public_id)).all()
    gone = db.session.scalars(select(GonePublication.public_id)).all()
    topics = [f"/topics/{topic.slug}" for topic in catalogue.current(db.session).topics]
    db.session.rollback()
    for path in ("/", "/topics/", *topics, *(f"/stories/{public_id}" for public_id in public)):
        assert client.get(path).status_code == 200, path
    assert len(public) == 12
    assert f">{'W' * 120}<" in client.get("/topics/common-warts").text
    assert [client.get(f"/stories/{public_id}").status_code for public_id in gone] == [410] * 3


def test_every_story_of_a_demonstration_can_be_reviewed(app: Flask, client: PageClient) -> None:
    run(app, 2, ALL_THAT_IS_FOUND)
    an_account(EMAIL)
    sign_in(client)
    assert client.get("/moderation/queue").status_code == 200
    for story in the_stories():
        assert client.get(f"/moderation/stories/{story.id}").status_code == 200, story.id


def test_the_keys_that_are_printed_open_a_published_a_returned_and_a_waiting_story(app: Flask) -> None:
    answer = run(app, 3, 4)
    printed = re.findall(r"^  ((?:[a-z-]+ ){5}[a-z-]+)  \(([a-z ]+), story \d+\)$", answer.output, re.MULTILINE)
    assert [state for _key, state in printed] == ["published", "with patient", "waiting"]
    for key, _state in printed:
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        opened = browser.post("/my-story", data={"key": key, "csrf_token": browser.token("/my-story")})
        assert opened.status_code == 303
        assert browser.get("/my-story/status").status_code == 200


def test_the_accounts_of_a_demonstration_are_closed_and_leave_the_first_one_to_be_made(app: Flask) -> None:
    run(app, 2, 0)
    team = db.session.scalars(select(Moderator)).all()
    assert team
    for account in team:
        assert not account.active
        assert account.password is None
        assert RoleName.ADMIN not in account.role_names


def test_an_instance_that_holds_a_story_is_left_alone(app: Flask) -> None:
    a_waiting_story()
    answer = run(app, 2, 2)
    assert answer.exit_code == 1
    assert answer.output == "Error: This instance already holds a story. Run the demo in a new one.\n"
    assert len(the_stories()) == 1
    assert db.session.scalar(select(func.count()).select_from(Moderator)) == 0


def test_more_stories_than_can_be_invented_are_refused_before_any_is_made(app: Flask) -> None:
    answer = run(app, 1_000_000, 0)
    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1
    assert the_stories() == []


def test_the_same_seed_makes_the_same_stories_in_the_same_order(app: Flask) -> None:
    run(app, 3, 4, seed=5)
    made = titles()
    expected = [story.submission.content for story in invented(3, 4, seed=5)]
    kept = [
        content
        for content, story in zip(expected, the_stories(), strict=True)
        if story.state is not State.WITHDRAWN
    ]
    assert [language for _title, language in made] == [content.language for content in kept]
    assert invented(60, 25, seed=5) == invented(60, 25, seed=5)
    assert invented(60, 25, seed=5) != invented(60, 25, seed=6)


@pytest.mark.usefixtures("database")
def test_every_invented_story_is_one_that_intake_takes() -> None:
    known = catalogue.current(db.session)
    for story in invented(400, 40, seed=1):
        assert problems(story.submission, known) == [], story.submission.content.title
        if story.later is not None:
            assert problems(story.later, known) == []


@pytest.mark.usefixtures("database")
def test_there_is_a_story_about_every_condition_and_with_every_outcome() -> None:
    known = catalogue.current(db.session)
    told = [story.submission.content for story in invented(90, 0, seed=1)]
    assert {content.condition for content in told} >= {condition.slug for condition in known.conditions}
    assert {content.agent for content in told} >= {agent.slug for agent in known.agents}
    assert {content.outcome for content in told} >= {
        "cleared",
        "much_better",
        "better",
        "no_change",
        "worse",
        "too_early",
    }
    assert {content.language for content in told} >= {"en", "es", "de", "nl", "ar", "fr"}


def test_no_two_stories_are_the_same_but_for_the_one_that_repeats_another() -> None:
    told = [story.submission.content.narrative.casefold() for story in invented(600, 60, seed=2)]
    assert len(told) - len(set(told)) == 1


def test_combined_stories_never_repeat_and_end_when_the_passages_do() -> None:
    every = combined(9_750, Random(1))
    assert len({story.submission.content.narrative for story in every}) == 9_750
    with pytest.raises(TooMany):
        combined(9_751, Random(1))
