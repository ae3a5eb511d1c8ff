"""Every address of the site: who may enter, what it sends along, and that none comes or goes unnoticed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from extensions import db
from moderation.access import DECIDERS, Who, may_enter
from moderation.models import RoleName
from tests.client import PageClient, field_value
from tests.factories import KEY, TOLD, a_published_story, a_waiting_story, seen, the_story, withdraw
from tests.moderation import people
from tests.test_structure import public_id, reader_paths
from web import (
    CONTENT_SECURITY_POLICY,
    SCRIPT_POLICY,
    SCRIPTED_PATHS,
    SESSION_PATHS,
    content_security_policy,
    has_session,
)

LIST = Path(__file__).parent / "addresses.txt"
CLOSED = ("/moderation", "/account")
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
MAY_LEAVE_OUT_ETAG = frozenset({"/about", "/about/help", "/about/moderation", "/about/privacy"})


def rules(app: Flask, *, method: str | None = None) -> list[Rule]:
    found = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")
    return sorted((rule for rule in found if method is None or method in (rule.methods or ())), key=str)


def path_of(app: Flask, rule: Rule, *, number: int = 1, story: str = "0123456789") -> str:
    """The address with parts that lead somewhere; a part nobody has named here fails the test."""
    parts = {"slug": "actinic-keratosis", "public_id": story, "number": number, "step": "skin", "token": "no-link"}
    values = {name: parts[name] for name in rule.arguments}
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    return app.url_map.bind("localhost").build(rule.endpoint, values, method)


def everything(*, but: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every row of the database, but for who has which story open: to look at one is to hold it for a while."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(sa.select(table))))
            for name, table in db.metadata.tables.items()
            if name not in but | {"claims"}
        }


@pytest.fixture
def moderator(app: Flask) -> PageClient:
    """The browser of somebody who may do everything."""
    people.an_account(people.EMAIL, roles=frozenset(RoleName))
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    assert people.sign_in(browser).status_code == 303
    return browser


@pytest.fixture
def patient(app: Flask) -> PageClient:
    """The browser of a patient who opened their published story."""
    a_published_story(key=KEY)
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    token = browser.token("/my-story")
    assert browser.post("/my-story", data={"csrf_token": token, "key": KEY}).status_code == 303
    return browser


def test_no_published_address_appears_or_disappears_unnoticed(app: Flask) -> None:
    known = set(LIST.read_text(encoding="utf-8").splitlines())
    now = {f"{' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {rule.rule}" for rule in rules(app)}
    disappeared, appeared = sorted(known - now), sorted(now - known)
    assert (disappeared, appeared) == ([], []), f"gone: {disappeared}; new, for {LIST.name}: {appeared}"


def test_only_asking_and_sending_are_methods_of_ours(app: Flask) -> None:
    for rule in rules(app):
        assert (rule.methods or set()) <= METHODS, rule
        assert ("HEAD" in (rule.methods or ())) == ("GET" in (rule.methods or ())), rule


def closed(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in rules(app):
        if rule.rule.startswith(CLOSED) and Who.STRANGER not in (may_enter(rule.endpoint) or DECIDERS):
            yield rule, path_of(app, rule)


def test_every_address_of_moderators_is_closed_to_strangers(app: Flask, client: PageClient) -> None:
    a_waiting_story()
    token = client.token("/account/sign-in")
    tried = 0
    before = everything()
    for rule, path in closed(app):
        for method in ("GET", "POST", "HEAD"):
            if method in (rule.methods or ()):
                answer = client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
                assert (answer.status_code, answer.location) == (303, "/account/sign-in"), f"{method} {path}"
                tried += 1
    assert tried >= 8
    assert everything() == before


def test_a_patient_is_a_stranger_to_moderators(app: Flask, patient: PageClient) -> None:
    for rule, path in closed(app):
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert patient.open(path, method=method).location == "/account/sign-in", path


def test_an_address_of_moderators_that_is_not_there_tells_strangers_nothing_else(client: PageClient) -> None:
    for path in ("/moderation/stories/999", "/moderation/nothing"):
        assert client.get(path).status_code in (303, 404)
    assert client.get("/moderation/stories/999").location == "/account/sign-in"


def test_asking_for_a_page_changes_nothing(
    app: Flask, client: PageClient, moderator: PageClient, patient: PageClient
) -> None:
    a_waiting_story()
    story = public_id(1)
    before = everything()
    asked = 0
    for rule in rules(app, method="GET"):
        for browser in (client, moderator, patient):
            assert browser.get(path_of(app, rule, number=2, story=story)).status_code < 500
            asked += 1
    assert asked > 50
    assert everything() == before


def fields() -> dict[str, str]:
    """Everything that any form of the site asks for, but its token."""
    on_screen = seen(2)
    return {
        "condition": "actinic-keratosis",
        "agent": "imiquimod-5",
        "outcome": "worse",
        "narrative": TOLD + " Not.",
        "consent_publish": "yes",
        "key": KEY,
        "confirm": "yes",
        "decision": "approve",
        "reason": "repeat",
        "version": str(on_screen.version),
        "digest": on_screen.digest,
        "field": "narrative",
        "start": "2",
        "end": "9",
        "kind": "place",
        "email": people.EMAIL,
        "password": people.PASSWORD,
    }


@pytest.mark.parametrize("who", ["stranger", "patient", "moderator"])
@pytest.mark.parametrize("token", [None, "", "nonsense", "another browser's"])
def test_what_is_sent_without_the_token_of_its_page_does_nothing(
    app: Flask, request: pytest.FixtureRequest, client: PageClient, who: str, token: str | None
) -> None:
    if who == "patient":
        browser = request.getfixturevalue("patient")
    else:
        a_published_story()
        browser = request.getfixturevalue("moderator") if who == "moderator" else client
    a_waiting_story()
    browser.get("/share")
    browser.get("/account/sign-in")
    other = app.test_client()
    assert isinstance(other, PageClient)
    foreign = other.token("/account/sign-in") if token == "another browser's" else token
    sent = {**fields(), **({} if foreign is None else {"csrf_token": foreign})}
    # A draft is kept even then, so that nothing that was typed is lost.
    before = everything(but=frozenset({"drafts"}))
    tried = 0
    for rule in rules(app, method="POST"):
        if has_session(rule.rule):
            answer = browser.post(path_of(app, rule, number=2), data=sent)
            assert is_refused(answer), f"{rule}: {answer.status_code} {answer.location}"
            tried += 1
    assert tried > 10
    assert everything(but=frozenset({"drafts"})) == before


def is_refused(answer: TestResponse) -> bool:
    """Whether nothing was done: the page again, sent to sign in or to open the story first, or no such link."""
    if answer.status_code == 303:
        return answer.location in ("/account/sign-in", "/my-story", "/my-story/status")
    return answer.status_code in (422, 404)


def test_what_another_site_sends_does_nothing(app: Flask, client: PageClient) -> None:
    a_published_story()
    a_waiting_story()
    sent = fields()
    before = everything(but=frozenset({"drafts"}))
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        for rule in rules(app, method="POST"):
            browser = app.test_client()
            answer = browser.post(path_of(app, rule, number=2), data=sent, headers=headers)
            assert is_refused(answer) or answer.status_code == 403, (
                f"{rule}: {answer.status_code} {answer.location}"
            )
    assert everything(but=frozenset({"drafts"})) == before


def test_every_answer_has_the_security_headers(app: Flask, client: PageClient, moderator: PageClient) -> None:
    a_published_story()
    a_waiting_story()
    paths = [path_of(app, rule, number=2, story=public_id(1)) for rule in rules(app)]
    for path in [*paths, "/nothing", "/static/firsthand.css", "/static/none.css"]:
        for browser in (client, moderator):
            for method in ("GET", "HEAD", "OPTIONS", "POST", "DELETE"):
                # The client itself compares every header with the list in `web`.
                answer = browser.open(path, method=method)
                assert answer.headers["Content-Security-Policy"] == content_security_policy(path)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "same-origin"
                assert "Server" not in answer.headers
                if has_session(path):
                    assert answer.headers["Cache-Control"] == "no-store", path


def test_the_content_policy_allows_nothing_but_our_own_files() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert set(directives.values()) == {"'none'", "'self'"}
    assert {"form-action", "frame-ancestors", "base-uri"} <= set(directives)
    assert not re.search("unsafe|nonce|script-src|http|\\*", CONTENT_SECURITY_POLICY)


def test_scripts_run_on_a_few_pages_of_accounts_only_and_make_no_code_out_of_text() -> None:
    policy = dict(part.split(" ", 1) for part in SCRIPT_POLICY.split("; "))
    assert policy == {
        "script-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    for path in SCRIPTED_PATHS:
        assert path.startswith("/account/")
        assert content_security_policy(path) == f"{CONTENT_SECURITY_POLICY}; {SCRIPT_POLICY}"
    for path in ("/", "/share", "/my-story/status", "/moderation/queue", "/account/", "/account/sign-in-not"):
        assert content_security_policy(path) == CONTENT_SECURITY_POLICY


def test_a_page_has_a_script_only_where_one_may_run(app: Flask, client: PageClient, moderator: PageClient) -> None:
    a_published_story()
    a_waiting_story()
    for rule in rules(app, method="GET"):
        path = path_of(app, rule, number=2, story=public_id(1))
        for browser in (client, moderator):
            if b"<script" in browser.get(path).data:
                assert "script-src" in content_security_policy(path), path


def site(app: Flask) -> list[str]:
    """The address of every reader page, of a site with stories."""
    for number in range(6):
        a_published_story(title=f"Story {number}")
    a_waiting_story()
    return reader_paths(app, slug="actinic-keratosis", public_id=public_id(1))


def test_reader_pages_are_the_same_for_a_moderator_a_patient_and_a_stranger(
    app: Flask, client: PageClient, moderator: PageClient, patient: PageClient
) -> None:
    paths = [*site(app), "/static/firsthand.css", "/nothing", "/healthz"]
    assert moderator.get_cookie("session") is not None
    assert patient.get_cookie("session") is not None
    for path in paths:
        strangers = client.get(path)
        for browser in (moderator, patient):
            answer = browser.get(path)
            assert answer.data == strangers.data, path
            # That there is no Set-Cookie and no Vary: Cookie, the client looks at with every page.
            told, told_strangers = ({**found.headers, "Date": ""} for found in (answer, strangers))
            assert told == told_strangers, path


def test_a_cookie_that_is_sent_to_a_reader_page_is_not_even_read(app: Flask) -> None:
    browser = app.test_client()
    for value in ("nonsense", "a.b.c", "x" * 3_000):
        browser.set_cookie("session", value)
        assert browser.get("/").status_code == 200
        assert browser.get("/account/sign-in").status_code == 200


def test_reader_pages_are_kept_but_always_asked_for_again(app: Flask, client: PageClient) -> None:
    for path in site(app):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, no-cache"), path
        assert ("ETag" in answer.headers) or path in MAY_LEAVE_OUT_ETAG, path


def test_pages_with_a_session_are_kept_by_nobody(app: Flask, client: PageClient, moderator: PageClient) -> None:
    a_waiting_story()
    for rule in rules(app, method="GET"):
        if rule.rule.startswith(SESSION_PATHS):
            for browser in (client, moderator):
                answer = browser.get(path_of(app, rule))
                assert answer.headers["Cache-Control"] == "no-store", rule
                assert "ETag" not in answer.headers, rule


def kept_pages(app: Flask) -> list[str]:
    return [path for path in site(app) if path not in MAY_LEAVE_OUT_ETAG]


def test_a_page_that_did_not_change_is_not_sent_again(app: Flask, client: PageClient) -> None:
    for path in kept_pages(app):
        etag = client.get(path).headers["ETag"]
        for told in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = client.get(path, headers={"If-None-Match": told})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag), f"{path} {told}"
            assert again.headers["Cache-Control"] == "public, no-cache"
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_publication_and_a_withdrawal_are_seen_by_the_very_next_request(app: Flask, client: PageClient) -> None:
    paths = [path for path in kept_pages(app) if not path.startswith("/stories/")]
    assert len(paths) >= 4

    def tags() -> dict[str, str]:
        return {path: client.get(path).headers["ETag"] for path in paths}

    before = tags()
    number = a_published_story(title="The newest one")
    published = tags()
    assert {path for path in paths if published[path] == before[path]} == set()
    assert "The newest one" in client.get("/").text
    withdraw(number)
    withdrawn = tags()
    assert {path for path in paths if withdrawn[path] in (published[path], before[path])} == set()
    assert "The newest one" not in client.get("/").text


def test_a_story_that_was_taken_back_is_gone_even_for_those_who_keep_it(app: Flask, client: PageClient) -> None:
    number = a_published_story()
    path = f"/stories/{the_story(number).public_id}"
    etag = client.get(path).headers["ETag"]
    withdraw(number)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 410


def test_the_head_of_a_page_is_that_of_the_page(app: Flask, client: PageClient) -> None:
    for path in [
        *site(app),
        "/healthz",
        "/readyz",
        "/share",
        "/my-story",
        "/account/sign-in",
        "/static/favicon.svg",
    ]:
        page, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (200, b""), path
        for name in ("Content-Type", "Cache-Control", "ETag"):
            assert head.headers.get(name) == page.headers.get(name), f"{path}: {name}"


def test_no_address_of_ours_carries_words_or_numbers_of_a_story(app: Flask, client: PageClient) -> None:
    site(app)
    links = {
        link
        for path in ("/", "/topics/actinic-keratosis")
        for link in re.findall(r'href="([^"]+)"', client.get(path).text)
    }
    stories = {link for link in links if link.startswith("/stories/")}
    assert stories
    assert all(re.fullmatch(r"/stories/[0-9a-hjkmnp-tv-z]{10}", link) for link in stories)


def test_a_form_of_every_page_sends_to_an_address_that_is_there(
    app: Flask, moderator: PageClient, patient: PageClient
) -> None:
    a_waiting_story()
    binding = app.url_map.bind("localhost")
    found = 0
    for rule in rules(app, method="GET"):
        for browser in (moderator, patient):
            path = path_of(app, rule, number=2)
            answer = browser.get(path)
            is_page = answer.status_code == 200 and answer.mimetype == "text/html"
            for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>", answer.text if is_page else ""):
                action = re.search(r'action="([^"]*)"', form)
                target = (action[1] if action else "") or path
                assert binding.match(target.partition("?")[0], method="POST"), f"{path}: {form}"
                found += 1
            if is_page and "csrf_token" in answer.text:
                assert field_value(answer.text, "csrf_token")
    assert found > 10
