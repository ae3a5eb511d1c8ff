"""Replaying the events gives what the database says, whatever happened."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db, utcnow
from stories import replaying
from stories.models import IMPORT, PATIENT, Actor, ActorKind, Decision, DecisionKind, Event, State, Story
from stories.refusal import Refusal
from stories.replaying import Decided, Standing, Unreplayable, replay
from tests.conftest import with_settings
from tests.factories import (
    LEAD,
    MODERATOR,
    a_published_story,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    escalate,
    put_back,
    take_down,
    undo,
    withdraw,
)
from tests.stories.histories import KINDS, a_full_history, an_imported_story, redact

MOVES: tuple[Callable[[int], None], ...] = (
    *(amend, approve, ask_for_changes, decline, escalate, put_back, redact, take_down),
    undo,
    lambda number: approve(number, by=LEAD),
    lambda number: take_down(number, by=LEAD),
)


def replayed() -> dict[int, Standing]:
    return replay(db.session.scalars(select(Event).order_by(Event.position)))


def in_the_database() -> dict[int, Standing]:
    """Where every story stands by its rows."""
    return {
        story.id: Standing(
            state=story.state,
            waiting=story.waiting_revision.digest if story.waiting_revision else None,
            published=story.published_revision.digest if story.published_revision else None,
            decisions=tuple(
                Decided(row.kind, row.revision_digest, Actor(row.decided_by_kind, row.decided_by_id))
                for row in db.session.scalars(
                    select(Decision)
                    .where(Decision.story_id == story.id, Decision.undone_at.is_(None))
                    .order_by(Decision.id)
                )
            ),
        )
        for story in db.session.scalars(select(Story).execution_options(populate_existing=True))
    }


def an_event(position: int, kind: str, *, by: Actor = PATIENT, **more: Any) -> Event:
    said = {"story_id": 1, "about": "a" * 64, "details": {}, "at": utcnow(), "previous": "", "hash": ""}
    return Event(position=position, kind=kind, by_kind=by.kind, by_id=by.id, **{**said, **more})


@pytest.mark.usefixtures("database")
def test_a_full_history_replayed_is_what_the_database_says() -> None:
    a_full_history()
    assert replayed() == in_the_database()
    assert {standing.state for standing in replayed().values()} >= {State.WAITING, State.DECLINED, State.WITHDRAWN}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seed", range(6))
def test_any_moves_replayed_are_what_the_database_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with_settings(app, monkeypatch, undo_minutes=60)
    chance, made = Random(seed), 0
    numbers = [a_waiting_story(), a_waiting_story(title="Another one"), an_imported_story(), a_published_story()]
    for _ in range(80):
        with suppress(Refusal, AssertionError):
            chance.choice(MOVES)(chance.choice(numbers))
            made += 1
    assert replayed() == in_the_database()
    withdraw(chance.choice(numbers))
    assert replayed() == in_the_database()
    assert made > 10


def test_every_kind_of_event_has_an_effect() -> None:
    assert set(replaying.EFFECTS) == KINDS


def test_replaying_tells_who_decided_what() -> None:
    told = [
        an_event(1, "submit"),
        an_event(2, "decline", by=MODERATOR),
        an_event(3, "amend", about="b" * 64),
        an_event(4, "approve", by=LEAD, about="b" * 64),
    ]
    decisions = (
        Decided(DecisionKind.DECLINE, "a" * 64, MODERATOR),
        Decided(DecisionKind.APPROVE, "b" * 64, LEAD),
    )
    assert replay(told) == {1: Standing(State.PUBLISHED, None, "b" * 64, decisions)}
    assert replay(told[:3]) == {1: Standing(State.WAITING, "b" * 64, None, decisions[:1])}


def test_what_is_about_no_story_is_passed_over() -> None:
    assert replay([an_event(1, "invite", by=Actor(ActorKind.LEAD, 7), story_id=None)]) == {}


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(Unreplayable, match=r"^Event 2 is of the unknown kind forgive\.$"):
        replay([an_event(1, "submit"), an_event(2, "forgive")])


@pytest.mark.parametrize(
    ("kinds", "why"),
    [
        (["approve"], "Event 1, approve, is not one that a story has then"),
        (["check"], "Event 1, check, is not one that a story has then"),
        (["submit", "submit"], "Event 2, submit, is not one that a story has then"),
        (["submit", "put_back"], "Event 2, put_back, does not fit a story that is waiting"),
        (["submit", "withdraw", "amend"], "Event 3, amend, does not fit a story that is withdrawn"),
    ],
)
def test_a_move_that_the_story_could_not_make_is_refused(kinds: list[str], why: str) -> None:
    with pytest.raises(Unreplayable, match=why):
        replay([an_event(position, kind, by=IMPORT) for position, kind in enumerate(kinds, start=1)])
