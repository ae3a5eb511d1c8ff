"""Which SQL a piece of work sends to a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def sent_to(engine: Engine) -> Iterator[list[str]]:
    """The statements that go to `engine` meanwhile, in order."""
    found: list[str] = []
    with sent_with_values(engine) as sent:
        yield found
        found.extend(statement for statement, _values in sent)


@contextmanager
def sent_with_values(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that go to `engine` meanwhile, in order, each with the values for the driver."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
