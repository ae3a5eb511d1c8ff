"""No word of a story that is not public reaches a stranger, whatever address is asked for."""

from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from extensions import db
from stories.models import Story
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import (
    TOLD,
    a_published_story,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    take_down,
    the_story,
    withdraw,
)

CANARY = "zwieselkanarie"
"""A word that stands in every text of every story that is not public, and nowhere else."""

WITH_CANARY: dict[str, Any] = {
    "title": f"A {CANARY} title",
    "narrative": f"{TOLD} And then the {CANARY} sang.",
    "display_name": CANARY,
    "condition_other": CANARY,
    "agent_other": CANARY,
    "combined_other": CANARY,
    "schedule": CANARY,
    "ties": CANARY,
    "body_site": CANARY,
}


def stories_that_are_not_public() -> list[int]:
    """One in every state that is not public, and an amendment that waits behind what is."""
    made = {name: a_waiting_story(**WITH_CANARY) for name in ("waiting", "asked", "declined")}
    ask_for_changes(made["asked"])
    decline(made["declined"])
    down, gone = (a_published_story(**WITH_CANARY) for _ in range(2))
    take_down(down)
    withdraw(gone)
    amended = a_published_story()
    amend(amended, **WITH_CANARY)
    return [*made.values(), down, gone, amended]


def addresses(rule: Rule, values: dict[str, list[str]]) -> list[str]:
    """Every address of a rule, with each value that fits each of its parts."""
    names = sorted(rule.arguments)
    found = []
    for chosen in product(*(values[name] for name in names)):
        built = rule.build(dict(zip(names, chosen, strict=True)), append_unknown=False)
        assert built is not None, f"no address for {rule.rule} with {chosen}"
        found.append(built[1])
    return found


def known_values(app: Flask, numbers: list[int]) -> dict[str, list[str]]:
    """Values for every part of every address. A new kind of part fails here until it is thought of."""
    stories = [the_story(number) for number in numbers]
    public_ids = [story.public_id for story in stories if story.public_id]
    return {
        "number": [str(number) for number in numbers],
        "public_id": [*public_ids, *(str(number) for number in numbers)],
        "slug": ["actinic-keratosis", "imiquimod-5", "topical-immunotherapy", CANARY],
        "step": ["skin", "treatment", "result", "story", "check"],
        "token": ["nonsense"],
        "filename": ["firsthand.css"],
    }


def test_a_stranger_finds_no_word_of_a_story_that_is_not_public(database: Database, client: PageClient) -> None:
    numbers = stories_that_are_not_public()
    values = known_values(database.app, numbers)
    queries = [
        "",
        "?all=1",
        "?agent=imiquimod-5",
        "?combined=sun-protection",
        "?outcome=much_better",
        "?language=en",
    ]
    asked = 0
    for rule in database.app.url_map.iter_rules():
        for address in addresses(rule, values):
            for query in queries:
                for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                    answer = client.open(address + query, method=method)
                    assert answer.status_code < 500, f"{method} {address}"
                    assert CANARY not in answer.text, f"{method} {address}{query}"
                    assert not any(CANARY in value for value in answer.headers.values())
                    asked += 1
    assert asked > 200


def test_the_canary_is_seen_once_its_story_is_approved(database: Database, client: PageClient) -> None:
    number = a_waiting_story(**{**WITH_CANARY, "condition_other": None})
    approve(number)
    public_id = db.session.get(Story, number).public_id  # type: ignore[union-attr]
    pages = ("/", "/topics/actinic-keratosis", f"/stories/{public_id}", "/feed.atom")
    assert all(CANARY in client.get(page).text for page in pages)
