"""The database's own refusals, in one list: what is written once, and that nobody seconds themselves."""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True)
class Forbidden:
    """What the database refuses: a verb on a table, why, and in which case (SQL over NEW); else always.

    `asks` are the other tables that the case looks at.
    """

    table: str
    verb: str
    why: str
    when: str = ""
    asks: tuple[str, ...] = ()

    @property
    def tables(self) -> set[str]:
        """The tables without which there can be no such trigger."""
        return {self.table, *self.asks}


REFUSALS = {
    "events_no_update": Forbidden("events", "UPDATE", "events are append-only"),
    "events_no_delete": Forbidden("events", "DELETE", "events are append-only"),
    "revisions_no_update": Forbidden("revisions", "UPDATE", "a revision is written once"),
    "decisions_by_another_person": Forbidden(
        "decisions",
        "INSERT",
        "nobody seconds themselves",
        "NOT NEW.is_alone AND ("
        "EXISTS (SELECT 1 FROM readings r WHERE r.root = NEW.root AND r.by_id = NEW.decided_by_id)"
        " OR NEW.kind = 'approve' AND EXISTS (SELECT 1 FROM marks m WHERE m.story_id = NEW.story_id"
        " AND m.judged_root = NEW.root AND m.judged_by_id = NEW.decided_by_id)"
        " OR EXISTS (SELECT 1 FROM marks m WHERE m.story_id = NEW.story_id AND m.kind = 'escalated'"
        " AND m.judged_at IS NULL AND (m.opened_by_id = NEW.decided_by_id OR EXISTS (SELECT 1 FROM revisions v"
        " WHERE v.story_id = NEW.story_id AND v.by_id = NEW.decided_by_id AND v.number >"
        " (SELECT o.number FROM revisions o WHERE o.digest = NEW.root)))))",
        asks=("readings", "marks", "revisions"),
    ),
}
"""Triggers by name."""


def make_triggers(connection: Connection) -> None:
    """Make every trigger of the list whose tables exist, in place of the one of the same name."""
    tables = set(inspect(connection).get_table_names())
    for name, forbidden in REFUSALS.items():
        if forbidden.tables <= tables:
            for statement in _statements(connection.dialect.name, name, forbidden):
                connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger of the list, to be made again after tables have been copied and renamed."""
    for name in triggers(connection) & REFUSALS.keys():
        on_table = "" if connection.dialect.name == "sqlite" else f" ON {REFUSALS[name].table}"
        connection.execute(text(f"DROP TRIGGER {name}{on_table}"))


def triggers(connection: Connection) -> set[str]:
    """The names of the triggers that the database has."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(text(query)))


def _statements(dialect: str, name: str, forbidden: Forbidden) -> tuple[str, ...]:
    table, verb, why, when = forbidden.table, forbidden.verb, forbidden.why, forbidden.when or "TRUE"
    if dialect == "sqlite":
        refusal = f"SELECT RAISE(ABORT, '{why}') WHERE {when}"
        return (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN {refusal}; END",
        )
    refusal = f"IF {when} THEN RAISE EXCEPTION '{why}'; END IF; RETURN NEW"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
