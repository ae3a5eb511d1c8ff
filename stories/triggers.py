"""The database's own refusals, in one list: events are append-only, revisions are written once."""

from sqlalchemy import Connection, inspect, text

REFUSALS = {
    "events_no_update": ("events", "UPDATE", "events are append-only"),
    "events_no_delete": ("events", "DELETE", "events are append-only"),
    "revisions_no_update": ("revisions", "UPDATE", "a revision is written once"),
}
"""Triggers by name: table, what is refused, and why."""


def make_triggers(connection: Connection) -> None:
    """Make every trigger of the list whose table exists, in place of the one of the same name."""
    tables = set(inspect(connection).get_table_names())
    for name, (table, verb, why) in REFUSALS.items():
        if table in tables:
            for statement in _statements(connection.dialect.name, name, table, verb, why):
                connection.execute(text(statement))


def triggers(connection: Connection) -> set[str]:
    """The names of the triggers that the database has."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(text(query)))


def _statements(dialect: str, name: str, table: str, verb: str, why: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{why}'); END",
        )
    refusal = f"RAISE EXCEPTION '{why}'"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
