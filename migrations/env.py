"""Runs the migrations, on SQLite and PostgreSQL, so that no row and no trigger is lost on the way."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from extensions import db
from stories.triggers import drop_triggers, make_triggers

config = context.config


class BrokenReferences(RuntimeError):
    """Rows that point to nothing after a migration."""


def run() -> None:
    """Migrate the database of the current app in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A batch copies and drops the table; with foreign keys on that deletes children by cascade. Said to
            # the driver, since SQLAlchemy would begin a transaction first, and inside one this does nothing.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection, is_sqlite=is_sqlite)
        finally:
            if is_sqlite:
                connection.rollback()
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection, *, is_sqlite: bool) -> None:
    connection = connection.execution_options(firsthand_write=True)
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=_render_plainly,
    )
    with context.begin_transaction():
        # SQLite renames no table while a trigger asks one that is not there for the moment.
        drop_triggers(connection)
        context.run_migrations()
        make_triggers(connection)
        if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
            raise BrokenReferences(f"{len(broken)} rows point to nothing, the first in {broken[0][0]}")


def _render_plainly(kind: str, item: object, _autogen_context: AutogenContext) -> str | Literal[False]:
    """A migration never imports our code: a type of ours is written as the plain one it stands on."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


run()
