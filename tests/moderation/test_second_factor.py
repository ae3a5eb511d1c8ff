"""Second factors: nobody is in without one, each code works once, and losing one is no way around it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from extensions import db, transaction, utcnow
from moderation.accounts import factors, services, throttle
from moderation.models import Authenticator, Moderator, RecoveryCode, RoleName
from stories.models import Event
from tests.client import PageClient
from tests.moderation.people import (
    EMAIL,
    KEY,
    PASSWORD,
    account,
    an_account,
    choose,
    code_now,
    first_link,
    give_app,
    is_in,
    link_for,
    recovery_codes_on,
    send,
    send_code,
    send_password,
    set_up,
    sign_in,
    token_on,
    unused_code,
    without_chance,
)

WRONG = "000000"


@pytest.fixture
def ana(database: object) -> int:
    """The number of the account of a moderator who has an app."""
    number = an_account(EMAIL)
    give_app(number)
    return number


@pytest.fixture
def codes(ana: int) -> list[str]:
    """Ana's recovery codes."""
    with transaction():
        return factors.renew_recovery_codes(account_in_transaction(ana))


def account_in_transaction(number: int) -> Moderator:
    found = services.by_id(number)
    assert found is not None
    return found


def left(number: int) -> int:
    """How many recovery codes are left."""
    return factors.recovery_codes_left(account(number))


@pytest.mark.parametrize("role", RoleName)
def test_whoever_has_no_second_factor_reaches_nothing_but_setting_one_up(
    database: object, client: PageClient, role: RoleName
) -> None:
    an_account(EMAIL, roles=frozenset({role}))
    assert send_password(client).location == "/account/second-factor"
    for path in ("/moderation/", "/moderation/queue", "/moderation/team", "/account/", "/account/password"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, "/account/second-factor"), path
    assert client.get("/account/second-factor").status_code == 200
    answer = set_up(client)
    assert (answer.status_code, answer.location) == (303, "/account/recovery-codes")
    assert is_in(client)


def test_the_first_account_sets_a_second_factor_up_before_it_is_in(database: object, client: FlaskClient) -> None:
    answer = choose(client, first_link(), email=EMAIL)
    assert answer.location == "/account/second-factor"
    assert not is_in(client)
    set_up(client)
    assert is_in(client)


def test_after_setting_up_one_gets_recovery_codes_and_goes_where_one_wanted_to_be(
    database: object, client: PageClient
) -> None:
    number = an_account(EMAIL)
    client.get("/moderation/queue?lane=ordinary")
    send_password(client)
    set_up(client)
    page = client.get("/account/recovery-codes")
    assert len(recovery_codes_on(page)) == factors.RECOVERY_CODES == left(number)
    assert 'href="/moderation/queue?lane=ordinary"' in page.text


def test_a_wrong_code_sets_nothing_up_and_the_key_stays_the_same(database: object, client: PageClient) -> None:
    an_account(EMAIL)
    send_password(client)
    before = client.get("/account/second-factor").text
    page = client.get("/account/second-factor")
    refused = client.post("/account/second-factor/app", data={"csrf_token": token_on(page), "code": WRONG})
    assert refused.status_code == 422
    assert "does not fit" in refused.text
    key = before.split('id="app-key"')[1].split("</strong>")[0]
    assert key in refused.text
    assert not is_in(client)


