"""Accounts: who gets one, by which link, and what the command line does."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from extensions import transaction, utcnow
from moderation.accounts import first_account_link, services
from moderation.models import RoleName
from tests.moderation.people import (
    ALL_ROLES,
    DECIDER,
    EMAIL,
    PASSWORD,
    account,
    account_of,
    accounts,
    an_account,
    at_once,
    choose,
    first_link,
    is_in,
    link_for,
    send,
    set_up,
    sign_in,
)


@pytest.fixture
def ana(database: object) -> int:
    """The number of the account of a moderator who can sign in."""
    return an_account(EMAIL)


def test_a_link_works_once(database: object, app: Flask, client: FlaskClient) -> None:
    invited = an_account(EMAIL, password=None)
    link = link_for(invited)
    assert client.get(link).status_code == 200
    assert EMAIL in client.get(link).text
    answer = choose(client, link)
    assert (answer.status_code, answer.location) == (303, "/account/second-factor")
    assert set_up(client).status_code == 303
    assert is_in(client)
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().post(link).status_code == 410
    assert sign_in(app.test_client()).status_code == 303


def test_two_people_with_one_link_get_one_account(database: object, app: Flask, client: FlaskClient) -> None:
    link = link_for(an_account(EMAIL, password=None))
    statuses = at_once(app, link, {}, {})
    assert statuses == [303, 410]


def test_a_newer_link_replaces_the_older_one(database: object, client: FlaskClient) -> None:
    invited = an_account(EMAIL, password=None)
    older = link_for(invited)
    with transaction():
        services.end_sessions(account(invited))
    assert client.get(older).status_code == 410
    assert client.get(link_for(invited)).status_code == 200


def test_a_link_is_too_old_after_seven_days(database: object, client: FlaskClient) -> None:
    with time_machine.travel(utcnow(), tick=True) as clock:
        link = link_for(an_account(EMAIL, password=None))
        clock.shift(timedelta(days=6, hours=23))
        assert client.get(link).status_code == 200
        clock.shift(timedelta(hours=2))
        assert client.get(link).status_code == 410


def test_the_link_of_a_closed_account_opens_nothing(database: object, client: FlaskClient) -> None:
    invited = an_account(EMAIL, password=None)
    with transaction():
        services.deactivate(account(invited))
    assert client.get(link_for(invited)).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsImEiXQ.aaaa.bbbb", "a" * 3000])
def test_a_made_up_link_is_unknown(database: object, client: FlaskClient, token: str) -> None:
    assert client.get(f"/account/invited/{token}").status_code == 404


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short heron", "12 characters or more"),
        ("h" * 300, "256 characters or fewer"),
        ("password1234", "tried first"),
        ("PassWordPassWord", "tried first"),
        ("abababababababab", "tried first"),
        ("ana@clinic.example!!", "contain your e-mail address"),
        ("anaanaana1234", "contain your e-mail address"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_beside_its_field(
    database: object, client: FlaskClient, password: str, says: str
) -> None:
    link = link_for(an_account(EMAIL, password=None))
    answer = choose(client, link, password)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Ana"' in answer.text
    assert password not in answer.text
    assert choose(client, link).status_code == 303


def test_two_different_passwords_are_refused(database: object, client: FlaskClient) -> None:
    link = link_for(an_account(EMAIL, password=None))
    answer = send(client, link, name="Ana", password=PASSWORD, password_again=PASSWORD + "!")
    assert answer.status_code == 422
    assert "not the same" in answer.text


def test_the_first_account_has_every_role_and_its_link_is_gone_then(database: object, client: FlaskClient) -> None:
    link = first_link()
    assert choose(client, link, email="Owner@Clinic.Example").status_code == 303
    set_up(client)
    assert is_in(client)
    assert account_of("owner@clinic.example").role_names == ALL_ROLES
    assert first_account_link() is None
    assert client.get(link).status_code == 410


def test_two_people_cannot_both_make_the_first_account(database: object, app: Flask, client: FlaskClient) -> None:
    link = first_link()
    statuses = at_once(app, link, {"email": "one@clinic.example"}, {"email": "two@clinic.example"})
    assert statuses == [303, 410]
    assert accounts() == 1


def test_taking_the_only_admins_password_away_revives_no_old_link(database: object, client: FlaskClient) -> None:
    old = first_link()
    choose(client, old, email=EMAIL)
    with transaction():
        services.reset(account_of(EMAIL))
    assert client.get(old).status_code == 410
    assert first_link() != old


def test_an_account_invited_before_becomes_the_first_one(database: object, client: FlaskClient) -> None:
    invited = an_account(EMAIL, password=None)
    assert choose(client, first_link(), email=EMAIL).status_code == 303
    assert account(invited).role_names == ALL_ROLES
    assert accounts() == 1


def test_the_first_account_takes_over_nobodys_password(ana: int, client: FlaskClient) -> None:
    answer = choose(client, first_link(), "eight loud herons at noon", email=EMAIL)
    assert answer.status_code == 422
    assert "account for this address already" in answer.text
    assert sign_in(client).status_code == 303
    assert account(ana).role_names == DECIDER


def test_the_first_account_needs_an_address(database: object, client: FlaskClient) -> None:
    answer = choose(client, first_link(), email="no address")
    assert answer.status_code == 422
    assert "name@example.org" in answer.text
    assert accounts() == 0


def command(app: Flask, *words: str) -> tuple[int, str, str]:
    """What `flask moderators` with these words answers: its code, and what it says and complains about."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["moderators", *words])
    return result.exit_code, result.stdout, result.stderr


