"""Telling a story step by step: each is kept, one can go back, and nothing is sent before the end."""

import pytest
from sqlalchemy import func, select

from extensions import db
from stories.models import Draft, Story
from stories.telling.forms import STEPS
from tests.client import PageClient
from tests.stories.telling.filling import (
    EVERYTHING,
    Sent,
    all_words,
    as_sent,
    beside_fields,
    press,
    story_key,
    summary,
    twin,
    typed_on,
    without,
)
from tests.stories.telling.test_share import WHOLE, the_one_story, the_words

pytestmark = pytest.mark.usefixtures("database")

BEFORE_THE_LAST = list(STEPS)[:-1]


def asked_in(step: str) -> dict[str, str | list[str]]:
    """The answers of EVERYTHING to the questions of one step."""
    return {name: value for name, value in EVERYTHING.items() if name.partition(".")[0] in STEPS[step]}


def go_through(client: PageClient, *steps: str) -> None:
    """Answer all questions of `steps`, one page after the other."""
    for step in steps:
        answer = press(client, client.get(f"/share/{step}"), f"/share/{step}", **asked_in(step))
        assert answer.status_code == 303


def stories_sent() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Story)) or 0


def test_the_steps_ask_every_question_once() -> None:
    asked = [name for fields in STEPS.values() for name in fields]
    assert len(asked) == len(set(asked))
    assert set(asked) == {name for name in EVERYTHING if "." not in name}


def test_the_steps_make_the_same_story_as_one_page(client: PageClient) -> None:
    page = client.get("/share")
    for step, following in zip(BEFORE_THE_LAST, list(STEPS)[1:], strict=True):
        answer = press(client, page, f"/share/{step}", **asked_in(step))
        assert (answer.status_code, answer.location) == (303, f"/share/{following}")
        page = client.get(answer.location)
        assert stories_sent() == 0
    answer = press(client, page, "/share/check", **asked_in("check"))
    assert (answer.status_code, answer.location) == (303, "/share/sent")
    assert the_words() == WHOLE
    assert story_key(client.get("/share/sent")) is not None


def test_going_back_shows_what_was_typed(client: PageClient) -> None:
    go_through(client, *BEFORE_THE_LAST)
    for step in BEFORE_THE_LAST:
        assert typed_on(client.get(f"/share/{step}"), f"/share/{step}") == as_sent(asked_in(step))
    whole = typed_on(client.get("/share?all=1"), "/share")
    assert whole == as_sent(without(EVERYTHING, *STEPS["check"]))


def test_going_back_to_change_one_answer_keeps_the_others(client: PageClient) -> None:
    go_through(client, *BEFORE_THE_LAST)
    press(client, client.get("/share/treatment"), "/share/treatment", schedule="Every night")
    press(client, client.get("/share/check"), "/share/check", **asked_in("check"))
    content = the_words()
    assert content.schedule == "Every night"
    assert (content.combined, content.narrative) == (WHOLE.combined, WHOLE.narrative)


def test_a_tick_that_is_taken_back_is_gone(client: PageClient) -> None:
    go_through(client, "treatment")
    press(client, client.get("/share/treatment"), "/share/treatment", combined=[])
    assert "combined" not in typed_on(client.get("/share/treatment"), "/share/treatment")


def test_the_last_step_shows_all_answers_in_words(client: PageClient) -> None:
    go_through(client, *BEFORE_THE_LAST)
    page = client.get("/share/check")
    shown = all_words(page)
    for words in (
        'What my doctor calls "field change" <scalp>',
        "A 'named' cream > 5%",
        "Cold tea <on the worst days>",
        'Three evenings a week, "not" at weekends',
        "Scalp & left temple",
        "I once packed boxes for a maker of creams",
        'Four weeks of "looking" worse & <then> not',
        "Signed “Wren <& co>”",
        "came off <!3 days early> and what was under them was pink, 'new' and smooth. &amp; so it stayed.",
        "I care for the patient",
        "75 or over",
        "Deutsch",
        "Not sure",
        "(before the treatment)",
        "(after it)",
        ": severe",
        ": mild",
    ):
        assert words in shown, words
    assert "Skipped" not in shown
    assert "Still open" not in shown
    assert stories_sent() == 0


def test_every_question_can_be_skipped_until_the_last_step(client: PageClient) -> None:
    for step in ("skin", "treatment", "result", "story"):
        page = press(client, client.get(f"/share/{step}"), f"/share/{step}")
        needed = {"skin": "condition", "treatment": "agent", "result": None, "story": "narrative"}[step]
        assert page.status_code in (303, 422)
        if page.status_code == 422 and needed:
            assert list(summary(page)) == [needed]


