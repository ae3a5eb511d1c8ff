"""What a withdrawal erases, and the log that outlives a restored backup."""

import json
import logging
import os
from datetime import datetime
from threading import Timer

from sqlalchemy import Engine, delete

from extensions import SQLITE_BUSY_SECONDS, db, settings
from stories.models import Claim, Consent, Contact, Mark, Message, Reading, Revision, Story

WITHDRAWALS_LOG = "withdrawals.log"
SWEEP_SECONDS = 5
SWEEP_TRIES = 12

log = logging.getLogger("firsthand")


def erase_content(story: Story) -> None:
    """Erase revisions with their findings, messages, contact, consents, marks, readings and claim.

    The story's row stays, and what was decided, which holds digests and no words.
    """
    for model in (Message, Contact, Consent, Mark, Reading, Claim, Revision):
        db.session.execute(
            delete(model).where(model.story_id == story.id), execution_options={"synchronize_session": "fetch"}
        )
    db.session.expire(story, ["revisions"])


def log_withdrawal(story: Story, *, at: datetime) -> None:
    """Write the withdrawal to `withdrawals.log` in the instance, on disk before it is acknowledged."""
    line = json.dumps({"story": story.id, "public_id": story.public_id, "at": at.isoformat()}) + "\n"
    path = settings().instance / WITHDRAWALS_LOG
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep_erased() -> None:
    """Make what was erased leave the disk: on SQLite the journal is merged into the file and cut.

    It never waits for readers: while one is in the way it tries again in the background, for a minute. On
    PostgreSQL the bytes go with the next vacuum of the tables.
    """
    if db.engine.dialect.name == "sqlite":
        _cut_journal(db.engine, SWEEP_TRIES)


def _cut_journal(engine: Engine, tries: int) -> None:
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        cursor = driver.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")
        cursor.close()
    if is_busy and tries > 1:
        again = Timer(SWEEP_SECONDS, _cut_journal, (engine, tries - 1))
        again.daemon = True
        again.start()
    elif is_busy:
        log.warning("journal not cut after a withdrawal: a reader was in the way for a minute")
