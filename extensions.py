"""Instances without an app, and the two ways to the database: `transact` to write, `read_session` to read."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask import current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from config import Settings

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_BUSY_SECONDS = 10
TRIES = 3
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected (PostgreSQL, appendix A, class 40)."""


def settings() -> Settings:
    """The settings of the current app."""
    found: Settings = current_app.extensions["firsthand_settings"]
    return found


def utcnow() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def database_clock() -> datetime:
    """Now by the database's clock, which every machine that shares the database agrees on."""
    if db.engine.dialect.name == "sqlite":
        told = db.session.scalar(sa.select(sa.func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now")))
        return datetime.fromisoformat(str(told))
    now = db.session.scalar(sa.select(sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))))
    assert isinstance(now, datetime)
    return now.astimezone(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, in UTC in the database and back. SQLite would drop the zone; a naive time is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _by_value(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


class Base(DeclarativeBase):
    """Models' base: enums by value with a check constraint, times as UtcDateTime, named constraints."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            StrEnum: sa.Enum(
                StrEnum, native_enum=False, create_constraint=True, length=40, values_callable=_by_value
            ),
            datetime: UtcDateTime(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True, compare_type=True)
T = TypeVar("T")

if TYPE_CHECKING:

    class Model(Base):
        """What models are to the type checker; at run time it is `db.Model`."""

        __abstract__ = True
else:
    Model = db.Model


def prepare_engines(read_url: str) -> None:
    """Set both engines of the current app up: locking and pragmas on SQLite, a read-only one for readers."""
    _prepare(db.engine)
    reader = sa.create_engine(read_url, **_engine_options(read_url))
    _prepare(reader, read_only=True)
    current_app.extensions["firsthand_reader"] = reader


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": SQLITE_BUSY_SECONDS}}
    return {"pool_pre_ping": True, "execution_options": {"postgresql_readonly": True}}


def engine_options(url: str) -> Mapping[str, Any]:
    """Options of the writing engine, for `SQLALCHEMY_ENGINE_OPTIONS`."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": SQLITE_BUSY_SECONDS}}
    return {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}


def _prepare(engine: sa.Engine, *, read_only: bool = False) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to choose IMMEDIATE
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        is_write = connection.get_execution_options().get("firsthand_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction on `db.session`: all of it or nothing.

    What was read before is let go, so the verb inside loads by id and trusts nothing older. On SQLite it
    begins with BEGIN IMMEDIATE: a deferred transaction that upgrades is refused as locked, however long
    the busy timeout.
    """
    db.session.rollback()
    db.session.connection(execution_options={"firsthand_write": True})
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def transact(work: Callable[[], T]) -> T:
    """What `work` returns, done in one write transaction, tried three times if the database lost a race.

    Only serialization failures and deadlocks are tried again; a refusal by a verb is raised at once.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction():
                return work()
        except OperationalError as lost:
            if getattr(lost.orig, "sqlstate", None) not in RETRIED_SQLSTATES or not left:
                raise
    raise AssertionError("unreachable")


@contextmanager
def read_session() -> Iterator[Session]:
    """A session for reader pages: one deferred, read-only transaction. A write through it is refused."""
    with Session(current_app.extensions["firsthand_reader"], autoflush=False) as session:
        yield session


def upsert(
    model: type[Base],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    new: Mapping[str, Any] | None = None,
    adding: str | None = None,
) -> sa.Insert:
    """A statement that inserts a row, or gives the row with that `key` the `values`.

    `new` goes only into an inserted row; `adding` names a column that is added to instead. It is the
    database's own upsert, so that two writers never collide.
    """
    dialect_insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = dialect_insert(model).values({**key, **values, **(new or {})})
    table = sa.inspect(model).local_table
    changed = {name: table.c[name] + value if name == adding else value for name, value in values.items()}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)
