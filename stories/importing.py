"""Import files: CSV or JSON Lines, row by row through the same intake as the form."""

import csv
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from extensions import db, transaction, utcnow
from stories import intake
from stories import keys as story_keys
from stories.cleaning import normalise
from stories.content import Content, Submission
from stories.models import IMPORT, CheckRun, Finding, Revision
from stories.refusal import Refusal

BATCH = 100
"""Rows in one transaction; each has a savepoint of its own."""

LISTS = ("combined", "reactions", "serious")
TRUE = frozenset({"1", "true", "yes", "y", "on"})
FALSE = frozenset({"", "0", "false", "no", "n", "off"})
COLUMNS = frozenset(Content.__dataclass_fields__) - {"redactions"} | {
    "consent_publish",
    "consent_research",
    "consent_contact",
    "consent_version",
    "source",
    "source_id",
    "submitted_at",
}
TOO_MANY = "(too many columns)"
Row = Mapping[str, Any] | str
"""What a line of a file says by column, or a sentence that says why it cannot be read."""

COLUMN_MAX_CHARS = 40
"""A longer name of a column is no name: it may be a story in a file without a header."""

VERSION_MAX_CHARS = 40
NOT_UTF_8 = "this line is not UTF-8"
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_LONG_QUOTE = re.compile("“.{41,}”", re.DOTALL)
"""What a refusal may quote is the name of something; anything longer may be words of a story."""

csv.field_size_limit(sys.maxsize)


class BadRow(Refusal):
    """A row that cannot be read as a submission."""


@dataclass
class ImportReport:
    """What became of an import file: rows taken, taken before, refused with their line and why.

    `unread` are the columns that were not read, because no field has their name.
    """

    taken: int = 0
    before: int = 0
    unchecked: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    findings: Counter[str] = field(default_factory=Counter)


def import_file(
    path: Path,
    *,
    keys_file: Path | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> ImportReport:
    """Take every row of `path` that can be taken. Running it twice takes nothing twice.

    A file that ends in `.csv` has a header line with field names; any other holds one JSON object a line.
    `columns` says in which column a field stands that has another name there, `values` what every row says
    that says nothing itself.
    """
    report = ImportReport()
    made_keys: list[tuple[int, str]] = []
    rows = ((line, _named(row, columns or {}, values or {}, report)) for line, row in _rows(path))
    while batch := list(islice(rows, BATCH)):
        numbers = _take(batch, report, made_keys if keys_file else None)
        for number in numbers:
            intake.check(number)
        _count_findings(numbers, report)
    if keys_file:
        _write_keys(keys_file, made_keys)
    return report


def submission(row: Mapping[str, Any], *, source: str) -> Submission:
    """The submission that a row of an import file makes. Raises BadRow."""
    values: dict[str, Any] = {}
    for name in Content.__dataclass_fields__:
        if name in LISTS:
            values[name] = tuple(_list(row.get(name)))
        elif name in row and name != "redactions":
            values[name] = _text(name, row[name])
    values["narrative"] = values.get("narrative") or ""
    values["language"] = values.get("language") or "en"
    return Submission(
        content=Content(**values),
        consent_publish=_consent(row, "consent_publish"),
        consent_research=_consent(row, "consent_research"),
        consent_contact=_consent(row, "consent_contact"),
        consent_version=_version(row.get("consent_version")),
        source=_name("source", row.get("source")) or source,
        source_id=_name("source_id", row.get("source_id")),
        submitted_at=_time(row.get("submitted_at")),
    )


def _named(row: Row, columns: Mapping[str, str], values: Mapping[str, str], report: ImportReport) -> Row:
    """The row with its fields under their own names; what no field is called is left out, and noted."""
    if isinstance(row, str):
        return row
    if TOO_MANY in row:
        return "this line has more columns than the first"
    renamed = {field_: row[column] for field_, column in columns.items() if column in row}
    kept = {name: value for name, value in row.items() if name in COLUMNS}
    unread = set(row) - COLUMNS - set(columns.values())
    report.unread |= {name if len(name) <= COLUMN_MAX_CHARS else "(a very long name)" for name in unread}
    return {**values, **kept, **renamed}


def _take(
    batch: Sequence[tuple[int, Row]],
    report: ImportReport,
    made_keys: list[tuple[int, str]] | None,
) -> list[int]:
    """Take one batch in one transaction; the numbers of the new stories."""
    numbers = []
    with transaction():
        for line, row in batch:
            key = story_keys.new_key() if made_keys is not None else None
            try:
                if isinstance(row, str):
                    raise BadRow(row)
                sent = submission(row, source="import")
                with db.session.begin_nested():
                    story = intake.submit(sent, by=IMPORT, key=key)
            except intake.TakenBefore:
                report.before += 1
            except Refusal as refused:
                report.refused.append((line, _why(refused)))
            else:
                numbers.append(story.id)
                if made_keys is not None and key:
                    made_keys.append((line, key))
    report.taken += len(numbers)
    return numbers


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Each row with its line; a row that cannot be read is a sentence that says why."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        if path.suffix.casefold() == ".csv":
            reader = csv.DictReader(file, restkey=TOO_MANY)
            for row in reader:
                found = {name: value for name, value in row.items() if value not in (None, "")}
                yield (
                    reader.line_num,
                    NOT_UTF_8 if _NOT_UTF_8.search("".join(map(str, [*found, *found.values()]))) else found,
                )
            return
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, _object(text)


def _object(text: str) -> Row:
    if _NOT_UTF_8.search(text):
        return NOT_UTF_8
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return "this line is not JSON"
    return row if isinstance(row, dict) else "this line is not a JSON object"


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise BadRow(f"{name}: write text")


def _name(name: str, value: Any) -> str | None:
    return normalise(_text(name, value) or "") or None


def _version(value: Any) -> str | None:
    version = _name("consent_version", value)
    if len(version or "") > VERSION_MAX_CHARS:
        raise BadRow(f"consent_version: write at most {VERSION_MAX_CHARS} characters")
    return version


def _why(refused: Refusal) -> str:
    if isinstance(refused, intake.BadSubmission):
        told = (f"{problem.field}: {_LONG_QUOTE.sub('“…”', problem.message)}" for problem in refused.problems)
        return "; ".join(told)
    return str(refused)


def _list(value: Any) -> list[str]:
    """A list of a JSON file, or what a CSV file parts by commas or semicolons."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.replace(";", ",").split(",")]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    raise BadRow("a list of answers is neither text nor a list of texts")


def _consent(row: Mapping[str, Any], name: str) -> bool:
    told = str(row.get(name) if row.get(name) is not None else "").strip().casefold()
    if told not in TRUE | FALSE:
        raise BadRow(f"{name}: write yes or no")
    return told in TRUE


def _time(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(value))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRow("submitted_at: write a time like 2026-11-20T21:14:00+00:00") from error
    if at > utcnow():
        raise BadRow("submitted_at: write a time that is over")
    return at


def _count_findings(numbers: Sequence[int], report: ImportReport) -> None:
    of_batch = select(Revision.id).where(Revision.story_id.in_(numbers))
    report.findings.update(db.session.scalars(select(Finding.kind).where(Finding.revision_id.in_(of_batch))))
    runs = db.session.scalars(select(CheckRun).where(CheckRun.revision_id.in_(of_batch))).all()
    report.unchecked += len(numbers) - sum(1 for run in runs if not run.failed)


def _write_keys(path: Path, made: Sequence[tuple[int, str]]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)  # a file that was there keeps its mode, and others may read it
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "key"))
        writer.writerows(made)
