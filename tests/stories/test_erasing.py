"""What a withdrawal leaves behind: a line that a story was here, and none of its words anywhere."""

import json
from pathlib import Path

from sqlalchemy import inspect, text

from extensions import db, transact
from stories import erasing, life
from tests.conftest import Database
from tests.factories import TOLD, a_published_story, amend, ask_for_changes, the_story

WORDS = "zwieselkanarie"


def everything_stored(database: Database) -> bytes:
    """All that the database holds: on SQLite the very bytes of its files, elsewhere every row of every table."""
    if database.kind == "sqlite":
        return b"".join(Path(path).read_bytes() for path in database.instance.glob("firsthand.sqlite3*"))
    rows = []
    for table in inspect(db.engine).get_table_names():
        rows += [str(tuple(row)) for row in db.session.execute(text(f'SELECT * FROM "{table}"'))]
    db.session.rollback()
    return "\n".join(rows).encode()


def test_no_word_of_a_withdrawn_story_is_left_in_the_database(database: Database) -> None:
    number = a_published_story(narrative=f"{TOLD} {WORDS}", title=WORDS, display_name=WORDS)
    amend(number, narrative=f"{TOLD} {WORDS} once more.")
    ask_for_changes(number)
    db.session.rollback()
    assert WORDS.encode() in everything_stored(database)
    transact(lambda: life.withdraw(life.locked(number)))
    erasing.sweep_erased()
    assert WORDS.encode() not in everything_stored(database)


def test_a_withdrawal_is_on_disk_in_its_own_log_with_no_word_of_the_story(database: Database) -> None:
    number = a_published_story(title=WORDS)
    public_id = the_story(number).public_id
    transact(lambda: life.withdraw(life.locked(number)))
    log = database.instance / erasing.WITHDRAWALS_LOG
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(entry["story"], entry["public_id"]) for entry in entries] == [(number, public_id)]
    assert WORDS not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_reader_in_the_way_does_not_keep_the_patient_waiting(sqlite_database: Database) -> None:
    sqlite_database.empty()
    with sqlite_database.app.app_context():
        number = a_published_story()
        db.session.rollback()
        reader = db.engine.connect()
        assert reader.execute(text("SELECT count(*) FROM stories")).scalar() == 1
        transact(lambda: life.withdraw(life.locked(number)))
        erasing._cut_journal(db.engine, tries=1)
        reader.close()
        erasing.sweep_erased()
        assert (sqlite_database.instance / "firsthand.sqlite3-wal").stat().st_size == 0
        db.session.remove()
