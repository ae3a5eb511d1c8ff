"""What goes wrong: a kind page with the right number, and nothing told that was a secret."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from app import MAX_REQUEST_BYTES, create_app
from config import Settings
from errors import STATUS_OF
from extensions import settings
from stories import refusal
from stories.catalogue import CatalogueNotLoaded
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import a_published_story, the_story, withdraw
from tests.moderation import people

SECRET = "Cobalt herons stood in Lindholm"
TOKEN = "token-of-an-address-71c"


class Foreign(Exception):
    """An error of somebody else's making, with words in its message."""


@pytest.fixture
def thrown() -> list[BaseException]:
    """What the broken pages of `broken_app` raise: the last one."""
    return [Foreign(SECRET)]


@pytest.fixture
def broken_app(sqlite_database: Database, thrown: list[BaseException]) -> Iterator[Flask]:
    """An app as it is served, on the tests' database, with pages that break."""
    sqlite_database.empty()
    with sqlite_database.app.app_context():
        given = settings()
    app = create_app(
        Settings(given.instance, given.secret_keys, given.data_key, given.database_url, base_url=given.base_url)
    )
    app.test_client_class = PageClient

    def break_down(**_parts: str) -> ResponseReturnValue:
        raise thrown[-1]

    for rule in ("/broken/<token>", "/share/broken/<token>", "/moderation/broken/<token>"):
        app.add_url_rule(rule, f"broken {rule}", break_down, methods=["GET", "POST"])
    with app.app_context():
        yield app


@pytest.fixture
def browser(broken_app: Flask) -> PageClient:
    found = broken_app.test_client()
    assert isinstance(found, PageClient)
    return found


