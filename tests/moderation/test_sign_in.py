"""Signing in and out: who gets in, and when they are out again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
import time_machine
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db, transaction, utcnow
from moderation.accounts import factors, passwords, services, throttle
from moderation.models import Authenticator, Moderator, RoleName
from stories.models import Actor, ActorKind
from tests.moderation.people import (
    ALL_ROLES,
    DECIDER,
    EMAIL,
    PASSWORD,
    account,
    an_account,
    choose,
    give_app,
    is_in,
    link_for,
    recovery_codes_on,
    set_up,
    sign_in,
    sign_out,
    token_on,
    unused_code,
    without_chance,
    wrong,
)


@pytest.fixture
def ana(database: object) -> int:
    """The number of the account of a moderator who can sign in."""
    return an_account(EMAIL)


def test_the_right_password_opens_the_moderators_room(ana: int, client: FlaskClient) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/moderation/")
    assert is_in(client)


@pytest.mark.parametrize("typed", ["ANA@Clinic.Example", "  ana@clinic.example "])
def test_an_address_is_the_same_in_capitals(ana: int, client: FlaskClient, typed: str) -> None:
    assert sign_in(client, typed).status_code == 303


def test_a_password_is_the_same_however_its_letters_are_composed(database: object, client: FlaskClient) -> None:
    an_account(EMAIL, password="sept hérons très calmes")
    assert sign_in(client, password="sept he\u0301rons tre\u0300s calmes").status_code == 303


def test_a_session_made_before_signing_in_carries_nothing_over(ana: int, client: FlaskClient) -> None:
    before = token_on(client.get("/account/sign-in"))
    with client.session_transaction("/account/") as planted:
        planted["planted"] = "by somebody else"
        raw = planted["csrf_token"]
    give_app(ana)
    data = {"csrf_token": before, "email": EMAIL, "password": PASSWORD, "code": unused_code(ana)}
    assert client.post("/account/sign-in", data=data).status_code == 303
    client.get("/account/sign-in")
    with client.session_transaction("/account/") as now:
        assert "planted" not in now
        assert now["csrf_token"] != raw
    reused = client.post("/account/sign-out", data={"csrf_token": before})
    assert reused.status_code == 422
    assert is_in(client)


def test_nobody_can_tell_which_accounts_exist(ana: int, client: FlaskClient) -> None:
    an_account("invited@clinic.example", password=None)
    closed = an_account("closed@clinic.example")
    with transaction():
        services.deactivate(account(closed))
    pages = set()
    for email, password in (
        (EMAIL, "not the password"),
        ("nobody@clinic.example", PASSWORD),
        ("closed@clinic.example", PASSWORD),
        ("invited@clinic.example", PASSWORD),
        ("no address", PASSWORD),
    ):
        answer = sign_in(client, email, password)
        assert answer.status_code == 422
        pages.add(without_chance(answer).replace(email, ""))
    assert len(pages) == 1
    assert "do not open an account" in pages.pop()


def test_an_account_that_is_not_there_costs_as_much_work_as_one_that_is(database: object) -> None:
    real = passwords.hashed(PASSWORD)
    assert len(real) == len(passwords.NOBODYS_HASH)
    assert real.split("$")[:4] == passwords.NOBODYS_HASH.split("$")[:4]
    assert not passwords.is_right("", None)


def test_everything_but_the_password_stays_after_a_wrong_try(ana: int, client: FlaskClient) -> None:
    answer = sign_in(client, EMAIL, "not the password")
    assert f'value="{EMAIL}"' in answer.text
    assert "not the password" not in answer.text


def test_a_form_without_its_token_comes_back_with_a_fresh_one(ana: int, client: FlaskClient) -> None:
    answer = client.post("/account/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 422
    assert "send it once more" in answer.text
    assert f'value="{EMAIL}"' in answer.text
    data = {"csrf_token": token_on(answer), "email": EMAIL, "password": PASSWORD}
    assert client.post("/account/sign-in", data=data).status_code == 303


def test_wrong_tries_are_throttled_and_the_right_password_works_again_afterwards(
    ana: int, app: Flask, client: FlaskClient
) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        statuses = [status for n in range(5) for status in wrong(app.test_client(), 2, address=f"198.51.100.{n}")]
        assert statuses == [422] * 10
        throttled = sign_in(client)
        assert throttled.status_code == 429
        assert 0 < int(throttled.headers["Retry-After"]) <= 600
        clock.shift(timedelta(minutes=10, seconds=1))
        assert sign_in(client).status_code == 303


def test_a_throttle_does_not_tell_whether_there_is_an_account(ana: int, app: Flask, client: FlaskClient) -> None:
    answers = []
    for n, email in enumerate((EMAIL, "nobody@clinic.example")):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        assert wrong(client, 10, email, f"198.51.100.{n}") == [422] * 10
        answer = sign_in(app.test_client(), email)
        answers.append((answer.status_code, unescape(answer.text).replace(email, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 429


def test_one_client_cannot_try_many_names(ana: int, client: FlaskClient) -> None:
    tried = [wrong(client, 1, f"guess{n}@clinic.example")[0] for n in range(11)]
    assert tried == [422] * 10 + [429]
    assert sign_in(client).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert sign_in(client).status_code == 303


def test_many_wrong_tries_at_the_same_time_are_still_ten(ana: int, app: Flask, client: FlaskClient) -> None:
    browsers = [app.test_client() for _ in range(24)]
    together = Barrier(len(browsers))

    def attempt(browser: FlaskClient) -> int:
        token = token_on(browser.get("/account/sign-in"))
        together.wait()
        data = {"csrf_token": token, "email": EMAIL, "password": "not the password"}
        return browser.post("/account/sign-in", data=data).status_code

    with ThreadPoolExecutor(len(browsers)) as people:
        statuses = sorted(people.map(attempt, browsers))
    assert statuses == [422] * 10 + [429] * 14


def test_signing_in_often_is_not_throttled(ana: int, client: FlaskClient) -> None:
    assert {sign_in(client).status_code for _ in range(throttle.WRONG_TRIES.amount + 2)} == {303}


def test_signing_out_ends_copies_of_the_session_too(ana: int, app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    copied = client.get_cookie("session")
    assert copied is not None
    answer = sign_out(client)
    assert (answer.status_code, answer.location) == (303, "/account/signed-out")
    assert client.get("/account/signed-out").status_code == 200
    assert not is_in(client)
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert not is_in(thief)


def test_another_site_cannot_sign_somebody_out(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    assert client.post("/account/sign-out").status_code == 422
    assert is_in(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda moderator: services.give_roles(moderator, ALL_ROLES),
        lambda moderator: services.accept(moderator, "Ana", passwords.hashed("eight loud herons at noon")),
        services.reset,
        services.deactivate,
        services.end_sessions,
    ],
    ids=["roles", "password", "reset", "deactivated", "ended"],
)
def test_what_changes_an_account_ends_its_sessions_with_the_next_request(
    ana: int, client: FlaskClient, change: Callable[[Moderator], object]
) -> None:
    sign_in(client)
    assert is_in(client)
    with transaction():
        change(account(ana))
    assert not is_in(client)


def test_giving_the_same_roles_again_ends_nothing(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    with transaction():
        assert not services.give_roles(account(ana), DECIDER)
    assert is_in(client)


def test_a_closed_account_can_be_opened_again_but_its_sessions_stay_over(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    with transaction():
        services.deactivate(account(ana))
    with transaction():
        assert services.activate(account(ana))
    assert not is_in(client)
    assert sign_in(client).status_code == 303


def test_a_session_idle_for_twelve_hours_is_over_and_one_in_use_is_not(ana: int, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        sign_in(client)
        for _ in range(3):
            clock.shift(timedelta(hours=11))
            assert is_in(client)
        clock.shift(timedelta(hours=12, seconds=1))
        assert not is_in(client)


def test_after_signing_in_one_is_where_one_wanted_to_be(ana: int, client: FlaskClient) -> None:
    turned_away = client.get("/moderation/queue?lane=ordinary")
    assert (turned_away.status_code, turned_away.location) == (303, "/account/sign-in")
    assert sign_in(client).location == "/moderation/queue?lane=ordinary"
    assert sign_in(client).location == "/moderation/"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/moderation/", "/moderation/\\evil", "/share", 7]
)
def test_signing_in_leads_nowhere_else(ana: int, client: FlaskClient, elsewhere: object) -> None:
    with client.session_transaction("/account/") as planted:
        planted["next"] = elsewhere
    assert sign_in(client).location == "/moderation/"


def test_an_address_that_is_no_text_turns_a_stranger_away_like_any_other(client: FlaskClient) -> None:
    raw = {"QUERY_STRING": "lane=\xff\xfe"}
    assert client.get("/moderation/queue", environ_overrides=raw).status_code == 303


def test_an_admin_alone_sees_the_overview_and_decides_nothing(database: object, client: FlaskClient) -> None:
    admin = an_account(EMAIL, roles=frozenset({RoleName.ADMIN}))
    sign_in(client)
    assert is_in(client)
    assert client.get("/moderation/queue").status_code == 403
    with pytest.raises(PermissionError):
        _ = account(admin).actor


def test_a_lead_makes_moves_as_lead(ana: int) -> None:
    assert account(ana).actor == Actor(ActorKind.MODERATOR, ana)
    lead = an_account("lead@clinic.example", roles=ALL_ROLES)
    assert account(lead).actor == Actor(ActorKind.LEAD, lead)


def test_no_page_of_the_library_is_reachable(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    theirs = {
        "/login",
        "/logout",
        "/register",
        "/reset",
        "/change",
        "/verify",
        "/confirm",
        "/fs-static/<path:filename>",
    }
    assert not rules & theirs
    assert not {"users", "roles"} & set(app.cli.commands)


def test_nothing_but_the_session_is_remembered_and_nothing_else_signs_in(
    ana: int, app: Flask, client: FlaskClient
) -> None:
    answer = sign_in(client)
    cookies = answer.headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["session"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookies[0].split("; "))
    assert "Expires" not in cookies[0]
    token = str(account(ana).get_auth_token())
    stranger = app.test_client()
    assert stranger.get("/moderation/", headers={"Authentication-Token": token}).status_code == 303
    assert stranger.get("/moderation/", query_string={"auth_token": token}).status_code == 303


def test_a_signed_in_moderator_looks_like_anybody_elsewhere(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    answer = client.get("/nowhere")
    assert "Set-Cookie" not in answer.headers
    with client:
        client.get("/nowhere")
        assert not session


def test_the_log_holds_no_link_address_or_password(
    database: object, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    link = link_for(an_account(EMAIL, password=None))
    choose(client, link)
    set_up(client)
    codes = recovery_codes_on(client.get("/account/recovery-codes"))
    db.session.rollback()
    key = db.session.scalars(select(Authenticator.sealed_key)).one()
    client.get(link)
    wrong(client, 11, "secret.person@clinic.example")
    assert len(codes) == factors.RECOVERY_CODES
    opened = factors.unseal(key.decode()) or ""
    for secret in (opened, *codes, link.rpartition("/")[2], EMAIL, "secret.person", PASSWORD, "not the password"):
        assert secret not in caplog.text
