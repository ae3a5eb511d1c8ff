"""The catalogue's files, copied and changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stories.catalogue import FOLDER
from stories.catalogue.entries import FILES

Change = Callable[[Any], object]


def a_folder(folder: Path) -> Path:
    """`folder`, with the seven files that come with the release in it."""
    for file in FILES:
        shutil.copy(FOLDER / file, folder / file)
    return folder


def change(folder: Path, file: str, how: Change) -> None:
    """Change one file of a folder, as parsed JSON."""
    document = json.loads((folder / file).read_text(encoding="utf-8"))
    how(document)
    (folder / file).write_text(json.dumps(document), encoding="utf-8")


def put(value: object, *path: str | int) -> Change:
    """Another value at `path`."""

    def how(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return how


def drop(*path: str | int) -> Change:
    """Nothing at `path`."""

    def how(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document.pop(path[-1])

    return how


def repeat(key: str) -> Change:
    """The first entry of a list twice."""
    return lambda document: document[key].append(document[key][0])