def test_the_picture_of_the_key_is_a_png_of_our_own_that_nobody_keeps(database: object, client: PageClient) -> None:
    an_account(EMAIL)
    send_password(client)
    answer = client.get("/account/second-factor/picture.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_right_password_alone_opens_nothing(ana: int, client: FlaskClient) -> None:
    answer = send_password(client)
    assert (answer.status_code, answer.location) == (303, "/account/sign-in/code")
    assert client.get("/account/second-factor").location == "/account/sign-in"
    assert client.get("/moderation/").location == "/account/sign-in"
    answer = send_code(client, unused_code(ana))
    assert (answer.status_code, answer.location) == (303, "/moderation/")
    assert is_in(client)


def test_a_program_may_send_the_code_with_the_password_or_after_it(
    ana: int, app: Flask, client: FlaskClient
) -> None:
    both = {"email": EMAIL, "password": PASSWORD, "code": unused_code(ana)}
    assert send(client, "/account/sign-in", **both).location == "/moderation/"
    one_by_one = app.test_client()
    send_password(one_by_one)
    assert send(one_by_one, "/account/sign-in", code=unused_code(ana)).location == "/moderation/"
    assert is_in(one_by_one)


def test_a_code_without_a_password_opens_nothing(ana: int, client: FlaskClient) -> None:
    token = token_on(client.get("/account/sign-in"))
    data = {"csrf_token": token, "code": unused_code(ana)}
    assert client.post("/account/sign-in/code", data=data).location == "/account/sign-in"
    assert client.post("/account/sign-in", data=data).status_code == 422
    assert not is_in(client)


def test_the_way_to_the_second_factor_is_over_after_half_an_hour(ana: int, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        send_password(client)
        clock.shift(timedelta(minutes=31))
        assert client.get("/account/sign-in/code").location == "/account/sign-in"


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}-{}", "{}\u00a0{}"])
def test_a_code_may_be_typed_with_spaces(ana: int, client: FlaskClient, typed: str) -> None:
    send_password(client)
    code = unused_code(ana)
    assert send_code(client, typed.format(code[:3], code[3:])).status_code == 303


def test_a_code_of_an_app_works_once(ana: int, app: Flask, client: FlaskClient) -> None:
    code = unused_code(ana)
    send_password(client)
    assert send_code(client, code).status_code == 303
    thief = app.test_client()
    send_password(thief)
    answer = send_code(thief, code)
    assert answer.status_code == 422
    assert not is_in(thief)


def test_the_code_that_set_the_app_up_does_not_sign_in(database: object, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=False):
        give_app(an_account(EMAIL))
        send_password(client)
        assert send_code(client, code_now()).status_code == 422


def test_of_many_who_send_one_code_at_once_one_is_in(ana: int, app: Flask) -> None:
    code, browsers = unused_code(ana), [app.test_client() for _ in range(8)]
    tokens = []
    for browser in browsers:
        send_password(browser)
        tokens.append(token_on(browser.get("/account/sign-in/code")))
    together = Barrier(len(browsers))

    def attempt(browser: FlaskClient, token: str) -> int:
        together.wait()
        return browser.post("/account/sign-in/code", data={"csrf_token": token, "code": code}).status_code

    with ThreadPoolExecutor(len(browsers)) as people:
        statuses = sorted(people.map(attempt, browsers, tokens))
    assert statuses == [303] + [422] * 7


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_be_one_step_apart(ana: int, client: FlaskClient, steps: int, is_taken: bool) -> None:
    with time_machine.travel(utcnow(), tick=False):
        unused_code(ana)
        at = utcnow() + timedelta(seconds=steps * factors.STEP_SECONDS)
        code = str(TOTP(key=KEY, format="base32").generate(at).token)
        send_password(client)
        assert (send_code(client, code).status_code == 303) == is_taken


def test_an_older_code_does_not_work_after_a_newer_one(ana: int, app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=False):
        newer = unused_code(ana)
        older = str(TOTP(key=KEY, format="base32").generate(utcnow() - timedelta(seconds=30)).token)
        send_password(client)
        assert send_code(client, newer).status_code == 303
        other = app.test_client()
        send_password(other)
        assert send_code(other, older).status_code == 422


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "０００００１", "0" * 39, "0" * 4000, "\u0000"]
)
def test_what_is_no_code_is_refused_kindly(ana: int, client: PageClient, typed: str) -> None:
    send_password(client)
    assert send_code(client, typed).status_code == 422


def test_the_key_of_an_app_lies_sealed_and_recovery_codes_lie_hashed(ana: int, codes: list[str]) -> None:
    db.session.rollback()
    kept = db.session.scalars(select(Authenticator.sealed_key)).one()
    hashes = db.session.scalars(select(RecoveryCode.hash)).all()
    assert KEY.encode() not in kept
    assert factors.unseal(kept.decode()) == KEY
    assert len(hashes) == len(codes)
    for code in codes:
        assert not any(code in kept_hash or code.replace("-", "") in kept_hash for kept_hash in hashes)


def test_a_recovery_code_works_once_and_leads_to_ones_account(
    ana: int, codes: list[str], app: Flask, client: PageClient
) -> None:
    send_password(client)
    answer = send_code(client, codes[0])
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert "with a recovery code" in client.get("/account/").text
    assert left(ana) == factors.RECOVERY_CODES - 1
    again = app.test_client()
    send_password(again)
    assert send_code(again, codes[0]).status_code == 422


