"""Stories written by hand, one by one, in the files beside this one. Nobody in them exists."""

import json
from pathlib import Path
from typing import Any

from stories.demo.nouns import APPROVE, Invented, invented_of

_HERE = Path(__file__).parent


def told() -> list[Invented]:
    """The believable ones, in every condition, each to be approved."""
    rows = [row for path in sorted((_HERE / "told").glob("*.json")) for row in _rows(path)]
    return [invented_of(row, APPROVE) for row in rows]


def caught() -> list[Invented]:
    """Believable ones in which the checks, or a moderator, find something. They wait."""
    return [invented_of(row) for row in _rows(_HERE / "caught.json")]


def others() -> list[Invented]:
    """Those with a life of their own: redacted, amended, sent back, declined, taken down, withdrawn."""
    return [invented_of(row) for row in _rows(_HERE / "others.json")]


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows
