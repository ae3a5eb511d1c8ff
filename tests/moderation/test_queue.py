"""The queue: what waits, in which order, and what it says of each story."""

import re

from sqlalchemy import text

from extensions import db
from moderation import queries
from stories.models import Lane
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import (
    a_published_story,
    a_waiting_story,
    amend,
    decline,
    withdraw,
)
from tests.moderation.desk import at_the_desk
from tests.statements import sent_to
from tests.stories.test_life import CRISIS, note


def numbers_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-story-number="(\d+)"', page)]


def test_every_story_that_waits_is_in_the_queue_whatever_its_state(client: PageClient) -> None:
    waiting, amended = a_waiting_story(), a_published_story()
    amend(amended, narrative="It came back. " * 20)
    for number in (a_waiting_story(), a_waiting_story()):
        decline(number)
    withdraw(a_waiting_story())
    at_the_desk(client)
    page = client.get("/moderation/queue").text
    assert numbers_on(page) == [waiting, amended]
    assert "Amends what is published" in page


def test_the_soonest_due_is_first_and_a_mark_makes_a_story_due_at_once(client: PageClient) -> None:
    first, second, marked = (a_waiting_story() for _ in range(3))
    note(marked, CRISIS)
    at_the_desk(client)
    page = client.get("/moderation/queue").text
    assert numbers_on(page) == [marked, first, second]
    assert "Safeguarding" in page


def test_the_queue_is_paged_by_key_and_misses_nothing_while_stories_leave(client: PageClient) -> None:
    made = [a_waiting_story() for _ in range(queries.PAGE + 5)]
    at_the_desk(client)
    page = client.get("/moderation/queue").text
    first = numbers_on(page)
    decline(first[0])
    link = re.search(r'href="(/moderation/queue\?after=[^"]+)"', page)
    assert link
    second = numbers_on(client.get(link.group(1)).text)
    assert first + second == made


def test_a_story_without_consent_says_so_in_the_queue(client: PageClient) -> None:
    a_waiting_story(consent_publish=False, source="a file")
    at_the_desk(client)
    assert "No consent to publish" in client.get("/moderation/queue").text


def test_an_unchecked_story_says_so_in_the_queue(client: PageClient) -> None:
    a_waiting_story(is_checked=False)
    at_the_desk(client)
    assert "Unchecked" in client.get("/moderation/queue").text


def test_the_queue_costs_the_same_however_many_wait(database: Database) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            a_waiting_story()
        db.session.rollback()
        with sent_to(db.engine) as asked:
            queries.queue_page()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_order_of_the_queue_comes_from_its_index(database: Database) -> None:
    for _ in range(3):
        a_waiting_story()
    query = "SELECT id FROM stories WHERE waiting_number IS NOT NULL ORDER BY due_at, id LIMIT 26"
    if database.kind == "sqlite":
        query = f"EXPLAIN QUERY PLAN {query}"
    else:
        query = f"EXPLAIN {query}"
        db.session.execute(text("SET enable_seqscan = off"))
    plan = " ".join(str(row) for row in db.session.execute(text(query)))
    db.session.rollback()
    assert "ix_stories_queue" in plan
    assert "TEMP B-TREE" not in plan


def test_the_overview_counts_what_waits_by_lane(client: PageClient) -> None:
    note(a_waiting_story(), CRISIS)
    a_waiting_story()
    assert queries.waiting_counts() == {
        Lane.SAFEGUARDING: 1,
        Lane.SERIOUS_REACTION: 0,
        Lane.NEEDS_ANOTHER_PERSON: 0,
        Lane.ORDINARY: 1,
    }
    at_the_desk(client)
    assert "Next: story" in client.get("/moderation/").text
