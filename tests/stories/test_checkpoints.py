"""Checkpoints: signed by the site's own key, and what is tampered with is found by those that were kept."""

import json
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text, update

from extensions import db, transaction
from stories import checkpoints, events
from stories.checkpoints import BadCheckpoint, Checkpoint
from stories.events import Head
from stories.models import Event, EventHead
from stories.triggers import make_triggers
from stories.verify_events import Refused, verified
from tests.conftest import Database
from tests.factories import MODERATOR
from tests.stories.histories import a_checkpoint, a_full_history, exported_lines
from tests.stories.test_events import drop_refusals, tampering

OTHER_KEY = "quite another key for checkpoints, of chance"
TRIES = 12
"""How often each way to forge history is tried, at places of chance."""


@pytest.fixture(autouse=True)
def own_key(database: Database) -> Iterator[Path]:
    """Where the key will be made; there is none before or after."""
    path = database.instance / checkpoints.KEY_FILE
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


@contextmanager
def told_key(app: Flask, key: str) -> Iterator[None]:
    """A site whose settings hold the key."""
    before = app.extensions["firsthand_settings"]
    app.extensions["firsthand_settings"] = replace(before, checkpoint_key=key)
    try:
        yield
    finally:
        app.extensions["firsthand_settings"] = before


def told(kept: Checkpoint) -> bytes:
    return kept.to_json().encode()


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *map(str, words)])


# ---- the key and the signature -----------------------------------------------------------------------------------


def test_the_key_is_made_once_in_the_instance_for_the_owner_alone(own_key: Path) -> None:
    assert checkpoints.own_fingerprint() is None
    first, second = checkpoints.sign(Head(1, "1" * 64)), checkpoints.sign(Head(2, "2" * 64))
    assert stat.S_IMODE(own_key.stat().st_mode) == 0o600
    assert first.fingerprint == second.fingerprint == checkpoints.own_fingerprint()
    assert own_key.read_text() not in first.to_json()


def test_a_key_in_the_settings_is_used_and_none_is_made(app: Flask, own_key: Path) -> None:
    with told_key(app, OTHER_KEY):
        of_settings = checkpoints.sign(Head(1, "1" * 64))
        assert checkpoints.own_fingerprint() == of_settings.fingerprint
    assert not own_key.exists()
    assert checkpoints.sign(Head(1, "1" * 64)).fingerprint != of_settings.fingerprint


def test_a_checkpoint_is_read_as_it_was_signed() -> None:
    kept = checkpoints.sign(Head(7, "1" * 64))
    assert checkpoints.read(told(kept), fingerprint=kept.fingerprint) == kept
    assert kept.head == Head(7, "1" * 64)
    assert kept.site == "http://localhost"


def test_a_checkpoint_signed_by_another_key_is_refused(app: Flask) -> None:
    own = checkpoints.sign(Head(7, "1" * 64))
    with told_key(app, OTHER_KEY):
        other = checkpoints.sign(Head(7, "1" * 64))
    with pytest.raises(BadCheckpoint, match=f"another key, with the fingerprint {other.fingerprint}"):
        checkpoints.read(told(other), fingerprint=own.fingerprint)


@pytest.mark.parametrize("field", [name for name in Checkpoint.__dataclass_fields__ if name != "position"])
def test_a_checkpoint_that_was_changed_or_lacks_an_answer_is_refused(field: str) -> None:
    kept = checkpoints.sign(Head(7, "1" * 64))
    said = json.loads(told(kept))
    others: tuple[Any, ...] = ("", None, 1, "3" * 64, [], {"more": 1})
    for other in others:
        with pytest.raises(BadCheckpoint):
            checkpoints.read(json.dumps({**said, field: other}).encode(), fingerprint=kept.fingerprint)
    del said[field]
    with pytest.raises(BadCheckpoint, match="is not a checkpoint"):
        checkpoints.read(json.dumps(said).encode(), fingerprint=kept.fingerprint)


@pytest.mark.parametrize("said", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"form": 1}'])
def test_what_is_no_checkpoint_is_refused(said: bytes) -> None:
    with pytest.raises(BadCheckpoint, match="is not a checkpoint"):
        checkpoints.read(said, fingerprint="")


@pytest.mark.parametrize("position", [0, -1])
def test_no_checkpoint_is_of_an_event_that_cannot_be(position: int) -> None:
    kept = checkpoints.sign(Head(position, "1" * 64))
    with pytest.raises(BadCheckpoint, match="is not a checkpoint"):
        checkpoints.read(told(kept), fingerprint=kept.fingerprint)


