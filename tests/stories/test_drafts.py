"""Drafts: kept for who holds the secret, unreadable for anyone else, and not for ever."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from extensions import db, transaction, utcnow
from stories import drafts, keys
from stories.models import Draft, Story
from tests.client import PageClient
from tests.factories import TOLD, a_submission, a_waiting_story
from tests.stories.telling.filling import (
    EVERYTHING,
    as_sent,
    form_on,
    press,
    story_key,
    typed_on,
    without,
)
from tests.stories.telling.kept import everything_kept, is_kept_in_clear

pytestmark = pytest.mark.usefixtures("database")

ANSWERS = {"narrative": ["Marigolds, every night."], "condition": ["warts"]}
NOTHING_TYPED = {"language": ["en"]}
"""What is chosen on a page that nobody has filled in."""

SECRET, OTHER_SECRET = "s" * 43, "t" * 43


def kept_drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def save(secret: str = SECRET) -> None:
    with transaction():
        drafts.save(secret, ANSWERS)


def send(secret: str = SECRET, narrative: str = TOLD) -> drafts.Sent:
    with transaction():
        return drafts.send(secret, {"narrative": [narrative]}, a_submission(narrative=narrative))


def type_in(client: PageClient) -> str:
    """The secret in the cookie of who typed everything into the one-page form, but not how it turned out."""
    press(client, client.get("/share?all=1"), "/share", **without(EVERYTHING, "outcome"))
    cookie = client.get_cookie("draft", path="/share")
    assert cookie is not None
    return cookie.value


def test_looking_at_the_form_keeps_nothing(client: PageClient) -> None:
    for address in ("/share", "/share?all=1", "/share/story", "/share/check", "/share/sent"):
        answer = client.get(address)
        assert not any(cookie.startswith("draft=") for cookie in answer.headers.getlist("Set-Cookie"))
    assert kept_drafts() == 0


def test_the_first_answer_makes_the_draft(client: PageClient) -> None:
    page = client.get("/share")
    answer = press(client, page, "/share/skin", condition="warts")
    assert kept_drafts() == 1
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("draft="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/share", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert not any(part.startswith(("Secure", "Domain")) for part in cookie.split("; "))


def test_the_secret_and_the_answers_cannot_be_read_in_the_database(client: PageClient) -> None:
    secret = type_in(client)
    assert keys.is_secret(secret)
    for words in (secret, "Scalp", "wren@example.org", "imiquimod", "Cold tea", "week five", "Wren", "pink"):
        assert not is_kept_in_clear(words), words
    (sealed,) = db.session.scalars(select(Draft.sealed_answers))
    assert sealed is not None
    with pytest.raises(keys.WrongSecret):
        keys.unseal(OTHER_SECRET, sealed)
    assert drafts.opened(secret) is not None
    assert drafts.opened(OTHER_SECRET) is None


def test_what_is_sent_is_no_longer_kept_as_a_draft(client: PageClient) -> None:
    secret = type_in(client)
    press(client, client.get("/share?all=1"), "/share", outcome="worse")
    assert drafts.opened(secret) is None
    assert db.session.scalars(select(Draft.sealed_answers)).all() == [None]


def test_forgetting_erases_the_draft_and_the_cookie(client: PageClient) -> None:
    secret = type_in(client)
    answer = press(client, client.get("/share"), "/share/forget")
    assert (answer.status_code, answer.location) == (303, "/share")
    assert client.get_cookie("draft", path="/share") is None
    assert kept_drafts() == 0
    client.set_cookie("draft", secret, path="/share")
    assert typed_on(client.get("/share?all=1"), "/share") == NOTHING_TYPED


def test_forgetting_needs_our_page(client: PageClient) -> None:
    type_in(client)
    page = press(client, client.get("/share"), "/share/forget", csrf_token="of another site")
    assert page.status_code == 422
    assert kept_drafts() == 1
    assert press(client, page, "/share/forget").status_code == 303
    assert kept_drafts() == 0


def test_an_empty_draft_offers_nothing_to_forget(client: PageClient) -> None:
    assert "/share/forget" not in client.get("/share").text


def test_what_was_sent_is_not_forgotten() -> None:
    send()
    with transaction():
        drafts.forget(SECRET)
    assert drafts.is_sent(SECRET)


def test_a_draft_is_erased_when_nothing_was_typed_for_thirty_days() -> None:
    save()
    saved_at = db.session.scalars(select(Draft.saved_at)).one()
    with transaction():
        assert drafts.erase_old(saved_at + timedelta(days=29, hours=23)) == (0, 0)
    assert kept_drafts() == 1
    with transaction():
        assert drafts.erase_old(saved_at + timedelta(days=30)) == (1, 0)
    assert kept_drafts() == 0


def test_typing_again_keeps_a_draft_for_another_thirty_days() -> None:
    save()
    now = utcnow()
    with time_machine.travel(now + timedelta(days=20), tick=False):
        save()
    with transaction():
        assert drafts.erase_old(now + timedelta(days=49)) == (0, 0)
        assert drafts.erase_old(now + timedelta(days=51)) == (1, 0)


def test_a_sealed_key_is_erased_after_a_day_and_the_story_stays() -> None:
    number = send().number
    now = utcnow()
    with transaction():
        assert drafts.erase_old(now + timedelta(hours=23)) == (0, 0)
    (sealed,) = db.session.scalars(select(Draft.sealed_key))
    assert sealed is not None
    with transaction():
        assert drafts.erase_old(now + timedelta(hours=24, minutes=1)) == (0, 1)
    assert sealed.decode() not in everything_kept()
    with transaction():
        assert drafts.erase_old(now + timedelta(days=31)) == (1, 0)
    assert db.session.scalars(select(Story.id)).all() == [number]


def test_the_command_erases_what_is_over_its_time(app: Flask) -> None:
    save()
    send(OTHER_SECRET)
    with time_machine.travel(utcnow() + timedelta(days=31), tick=False):
        result = app.test_cli_runner().invoke(args=["retention", "run"])
    assert result.exit_code == 0
    assert "2 drafts erased, 1 sealed keys erased." in result.output
    assert kept_drafts() == 0


def test_after_thirty_days_the_form_is_empty_though_the_cookie_is_there(client: PageClient) -> None:
    secret = type_in(client)
    assert typed_on(client.get("/share?all=1"), "/share") == as_sent(without(EVERYTHING, "outcome"))
    with transaction():
        drafts.erase_old(utcnow() + timedelta(days=31))
    page = client.get("/share?all=1")
    assert typed_on(page, "/share") == NOTHING_TYPED
    assert form_on(page, "/share")["draft"] == [secret]


def test_the_same_draft_sent_again_is_the_same_story_and_other_words_are_refused() -> None:
    first = send()
    again = send()
    assert (again.number, again.key, again.is_new) == (first.number, first.key, False)
    with pytest.raises(drafts.SentOtherwise):
        send(narrative=f"{TOLD} And more.")
    save()
    assert drafts.opened(SECRET) is None


def test_a_draft_becomes_one_story_at_most() -> None:
    first = db.session.get_one(Story, send().number)
    other = a_waiting_story()
    statement = update(Story).where(Story.id == other).values(draft_id=first.draft_id)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(statement)


def test_a_draft_that_cannot_become_a_story_keeps_its_answers(client: PageClient) -> None:
    page = client.get("/share?all=1")
    press(client, page, "/share", **{**EVERYTHING, "narrative": "Too short."})
    assert typed_on(client.get("/share?all=1"), "/share")["narrative"] == ["Too short."]
    assert story_key(client.get("/share/sent")) is None
