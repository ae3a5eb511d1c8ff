"""The chain of events: whole after any moves, and whatever is tampered with is found and named."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text

from extensions import db, transaction
from stories import events, life
from stories.content import Redaction, RedactionKind
from stories.models import IMPORT, Actor, ActorKind, Event, EventHead
from stories.refusal import Refusal
from stories.triggers import REFUSALS, make_triggers
from tests.conftest import Database
from tests.factories import (
    CONTENT,
    MODERATOR,
    TOLD,
    a_published_story,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    put_back,
    seen,
    take_down,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("database")
CONSTRAINT = "ck_events_actorkind"


def redact(number: int) -> None:
    on_screen = seen(number)
    span = Redaction("narrative", 2, 6, RedactionKind.DETAIL)
    with transaction():
        life.redact(life.locked(number), on_screen, [span], by=MODERATOR)


MOVES: tuple[Callable[[int], None], ...] = (
    amend,
    approve,
    ask_for_changes,
    decline,
    put_back,
    redact,
    take_down,
    withdraw,
)


def a_history() -> None:
    """Eight events: of two stories, by a patient, the checks, an import and a moderator."""
    first = a_published_story()
    amend(first)
    take_down(first)
    with transaction():
        events.append("note", by=IMPORT, about="0" * 64, rows=3)
        events.append("note", by=Actor(ActorKind.LEAD, 7))


def positions() -> list[int]:
    return list(db.session.scalars(select(Event.position).order_by(Event.position)))


def drop_refusals() -> None:
    is_sqlite = db.engine.dialect.name == "sqlite"
    for name, refused in REFUSALS.items():
        db.session.execute(text(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {refused.table}")))


@contextmanager
def tampering() -> Iterator[None]:
    """A transaction in which somebody with all rights changes history; all is as before when it ends."""
    db.session.rollback()
    is_sqlite = db.engine.dialect.name == "sqlite"
    drop_refusals()
    unchecked = (
        "PRAGMA ignore_check_constraints = ON" if is_sqlite else f"ALTER TABLE events DROP CONSTRAINT {CONSTRAINT}"
    )
    db.session.execute(text(unchecked))
    try:
        yield
    finally:
        db.session.rollback()
        if is_sqlite:
            db.session.execute(text("PRAGMA ignore_check_constraints = OFF"))
            db.session.rollback()


@pytest.mark.parametrize("seed", range(4))
def test_the_chain_is_whole_after_any_moves(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [a_waiting_story() for _ in range(3)]
    for _ in range(25):
        with suppress(Refusal, AssertionError):
            chance.choice(MOVES)(chance.choice(numbers))
    assert len(positions()) > 10
    assert positions() == list(range(1, len(positions()) + 1))
    assert events.fault() is None


@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_one_event_of_its_own_name(move: Callable[[int], None]) -> None:
    number = a_published_story() if move in (put_back, take_down) else a_waiting_story()
    if move is put_back:
        take_down(number)
    before = len(positions())
    move(number)
    # An amendment of the factories is checked at once, which is an event too.
    added = [event.kind for event in events.history(number)][before:]
    assert added == [move.__name__, *(["check"] if move is amend else [])]


def test_a_move_that_is_refused_or_undone_leaves_no_event() -> None:
    number = a_waiting_story()
    before = positions()
    with pytest.raises(Refusal):
        put_back(number)
    db.session.rollback()
    events.append("note", by=MODERATOR)
    db.session.rollback()
    assert positions() == before
    assert events.fault() is None


def test_an_event_holds_no_word_of_a_story() -> None:
    number = a_published_story(email="wren@example.org", title="A title of ours", ties="A cousin sells it")
    redact(number)
    amend(number, narrative=f"{TOLD} Cobalt herons everywhere.")
    take_down(number)
    withdraw(number)
    told = " ".join(
        map(str, db.session.execute(select(Event.kind, Event.about, Event.details, Event.by_kind, Event.hash)))
    )
    words = set(
        re.findall(r"[a-z]{4,}", f"{TOLD} cobalt herons title cousin sells wren {CONTENT.display_name}".lower())
    )
    assert words & set(re.findall(r"[a-z]{4,}", told.lower())) == set()
    assert "example.org" not in told


CHANGES = {
    "story_id": "77",
    "kind": "'decline'",
    "by_kind": "'system'",
    "by_id": "99",
    "at": "'2001-01-01 00:00:00.000000'",
    "about": "'" + "1" * 64 + "'",
    "details": """'{"more": 1}'""",
    "previous": "'" + "1" * 64 + "'",
    "hash": "'" + "1" * 64 + "'",
}


def test_every_column_of_an_event_is_tampered_with_below() -> None:
    assert set(CHANGES) | {"position"} == set(Event.__table__.columns.keys())


@pytest.mark.parametrize("position", [1, 4, 8])
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_event_is_named(column: str, position: int) -> None:
    a_history()
    assert len(positions()) == 8
    with tampering():
        db.session.execute(text(f"UPDATE events SET {column} = {CHANGES[column]} WHERE position = {position}"))
        found = events.fault()
        assert found is not None
        assert found.position == position
    assert events.fault() is None


@pytest.mark.parametrize("column", ["story_id", "by_id", "about", "details"])
def test_an_emptied_or_a_filled_answer_of_an_event_is_named(column: str) -> None:
    a_history()
    with tampering():
        empty = "'null'" if column == "details" else "NULL"
        db.session.execute(text(f"UPDATE events SET {column} = {empty} WHERE position = 3"))
        if column == "by_id":
            db.session.execute(text("UPDATE events SET by_id = 1 WHERE position = 2"))
        found = events.fault()
        assert found is not None
        assert found.position == (2 if column == "by_id" else 3)


COPY = "INSERT INTO events SELECT {}, story_id, kind, by_kind, by_id, at, about, details,"
TAMPERED = {
    "the first one deleted": ("DELETE FROM events WHERE position = 1", 1),
    "one deleted": ("DELETE FROM events WHERE position = 4", 4),
    "the end cut off": ("DELETE FROM events WHERE position > 5", 6),
    "all deleted": ("DELETE FROM events", 1),
    "one moved away": ("UPDATE events SET position = 400 WHERE position = 4", 4),
    "one put before the first": ("UPDATE events SET position = -4 WHERE position = 8", -4),
    "one put in the place of none": (f"{COPY.format(0)} previous, hash FROM events WHERE position = 8", 0),
    "one added after the end": (f"{COPY.format(9)} hash, hash FROM events WHERE position = 8", 9),
    "a head that knows too many": ("UPDATE event_head SET count = count + 1", 9),
    "a head that knows too few": ("UPDATE event_head SET count = count - 1", 7),
    "a head of another chain": ("UPDATE event_head SET hash = '" + "1" * 64 + "'", 8),
    "no head": ("DELETE FROM event_head", 1),
    "a number without an end": ("UPDATE events SET details = '{\"n\": 1e400}' WHERE position = 5", 5),
    "a number beyond JSON": ("UPDATE events SET details = '{\"n\": 36893488147419103232}' WHERE position = 5", 5),
    "a kind of actor that is none": ("UPDATE events SET by_kind = 'nobody' WHERE position = 5", 5),
}


@pytest.mark.parametrize(("how", "named"), TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_found_and_the_first_bad_event_named(how: str, named: int) -> None:
    a_history()
    with tampering():
        db.session.execute(text(how))
        found = events.fault()
        assert found is not None
        assert found.position == named
    assert events.fault() is None


def test_two_events_that_changed_places_are_found() -> None:
    a_history()
    with tampering():
        for old, new in ((3, 300), (4, 3), (300, 4)):
            db.session.execute(text(f"UPDATE events SET position = {new} WHERE position = {old}"))
        found = events.fault()
        assert found is not None
        assert found.position == 3


def test_a_chain_forged_to_its_end_does_not_fit_its_head() -> None:
    a_history()
    with tampering():
        previous = ""
        for position in positions():
            entry = db.session.get_one(Event, position)
            if position >= 4:
                entry.by_id, entry.previous = 99, previous
                entry.hash = events.digest(entry)
                db.session.flush()
            previous = entry.hash
        found = events.fault()
        assert found is not None
        assert (found.position, found.what) == (8, "is not the one that the head of the chain names")


def test_columns_that_cannot_be_read_are_found(database: Database) -> None:
    a_history()
    if database.kind != "sqlite":
        with tampering(), pytest.raises(Exception, match="invalid input"):
            db.session.execute(text("UPDATE events SET at = 'soon' WHERE position = 5"))
        return
    for column, nonsense in (("at", "'soon'"), ("details", "'{'"), ("details", "x'ff'"), ("details", "'['")):
        with tampering():
            db.session.execute(text(f"UPDATE events SET {column} = {nonsense} WHERE position = 5"))
            found = events.fault()
            assert found is not None
            assert found.position == 5


def test_a_chain_that_grows_while_it_is_verified_is_whole(app: Flask) -> None:
    number = a_waiting_story()
    stop, faults = Signal(), []

    def go_on() -> None:
        with app.app_context():
            while not stop.is_set():
                with transaction():
                    events.append("note", by=MODERATOR, story_id=number)

    writer = Thread(target=go_on)
    writer.start()
    try:
        for _ in range(20):
            faults.append(events.fault())
            db.session.rollback()
    finally:
        stop.set()
        writer.join()
    assert faults == [None] * 20


def test_events_that_come_at_once_make_one_chain(app: Flask) -> None:
    def go_on() -> None:
        with app.app_context():
            for _ in range(20):
                with transaction():
                    events.append("note", by=MODERATOR)

    writers = [Thread(target=go_on) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert positions() == list(range(1, 81))
    assert events.fault() is None


def test_the_command_says_that_the_chain_is_whole(app: Flask) -> None:
    a_history()
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (answer.exit_code, answer.output) == (0, "The chain of events is whole.\n")


def test_the_command_names_the_first_bad_event_and_fails(app: Flask) -> None:
    a_history()
    db.session.rollback()
    drop_refusals()
    db.session.execute(text("UPDATE events SET by_id = 99 WHERE position IN (3, 6)"))
    db.session.commit()
    try:
        answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    finally:
        with db.engine.begin() as connection:
            make_triggers(connection)
    assert (answer.exit_code, answer.output) == (1, "Event 3 was changed.\n")


def test_an_empty_chain_is_whole_and_its_head_says_so() -> None:
    assert events.fault() is None
    head = db.session.get_one(EventHead, 1)
    assert (head.count, head.hash) == (0, events.GENESIS)