# ---- what is found against checkpoints ---------------------------------------------------------------------------


def set_head() -> None:
    """Give the head of the chain what its last event says."""
    last = db.session.execute(select(Event.position, Event.hash).order_by(Event.position.desc()).limit(1)).tuples()
    position, found = last.one()
    db.session.execute(update(EventHead).values(count=position, hash=found))


def forge(position: int, **columns: object) -> None:
    """Change one event and make every hash from there, and the head, again."""
    entries = list(db.session.scalars(select(Event).order_by(Event.position)))
    for name, value in columns.items():
        setattr(entries[position - 1], name, value)
    for before, entry in zip([None, *entries], entries, strict=False):
        if entry.position >= position:
            entry.previous = events.GENESIS if before is None else before.hash
            entry.hash = events.digest(entry)
    db.session.flush()
    set_head()


def cut_off(position: int) -> None:
    db.session.execute(text("DELETE FROM events WHERE position >= :position"), {"position": position})
    set_head()


def cut_out(position: int) -> None:
    db.session.execute(text("DELETE FROM events WHERE position = :position"), {"position": position})
    later = db.session.scalars(select(Event.position).where(Event.position > position).order_by(Event.position))
    for old in list(later):
        db.session.execute(update(Event).where(Event.position == old).values(position=old - 1))
    db.session.expire_all()
    forge(position)


FORGERIES: tuple[Callable[[int], None], ...] = (
    lambda position: forge(position, by_id=99),
    lambda position: forge(position, kind="forgive"),
    lambda position: forge(position, details={"more": 1}),
    lambda position: forge(position, story_id=77),
    cut_off,
    cut_out,
)


def test_what_was_forged_to_its_end_is_found_by_the_first_checkpoint_that_knows_of_it() -> None:
    kept = [each.head for each in a_full_history()]
    chance, tried = Random(3), 0
    for _ in range(TRIES):
        for forgery in FORGERIES:
            position = chance.randrange(2, kept[-1].count)
            with tampering():
                forgery(position)
                assert events.fault() is None, "alone the chain looks whole"
                found = events.fault(*kept)
            checkpoint = next(each.count for each in kept if each.count >= position)
            assert found is not None
            assert found.position == (min(position, checkpoint) if forgery is cut_off else checkpoint)
            tried += 1
    assert tried == TRIES * len(FORGERIES)
    assert events.fault(*kept) is None


def test_what_was_forged_after_the_last_checkpoint_is_not_found() -> None:
    kept = [each.head for each in a_full_history()][:2]
    with tampering():
        forge(kept[-1].count + 1, by_id=99)
        assert events.fault(*kept) is None


def test_two_checkpoints_of_one_event_that_differ_are_found() -> None:
    kept = a_full_history()[-1].head
    found = events.fault(kept, Head(kept.count, "1" * 64))
    assert found == events.Fault(kept.count, "is not the one that a checkpoint names")


HOW = (
    "UPDATE events SET by_id = 99 WHERE position = {}",
    "UPDATE events SET previous = hash WHERE position = {}",
    "DELETE FROM events WHERE position = {}",
    "DELETE FROM events WHERE position >= {}",
    "UPDATE events SET position = position + 400 WHERE position = {}",
    "UPDATE events SET by_kind = 'nobody' WHERE position = {}",
    "UPDATE events SET details = '{{\"n\": 1e400}}' WHERE position = {}",
)


@pytest.mark.parametrize("how", HOW)
def test_an_export_of_a_broken_chain_names_the_same_event_elsewhere(how: str) -> None:
    kept = a_full_history()
    head = {"position": kept[-1].position, "hash": kept[-1].hash}
    for position in (1, 5, kept[-1].position):
        with tampering():
            db.session.execute(text(how.format(position)))
            found, lines = events.fault(kept[-1].head), exported_lines()
        assert found is not None
        with pytest.raises(Refused, match=f"^Event {found.position} "):
            verified(lines, [head])


# ---- the commands ------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_written_to_a_new_file_and_its_fingerprint_is_told(app: Flask, tmp_path: Path) -> None:
    end = a_full_history()[-1].head
    answer = run(app, "checkpoint", tmp_path / "kept.json")
    kept = checkpoints.read((tmp_path / "kept.json").read_bytes(), fingerprint=checkpoints.own_fingerprint() or "")
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert answer.stderr == f"Event {end.count}, signed by the key with the fingerprint {kept.fingerprint}.\n"
    assert kept.head == end


