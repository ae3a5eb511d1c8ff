"""Changing one's story, and taking it back."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db, transaction
from stories import life
from stories.content import Redaction, RedactionKind
from stories.models import Consent, Contact, Purpose, Revision, State, Story
from tests.client import PageClient
from tests.factories import (
    CONTENT,
    KEY,
    MODERATOR,
    TOLD,
    a_published_story,
    a_waiting_story,
    approve,
    ask_for_changes,
    decline,
    published_digests,
    seen,
    take_down,
    the_story,
    withdraw,
)
from tests.stories.telling.filling import (
    EVERYTHING,
    Sent,
    all_words,
    as_sent,
    beside_fields,
    form_on,
    press,
    share,
    story_key,
    summary,
    typed_on,
    without,
)
from tests.stories.telling.kept import is_kept_in_clear
from tests.stories.telling.test_my_story import open_story
from tests.stories.telling.test_share import WHOLE, the_one_story

pytestmark = pytest.mark.usefixtures("database")

ABOUT_THE_STORY = {
    **without(EVERYTHING, "consent_publish", "consent_research", "consent_contact", "email"),
    "combined.occlusion": "together",
}
"""What is asked again when a story is changed: consents and e-mail are not."""

AMEND = "/my-story/amend"


def send_change(client: PageClient, **changes: Any) -> Any:
    return press(client, client.get(AMEND), AMEND, **changes)


def everything_told(client: PageClient) -> int:
    """The number of a story in which every question was answered, opened with its key."""
    share(client, EVERYTHING)
    key = story_key(client.get("/share/sent"))
    assert key is not None
    open_story(client, key)
    return the_one_story().id


def now(number: int) -> Story:
    """The story as it is after what others did."""
    db.session.rollback()
    return the_story(number)


def public_side(client: PageClient) -> Sent:
    """The pages that readers find stories on, as they are now."""
    paths = ("/", "/topics/", "/topics/actinic-keratosis", "/topics/imiquimod-5", "/sitemap.xml")
    feeds = ("/feed.atom", "/topics/actinic-keratosis/feed.atom")
    return {
        **{path: [client.get(path).text] for path in paths},
        **{path: [line for line in client.get(path).text.splitlines() if "<entry" in line] for path in feeds},
    }


def test_the_page_holds_every_answer_as_it_was_told_last(client: PageClient) -> None:
    everything_told(client)
    names = {"condition": ["Actinic keratosis"], "agent": ["imiquimod 5% cream"]}
    assert typed_on(client.get(AMEND), AMEND) == as_sent(ABOUT_THE_STORY) | names


def test_sending_it_unchanged_changes_no_answer(client: PageClient) -> None:
    number = everything_told(client)
    assert send_change(client).location == "/my-story/status"
    story = now(number)
    assert story.waiting_revision is not None
    assert story.waiting_revision.content == WHOLE
    assert set(db.session.scalars(select(Consent.purpose))) == set(Purpose)
    assert db.session.scalars(select(Contact)).one().story_id == number


def test_a_change_waits_while_what_is_public_stays(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    before, side = published_digests(), public_side(client)
    open_story(client)
    send_change(client, narrative=f"{TOLD} It <b>came</b> back.", title="A year on")
    story = now(number)
    assert (story.state, story.waiting_number, story.published_number) == (State.PUBLISHED, 2, 1)
    assert story.waiting_revision is not None
    assert story.waiting_revision.content.narrative == f"{TOLD} It <b>came</b> back."
    assert story.waiting_revision.is_checked
    assert (published_digests(), public_side(client)) == (before, side)
    approve(number)
    assert published_digests() != before


def test_the_next_change_goes_on_from_the_last(client: PageClient) -> None:
    a_published_story(key=KEY)
    open_story(client)
    send_change(client, title="A year on")
    assert typed_on(client.get(AMEND), AMEND)["title"] == ["A year on"]
    send_change(client, schedule="Every night")
    assert typed_on(client.get(AMEND), AMEND)["title"] == ["A year on"]


def test_the_patient_goes_on_from_their_own_words_not_from_what_was_taken_out(client: PageClient) -> None:
    number = a_waiting_story(key=KEY)
    span = Redaction("narrative", TOLD.index("second"), TOLD.index("second") + 6, RedactionKind.DATE)
    with transaction():
        life.redact(life.locked(number), seen(number), [span], by=MODERATOR)
    open_story(client)
    assert typed_on(client.get(AMEND), AMEND)["narrative"] == [TOLD]


@pytest.mark.parametrize("answer", [ask_for_changes, decline])
def test_a_story_that_came_back_waits_again_when_it_is_changed(client: PageClient, answer: Any) -> None:
    number = a_waiting_story(key=KEY)
    answer(number)
    open_story(client)
    send_change(client, narrative=f"{TOLD} It was in spring.")
    assert now(number).state is State.WAITING


def test_a_story_that_was_taken_down_waits_again_and_stays_out_of_sight(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    take_down(number)
    open_story(client)
    send_change(client, narrative=f"{TOLD} Without the name.")
    assert (now(number).state, published_digests()) == (State.WAITING, set())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"narrative": "\r\nToo <short>."}, "narrative"),
        ({"outcome": []}, "outcome"),
        ({"condition": "glowing <skin>"}, "condition"),
        ({"agent": "", "agent_other": ""}, "agent"),
        ({"display_name": "n" * 41}, "display_name"),
        ({"combined": ["nb-uvb", "occlusion", "sun-protection", "none"]}, "combined"),
    ],
)
def test_a_change_that_is_not_right_keeps_everything(client: PageClient, changes: Sent, wrong: str) -> None:
    number = everything_told(client)
    typed = {**ABOUT_THE_STORY, "title": "A <changed> title", **changes}
    page = send_change(client, **typed)
    assert page.status_code == 422
    assert list(summary(page)) == [wrong]
    assert beside_fields(page) == summary(page)
    assert typed_on(page, AMEND) == as_sent(typed)
    assert now(number).waiting_number == 1
    assert press(client, page, AMEND, **{name: ABOUT_THE_STORY[name] for name in changes}).status_code == 303


def test_a_session_lost_while_changing_gives_everything_back(client: PageClient, app: Flask) -> None:
    number = a_published_story(key=KEY)
    open_story(client)
    page = client.get(AMEND)
    typed = {**ABOUT_THE_STORY, "title": "Typed for an hour"}
    client.delete_cookie("session")
    again = press(client, page, AMEND, **typed)
    assert again.status_code == 422
    assert "Open it again with your key" in all_words(again)
    assert typed_on(again, AMEND) == as_sent(typed)
    open_story(client)
    once_more = press(client, again, AMEND)
    assert typed_on(once_more, AMEND) == as_sent(typed)
    assert press(client, once_more, AMEND).location == "/my-story/status"
    revision = now(number).waiting_revision
    assert revision is not None
    assert revision.title == "Typed for an hour"


def test_a_change_sent_with_an_old_token_gives_everything_back(client: PageClient) -> None:
    a_published_story(key=KEY)
    open_story(client)
    typed = {**ABOUT_THE_STORY, "title": "Typed for an hour"}
    page = send_change(client, **typed, csrf_token="old")
    assert page.status_code == 422
    assert typed_on(page, AMEND) == as_sent(typed)
    assert press(client, page, AMEND).status_code == 303


def test_a_change_of_a_story_taken_back_meanwhile_is_refused_kindly(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    open_story(client)
    page = client.get(AMEND)
    withdraw(number)
    assert press(client, page, AMEND, title="Too late").status_code == 409
    assert client.get(AMEND).status_code == 303
    assert not is_kept_in_clear("Too late")


def test_taking_back_is_two_clicks_and_gone_for_the_next_reader(client: PageClient) -> None:
    before = public_side(client)
    number = a_published_story(key=KEY, email="wren@example.org", narrative=f"{TOLD} Quetzalcoatlus.")
    address = f"/stories/{now(number).public_id}"
    assert client.get(address).status_code == 200
    assert public_side(client) != before
    open_story(client)
    question = client.get("/my-story/withdraw")
    assert "Take your story back" in all_words(question)
    assert now(number).state is State.PUBLISHED
    answer = press(client, question, "/my-story/withdraw")
    assert (answer.status_code, answer.location) == (303, "/my-story/status")
    assert "Your story is taken back" in all_words(client.get("/my-story/status"))
    assert client.get(address).status_code == 410
    assert public_side(client) == before
    assert not is_kept_in_clear("Quetzalcoatlus")
    db.session.rollback()
    assert db.session.scalars(select(Revision)).all() == []


def test_a_program_takes_a_story_back_with_yes(client: PageClient) -> None:
    number = a_waiting_story(key=KEY)
    open_story(client)
    token = client.token("/my-story/withdraw")
    assert client.post("/my-story/withdraw", data={"csrf_token": token, "confirm": "yes"}).status_code == 303
    assert now(number).state is State.WITHDRAWN


@pytest.mark.parametrize(
    "changes",
    [{"confirm": []}, {"confirm": ""}, {"confirm": "no"}, {"confirm": "0"}, {"csrf_token": "of another site"}],
)
def test_nothing_is_taken_back_without_a_yes_on_our_page(client: PageClient, changes: dict[str, Any]) -> None:
    number = a_published_story(key=KEY)
    open_story(client)
    page = press(client, client.get("/my-story/withdraw"), "/my-story/withdraw", **changes)
    assert page.status_code == 422
    assert now(number).state is State.PUBLISHED
    assert press(client, page, "/my-story/withdraw").status_code == 303


def test_taking_back_twice_succeeds(client: PageClient) -> None:
    a_waiting_story(key=KEY)
    open_story(client)
    question = client.get("/my-story/withdraw")
    for _ in range(2):
        assert press(client, question, "/my-story/withdraw").location == "/my-story/status"


def test_the_key_still_opens_a_story_that_was_taken_back_and_shows_none_of_it(client: PageClient) -> None:
    withdraw(a_published_story(key=KEY))
    assert open_story(client).status_code == 303
    shown = all_words(client.get("/my-story/status"))
    assert "Your story is taken back" in shown
    assert CONTENT.title is not None
    assert CONTENT.title not in shown


def test_nobody_takes_back_or_changes_a_story_without_its_key(client: PageClient, app: Flask) -> None:
    number = a_published_story(key=KEY)
    for path in ("/my-story/withdraw", AMEND):
        stranger = app.test_client()
        token = form_on(stranger.get("/my-story"), "/my-story")["csrf_token"]
        answer = stranger.post(path, data={"csrf_token": token, "confirm": "yes", "story": str(number)})
        assert answer.status_code in (303, 422)
    story = now(number)
    assert (story.state, story.waiting_number) == (State.PUBLISHED, None)
