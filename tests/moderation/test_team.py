"""The team: admins invite, give roles, close accounts, help who lost a factor; each time an event says so."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db, transaction
from moderation.accounts import services, team
from moderation.accounts.factors import RECOVERY_CODES, recovery_codes_left, renew_recovery_codes
from moderation.models import RoleName
from stories import events
from stories.models import SYSTEM, Actor, ActorKind, Event
from tests.client import PageClient
from tests.moderation.people import (
    EMAIL,
    account,
    account_of,
    accounts,
    an_account,
    choose,
    give_app,
    is_in,
    send_password,
    set_up,
    sign_in,
)
from tests.moderation.test_accounts import command

BO = "bo@clinic.example"
ADMIN = frozenset({RoleName.ADMIN})


@pytest.fixture
def admin(database: object, client: PageClient) -> int:
    """The number of an admin, who is signed in with `client`."""
    number = an_account(EMAIL, roles=ADMIN)
    sign_in(client)
    return number


@pytest.fixture
def bo(database: object) -> int:
    """The number of the account of a moderator."""
    number = an_account(BO)
    give_app(number)
    return number


def press(client: PageClient, number: int, what: str, **fields: object) -> TestResponse:
    """Press a button on the page of somebody's account."""
    token = client.token(f"/moderation/team/{number}")
    return client.post(f"/moderation/team/{number}/{what}", data={"csrf_token": token, **fields})


def invite(client: PageClient, email: str, *roles: str) -> TestResponse:
    token = client.token("/moderation/invitations")
    return client.post("/moderation/invitations", data={"csrf_token": token, "email": email, "roles": list(roles)})


def link_on(page: TestResponse) -> str:
    found = re.search(r"http://localhost(/account/invited/[^<\s]+)", page.text)
    assert found is not None
    return found[1]


def told() -> list[tuple[str, Actor, dict[str, object]]]:
    """The events about accounts: kind, who, and what."""
    db.session.rollback()
    found = db.session.scalars(select(Event).order_by(Event.position)).all()
    return [(event.kind, Actor(event.by_kind, event.by_id), event.details) for event in found]


def test_an_invitation_is_a_link_that_is_shown_once(admin: int, app: Flask, client: PageClient) -> None:
    answer = invite(client, "Bo@Clinic.Example", "moderator", "lead")
    assert answer.status_code == 303
    link = link_on(client.get(answer.location))
    assert "/account/invited/" not in client.get(answer.location).text
    invited = app.test_client()
    assert choose(invited, link).status_code == 303
    set_up(invited)
    assert is_in(invited)
    assert account_of(BO).role_names == {RoleName.MODERATOR, RoleName.LEAD}