def test_a_checkpoint_is_never_written_over(app: Flask, tmp_path: Path) -> None:
    a_full_history()
    (tmp_path / "kept.json").write_text("of yesterday")
    answer = run(app, "checkpoint", tmp_path / "kept.json")
    assert answer.exit_code == 1
    assert "is there already" in answer.stderr
    assert (tmp_path / "kept.json").read_text() == "of yesterday"


def test_without_a_file_the_screen_shows_the_checkpoint_alone(app: Flask) -> None:
    end = a_full_history()[-1].head
    answer = run(app, "checkpoint")
    fingerprint = checkpoints.own_fingerprint()
    assert fingerprint is not None
    assert checkpoints.read(answer.stdout.encode(), fingerprint=fingerprint).head == end


def test_of_an_empty_chain_there_is_no_checkpoint(app: Flask, own_key: Path) -> None:
    answer = run(app, "checkpoint")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "Error: There is no event yet, so there is nothing to sign.\n"
    assert not own_key.exists()


def broken(how: str) -> None:
    db.session.rollback()
    drop_refusals()
    db.session.execute(text(how))
    db.session.commit()
    with db.engine.begin() as connection:
        make_triggers(connection)


def test_a_broken_chain_gets_no_checkpoint(app: Flask, tmp_path: Path) -> None:
    a_full_history()
    broken("UPDATE events SET by_id = 99 WHERE position = 3")
    answer = run(app, "checkpoint", tmp_path / "kept.json")
    assert (answer.exit_code, answer.output) == (1, "Event 3 was changed.\n")
    assert not (tmp_path / "kept.json").exists()


@pytest.fixture
def kept_files(tmp_path: Path) -> list[Path]:
    """Three checkpoints of a full history, kept elsewhere."""
    files = []
    for number, kept in enumerate(a_full_history()):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_bytes(told(kept))
    db.session.rollback()
    return files


def test_verifying_says_that_the_chain_fits_its_checkpoints(app: Flask, kept_files: list[Path]) -> None:
    with transaction():
        events.append("note", by=MODERATOR)
    last = json.loads(kept_files[-1].read_text())
    answer = run(app, "verify", "--checkpoint", *kept_files)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == [
        "The chain of events is whole.",
        f"It fits every checkpoint, the last of event {last['position']}, signed at {last['at']}.",
    ]


def test_verifying_names_where_an_end_was_cut_off(app: Flask, kept_files: list[Path]) -> None:
    end = json.loads(kept_files[-1].read_text())["position"]
    broken(f"DELETE FROM events WHERE position > {end - 2}")
    with transaction():
        set_head()
    assert run(app, "verify").exit_code == 0
    answer = run(app, "verify", "--checkpoint", kept_files[-1])
    assert (answer.exit_code, answer.output) == (1, f"Event {end - 1} is missing: a checkpoint knows it.\n")


def test_verifying_refuses_a_checkpoint_of_another_key_unless_it_is_told(
    app: Flask, kept_files: list[Path]
) -> None:
    first = checkpoints.own_fingerprint()
    with told_key(app, OTHER_KEY):
        refused = run(app, "verify", "--checkpoint", kept_files[0])
        allowed = run(app, "verify", "--checkpoint", kept_files[0], "--key", first)
    assert (refused.exit_code, allowed.exit_code) == (1, 0)
    assert re.search(r"0\.json is signed by another key, with the fingerprint [0-9a-f]{64}\.\n$", refused.stderr)


def test_a_site_that_signed_nothing_asks_for_the_key(app: Flask, kept_files: list[Path], own_key: Path) -> None:
    own_key.unlink()
    answer = run(app, "verify", "--checkpoint", *kept_files)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: This site has signed nothing yet.")


def test_an_export_holds_every_event_and_no_word_of_a_story(app: Flask, tmp_path: Path) -> None:
    a_full_history()
    answer = run(app, "export", tmp_path / "events.jsonl")
    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert answer.output == f"{len(lines)} events.\n"
    assert verified(lines, []) == (a_checkpoint().position, a_checkpoint().hash)
    assert re.search(b"cream|Wren|smooth|street|example", b" ".join(lines)) is None
