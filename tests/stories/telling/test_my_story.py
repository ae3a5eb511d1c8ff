"""Opening a story with its key, and what the patient reads there."""

import base64
import json
import logging
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from extensions import transaction
from stories import life
from stories.intake import key_hash
from tests.client import PageClient
from tests.factories import (
    KEY,
    MODERATOR,
    TOLD,
    a_published_story,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    put_back,
    seen,
    take_down,
    withdraw,
)
from tests.stories.telling.filling import (
    EVERYTHING,
    all_words,
    form_on,
    press,
    share,
    story_key,
    summary,
    without,
)

pytestmark = pytest.mark.usefixtures("database")

UNKNOWN = "zebra zen zero zesty zigzag zoom"


def open_story(client: PageClient, key: str = KEY) -> Any:
    return press(client, client.get("/my-story"), "/my-story", key=key)


def refused(client: PageClient, key: str) -> str:
    """The page for a key that opens nothing, without its token and what was typed."""
    page = open_story(client, key)
    assert page.status_code == 422
    token = form_on(page, "/my-story")["csrf_token"][0]
    assert form_on(page, "/my-story")["key"] == [key]
    return re.sub(r'name="key"[^>]*', "", page.text.replace(token, ""))


@pytest.mark.parametrize(
    "typed",
    [
        KEY,
        KEY.upper(),
        KEY.title(),
        f"  {KEY.replace(' ', '   ')}  ",
        KEY.replace(" ", ". ") + ".",
        KEY.replace(" ", ", "),
        KEY.replace(" ", "\r\n"),
        KEY.replace(" ", "\u00a0"),
        "1. " + KEY.replace(" ", " 2. "),
    ],
)
def test_a_key_opens_however_it_was_written_down(client: PageClient, typed: str) -> None:
    a_waiting_story(key=KEY)
    answer = open_story(client, typed)
    assert (answer.status_code, answer.location) == (303, "/my-story/status")
    assert "Four weeks of looking worse" in all_words(client.get("/my-story/status"))


def test_a_wrong_key_and_an_unknown_one_get_the_same_page(client: PageClient) -> None:
    a_waiting_story(key=KEY)
    words = KEY.split()
    tries = (
        UNKNOWN,
        " ".join(words[:5]),
        f"{KEY} abacus",
        " ".join(reversed(words)),
        "x",
        "' OR 1=1 --",
        key_hash(KEY),
        "💥",
    )
    assert len({refused(client, typed) for typed in tries}) == 1
    assert client.get("/my-story/status").location == "/my-story"


def test_without_a_key_the_page_says_what_to_do(client: PageClient) -> None:
    page = open_story(client, "")
    assert page.status_code == 422
    assert list(summary(page)) == ["key"]


def test_a_key_sent_with_an_old_page_is_not_lost(client: PageClient) -> None:
    a_waiting_story(key=KEY)
    page = press(client, client.get("/my-story"), "/my-story", key=KEY, csrf_token="old")
    assert page.status_code == 422
    assert form_on(page, "/my-story")["key"] == [KEY]
    assert press(client, page, "/my-story").status_code == 303


def test_too_many_wrong_tries_close_the_door_for_that_client_only(client: PageClient, app: Flask) -> None:
    a_waiting_story(key=KEY)
    statuses = [open_story(client, f"{UNKNOWN} {'x' * n}").status_code for n in range(21)]
    assert statuses == [422] * 20 + [429]
    closed = open_story(client)
    assert closed.status_code == 429
    assert int(closed.headers["Retry-After"]) > 0
    elsewhere = app.test_client()
    assert isinstance(elsewhere, PageClient)
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert open_story(elsewhere).status_code == 303


def test_opening_ones_own_story_often_is_not_throttled(client: PageClient, app: Flask) -> None:
    a_waiting_story(key=KEY)
    for _ in range(22):
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        assert open_story(browser).status_code == 303


def test_the_key_is_in_no_address_no_log_and_no_session(
    client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.WARNING, logger="sqlalchemy"):
        share(client, EVERYTHING)
        key = story_key(client.get("/share/sent"))
        assert key is not None
        for typed in (UNKNOWN, key):
            answer = open_story(client, typed)
            seen += [answer.location or "", answer.request.url]
        seen += [client.get("/my-story/status").text, client.get("/my-story/amend").text]
        share(client, without(EVERYTHING, "outcome") | {"title": "x" * 130})
    for words in (key, key.replace(" ", "+"), key.replace(" ", "%20"), key.split()[0] + " " + key.split()[1]):
        assert not any(words in address for address in seen)
        assert words not in caplog.text
    for words in ("wren@example.org", "looking", "packed boxes", UNKNOWN):
        assert words not in caplog.text
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert set(inside(cookie.value)) == {"csrf_token", "story"}
    assert isinstance(inside(cookie.value)["story"], int)


