"""Migrations on both databases: up, down and up again over rows, equal to the models, with every trigger."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import DatabaseError, IntegrityError

from app import create_app
from config import Settings
from extensions import db, transaction
from stories import catalogue, events
from stories.models import State, Story
from stories.triggers import REFUSALS, make_triggers, triggers
from tests.factories import (
    a_published_story,
    a_waiting_story,
    an_amended_story,
    approve,
    ask_for_changes,
    decline,
    take_down,
    the_story,
    withdraw,
)

MIGRATIONS = Path(__file__).parent.parent / "migrations"
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
"""Newest first."""

Rows = dict[str, list[dict[str, Any]]]


def an_app(url: str, instance: Path) -> Flask:
    instance.mkdir()
    return create_app(
        Settings(
            instance=instance,
            secret_keys=("secret for tests " * 3,),
            data_key="data key for tests " * 3,
            database_url=url,
            second_reading_percent=0,
            testing=True,
        )
    )


@contextmanager
def empty_database(kind: str, name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    server = sa.make_url(request.getfixturevalue("postgres_url"))
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database is empty, inside its context."""
    with empty_database(request.param, "bare", tmp_path, request) as url:
        app = an_app(url, tmp_path / "instance")
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
            app.extensions["firsthand_reader"].dispose()


@pytest.fixture
def full(bare: Flask) -> Flask:
    """An app with stories in every state, made by real moves at the newest migration."""
    upgrade()
    with transaction():
        catalogue.load_folder(catalogue.FOLDER)
    a_waiting_story(email="wren@example.org", key="abacus abdomen abdominal abide abiding ability")
    a_published_story()
    an_amended_story()
    for move in (decline, ask_for_changes, withdraw):
        move(a_waiting_story())
    for move in (take_down, withdraw):
        move(a_published_story())
    let_go()
    return bare


def let_go() -> None:
    db.session.remove()


def rows() -> Rows:
    """Every row of every table, in one order."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    found = {}
    with db.engine.connect() as connection:
        for name, table in metadata.tables.items():
            chosen = sa.select(*(sa.cast(column, sa.Text).label(column.name) for column in table.columns))
            found[name] = [dict(row) for row in connection.execute(chosen).mappings()]
    return kept_of(found, columns())


def kept_of(told: Rows, kept: dict[str, set[str]]) -> Rows:
    """Of `told`, the tables and columns of `kept`."""
    found = {
        name: [{column: row[column] for column in sorted(kept[name]) if column in row} for row in told[name]]
        for name in sorted(kept.keys() & told.keys() - {"alembic_version"})
    }
    return {name: sorted(of_table, key=str) for name, of_table in found.items()}


def columns() -> dict[str, set[str]]:
    inspector = sa.inspect(db.engine)
    return {
        name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()
    }


def present_triggers() -> set[str]:
    with db.engine.connect() as connection:
        return triggers(connection)


def schema() -> dict[str, Any]:
    """All that the database says of its tables, to be compared."""
    inspector = sa.inspect(db.engine)
    told = {
        name: {
            "columns": [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)],
            "key": inspector.get_pk_constraint(name),
            "foreign keys": inspector.get_foreign_keys(name),
            "unique": inspector.get_unique_constraints(name),
            "indexes": inspector.get_indexes(name),
            "checks": inspector.get_check_constraints(name),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    found = _comparable(told)
    assert isinstance(found, dict)
    return found


def _comparable(told: object) -> object:
    """`told` in one order, with conditions as their SQL."""
    if isinstance(told, dict):
        return {name: _comparable(value) for name, value in told.items()}
    if isinstance(told, list):
        return sorted((_comparable(value) for value in told), key=str)
    return str(told) if isinstance(told, sa.ClauseElement) else told


def foreign_keys_are_on() -> bool:
    if db.engine.dialect.name != "sqlite":
        return True
    with db.engine.connect() as one, db.engine.connect() as other:
        return all(connection.scalar(sa.text("PRAGMA foreign_keys")) == 1 for connection in (one, other))


def test_the_migrated_database_is_what_the_models_say(bare: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, db.metadata) == []
    migrated = schema()
    assert set(migrated) == set(db.metadata.tables)
    downgrade(revision="base")
    db.metadata.create_all(db.engine)
    assert migrated == schema()


def test_there_is_one_line_of_migrations_each_with_a_way_back() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
    for script in scripts.walk_revisions():
        assert script.doc.strip()
        text = Path(script.path).read_text(encoding="utf-8")
        assert "def downgrade() -> None:\n    pass" not in text, (
            f"{script.revision} says neither a way back nor why"
        )


def test_up_down_to_nothing_and_up_again(full: Flask) -> None:
    whole = schema()
    downgrade(revision="base")
    assert schema() == {}
    assert present_triggers() == set()
    upgrade()
    assert schema() == whole
    assert present_triggers() == set(REFUSALS)
    with transaction():
        catalogue.load_folder(catalogue.FOLDER)
    assert the_story(a_published_story()).state is State.PUBLISHED
    assert events.fault() is None


@pytest.mark.parametrize("revision", [*REVISIONS[1:], "base"])
def test_rows_survive_the_way_down_and_up_wherever_their_table_does(full: Flask, revision: str) -> None:
    before = rows()
    downgrade(revision=revision)
    kept = columns()
    upgrade()
    assert kept_of(rows(), kept) == kept_of(before, kept)
    assert present_triggers() == set(REFUSALS)
    assert foreign_keys_are_on()


def test_after_the_way_down_and_up_the_product_goes_on(full: Flask) -> None:
    if len(REVISIONS) > 1:
        downgrade(revision=REVISIONS[1])
        upgrade()
    assert events.fault() is None
    number = a_waiting_story()
    approve(number)
    take_down(2)
    assert events.fault() is None


THROW_AWAY = '''"""A migration that only this test has."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''
RECREATE = "recreate = 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'\n    "
BATCH = RECREATE + "with op.batch_alter_table('{table}', recreate=recreate) as batch:\n        batch.{what}"


