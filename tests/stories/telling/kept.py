"""What the database holds: every value of every row of every table, as text."""

from sqlalchemy import MetaData, select

from extensions import db


def everything_kept() -> str:
    """Every value in the database but the catalogue's, one a line; bytes as they lie there."""
    tables = MetaData()
    with db.engine.connect() as connection:
        tables.reflect(connection)
        rows = [
            tuple(row)
            for table in tables.tables.values()
            if not table.name.startswith("catalogue_")
            for row in connection.execute(select(table))
        ]
    assert len(tables.tables) > 10, "the tables were not found"
    return "\n".join(_as_text(value) for row in rows for value in row)


def is_kept_in_clear(words: str) -> bool:
    """Whether `words` can be read anywhere in the database, in whatever case."""
    return words.casefold() in everything_kept().casefold()


def _as_text(value: object) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("latin-1")
    return str(value)