def inside(cookie: str) -> dict[str, Any]:
    """What a signed session cookie holds, for anyone who looks."""
    is_packed = cookie.startswith(".")
    payload = cookie.removeprefix(".").partition(".")[0]
    told = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(told) if is_packed else told)
    return found


def in_each_state() -> dict[str, Callable[[], int]]:
    def moved(*moves: Callable[[int], None], start: Callable[..., int] = a_waiting_story) -> Callable[[], int]:
        def make() -> int:
            number = start(key=KEY)
            for move in moves:
                move(number)
            return number

        return make

    published = a_published_story
    return {
        "Your story waits to be read": moved(),
        "Your story is published": moved(start=published),
        "Your story is back with you": moved(ask_for_changes),
        "Your story was not published": moved(decline),
        "Your story was taken down": moved(take_down, start=published),
        "Your story is taken back": moved(withdraw, start=published),
    }


@pytest.mark.parametrize("heading", in_each_state())
def test_every_state_is_said_in_plain_words(client: PageClient, heading: str) -> None:
    in_each_state()[heading]()
    open_story(client)
    page = client.get("/my-story/status")
    assert page.status_code == 200
    shown = all_words(page)
    assert heading in shown
    for word in ("waiting_", "with_patient", "taken_down", "None", "revision", "Lane", "State."):
        assert word not in shown
    assert ("Change your story" in shown) == ("taken back" not in heading)


def test_a_change_that_waits_is_said_beside_what_is_public(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    amend(number, narrative=f"{TOLD} It came back.")
    open_story(client)
    assert "What you changed waits to be read" in all_words(client.get("/my-story/status"))
    approve(number)
    assert "waits to be read" not in all_words(client.get("/my-story/status"))


def test_a_story_that_was_put_back_is_published_again(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    take_down(number)
    put_back(number)
    open_story(client)
    assert "Your story is published" in all_words(client.get("/my-story/status"))


@pytest.mark.parametrize("answer", ["decline", "ask_for_changes"])
def test_a_moderators_message_is_shown_cleaned(client: PageClient, answer: str) -> None:
    number = a_waiting_story(key=KEY)
    words = 'Please say <b>when</b>.\n\n<script>alert("x")</script><img src="https://evil.example/x.gif"> & thanks'
    with transaction():
        getattr(life, answer)(life.locked(number), seen(number), by=MODERATOR, reason=None, words=words)
    open_story(client)
    page = client.get("/my-story/status")
    assert 'Please say <b>when</b>. <script>alert("x")</script><img src="https://evil.example/x.gif"> & thanks' in (
        all_words(page)
    )
    assert "<script" not in page.text
    assert "<img" not in page.text


def test_the_place_for_the_key_leads_whoever_is_in_to_their_story(client: PageClient) -> None:
    a_waiting_story(key=KEY)
    open_story(client)
    assert client.get("/my-story").location == "/my-story/status"


def test_closing_forgets_the_story_on_this_device(client: PageClient) -> None:
    a_waiting_story(key=KEY)
    open_story(client)
    page = client.get("/my-story/status")
    assert client.post("/my-story/close", data={"csrf_token": "of another site"}).status_code == 303
    assert client.get("/my-story/status").status_code == 200
    assert press(client, page, "/my-story/close").location == "/my-story"
    for path in ("/my-story/status", "/my-story/amend", "/my-story/withdraw"):
        assert client.get(path).location == "/my-story"


@pytest.mark.parametrize("path", ["/my-story/status", "/my-story/amend", "/my-story/withdraw"])
def test_nobody_is_in_without_a_key(client: PageClient, path: str) -> None:
    a_waiting_story(key=KEY)
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, "/my-story")


def test_another_key_opens_another_story_in_the_same_browser(client: PageClient) -> None:
    a_waiting_story(key=KEY, title="The first")
    a_waiting_story(key=UNKNOWN, title="The second")
    open_story(client)
    page = client.get("/my-story/status")
    assert "The first" in all_words(page)
    token = form_on(page, "/my-story/close")["csrf_token"]
    assert client.post("/my-story", data={"csrf_token": token, "key": UNKNOWN}).status_code == 303
    assert "The second" in all_words(client.get("/my-story/status"))


def test_the_patient_of_a_story_that_was_taken_down_reads_why(client: PageClient) -> None:
    number = a_published_story(key=KEY)
    take_down(number)
    open_story(client)
    page = client.get("/my-story/status").text
    assert "Your story was taken down" in page
    assert "It names a street." in page