@pytest.mark.parametrize(
    ("step", "changes", "wrong"),
    [
        ("skin", {"condition": "glowing <skin>"}, "condition"),
        ("treatment", {"schedule": "y" * 201}, "schedule"),
        ("treatment", {"agent": "", "agent_other": ""}, "agent"),
        ("result", {"reactions": ["redness", "itching", "fever", "none"]}, "reactions"),
        ("result", {"outcome": []}, "outcome"),
        ("story", {"narrative": "\r\nToo <short>."}, "narrative"),
        ("story", {"title": "x" * 121}, "title"),
    ],
)
def test_a_step_that_is_not_right_keeps_everything(
    client: PageClient, step: str, changes: Sent, wrong: str
) -> None:
    typed = {**asked_in(step), **changes}
    page = press(client, client.get(f"/share/{step}"), f"/share/{step}", **typed)
    assert page.status_code == 422
    assert list(summary(page)) == [wrong]
    assert beside_fields(page) == summary(page)
    assert typed_on(page, f"/share/{step}") == as_sent(typed)
    assert typed_on(client.get(f"/share/{step}"), f"/share/{step}") == as_sent(typed)


def test_sending_too_early_says_what_is_open_and_where(client: PageClient) -> None:
    go_through(client, "skin", "story")
    page = press(client, client.get("/share/check"), "/share/check", **asked_in("check"))
    assert page.status_code == 422
    assert 'href="/share/treatment#agent"' in page.text
    assert 'href="/share/result#outcome"' in page.text
    assert typed_on(page, "/share/check") == as_sent(asked_in("check"))
    assert stories_sent() == 0


def test_sending_an_empty_draft_says_all_that_is_open(client: PageClient) -> None:
    page = press(client, client.get("/share/check"), "/share/check")
    assert page.status_code == 422
    assert list(summary(page)) == ["consent_publish"]
    assert all(f"#{name}" in page.text for name in ("condition", "agent", "outcome", "narrative"))


def test_a_step_with_a_bad_token_keeps_what_was_typed_and_goes_on_with_a_fresh_one(client: PageClient) -> None:
    go_through(client, "skin")
    page = press(client, client.get("/share/story"), "/share/story", **asked_in("story"), csrf_token="old")
    assert page.status_code == 422
    assert "press the button again" in all_words(page)
    assert typed_on(page, "/share/story") == as_sent(asked_in("story"))
    assert press(client, page, "/share/story").status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("step", ["all", "six", "Skin", "skin/", "../share", "_step"])
def test_there_are_no_other_steps(client: PageClient, method: str, step: str) -> None:
    assert getattr(client, method)(f"/share/{step}").status_code == 404


def test_a_step_of_a_story_already_sent_changes_nothing(client: PageClient) -> None:
    go_through(client, *BEFORE_THE_LAST)
    page = client.get("/share/treatment")
    press(client, client.get("/share/check"), "/share/check", **asked_in("check"))
    answer = press(client, page, "/share/treatment", schedule="Every night")
    assert (answer.status_code, answer.location) == (303, "/share/sent")
    assert the_words().schedule == WHOLE.schedule


def test_after_sending_the_steps_are_empty_for_another_story(client: PageClient) -> None:
    go_through(client, *BEFORE_THE_LAST)
    press(client, client.get("/share/check"), "/share/check", **asked_in("check"))
    page = client.get("/share")
    assert typed_on(page, "/share/skin") == {}
    assert "See your story key" in all_words(page)
    first = the_one_story().id
    go_through(client, *BEFORE_THE_LAST)
    press(client, client.get("/share/check"), "/share/check", **asked_in("check"))
    assert stories_sent() == 2
    assert first is not None


def test_two_tabs_of_one_browser_fill_one_draft(client: PageClient) -> None:
    go_through(client, "skin")
    other = twin(client)
    go_through(client, "treatment")
    go_through(other, "story")
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
    assert typed_on(client.get("/share/story"), "/share/story") == as_sent(asked_in("story"))
    assert typed_on(other.get("/share/treatment"), "/share/treatment") == as_sent(asked_in("treatment"))


def test_a_patient_whose_browser_keeps_no_cookies_goes_through_the_steps_too(client: PageClient) -> None:
    page = client.get("/share")
    for step in STEPS:
        client.delete_cookie("session")
        client.delete_cookie("draft", path="/share")
        page = press(client, page, f"/share/{step}", **asked_in(step))
        assert page.status_code == 200
    assert story_key(page) is not None
    assert the_words() == WHOLE