@pytest.mark.parametrize(
    "change", [str.upper, lambda code: code.replace("-", " "), lambda code: code.replace("1", "l")]
)
def test_a_recovery_code_may_be_typed_as_it_is_read(
    ana: int, codes: list[str], client: FlaskClient, change: Callable[[str], str]
) -> None:
    send_password(client)
    assert send_code(client, change(codes[3])).status_code == 303


def test_a_recovery_code_of_somebody_else_opens_nothing(ana: int, client: FlaskClient) -> None:
    other = an_account("bo@clinic.example")
    with transaction():
        theirs = factors.renew_recovery_codes(account_in_transaction(other))
    send_password(client)
    assert send_code(client, theirs[0]).status_code == 422
    assert left(other) == factors.RECOVERY_CODES


def test_recovery_codes_are_shown_once(ana: int, client: PageClient) -> None:
    sign_in(client)
    token = client.token("/account/recovery-codes")
    assert client.post("/account/recovery-codes", data={"csrf_token": token}).status_code == 303
    shown = recovery_codes_on(client.get("/account/recovery-codes"))
    assert len(shown) == factors.RECOVERY_CODES
    again = client.get("/account/recovery-codes")
    assert recovery_codes_on(again) == []
    assert "10 codes are left" in again.text


def test_new_recovery_codes_replace_the_earlier_ones(
    ana: int, codes: list[str], app: Flask, client: PageClient
) -> None:
    sign_in(client)
    client.post("/account/recovery-codes", data={"csrf_token": client.token("/account/recovery-codes")})
    other = app.test_client()
    send_password(other)
    assert send_code(other, codes[0]).status_code == 422
    assert left(ana) == factors.RECOVERY_CODES


def test_whoever_has_few_recovery_codes_is_told(ana: int, codes: list[str], client: PageClient) -> None:
    sign_in(client)
    assert "Make new ones soon" not in client.get("/account/").text
    with transaction():
        for code in codes[factors.FEW_RECOVERY_CODES :]:
            factors.taken(account_in_transaction(ana), code)
    assert "Make new ones soon" in client.get("/account/").text
    assert "Make new ones soon" in client.get("/account/recovery-codes").text


def test_wrong_codes_are_throttled_by_account_wherever_they_come_from(ana: int, app: Flask) -> None:
    statuses = []
    for nth in range(11):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{nth}"
        send_password(browser)
        statuses.append(send_code(browser, WRONG if nth < 10 else unused_code(ana)).status_code)
    assert statuses == [422] * 10 + [429]


def test_wrong_recovery_codes_count_like_wrong_codes(ana: int, codes: list[str], client: FlaskClient) -> None:
    send_password(client)
    assert [send_code(client, "0000-0000-0000").status_code for _ in range(10)] == [422] * 10
    assert send_code(client, codes[0]).status_code == 429


