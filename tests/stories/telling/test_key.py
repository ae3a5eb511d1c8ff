"""The story key: shown as often as the patient needs, made once for one story, gone when it is written down."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import create_app
from extensions import db, settings, utcnow
from stories.intake import key_hash
from stories.models import Draft, Story
from tests.client import PageClient
from tests.stories.telling.filling import (
    EVERYTHING,
    NEEDED,
    all_words,
    form_on,
    kept_by,
    press,
    share,
    story_key,
    twin,
)
from tests.stories.telling.kept import everything_kept, is_kept_in_clear

pytestmark = pytest.mark.usefixtures("database")

OTHER = {**NEEDED, "title": "Another time"}
HTTPS = "https://stories.example.org"


def the_hashes() -> list[str | None]:
    """Of each story its key's hash."""
    db.session.rollback()
    return list(db.session.scalars(select(Story.key_hash).order_by(Story.id)))


def the_key(client: PageClient) -> str:
    key = story_key(client.get("/share/sent"))
    assert key is not None
    return key


def one_page(client: PageClient, answers: dict[str, Any]) -> dict[str, Any]:
    """All that the one-page form sends, filled in with `answers`."""
    return {**kept_by(client.get("/share?all=1"), "/share"), **answers}


def at_once(*sends: Callable[[], int]) -> list[int]:
    """What all of `sends` return, done at the same moment in threads of their own."""
    together = Barrier(len(sends))

    def send(what: Callable[[], int]) -> int:
        together.wait()
        return what()

    with ThreadPoolExecutor(len(sends)) as threads:
        return list(threads.map(send, sends))


def status_of(browser: PageClient, sent: dict[str, Any]) -> int:
    return browser.post("/share", data=sent).status_code


def test_the_key_is_shown_again_on_reload(client: PageClient) -> None:
    share(client, EVERYTHING)
    assert the_key(client) == the_key(client)
    assert the_hashes() == [key_hash(the_key(client))]


def test_nobody_else_is_shown_a_key(client: PageClient, app: Flask) -> None:
    share(client, EVERYTHING)
    stranger = app.test_client()
    page = stranger.get("/share/sent")
    assert story_key(page) is None
    stranger.set_cookie("draft", "x" * 43, path="/share")
    assert story_key(stranger.get("/share/sent")) is None
    assert stranger.get("/share/sent").headers["Cache-Control"] == "no-store"


def test_a_double_click_makes_one_story_with_one_key(client: PageClient) -> None:
    sent = one_page(client, EVERYTHING)
    assert client.post("/share", data=sent).status_code == 303
    first = the_key(client)
    assert client.post("/share", data=sent).status_code == 303
    assert the_key(client) == first
    assert the_hashes() == [key_hash(first)]


def test_two_clicks_at_the_same_moment_make_one_story_with_one_key(client: PageClient) -> None:
    sent = one_page(client, EVERYTHING)
    browsers = [twin(client) for _ in range(2)]
    statuses = at_once(*(partial(status_of, browser, sent) for browser in browsers))
    assert statuses == [303, 303]
    keys = {the_key(browser) for browser in browsers}
    assert the_hashes() == [key_hash(key) for key in keys]


@pytest.mark.parametrize("by", ["browser", "program"])
def test_a_retry_after_a_lost_reply_makes_one_story_with_the_same_key(client: PageClient, by: str) -> None:
    sent = one_page(client, EVERYTHING)
    if by == "program":
        del sent["draft"]
    as_before = twin(client)
    client.post("/share", data=sent)
    first = the_key(client)
    assert as_before.get_cookie("draft", path="/share") is None
    assert as_before.post("/share", data=sent).status_code == 303
    assert the_key(as_before) == first
    assert the_hashes() == [key_hash(first)]


def test_a_retry_of_the_last_step_makes_one_story_with_the_same_key(client: PageClient) -> None:
    for step in ("skin", "treatment", "result", "story"):
        press(client, client.get(f"/share/{step}"), f"/share/{step}", **EVERYTHING)
    sent = {**form_on(client.get("/share/check"), "/share/check"), **EVERYTHING}
    assert client.post("/share/check", data=sent).location == "/share/sent"
    first = the_key(client)
    assert client.post("/share/check", data=sent).location == "/share/sent"
    assert the_key(client) == first
    assert the_hashes() == [key_hash(first)]


