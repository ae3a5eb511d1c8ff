"""The rooms that tests stand in: each database, a clean one for every test; clients; people."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, inspect, text

import web
from app import create_app
from config import Settings
from extensions import db, transaction
from stories import catalogue
from tests.client import PageClient
from tests.postgres import started_postgres

KEPT = ("alembic_version", "catalogue_entries", "catalogue_state")


def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """Let the app have other settings until the end of the test."""
    changed = replace(app.extensions["firsthand_settings"], **values)
    monkeypatch.setitem(app.extensions, "firsthand_settings", changed)


class Database:
    """One migrated database with the catalogue in it, emptied for each test."""

    def __init__(self, url: str, instance: Path) -> None:
        self.instance = instance
        settings = Settings(
            instance=instance,
            secret_keys=("secret for tests " * 3,),
            data_key="data key for tests " * 3,
            database_url=url,
            base_url="http://localhost",
            # What undoing and second readings change is shown by the tests that are about them.
            undo_minutes=0,
            second_reading_percent=0,
            testing=True,
        )
        self.app = create_app(settings)
        self.app.test_client_class = PageClient
        with self.app.app_context():
            upgrade()
            with transaction():
                catalogue.load_folder(catalogue.FOLDER)
            db.engine.dispose()
        self.kind = url.partition(":")[0]
        self._file = instance / "firsthand.sqlite3"
        self._clean = instance / "clean.sqlite3"
        if self.kind == "sqlite":
            shutil.copy(self._file, self._clean)

    def empty(self) -> None:
        """Take every row but the catalogue's."""
        with self.app.app_context():
            web.limiter.reset()
            (self.instance / "withdrawals.log").unlink(missing_ok=True)
            db.session.remove()
            if self.kind == "sqlite":
                self._restore_file()
                return
            tables = ", ".join(name for name in inspect(db.engine).get_table_names() if name not in KEPT)
            with db.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
                connection.execute(text(f"INSERT INTO event_head VALUES (1, 0, '{'0' * 64}')"))

    def close(self) -> None:
        """Close every connection and every child process."""
        self.app.extensions["firsthand_checks"].close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.app.extensions["firsthand_reader"].dispose()

    def _restore_file(self) -> None:
        db.engine.dispose()
        reader: Engine = self.app.extensions["firsthand_reader"]
        reader.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self._clean, self._file)


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    instance = tmp_path_factory.mktemp("sqlite")
    with closing(Database(f"sqlite:///{instance / 'firsthand.sqlite3'}", instance)) as database:
        yield database


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started_postgres(tmp_path_factory.mktemp("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_database(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(Database(postgres_url, tmp_path_factory.mktemp("postgresql"))) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A clean database, inside an app context; every test that takes it runs on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    found.empty()
    with found.app.app_context():
        yield found
        db.session.remove()


@pytest.fixture
def app(database: Database) -> Flask:
    return database.app


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser of its own, that checks every page it fetches."""
    found = app.test_client()
    assert isinstance(found, PageClient)
    return found