@pytest.mark.parametrize("root", ["", "/share", "/moderation"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bug_is_a_page_with_an_id_and_tells_nothing_that_was_said(
    browser: PageClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], root: str, method: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = browser.open(f"{root}/broken/{TOKEN}?q={TOKEN}", method=method, data={"narrative": SECRET})
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    incident = re.search(r'<strong class="fh-code">([0-9a-f]{8})</strong>', answer.text)
    assert incident is not None
    assert f"broken Foreign incident={incident[1]}" in caplog.text
    assert "break_down" in caplog.text, "the log says where"
    for told in (answer.text, caplog.text, "".join(capfd.readouterr())):
        assert SECRET not in told
        assert TOKEN not in told
    assert all(record.exc_info is None for record in caplog.records)


def test_neither_the_cause_nor_the_notes_of_a_bug_are_told(
    browser: PageClient, caplog: pytest.LogCaptureFixture, thrown: list[BaseException]
) -> None:
    thrown[-1].__cause__ = ValueError(SECRET)
    thrown[-1].add_note(SECRET)
    answer = browser.get(f"/broken/{TOKEN}")
    assert answer.status_code == 500
    assert SECRET not in caplog.text + answer.text


def test_two_bugs_have_two_ids(browser: PageClient) -> None:
    pages = {browser.get(f"/broken/{TOKEN}").text for _ in range(5)}
    assert len(pages) == 5


def every_refusal(kind: type[refusal.Refusal] = refusal.Refusal) -> Iterator[type[refusal.Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every_refusal(narrower)


ANSWERS = {
    refusal.Refusal: 422,
    refusal.NoSuchStory: 404,
    refusal.MoveRefused: 409,
    refusal.StoryMoved: 409,
    refusal.StaleRevision: 409,
    refusal.UncheckedRevision: 409,
    refusal.BadRedaction: 409,
    refusal.NoConsent: 403,
    refusal.NeedsLead: 403,
    refusal.NeedsAnotherPerson: 403,
    refusal.OpenMarks: 409,
    refusal.ClaimLost: 409,
    CatalogueNotLoaded: 503,
}


@pytest.mark.parametrize(("kind", "status"), ANSWERS.items())
def test_each_refusal_has_its_answer_and_its_words_stay_inside(
    browser: PageClient,
    caplog: pytest.LogCaptureFixture,
    thrown: list[BaseException],
    kind: type[refusal.Refusal],
    status: int,
) -> None:
    thrown.append(kind(SECRET))
    with caplog.at_level(logging.DEBUG):
        answer = browser.get(f"/broken/{TOKEN}")
    assert answer.status_code == status
    assert kind.__name__ in caplog.text
    assert SECRET not in answer.text + caplog.text
    assert TOKEN not in answer.text + caplog.text


def test_every_refusal_of_the_table_is_reached_before_the_widest() -> None:
    kinds = list(STATUS_OF)
    assert kinds[-1] is refusal.Refusal
    for place, kind in enumerate(kinds):
        assert not any(issubclass(kind, wider) for wider in kinds[:place]), f"{kind.__name__} is never reached"
    in_its_file = {kind for kind in every_refusal() if kind.__module__ == refusal.__name__}
    assert in_its_file | {CatalogueNotLoaded} == set(ANSWERS)


def test_a_busy_database_is_said_as_such_with_a_time_to_come_back(
    browser: PageClient, caplog: pytest.LogCaptureFixture, thrown: list[BaseException]
) -> None:
    thrown.append(OperationalError(f"SELECT '{SECRET}'", {"narrative": SECRET}, Foreign(SECRET)))
    answer = browser.get(f"/broken/{TOKEN}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Foreign" in caplog.text
    assert SECRET not in caplog.text + answer.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "could not read that"),
        (401, "could not read that"),
        (403, "isn’t open to you"),
        (404, "no page here"),
        (405, "works in another way"),
        (410, "no longer here"),
        (413, "too much to send"),
        (418, "could not read that"),
        (429, "wait a little"),
        (503, "back in a moment"),
    ],
)
def test_every_answer_has_words_of_its_own(broken_app: Flask, browser: PageClient, status: int, words: str) -> None:
    def refuse() -> ResponseReturnValue:
        abort(status)

    broken_app.add_url_rule("/refused", "refused", refuse)
    answer = browser.get("/refused")
    assert answer.status_code == status
    assert words in answer.text
    assert "noindex" in answer.text
    assert "Traceback" not in answer.text
    assert "Werkzeug" not in answer.text


UNKNOWN = [
    "/nothing",
    "/topics/none-of-ours",
    "/stories/0123456789",
    "/share/none",
    "/my-story/none",
    "/stories/",
    "/%00",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_not_there_is_said_kindly(client: PageClient, path: str) -> None:
    for answer in (client.get(path), client.head(path)):
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Nothing is wrong on your side" in client.get(path).text


@pytest.mark.parametrize(
    "path", ["/", "/topics/", "/about", "/feed.atom", "/my-story/status", "/stories/0123456789"]
)
def test_an_address_that_only_reads_says_what_it_allows(client: PageClient, path: str) -> None:
    for answer in (client.post(path), client.put(path), client.delete(path)):
        assert answer.status_code == 405
        assert {"GET", "HEAD"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_a_story_that_was_public_is_gone_and_one_that_never_was_is_unknown(client: PageClient) -> None:
    number = a_published_story()
    path = f"/stories/{the_story(number).public_id}"
    assert client.get(path).status_code == 200
    withdraw(number)
    gone = client.get(path)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "public, no-cache")
    assert client.head(path).status_code == 410
    assert "we don’t say which" in gone.text


@pytest.mark.parametrize("path", ["/share", "/share/story", "/my-story", "/my-story/amend", "/account/sign-in"])
@pytest.mark.parametrize("fields", [{"narrative": "x"}, {"a": "", "b": "x"}], ids=["known", "unknown"])
def test_too_much_is_said_to_be_too_much(client: PageClient, path: str, fields: dict[str, str]) -> None:
    client.get("/share")
    much = {name: value * (MAX_REQUEST_BYTES + 1) for name, value in fields.items()}
    answer = client.post(path, data=much)
    assert answer.status_code == 413
    assert "20,000 characters" in answer.text
    in_parts = client.post(path, data=much, content_type="multipart/form-data")
    assert in_parts.status_code == 413


def test_too_many_tries_are_told_when_to_come_back(client: PageClient) -> None:
    token = client.token("/my-story")
    for _ in range(20):
        assert client.post("/my-story", data={"csrf_token": token, "key": "one two"}).status_code == 422
    answer = client.post("/my-story", data={"csrf_token": token, "key": "one two"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "about 10 minutes" in answer.text
    assert client.get("/my-story").status_code == 200


NONSENSE = ["\x00", "%00", "\ud800", "%ff%fe", "'", '"><b>', "../../etc", "9" * 400, "-1", "☃", "a" * 4_000]


ADDRESSES = (
    "/topics/{}",
    "/stories/{}",
    "/share/{}",
    "/topics/actinic-keratosis?agent={0}&combined={0}&outcome={0}&language={0}",
    "/topics/actinic-keratosis?after={}",
    "/topics/actinic-keratosis?after={0}.000001-{0}",
    "/?{0}={0}",
)
MODERATORS = ("/moderation/queue?after={}", "/moderation/queue?after=1-{}", "/moderation/stories/{}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_nonsense_in_an_address_is_never_our_fault(client: PageClient, address: str) -> None:
    for nonsense in NONSENSE:
        assert client.get(filled(address, nonsense)).status_code in (200, 308, 404), ascii(nonsense)


@pytest.mark.parametrize("address", MODERATORS)
def test_nonsense_from_a_moderator_is_never_our_fault(client: PageClient, address: str) -> None:
    people.an_account(people.EMAIL)
    people.sign_in(client)
    for nonsense in NONSENSE:
        assert client.get(filled(address, nonsense)).status_code in (200, 308, 404), ascii(nonsense)


def filled(address: str, nonsense: str) -> str:
    """The address with these very bytes in it, as a browser of bad manners sends them."""
    return address.format(nonsense.encode("utf-8", "surrogatepass").decode("latin-1"))


def test_the_folder_of_the_instance_is_in_no_answer(browser: PageClient, sqlite_database: Database) -> None:
    folder = str(Path(sqlite_database.instance))
    assert folder not in browser.get(f"/broken/{TOKEN}").text