def test_guessing_codes_slowly_ends_after_fifty_in_a_day(ana: int, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        for _ in range(5):
            send_password(client)
            assert {send_code(client, WRONG).status_code for _ in range(10)} == {422}
            clock.shift(timedelta(minutes=11))
        send_password(client)
        answer = send_code(client, unused_code(ana))
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 3600


def test_codes_sent_along_with_a_wrong_password_tell_nothing(ana: int, client: PageClient) -> None:
    an_account("bo@clinic.example")
    pages = set()
    for email, code in (
        (EMAIL, unused_code(ana)),
        (EMAIL, WRONG),
        ("bo@clinic.example", WRONG),
        ("no@one.example", WRONG),
    ):
        answer = send(client, "/account/sign-in", email=email, password="not the password", code=code)
        assert answer.status_code == 422
        pages.add(without_chance(answer).replace(email, ""))
    assert len(pages) == 1


def test_setting_up_ends_every_other_session_that_only_had_the_password(
    database: object, app: Flask, client: FlaskClient
) -> None:
    an_account(EMAIL)
    other = app.test_client()
    for browser in (client, other):
        send_password(browser)
    page = other.get("/account/second-factor")
    set_up(client)
    answer = other.post("/account/second-factor/app", data={"csrf_token": token_on(page), "code": WRONG})
    assert answer.location == "/account/sign-in"
    assert not is_in(other)


def test_a_session_from_before_second_factors_opens_nothing(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    with client.session_transaction("/account/") as kept:
        del kept["proved_at"]
    assert not is_in(client)


def test_the_last_second_factor_cannot_be_taken_away(ana: int, client: PageClient) -> None:
    sign_in(client)
    answer = client.post("/account/app/remove", data={"csrf_token": client.token("/account/")})
    assert answer.status_code == 422
    assert "an account needs a second factor" in answer.text
    assert account(ana).has_second_factor


def test_a_new_app_takes_the_place_of_the_one_before(ana: int, client: FlaskClient) -> None:
    sign_in(client)
    assert set_up(client).location == "/account/"
    kept = db.session.scalars(select(Authenticator)).one()
    assert factors.unseal(kept.sealed_key.decode()) != KEY


def test_a_new_link_for_the_password_is_no_way_around_the_second_factor(ana: int, client: FlaskClient) -> None:
    with transaction():
        services.reset(account_in_transaction(ana))
    assert choose(client, link_for(ana)).location == "/account/sign-in/code"
    assert not is_in(client)


def again_with(client: FlaskClient, **typed: str) -> int:
    path = "/account/again/code" if "code" in typed else "/account/again"
    return client.post(path, data={"csrf_token": token_on(client.get("/account/again")), **typed}).status_code


@pytest.mark.parametrize("way", ["password", "code", "recovery"])
def test_what_matters_asks_again_after_ten_minutes(
    ana: int, codes: list[str], client: PageClient, way: str
) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        sign_in(client)
        assert client.get("/account/password").status_code == 200
        clock.shift(timedelta(minutes=11))
        assert client.get("/account/password").location == "/account/again"
        assert client.get("/account/").status_code == 200
        client.get("/account/password")
        typed = (
            {"password": PASSWORD}
            if way == "password"
            else {"code": codes[0] if way == "recovery" else unused_code(ana)}
        )
        assert again_with(client, **typed) == 303
        assert client.get("/account/password").status_code == 200


def test_proving_again_leads_back_to_what_one_wanted(ana: int, client: PageClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=11))
        client.get("/account/second-factor")
        answer = client.post(
            "/account/again", data={"csrf_token": client.token("/account/again"), "password": PASSWORD}
        )
        assert answer.location == "/account/second-factor"


def test_proving_again_wrongly_is_throttled_and_opens_nothing(ana: int, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=11))
        tries = [again_with(client, password="not the password") for _ in range(5)]
        tries += [again_with(client, code=WRONG) for _ in range(5)]
        assert tries == [422] * 10
        assert again_with(client, password=PASSWORD) == 429
        assert client.get("/account/password").location == "/account/again"


def test_a_new_password_ends_every_other_session(ana: int, app: Flask, client: PageClient) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    new = "eight loud herons at noon"
    data = {"csrf_token": client.token("/account/password"), "password": new, "password_again": new}
    assert client.post("/account/password", data=data).location == "/account/"
    assert is_in(client)
    assert not is_in(other)
    assert sign_in(other).status_code == 422
    assert sign_in(other, password=new).status_code == 303


def test_a_name_is_changed_on_ones_own_page(ana: int, client: PageClient) -> None:
    sign_in(client)
    token = client.token("/account/")
    assert client.post("/account/name", data={"csrf_token": token, "name": " "}).status_code == 422
    assert client.post("/account/name", data={"csrf_token": token, "name": "Ana  Maria"}).status_code == 303
    assert account(ana).name == "Ana Maria"


def test_what_somebody_does_to_their_own_factors_is_an_event_without_their_address(
    database: object, client: PageClient
) -> None:
    number = an_account(EMAIL)
    send_password(client)
    set_up(client)
    client.post("/account/recovery-codes", data={"csrf_token": client.token("/account/recovery-codes")})
    db.session.rollback()
    told = db.session.scalars(select(Event).order_by(Event.position)).all()
    assert [(event.kind, event.by_id, event.details) for event in told] == [
        ("add_factor", number, {"account": number}),
        ("renew_recovery_codes", number, {"account": number}),
    ]


def test_every_kind_of_proof_is_counted_apart(ana: int, client: FlaskClient) -> None:
    send_password(client)
    assert {send_code(client, WRONG).status_code for _ in range(throttle.WRONG_TRIES.amount)} == {422}
    assert send_code(client, WRONG).status_code == 429
    assert send_password(client).status_code == 303