@pytest.mark.parametrize(
    ("email", "roles", "says"),
    [
        (EMAIL, ["lead"], "account for this address already"),
        ("no address", ["lead"], "name@example.org"),
        (BO, [], "at least one role"),
        (BO, ["owner"], "owner"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    admin: int, client: PageClient, email: str, roles: list[str], says: str
) -> None:
    answer = invite(client, email, *roles)
    assert answer.status_code == 422
    assert says in answer.text
    assert accounts() == 1


def test_the_team_page_says_who_may_do_what_since_when_and_with_which_factors(
    admin: int, bo: int, client: PageClient
) -> None:
    an_account("invited@clinic.example", password=None)
    page = client.get("/moderation/team").text
    for words in ("invited@clinic.example", "none yet", ">invited<", ">app", "moderator", "admin"):
        assert words in " ".join(page.split()).replace("> ", ">").replace(" <", "<"), words


def test_new_roles_end_the_sessions_of_that_person_at_once(
    admin: int, bo: int, app: Flask, client: PageClient
) -> None:
    theirs = app.test_client()
    sign_in(theirs, BO)
    assert press(client, bo, "roles", roles=["moderator", "lead"]).status_code == 303
    assert not is_in(theirs)
    assert account(bo).role_names == {RoleName.MODERATOR, RoleName.LEAD}
    assert is_in(client)


def test_somebody_without_a_role_is_no_choice(admin: int, bo: int, client: PageClient) -> None:
    assert press(client, bo, "roles").status_code == 422
    assert account(bo).role_names == {RoleName.MODERATOR}


def test_a_closed_account_is_shut_until_it_is_opened_again(
    admin: int, bo: int, app: Flask, client: PageClient
) -> None:
    theirs = app.test_client()
    sign_in(theirs, BO)
    press(client, bo, "close")
    assert not is_in(theirs)
    assert send_password(theirs, BO).status_code == 422
    press(client, bo, "open")
    assert sign_in(theirs, BO).status_code == 303


def test_a_lost_factor_is_taken_away_by_another_admin_and_set_up_anew(
    admin: int, bo: int, app: Flask, client: PageClient
) -> None:
    with transaction():
        renew_recovery_codes(services.by_id(bo) or account(bo))
    theirs = app.test_client()
    sign_in(theirs, BO)
    assert press(client, bo, "factors").status_code == 303
    assert not is_in(theirs)
    assert recovery_codes_left(account(bo)) == 0
    assert send_password(theirs, BO).location == "/account/second-factor"
    set_up(theirs)
    assert is_in(theirs)
    assert recovery_codes_left(account(bo)) == RECOVERY_CODES


def test_nobody_takes_their_own_factors_away_or_gives_themselves_a_link(admin: int, client: PageClient) -> None:
    for what in ("factors", "link"):
        assert press(client, admin, what).status_code == 422
    assert account(admin).has_second_factor
    assert is_in(client)
    assert told() == []


def test_a_new_link_takes_the_password_and_is_shown_once(
    admin: int, bo: int, app: Flask, client: PageClient
) -> None:
    answer = press(client, bo, "link")
    link = link_on(client.get(answer.location))
    assert "/account/invited/" not in client.get(answer.location).text
    theirs = app.test_client()
    assert send_password(theirs, BO).status_code == 422
    assert choose(theirs, link, "eight loud herons at noon").location == "/account/sign-in/code"


def test_the_last_admin_stays_one(admin: int, bo: int, client: PageClient) -> None:
    answer = press(client, admin, "roles", roles=["lead"])
    assert (answer.status_code, "Make another person admin first" in answer.text) == (422, True)
    assert press(client, admin, "close").status_code == 422
    assert account(admin).role_names == ADMIN
    assert account(admin).active
    an_account("second@clinic.example", roles=ADMIN, password=None)
    assert press(client, admin, "close").status_code == 422, "who was only invited looks after nothing"
    press(client, bo, "roles", roles=["admin"])
    assert press(client, admin, "roles", roles=["lead"]).status_code == 303
    assert account(admin).role_names == {RoleName.LEAD}


def test_the_console_does_not_lose_the_last_admin_either(admin: int, app: Flask) -> None:
    code, _said, complaint = command(app, "add", EMAIL, "--role", "lead")
    assert (code, "Make another person admin first" in complaint) == (1, True)
    assert account(admin).role_names == ADMIN


def test_the_console_takes_second_factors_away_and_leaves_the_password(
    bo: int, app: Flask, client: FlaskClient
) -> None:
    sign_in(client, BO)
    code, said, _ = command(app, "reset", BO, "--factors")
    assert (code, "http" in said) == (0, False)
    assert not is_in(client)
    assert send_password(client, BO).location == "/account/second-factor"


def test_a_page_that_is_too_old_changes_nothing(admin: int, bo: int, client: PageClient) -> None:
    before = account(bo).fs_uniquifier
    for what in ("close", "open", "factors", "link", "roles"):
        answer = client.post(f"/moderation/team/{bo}/{what}", data={"roles": ["admin"]})
        assert (answer.status_code, "too old" in answer.text) == (422, True), what
    assert account(bo).fs_uniquifier == before


@pytest.mark.parametrize("what", ["", "/close", "/open", "/factors", "/link", "/roles"])
def test_an_account_that_is_not_there_is_not_found(admin: int, client: PageClient, what: str) -> None:
    path = f"/moderation/team/999{what}"
    data = {"csrf_token": client.token("/moderation/invitations"), "roles": ["lead"]}
    assert (client.post(path, data=data) if what else client.get(path)).status_code == 404


def test_each_change_of_an_account_is_an_event_by_number_only(admin: int, bo: int, client: PageClient) -> None:
    invite(client, "new@clinic.example", "moderator")
    new = account_of("new@clinic.example").id
    press(client, bo, "roles", roles=["lead"])
    press(client, bo, "factors")
    press(client, bo, "close")
    press(client, bo, "close")
    press(client, bo, "open")
    press(client, bo, "link")
    by = Actor(ActorKind.ADMIN, admin)
    assert told()[:3] == [
        ("invite", by, {"account": new, "roles": ["moderator"]}),
        ("change_roles", by, {"account": bo, "before": ["moderator"], "after": ["lead"]}),
        ("reset_factors", by, {"account": bo}),
    ]
    assert [kind for kind, _by, _details in told()[3:]] == ["close_account", "open_account", "reset_password"]
    assert not any("@" in str(details) or "Ana" in str(details) for _kind, _by, details in told())
    assert events.fault() is None


def test_what_the_console_does_is_an_event_of_the_system(database: object, app: Flask) -> None:
    command(app, "add", BO, "--role", "moderator")
    number = account_of(BO).id
    command(app, "add", BO, "--role", "lead")
    command(app, "reset", BO)
    assert told() == [
        ("invite", SYSTEM, {"account": number, "roles": ["moderator"]}),
        ("change_roles", SYSTEM, {"account": number, "before": ["moderator"], "after": ["lead"]}),
        ("reset_password", SYSTEM, {"account": number}),
    ]


def test_giving_the_roles_that_one_has_is_no_event(admin: int, bo: int) -> None:
    with transaction():
        assert not team.change_roles(account(bo), {RoleName.MODERATOR}, by=SYSTEM)
    assert told() == []
