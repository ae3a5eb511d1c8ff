"""People of the team and their browsers, for tests."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from extensions import db, transaction
from moderation.accounts import factors, first_account_link, links, passwords, services
from moderation.models import Authenticator, Moderator, RoleName

EMAIL = "ana@clinic.example"
PASSWORD = "seven quiet herons at dusk"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""What the app of everybody in the tests holds."""

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


def without_chance(page: TestResponse) -> str:
    """The words of a page without what is another each time: the form token, and what a passkey is asked."""
    return re.sub(r'data-options="[^"]*"', "", page.text.replace(token_on(page), ""))


def recovery_codes_on(page: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r'<strong class="fh-code">([0-9a-z-]+)</strong>', page.text)


def send(browser: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill the form at `path` in and send it."""
    return browser.post(path, data={"csrf_token": token_on(browser.get(path)), **fields})


def give_app(moderator_id: int) -> None:
    """Set the app of an account up, if it has no second factor yet."""
    with transaction():
        moderator = services.by_id(moderator_id)
        if moderator is not None and not moderator.has_second_factor:
            assert factors.add_app(moderator, KEY, code_now())


def code_now(key: str = KEY) -> str:
    """What the app shows now."""
    return str(TOTP(key=key, format="base32").generate().token)


def unused_code(moderator_id: int) -> str:
    """What the app shows now, as if half a minute had gone by since the last time: a code works once."""
    with transaction():
        app = db.session.get_one(Authenticator, moderator_id, populate_existing=True)
        app.last_counter = 0
        key = factors.unseal(app.sealed_key.decode("ascii"))
    assert key is not None
    return code_now(key)


def sign_in(browser: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    """Fill the form to sign in, with the code of one's app at once; whoever has no app yet gets it first."""
    with transaction():
        moderator = services.by_email(services.account_name(email))
        number = moderator.id if moderator is not None and moderator.password is not None else None
    if number is None:
        return send_password(browser, email, password)
    give_app(number)
    return send(browser, "/account/sign-in", email=email, password=password, code=unused_code(number))


def send_password(browser: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    """Fill the form to sign in, with the password alone."""
    return send(browser, "/account/sign-in", email=email, password=password)


def send_code(browser: FlaskClient, code: str) -> TestResponse:
    """Fill the form for the second factor."""
    return send(browser, "/account/sign-in/code", code=code)


def set_up(browser: FlaskClient) -> TestResponse:
    """Set an app up with the key on the page, as one's first second factor or another."""
    page = browser.get("/account/second-factor")
    key = re.search(r'id="app-key"[^>]*>([A-Z2-7 ]+)<', page.text)
    assert key is not None
    data = {"csrf_token": token_on(page), "code": code_now(key[1].replace(" ", ""))}
    return browser.post("/account/second-factor/app", data=data)


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
    return [send_password(browser, email, "not the password").status_code for _ in range(times)]
