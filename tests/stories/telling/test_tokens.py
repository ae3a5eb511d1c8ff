"""Requests without the page they belong to: an old page, no cookies, another site."""

import pytest
from sqlalchemy import func, select

from extensions import db
from stories import drafts, keys
from stories.models import Draft, Story
from tests.client import PageClient
from tests.stories.telling.filling import (
    EVERYTHING,
    NEEDED,
    UNTYPED,
    all_words,
    as_sent,
    form_on,
    kept_by,
    press,
    share,
    story_key,
    summary,
    typed_on,
    without,
)
from tests.stories.telling.test_share import WHOLE, the_words

pytestmark = pytest.mark.usefixtures("database")

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
"""What browsers say of a request that another site's page made."""


def stories_sent() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Story)) or 0


@pytest.mark.parametrize("token", [None, "", "of yesterday", "IjEi.Zm9v.YmFy", "\x00", "é" * 300])
def test_an_old_page_loses_nothing_and_gets_a_fresh_token_that_works(client: PageClient, token: str | None) -> None:
    kept = kept_by(client.get("/share?all=1"), "/share")
    data = {**without(kept, "csrf_token"), **EVERYTHING, **({} if token is None else {"csrf_token": token})}
    page = client.post("/share", data=data)
    assert page.status_code == 422
    assert "press the button again" in all_words(page)
    assert typed_on(page, "/share") == as_sent(EVERYTHING)
    assert stories_sent() == 0
    assert press(client, page, "/share").location == "/share/sent"
    assert the_words() == WHOLE


def test_a_page_open_while_the_session_was_lost_loses_nothing(client: PageClient) -> None:
    page = client.get("/share?all=1")
    client.set_cookie("session", "of.somebody.else")
    again = press(client, page, "/share", **EVERYTHING)
    assert again.status_code == 422
    assert typed_on(again, "/share") == as_sent(EVERYTHING)
    assert press(client, again, "/share").status_code == 303
    assert stories_sent() == 1


def test_what_was_typed_into_an_old_page_is_kept_as_a_draft(client: PageClient) -> None:
    press(client, client.get("/share?all=1"), "/share", **EVERYTHING, csrf_token="old")
    assert typed_on(client.get("/share?all=1"), "/share") == as_sent(EVERYTHING)


def test_without_any_cookie_the_one_page_form_sends_and_shows_the_key(client: PageClient) -> None:
    page = client.get("/share?all=1")
    client.delete_cookie("session")
    answer = press(client, page, "/share", **EVERYTHING)
    assert answer.status_code == 200
    key = story_key(answer)
    assert key is not None
    assert the_words() == WHOLE
    client.delete_cookie("session")
    assert story_key(press(client, page, "/share", **EVERYTHING)) == key
    assert stories_sent() == 1


def test_without_any_cookie_a_bad_form_gives_back_what_was_typed(client: PageClient) -> None:
    page = client.get("/share?all=1")
    client.delete_cookie("session")
    typed = without(EVERYTHING, "outcome")
    again = press(client, page, "/share", **typed)
    assert again.status_code == 422
    assert list(summary(again)) == ["outcome"]
    assert typed_on(again, "/share") == as_sent(typed)
    client.delete_cookie("session")
    client.delete_cookie("draft", path="/share")
    assert story_key(press(client, again, "/share", outcome="worse")) is not None


@pytest.mark.parametrize("address", ["/share", "/share/skin", "/share/check", "/share/forget"])
def test_a_bare_request_is_answered_with_a_page(client: PageClient, address: str) -> None:
    assert client.post(address).status_code in (200, 303, 422)
    assert client.post(address, data=b"\xff\xfe=&&&==;", content_type="text/plain").status_code in (200, 303, 422)
    client.get("/share")
    assert client.post(address).status_code == 422
    assert client.post(address, json={"narrative": "x"}).status_code == 422
    assert stories_sent() == 0


def test_nothing_is_written_down_for_who_sent_nothing(client: PageClient) -> None:
    assert client.post("/share/written-down").status_code in (303, 422)
    client.get("/share")
    assert client.post("/share/written-down").status_code == 422


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_cannot_send_a_story(client: PageClient, headers: dict[str, str]) -> None:
    assert client.post("/share", data=NEEDED, headers=headers).status_code == 422
    assert client.post("/share/check", data=NEEDED, headers=headers).status_code == 422
    client.get("/share")
    assert client.post("/share", data=NEEDED, headers=headers).status_code == 422
    assert stories_sent() == 0


@pytest.mark.parametrize("address", ["/share", "/share/skin", "/share/check"])
@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_cannot_choose_the_draft_that_a_patient_fills_in(
    client: PageClient, address: str, headers: dict[str, str]
) -> None:
    planted = keys.new_secret()
    page = client.post(address, data={"draft": planted, **NEEDED}, headers=headers)
    assert page.status_code == 422
    assert planted not in page.text
    assert client.get_cookie("draft", path="/share") is None
    assert drafts.opened(planted) is None


def test_another_site_cannot_hand_over_a_story_of_its_own_as_the_patients(client: PageClient) -> None:
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    share(other, NEEDED)
    planted = form_on(other.get("/share/sent"), "/share/written-down")["draft"][0]
    for address in ("/share", "/share/skin", "/share/check"):
        client.post(address, data={"draft": planted, **NEEDED}, headers=ELSEWHERE[0])
        assert client.get_cookie("draft", path="/share") is None


@pytest.mark.parametrize("headers", ELSEWHERE[1:3])
def test_another_site_cannot_write_over_a_draft(client: PageClient, headers: dict[str, str]) -> None:
    press(client, client.get("/share?all=1"), "/share", **without(EVERYTHING, "outcome"))
    for address in ("/share", "/share/story", "/share/check", "/share/forget"):
        assert client.post(address, data={"narrative": "Planted."}, headers=headers).status_code == 422
    assert typed_on(client.get("/share?all=1"), "/share") == as_sent(without(EVERYTHING, "outcome"))


@pytest.mark.parametrize("odd", ["x", "x" * 42, "x" * 65, "x" * 5_000, "\x01" * 50, '"><script>' * 5, "é" * 50])
def test_a_secret_that_is_none_is_not_used(client: PageClient, odd: str) -> None:
    page = client.get("/share?all=1")
    answer = press(client, page, "/share", **NEEDED, draft=odd)
    assert answer.status_code == 303
    assert story_key(client.get("/share/sent")) is not None
    assert drafts.sent(odd) is None
    assert set(UNTYPED) <= set(form_on(client.get("/share"), "/share/skin"))


def test_a_cookie_that_is_no_secret_is_not_used(client: PageClient) -> None:
    client.set_cookie("draft", "\x01" * 50, path="/share")
    assert story_key(client.get("/share/sent")) is None
    share(client, without(NEEDED, "outcome"))
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
    assert drafts.opened("\x01" * 50) is None