def test_another_story_from_the_same_browser_is_another_story(client: PageClient) -> None:
    share(client, NEEDED)
    first = the_key(client)
    share(client, OTHER)
    second = the_key(client)
    assert first != second
    assert the_hashes() == [key_hash(first), key_hash(second)]


def test_another_story_typed_into_the_page_of_the_first_is_another_story_once(client: PageClient) -> None:
    sent = one_page(client, NEEDED)
    client.post("/share", data=sent)
    first = the_key(client)
    as_before = twin(client)
    client.post("/share", data={**sent, **OTHER})
    second = the_key(client)
    as_before.post("/share", data={**sent, **OTHER})
    assert the_key(as_before) == second
    assert the_hashes() == [key_hash(first), key_hash(second)]


def test_when_it_is_written_down_only_its_hash_is_left(client: PageClient) -> None:
    share(client, EVERYTHING)
    page = client.get("/share/sent")
    key = story_key(page)
    assert key is not None
    (sealed,) = db.session.scalars(select(Draft.sealed_key))
    assert sealed is not None
    secret = client.get_cookie("draft", path="/share")
    assert secret is not None
    assert press(client, page, "/share/written-down").status_code == 303
    assert client.get_cookie("draft", path="/share") is None
    kept = everything_kept()
    assert sealed.decode() not in kept
    assert key_hash(key) in kept
    assert not is_kept_in_clear(" ".join(key.split()[:2]))
    client.set_cookie("draft", secret.value, path="/share")
    assert story_key(client.get("/share/sent")) is None


def test_writing_it_down_needs_our_page(client: PageClient) -> None:
    share(client, EVERYTHING)
    page = press(client, client.get("/share/sent"), "/share/written-down", csrf_token="of another site")
    assert page.status_code == 422
    assert story_key(page) is not None
    assert the_key(client) == story_key(page)


def test_after_a_day_the_key_is_not_shown_though_the_cookie_is_there(client: PageClient) -> None:
    share(client, EVERYTHING)
    now = utcnow()
    with time_machine.travel(now + timedelta(hours=23, minutes=59), tick=False):
        assert story_key(client.get("/share/sent")) is not None
    with time_machine.travel(now + timedelta(hours=24, seconds=5), tick=False):
        page = client.get("/share/sent")
        assert client.get_cookie("draft", path="/share") is not None
        assert story_key(page) is None
        assert "not shown again" in all_words(page)


def test_the_key_that_is_shown_opens_the_story(client: PageClient, app: Flask) -> None:
    share(client, EVERYTHING)
    key = the_key(client)
    elsewhere = app.test_client()
    page = elsewhere.get("/my-story")
    assert isinstance(elsewhere, PageClient)
    assert press(elsewhere, page, "/my-story", key=key).location == "/my-story/status"


@pytest.fixture
def secure_client(app: Flask) -> Iterator[PageClient]:
    """A browser before the same site, served over https."""
    secure = create_app(replace(settings(), base_url=HTTPS))
    secure.test_client_class = PageClient
    found = secure.test_client()
    assert isinstance(found, PageClient)
    found.environ_base["wsgi.url_scheme"] = "https"
    yield found
    with secure.app_context():
        db.session.remove()
        db.engine.dispose()
        secure.extensions["firsthand_reader"].dispose()
        secure.extensions["firsthand_checks"].close()


def test_over_https_every_cookie_is_secure_and_says_so_in_its_name(secure_client: PageClient) -> None:
    page = secure_client.get("/share?all=1", base_url=HTTPS)
    data: dict[str, Any] = {**kept_by(page, "/share"), **NEEDED}
    answer = secure_client.post("/share", data=data, base_url=HTTPS, headers={"Referer": HTTPS})
    assert answer.status_code == 303
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Secure-draft"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    sent = secure_client.get("/share/sent", base_url=HTTPS)
    assert story_key(sent) is not None
    data = {**form_on(sent, "/share/written-down")}
    away = secure_client.post("/share/written-down", data=data, base_url=HTTPS, headers={"Referer": HTTPS})
    # A browser ignores what does not say Secure about a cookie with this prefix, also when it is taken back.
    (taken_back,) = (c for c in away.headers.getlist("Set-Cookie") if c.startswith("__Secure-draft=;"))
    assert {"Secure", "Path=/share", "Max-Age=0"} <= set(taken_back.split("; "))
