"""The queue: what waits, in which order, and what it says of each story."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from extensions import db, transaction
from moderation import claims, queries
from stories.checks.finding import MarkKind
from stories.models import Actor, ActorKind, Lane
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import (
    a_published_story,
    a_waiting_story,
    amend,
    decline,
    escalate,
    judge,
    withdraw,
)
from tests.moderation.desk import at_the_desk
from tests.statements import sent_to, sent_with_values
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


def test_each_row_says_why_it_is_where_it_is(client: PageClient) -> None:
    marked, handed_on = a_waiting_story(), a_waiting_story()
    note(marked, CRISIS)
    escalate(handed_on)
    at_the_desk(client)
    page = client.get("/moderation/queue").text
    for why in ("Somebody may be in danger", "One person did their part"):
        assert why in page


def asked_for(client: PageClient, **filters: str) -> list[int]:
    return numbers_on(client.get(f"/moderation/queue?{urlencode(filters)}").text)


def test_the_queue_is_filtered_by_everything_that_tells_stories_apart(client: PageClient) -> None:
    plain = a_waiting_story()
    other = a_waiting_story(condition="vitiligo", agent="diphencyprone", language="de")
    marked = a_waiting_story()
    note(marked, CRISIS)
    at_the_desk(client)
    assert asked_for(client, lane="safeguarding") == [marked]
    assert asked_for(client, mark="safeguarding") == [marked]
    assert asked_for(client, condition="vitiligo") == [other]
    assert asked_for(client, agent="diphencyprone") == [other]
    assert asked_for(client, language="de") == [other]
    assert asked_for(client, age="day") == []
    assert asked_for(client, condition="actinic-keratosis", lane="ordinary") == [plain]
    for name in ("lane", "mark", "condition", "agent", "language", "claimed", "age"):
        assert asked_for(client, **{name: "nonsense"}) == []


def test_a_judged_mark_does_not_bring_a_story_up_any_more(client: PageClient) -> None:
    marked = a_waiting_story()
    note(marked, CRISIS)
    judge(marked, MarkKind.SAFEGUARDING)
    at_the_desk(client)
    assert asked_for(client, mark="safeguarding") == []
    assert asked_for(client, lane="needs_another_person") == [marked]


def test_the_queue_is_filtered_by_who_has_a_story_open(client: PageClient) -> None:
    mine, free, of_others = (a_waiting_story() for _ in range(3))
    at_the_desk(client)
    client.get(f"/moderation/stories/{mine}")
    with transaction():
        claims.open_story(of_others, by=Actor(ActorKind.MODERATOR, 99))
    assert asked_for(client, claimed="me") == [mine]
    assert asked_for(client, claimed="others") == [of_others]
    assert asked_for(client, claimed="nobody") == [free]


def test_the_next_page_keeps_the_filters(client: PageClient) -> None:
    made = [a_waiting_story(condition="vitiligo") for _ in range(queries.PAGE + 1)]
    a_waiting_story()
    at_the_desk(client)
    page = client.get("/moderation/queue?condition=vitiligo").text
    link = re.search(r'href="(/moderation/queue\?[^"]*after=[^"]+)"', page)
    assert link
    assert numbers_on(client.get(unescape(link.group(1))).text) == made[-1:]


@pytest.mark.usefixtures("database")
def test_counts_are_exact_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        a_waiting_story()
    assert queries.waiting_count(queries.Filters()) == 4
    monkeypatch.setattr("moderation.queries.queue.COUNTED_TO", 3)
    assert queries.waiting_count(queries.Filters()) == 3


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "ix_stories_queue"),
        ({"lane": "ordinary"}, "ix_stories_lane"),
        ({"condition": "vitiligo"}, "ix_stories_queue"),
        ({"claimed": "nobody"}, "ix_stories_queue"),
    ],
)
def test_a_page_of_the_queue_is_read_in_the_order_of_an_index(
    database: Database, filters: dict[str, Any], index: str
) -> None:
    for _ in range(3):
        a_waiting_story()
    db.session.rollback()
    with sent_with_values(db.engine) as asked:
        queries.queue_page(filters=queries.Filters(**filters))
    db.session.rollback()
    (query, values), *_others = [one for one in asked if "FROM stories JOIN revisions" in one[0]]
    with db.engine.connect() as connection:
        if database.kind != "sqlite":
            # The planner would rather read three rows than an index.
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_sort = off")
        explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
        plan = " ".join(map(str, connection.exec_driver_sql(explain + query, values)))
    assert index in plan
    assert "TEMP B-TREE" not in plan
