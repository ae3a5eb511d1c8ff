"""Sixteen processes on one story, round after round: one decides, the others are told by name."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from queue import Queue

import pytest
from sqlalchemy import func, select

from extensions import db, transact
from moderation import claims, desk
from moderation.desk import Step, Verdict
from stories.life import Seen
from stories.models import Actor, ActorKind, Claim, Decision, Event, Revision, Story
from stories.refusal import ClaimLost, MoveRefused
from tests.conftest import Database
from tests.factories import a_waiting_story

PROCESSES, ROUNDS = 16, 200
PATIENCE_SECONDS = 120
STEPS = (Step.APPROVE, Step.DECLINE, Step.ASK_FOR_CHANGES)
DECIDED = "decided"
Told = tuple[int, str]


def who(place: int, nth: int) -> Actor:
    """In every other round all are tabs of one person, who share a claim; else sixteen people."""
    return Actor(ActorKind.LEAD, 1 if nth % 2 else place + 1)


def play(database: Database, numbers: list[int], place: int, together: Barrier, told: "Queue[Told]") -> None:
    """One process: open each story, wait for the others, decide."""
    with database.app.app_context():
        for nth, number in enumerate(numbers):
            together.wait(PATIENCE_SECONDS)
            by = who(place, nth)
            told.put((nth, outcome(partial(attempt, number, place, by, together))))


def attempt(number: int, place: int, by: Actor, together: Barrier) -> None:
    held = transact(lambda: claims.open_story(number, by=by))
    on_screen = select(Story.version, Revision.digest).join(Revision, Revision.story_id == Story.id)
    seen = Seen(*db.session.execute(on_screen.where(Story.id == number)).one())
    db.session.rollback()
    verdict = Verdict(STEPS[place % len(STEPS)], "repeat", "It came before.")
    together.wait(PATIENCE_SECONDS)
    token = (held.token if held else None) or ""
    transact(lambda: desk.decide(number, verdict, seen, token, by=by))


def outcome(work: Callable[[], None]) -> str:
    try:
        work()
    except (ClaimLost, MoveRefused) as refused:
        return type(refused).__name__
    except Exception as error:
        return f"broken: {type(error).__name__} {error}"
    return DECIDED


@pytest.mark.timeout(400)
def test_of_sixteen_processes_on_one_story_one_decides_in_every_round(database: Database) -> None:
    numbers = [a_waiting_story() for _ in range(ROUNDS)]
    db.session.remove()
    # No connection may be shared between processes.
    db.engine.dispose()
    forked = multiprocessing.get_context("fork")
    together, told = forked.Barrier(PROCESSES), forked.Queue()
    players = [
        forked.Process(target=play, args=(database, numbers, place, together, told)) for place in range(PROCESSES)
    ]
    for player in players:
        player.start()
    outcomes: dict[int, Counter[str]] = {nth: Counter() for nth in range(ROUNDS)}
    for _ in range(PROCESSES * ROUNDS):
        nth, what = told.get(timeout=PATIENCE_SECONDS)
        outcomes[nth][what] += 1
    for player in players:
        player.join(PATIENCE_SECONDS)
    assert {what for counted in outcomes.values() for what in counted} <= {DECIDED, "ClaimLost", "StoryMoved"}
    assert [counted[DECIDED] for counted in outcomes.values()] == [1] * ROUNDS
    by_story = select(func.count()).select_from(Decision).group_by(Decision.story_id)
    assert list(db.session.scalars(by_story)) == [1] * ROUNDS
    kinds = [step.value for step in STEPS]
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.kind.in_(kinds))) == ROUNDS
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 0
