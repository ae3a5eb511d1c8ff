"""Who may enter what: the table that the project keeps is the true one, and every cell of it was tried."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from extensions import utcnow
from moderation import access
from moderation.access import Who
from moderation.models import RoleName
from tests.client import PageClient
from tests.factories import KEY, a_published_story, a_waiting_story
from tests.moderation import people
from tests.test_addresses import path_of
from tests.test_structure import public_id

TABLE = Path(__file__).parent.parent / "docs" / "authorization.md"
FIRST = {"/account/sign-in": "sign in", "/account/second-factor": "set up", "/my-story": "story key"}
"""Where those are led who have to do something first."""


def test_the_table_in_the_documents_is_the_one_that_the_rules_make(app: Flask) -> None:
    told = TABLE.read_text(encoding="utf-8")
    assert told == access.table(app.url_map), "make it again: flask moderators table > docs/authorization.md"


def test_an_address_without_a_rule_makes_no_table() -> None:
    with pytest.raises(LookupError, match=r"new_room\.page"):
        access.table(Map([Rule("/new", endpoint="new_room.page", methods=["GET"])]))


def test_every_rule_is_about_an_address_that_is_there(app: Flask) -> None:
    endpoints = {endpoint for _path, _method, endpoint in access.routes(app.url_map)}
    assert set(access.RULES) | set(access.PROVED) | set(access.PROVED.values()) <= endpoints
    assert set(access.ROOMS) == {endpoint.partition(".")[0] for endpoint in endpoints}


def test_what_is_not_named_is_closed(app: Flask) -> None:
    assert access.may_enter("moderation.something_new") == access.DECIDERS
    assert access.may_enter("team.something_new") == access.ADMINS
    assert access.may_enter("account.something_new") == access.TEAM


def browser_of(app: Flask, who: Who) -> PageClient:
    """The browser of one of those who may ask."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    if who is Who.PATIENT:
        a_waiting_story(key=KEY)
        data = {"csrf_token": browser.token("/my-story"), "key": KEY}
        assert browser.post("/my-story", data=data).status_code == 303
    elif who is Who.SETTING_UP:
        people.an_account(people.EMAIL, roles=frozenset(RoleName))
        assert people.send_password(browser).location == "/account/second-factor"
    elif who is not Who.STRANGER:
        people.an_account(people.EMAIL, roles=frozenset({RoleName(who.value)}))
        assert people.sign_in(browser).status_code == 303
    return browser


def cells(app: Flask, who: Who) -> Iterator[tuple[str, str, str]]:
    """Every method and address with what the table says about `who`."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for path, method, endpoint in access.routes(app.url_map):
        if endpoint != "static":
            address = path_of(app, rules[endpoint], number=2, story=public_id(1))
            assert rules[endpoint].rule == path
            yield method, address, access.said(who, endpoint)


def answered(answer: TestResponse) -> str:
    """What an answer says, in the words of the table."""
    if answer.status_code == 303:
        return FIRST.get(answer.location, "yes")
    return "no" if answer.status_code == 403 else "yes"


@pytest.mark.parametrize("who", Who)
def test_every_cell_is_true(app: Flask, who: Who) -> None:
    a_published_story()
    a_waiting_story()
    browser, wrong, tried = browser_of(app, who), [], 0
    for method, path, told in cells(app, who):
        # Without a token nothing that is sent is done, so that one browser can try everything.
        answer = browser.open(path, method=method)
        assert answer.status_code < 500, path
        if answered(answer) != told and not leads_on(path, answer):
            wrong.append(f"{method} {path}: {answer.status_code} {answer.location}, but the table says {told}")
        tried += 1
    assert wrong == []
    assert tried > 50


def leads_on(path: str, answer: TestResponse) -> bool:
    """Whether an address leads on, in a way of its own, those who have not given a password or a key yet.

    Whose story was closed meanwhile gets all back that they wrote, with 422.
    """
    if path.startswith("/my-story/"):
        return answer.status_code == 422 or answer.location == "/my-story/status"
    return path == "/account/sign-in/code" and answer.location in FIRST


def test_what_matters_is_closed_to_those_who_signed_in_a_while_ago(app: Flask) -> None:
    a_published_story()
    with time_machine.travel(utcnow(), tick=True) as clock:
        browser = app.test_client()
        people.an_account(people.EMAIL, roles=frozenset(RoleName))
        people.sign_in(browser)
        clock.shift(timedelta(minutes=access.PROOF_MINUTES, seconds=5))
        rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
        for _path, method, endpoint in access.routes(app.url_map):
            if endpoint in access.PROVED:
                answer = browser.open(path_of(app, rules[endpoint]), method=method)
                assert (answer.status_code, answer.location) == (303, "/account/again"), endpoint