def printed_link(said: str) -> str:
    found = re.search(r"^http://localhost(/account/invited/\S+)$", said, re.MULTILINE)
    assert found is not None
    return found[1]


def test_an_account_added_from_the_command_line_is_opened_by_its_link(
    database: object, client: FlaskClient
) -> None:
    app = client.application
    code, said, _ = command(app, "add", EMAIL, "--role", "moderator", "--role", "lead")
    assert code == 0
    older = printed_link(said)
    code, said, _ = command(app, "add", EMAIL, "--role", "moderator", "--role", "lead")
    assert code == 0
    assert client.get(older).status_code == 410
    assert choose(client, printed_link(said)).status_code == 303
    set_up(client)
    assert is_in(client)
    assert accounts() == 1


def test_adding_somebody_who_has_a_password_updates_their_roles(ana: int, app: Flask) -> None:
    code, said, _ = command(app, "add", EMAIL, "--role", "lead", "--role", "admin")
    assert code == 0
    assert "Updated the roles" in said
    assert "http" not in said
    assert account(ana).role_names == {RoleName.LEAD, RoleName.ADMIN}
    assert "Nothing changed" in command(app, "add", EMAIL, "--role", "lead", "--role", "admin")[1]


def test_adding_somebody_whose_account_was_closed_opens_it(ana: int, app: Flask, client: FlaskClient) -> None:
    with transaction():
        services.deactivate(account(ana))
    assert "Opened again" in command(app, "add", EMAIL, "--role", "moderator")[1]
    assert sign_in(client).status_code == 303


def test_a_reset_takes_password_and_sessions_away_and_prints_a_link(
    ana: int, app: Flask, client: FlaskClient
) -> None:
    sign_in(client)
    code, said, _ = command(app, "reset", EMAIL)
    assert code == 0
    assert not is_in(client)
    assert sign_in(client).status_code == 422
    assert choose(client, printed_link(said), "eight loud herons at noon").status_code == 303


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "no address", "--role", "moderator"), "not an e-mail address"),
        (
            ("add", EMAIL, "--role", "owner"),
            "'owner' is not a valid RoleName. The roles are moderator, lead, admin",
        ),
        (("reset", "nobody@clinic.example"), "no account for nobody@clinic.example"),
        (("reset", "no address"), "not an e-mail address"),
    ],
)
def test_a_command_that_makes_no_sense_says_so(
    database: object, app: Flask, words: tuple[str, ...], says: str
) -> None:
    code, said, complaint = command(app, *words)
    assert (code, said) == (1, "")
    assert says in complaint
    assert accounts() == 0