def with_migration(folder: Path, up: str, down: str = "pass") -> str:
    """A folder with the migrations of the product and one more."""
    copied = folder / "migrations"
    shutil.copytree(MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    text = THROW_AWAY.format(newest=REVISIONS[0], up=up, down=down)
    (copied / "versions" / "9999_throw_away.py").write_text(text, encoding="utf-8")
    return str(copied)


@pytest.mark.parametrize("table", ["stories", "revisions", "events", "moderators"])
def test_a_table_that_is_copied_and_dropped_loses_no_row_no_trigger_and_no_foreign_key(
    full: Flask, tmp_path: Path, table: str
) -> None:
    before, whole = rows(), schema()
    folder = with_migration(
        tmp_path,
        BATCH.format(table=table, what="add_column(sa.Column('more', sa.Integer(), nullable=True))"),
        BATCH.format(table=table, what="drop_column('more')"),
    )
    upgrade(directory=folder)
    assert "more" in columns()[table]
    assert kept_of(rows(), {name: names - {"more"} for name, names in columns().items()}) == before
    assert present_triggers() == set(REFUSALS)
    assert foreign_keys_are_on()
    downgrade(directory=folder)
    assert rows() == before
    assert schema()[table]["foreign keys"] == whole[table]["foreign keys"]
    assert schema() == whole
    assert present_triggers() == set(REFUSALS)
    the_database_still_refuses()
    assert the_story(a_published_story()).state is State.PUBLISHED
    assert events.fault() is None


def the_database_still_refuses() -> None:
    attempts = {
        "append-only": "UPDATE events SET kind = 'other'",
        "written once": "UPDATE revisions SET title = 'other'",
    }
    for why, attempt in attempts.items():
        with pytest.raises(DatabaseError, match=why), db.engine.begin() as connection:
            connection.execute(sa.text(attempt))
    for orphan in ("DELETE FROM stories WHERE id = 1", "UPDATE stories SET waiting_number = 77 WHERE id = 1"):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text(orphan))


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_refused_and_undone(
    full: Flask, tmp_path: Path
) -> None:
    before = rows()
    folder = with_migration(tmp_path, "op.execute('DELETE FROM stories')")
    with pytest.raises((SystemExit, IntegrityError)):  # Flask-Migrate prints an error of ours and exits
        upgrade(directory=folder)
    assert rows() == before
    assert present_triggers() == set(REFUSALS)
    assert foreign_keys_are_on()
    with db.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[0]


def test_a_migration_that_breaks_half_way_changes_nothing(full: Flask, tmp_path: Path) -> None:
    before, whole = rows(), schema()
    folder = with_migration(tmp_path, "op.drop_table('tallies')\n    op.execute('SELECT no_such_thing')")
    with pytest.raises(DatabaseError):
        upgrade(directory=folder)
    assert rows() == before
    assert schema() == whole
    assert foreign_keys_are_on()


def test_the_triggers_are_those_of_the_one_list_and_no_more(bare: Flask) -> None:
    upgrade()
    assert present_triggers() == set(REFUSALS)
    with db.engine.begin() as connection:
        make_triggers(connection)
    assert present_triggers() == set(REFUSALS)
    assert {forbidden.table for forbidden in REFUSALS.values()} <= set(db.metadata.tables)


def test_a_second_upgrade_changes_nothing(full: Flask) -> None:
    before, whole = rows(), schema()
    upgrade()
    assert (rows(), schema()) == (before, whole)
    assert db.session.get(Story, 1) is not None
