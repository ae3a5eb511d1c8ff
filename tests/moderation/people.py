"""People of the team and their browsers, for tests."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from extensions import db, transaction
from moderation.accounts import first_account_link, links, passwords, services
from moderation.models import Moderator, RoleName

EMAIL = "ana@clinic.example"
PASSWORD = "seven quiet herons at dusk"
ALL_ROLES = frozenset(RoleName)
DECIDER = frozenset({RoleName.MODERATOR})


def an_account(email: str, *, roles: frozenset[RoleName] = DECIDER, password: str | None = PASSWORD) -> int:
    """The number of a new account; without a password it is only invited."""
    with transaction():
        moderator = services.add(email, roles)
        if password is not None:
            services.accept(moderator, "Ana", passwords.hashed(password))
        return moderator.id


def account(moderator_id: int) -> Moderator:
    """The account as it is now."""
    db.session.rollback()
    found = db.session.get(Moderator, moderator_id)
    assert found is not None
    return found


def account_of(email: str) -> Moderator:
    """The account for a normal address as it is now."""
    db.session.rollback()
    found = services.by_email(email)
    assert found is not None
    return found


def accounts() -> int:
    """How many accounts there are."""
    db.session.rollback()
    return db.session.query(Moderator).count()


def token_on(page: TestResponse) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def send(browser: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill the form at `path` in and send it."""
    return browser.post(path, data={"csrf_token": token_on(browser.get(path)), **fields})


def sign_in(browser: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    """Fill the form to sign in."""
    return send(browser, "/account/sign-in", email=email, password=password)


def sign_out(browser: FlaskClient) -> TestResponse:
    """Press the button, with the token of this session."""
    token = token_on(browser.get("/account/sign-in"))
    return browser.post("/account/sign-out", data={"csrf_token": token})


def is_in(browser: FlaskClient) -> bool:
    """Whether the moderators' room opens."""
    return browser.get("/moderation/").status_code == 200


def link_for(moderator_id: int) -> str:
    """The path of the link that was made for an account."""
    return urlsplit(links.invitation_link(account(moderator_id))).path


def first_link() -> str:
    """The path of the link for the first account."""
    db.session.rollback()
    link = first_account_link()
    assert link is not None
    return urlsplit(link).path


def choose(browser: FlaskClient, link: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Choose a name and a password with a link."""
    return send(browser, link, name="Ana", password=password, password_again=password, **fields)


def at_once(app: Flask, link: str, *people: dict[str, str]) -> list[int]:
    """The sorted answers to people who send the form at `link`, each with these fields, in the same moment."""
    together = Barrier(len(people))

    def attempt(fields: dict[str, str]) -> int:
        browser = app.test_client()
        token = token_on(browser.get(link))
        data = {"csrf_token": token, "name": "Ana", "password": PASSWORD, "password_again": PASSWORD, **fields}
        together.wait()
        return browser.post(link, data=data).status_code

    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(attempt, people))


def wrong(browser: FlaskClient, times: int, email: str = EMAIL, address: str = "127.0.0.1") -> list[int]:
    """The answers to wrong tries from a network address."""
    browser.environ_base["REMOTE_ADDR"] = address
    return [sign_in(browser, email, "not the password").status_code for _ in range(times)]
