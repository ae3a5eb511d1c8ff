"""The catalogue's seven files, read and checked. Whoever holds `CatalogueFiles` holds a whole catalogue."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from stories.catalogue.entries import FILES, BrokenCatalogue, Entry, cut, slug_of
from stories.catalogue.rules import check

FOLDER = Path(__file__).parents[1] / "data" / "catalogue"
"""The files that come with this release."""

FORM = 1
"""Of the rows that files become; a release that cuts them otherwise raises it, so that they are loaded again."""

_QUOTED_MAX_CHARS = 100


@dataclass(frozen=True)
class CatalogueFiles:
    """A checked catalogue: its entries in the order of the files, and the digest of the files."""

    entries: tuple[Entry, ...]
    digest: str


def read_folder(folder: Path) -> CatalogueFiles:
    """The catalogue in `folder`.

    Raises BrokenCatalogue, naming file and entry, when a file is missing, is not JSON in UTF-8, does not fit its
    schema, or breaks a rule of `rules.check`.
    """
    contents = _contents(folder)
    documents = {file: _document(file, content) for file, content in contents.items()}
    for file, document in documents.items():
        _fit(file, document)
    entries = tuple(cut(documents))
    check(entries)
    return CatalogueFiles(entries, _digest(contents))


def folder_digest(folder: Path) -> str:
    """SHA-256, in hex, of the seven files as they are, without reading what they say. Raises BrokenCatalogue."""
    return _digest(_contents(folder))


def _digest(contents: Mapping[str, bytes]) -> str:
    parts = [f"form {FORM}"]
    parts += [f"{file} {hashlib.sha256(content).hexdigest()}" for file, content in contents.items()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _contents(folder: Path) -> dict[str, bytes]:
    contents = {}
    for file in FILES:
        try:
            contents[file] = (folder / file).read_bytes()
        except FileNotFoundError as error:
            raise BrokenCatalogue(file, None, "is missing") from error
        except OSError as error:
            raise BrokenCatalogue(file, None, f"cannot be read ({error.strerror})") from error
    return contents


def _document(file: str, content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenCatalogue(file, f"line {line}", "is not UTF-8") from error
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BrokenCatalogue(file, f"line {error.lineno}", f"is not JSON ({error.msg})") from error
    except RecursionError as error:
        raise BrokenCatalogue(file, None, "is nested too deep") from error
    except ValueError as error:
        raise BrokenCatalogue(file, None, f"is not JSON ({error})") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{twice}” stands twice in one object, {slug_of(found) or 'without a name'}")
    return found


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _fit(file: str, document: Any) -> None:
    errors: Iterator[ValidationError] = _validators()[file].iter_errors(document)
    error = next(errors, None)
    if error is not None:
        raise BrokenCatalogue(file, _entry_at(document, list(error.absolute_path)), _fault(error))
    if next(iter(document)) != "_meta":
        raise BrokenCatalogue(file, None, "“_meta”, with its notice, must come first")


@cache
def _validators() -> Mapping[str, Draft202012Validator]:
    # The schema is ours and lies with our files: another folder is held to the same one.
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    formats = Draft202012Validator.FORMAT_CHECKER
    return {
        file: Draft202012Validator({**schema, "$ref": f"#/$defs/{file}"}, format_checker=formats) for file in FILES
    }


def _entry_at(document: Any, path: list[str | int]) -> str | None:
    if not path:
        return None
    part = document[path[0]]
    if len(path) > 1 and isinstance(part, list):
        body = part[int(path[1])]
        return (slug_of(body) if isinstance(body, dict) else "") or f"{path[0]} {int(path[1]) + 1}"
    return str(path[0])


def _fault(error: ValidationError) -> str:
    """What is wrong in a few words: jsonschema quotes the whole value, which may be a page long."""
    where = ".".join(str(step) for step in list(error.absolute_path)[-2:] if isinstance(step, str))
    if len(error.message) <= _QUOTED_MAX_CHARS:
        fault = error.message
    else:
        fault = f"does not fit the schema ({error.validator}: {str(error.validator_value)[:_QUOTED_MAX_CHARS]})"
    return f"{where}: {fault}" if where else fault
