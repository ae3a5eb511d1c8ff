"""Passkeys: one that verified its owner opens an account alone, once for each challenge, and nothing else does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db, transaction, utcnow
from moderation.accounts import services
from moderation.models import Passkey
from tests.client import PageClient
from tests.moderation.people import (
    EMAIL,
    account,
    an_account,
    give_app,
    is_in,
    recovery_codes_on,
    send_password,
    sign_in,
    token_on,
    without_chance,
)
from tests.moderation.soft_passkey import PRESENT, SoftPasskey, options_on

Answer = Callable[[SoftPasskey, dict[str, Any]], str]


def add(client: PageClient, passkey: SoftPasskey, **told: Any) -> TestResponse:
    """Add a passkey on the page for second factors."""
    page = client.get("/account/second-factor")
    credential = passkey.made(options_on(page.text), **told)
    data = {"csrf_token": token_on(page), "credential": credential, "passkey_name": "My laptop"}
    return client.post("/account/second-factor/passkey", data=data)


def honestly(passkey: SoftPasskey, options: dict[str, Any]) -> str:
    return passkey.answer(options)


def use(client: PageClient, passkey: SoftPasskey, answer: Answer = honestly) -> TestResponse:
    """Use a passkey on the page to sign in."""
    page = client.get("/account/sign-in")
    data = {"csrf_token": token_on(page), "credential": answer(passkey, options_on(page.text))}
    return client.post("/account/sign-in/passkey", data=data)


@pytest.fixture
def passkey(database: object, app: Flask) -> SoftPasskey:
    """The passkey of Ana, who has no other factor."""
    an_account(EMAIL)
    browser, made = app.test_client(), SoftPasskey()
    assert isinstance(browser, PageClient)
    send_password(browser)
    assert add(browser, made).location == "/account/recovery-codes"
    return made


def ana() -> int:
    found = services.by_email(EMAIL)
    assert found is not None
    return found.id


def test_a_passkey_is_a_second_factor_and_brings_recovery_codes(database: object, client: PageClient) -> None:
    number = an_account(EMAIL)
    send_password(client)
    assert add(client, SoftPasskey()).location == "/account/recovery-codes"
    assert len(recovery_codes_on(client.get("/account/recovery-codes"))) == 10
    assert is_in(client)
    assert [one.name for one in account(number).passkeys] == ["My laptop"]


def test_a_passkey_alone_signs_in_again_and_again(passkey: SoftPasskey, app: Flask, client: PageClient) -> None:
    for _ in range(3):
        answer = use(client, passkey)
        assert (answer.status_code, answer.location) == (303, "/moderation/")
    assert is_in(client)


def test_a_passkey_is_offered_after_the_password_too(passkey: SoftPasskey, client: PageClient) -> None:
    send_password(client)
    page = client.get("/account/sign-in/code")
    data = {"csrf_token": token_on(page), "credential": passkey.answer(options_on(page.text))}
    assert client.post("/account/sign-in/passkey", data=data).location == "/moderation/"


def test_what_one_is_asked_for_names_no_account(passkey: SoftPasskey, client: PageClient) -> None:
    options = options_on(client.get("/account/sign-in").text)
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


def test_a_new_passkey_may_be_of_the_device_or_a_key_and_verifies_its_owner(
    database: object, client: PageClient
) -> None:
    an_account(EMAIL)
    send_password(client)
    chosen = options_on(client.get("/account/second-factor").text)["authenticatorSelection"]
    assert "authenticatorAttachment" not in chosen
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")


DISHONEST: dict[str, Answer] = {
    "of another site": lambda passkey, options: passkey.answer(options, site="evil.example"),
    "on a page of another site": lambda passkey, options: passkey.answer(options, origin="https://evil.example"),
    "without its owner verified": lambda passkey, options: passkey.answer(options, flags=PRESENT),
    "without its owner there": lambda passkey, options: passkey.answer(options, flags=4),
    "signed by another key": lambda passkey, options: passkey.answer(
        options, by=ec.generate_private_key(ec.SECP256R1())
    ),
    "to another challenge": lambda passkey, options: passkey.answer({**options, "challenge": "AAAA"}),
    "by a passkey nobody has": lambda _passkey, options: SoftPasskey().answer(options),
}


@pytest.mark.parametrize("answer", DISHONEST.values(), ids=DISHONEST.keys())
def test_an_answer_that_is_not_what_was_asked_for_opens_nothing(
    passkey: SoftPasskey, client: PageClient, answer: Answer
) -> None:
    assert use(client, passkey, answer).status_code == 422
    assert not is_in(client)
    assert use(client, passkey).status_code == 303


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "x",
        "{}",
        "[]",
        "null",
        '{"id": 7}',
        '{"id": "_"}',
        "[" * 5000,
        '{"id": "AAAA", "rawId": "AAAA"}',
        "é" * 300,
    ],
)
def test_nonsense_is_no_passkey(passkey: SoftPasskey, client: PageClient, nonsense: str) -> None:
    assert use(client, passkey, lambda _passkey, _options: nonsense).status_code == 422
    use(client, passkey)
    page = client.get("/account/second-factor")
    data = {"csrf_token": token_on(page), "credential": nonsense, "passkey_name": "It"}
    assert client.post("/account/second-factor/passkey", data=data).status_code == 422


@pytest.mark.parametrize("what", ["challenge", "origin", "type"])
def test_nonsense_in_an_answer_is_no_passkey(passkey: SoftPasskey, client: PageClient, what: str) -> None:
    def answer(asked: SoftPasskey, options: dict[str, Any]) -> str:
        changed = {**options, "challenge": [7]} if what == "challenge" else options
        origin: Any = {"a": [1]} if what == "origin" else "http://localhost"
        told = asked.answer(changed, origin=origin)
        return told.replace("public-key", "private-key") if what == "type" else told

    assert use(client, passkey, answer).status_code == 422


def test_an_answer_works_once_even_with_a_copy_of_the_session(
    passkey: SoftPasskey, app: Flask, client: PageClient
) -> None:
    page = client.get("/account/sign-in")
    copied = client.get_cookie("session")
    assert copied is not None
    data = {"csrf_token": token_on(page), "credential": passkey.answer(options_on(page.text))}
    assert client.post("/account/sign-in/passkey", data=data).status_code == 303
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.post("/account/sign-in/passkey", data=data).status_code == 422
    thief.set_cookie("session", copied.value)
    with transaction():
        # Some passkeys count nothing; what tells then is when the challenge was made.
        db.session.scalars(select(Passkey)).one().sign_count = 0
    assert thief.post("/account/sign-in/passkey", data=data).status_code == 422
    assert not is_in(thief)


def test_a_copy_of_a_passkey_that_counts_less_opens_nothing(passkey: SoftPasskey, client: PageClient) -> None:
    copy = SoftPasskey(passkey.key, passkey.id)
    for _ in range(2):
        assert use(client, passkey).status_code == 303
    assert use(client, copy).status_code == 422


def test_a_challenge_is_too_old_after_ten_minutes(passkey: SoftPasskey, client: PageClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        page = client.get("/account/sign-in")
        clock.shift(timedelta(minutes=11))
        data = {"csrf_token": token_on(page), "credential": passkey.answer(options_on(page.text))}
        assert client.post("/account/sign-in/passkey", data=data).status_code == 422


@pytest.mark.parametrize("change", [services.deactivate, services.reset], ids=["closed", "without a password"])
def test_a_passkey_does_not_open_an_account_that_is_shut(
    passkey: SoftPasskey, client: PageClient, change: Callable[[Any], None]
) -> None:
    with transaction():
        change(account_to_change())
    assert use(client, passkey).status_code == 422
    assert not is_in(client)


def account_to_change() -> Any:
    return services.by_id(ana())


def test_a_passkey_belongs_to_one_account(passkey: SoftPasskey, client: PageClient) -> None:
    an_account("bo@clinic.example")
    send_password(client, "bo@clinic.example")
    assert add(client, passkey).status_code == 422


@pytest.mark.parametrize(
    "told", [{"flags": PRESENT}, {"origin": "https://evil.example"}], ids=["unverified", "elsewhere"]
)
def test_a_passkey_is_added_only_as_asked_for(database: object, client: PageClient, told: dict[str, Any]) -> None:
    number = an_account(EMAIL)
    send_password(client)
    assert add(client, SoftPasskey(), **told).status_code == 422
    assert not account(number).passkeys


def test_the_answer_to_a_wrong_passkey_is_the_same_for_all(passkey: SoftPasskey, client: PageClient) -> None:
    pages = {
        without_chance(use(client, tried, answer))
        for tried, answer in (
            (SoftPasskey(), honestly),
            (passkey, DISHONEST["signed by another key"]),
            (passkey, lambda _passkey, _options: "nonsense"),
        )
    }
    assert len(pages) == 1


def test_wrong_passkeys_are_throttled(passkey: SoftPasskey, client: PageClient) -> None:
    assert [use(client, SoftPasskey()).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_passkey_proves_again_who_one_is_but_only_ones_own(passkey: SoftPasskey, client: PageClient) -> None:
    other = SoftPasskey()
    with time_machine.travel(utcnow(), tick=True) as clock:
        an_account("bo@clinic.example")
        send_password(client, "bo@clinic.example")
        add(client, other)
        use(client, passkey)
        clock.shift(timedelta(minutes=11))
        client.get("/account/password")
        for tried, status in ((other, 422), (passkey, 303)):
            page = client.get("/account/again")
            data = {"csrf_token": token_on(page), "credential": tried.answer(options_on(page.text))}
            assert client.post("/account/again/passkey", data=data).status_code == status
        assert client.get("/account/password").status_code == 200


def test_a_passkey_is_taken_away_when_another_factor_is_left(passkey: SoftPasskey, client: PageClient) -> None:
    use(client, passkey)
    number = account(ana()).passkeys[0].id
    path = f"/account/passkeys/{number}/remove"
    refused = client.post(path, data={"csrf_token": client.token("/account/")})
    assert (refused.status_code, "needs a second factor" in refused.text) == (422, True)
    add(client, SoftPasskey())
    assert client.post(path, data={"csrf_token": client.token("/account/")}).status_code == 303
    assert use(client, passkey).status_code == 422


def test_nobody_takes_the_passkey_of_another_away(passkey: SoftPasskey, client: PageClient) -> None:
    give_app(an_account("bo@clinic.example"))
    sign_in(client, "bo@clinic.example")
    number = account(ana()).passkeys[0].id
    client.post(f"/account/passkeys/{number}/remove", data={"csrf_token": client.token("/account/")})
    assert len(account(ana()).passkeys) == 1
