"""Word lists for the checks, read once in a process: names, towns, everyday words, and what is nobody's own."""

import unicodedata
from enum import IntFlag
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
)


class Sense(IntFlag):
    """What a word may mean; many mean several things."""

    NONE = 0
    EVERYDAY = 1
    GIVEN = 2
    FAMILY = 4
    TOWN = 8
    BIG_TOWN = 16
    FAMILIAR = 32
    USUALLY_A_NAME = 64


def folded(word: str) -> str:
    """A small-letter word without accents, as the lists hold it."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_NOT_DECOMPOSED))
    return "".join(point for point in parts if not unicodedata.combining(point))


@lru_cache(maxsize=1)
def senses() -> dict[str, int]:
    """Each word of the lists, and the senses it has as a number (for speed)."""
    found: dict[str, int] = {}
    for name, sense in _LISTS.items():
        value = int(sense)
        for line in _lines(name):
            found[line] = found.get(line, 0) | value
    return found


@lru_cache(maxsize=1)
def phrases() -> dict[tuple[str, str], tuple[tuple[tuple[str, ...], int], ...]]:
    """Names of several words by the first two: all of the words, the longest first, with their senses.

    A possessive *'s* is no part of a word, as in the tokens of a text.
    """
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
    for line, value in senses().items():
        if " " in line:
            words = tuple(word.removesuffix("'s") for word in line.split())
            found.setdefault((words[0], words[1]), []).append((words, value))
    return {first: tuple(sorted(of, key=lambda one: -len(one[0]))) for first, of in found.items()}


def _lines(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


_LISTS = {
    "everyday": Sense.EVERYDAY,
    "more_everyday": Sense.EVERYDAY,
    "foreign": Sense.EVERYDAY,
    "given_names": Sense.GIVEN,
    "more_given_names": Sense.GIVEN,
    "family_names": Sense.FAMILY,
    "more_family_names": Sense.FAMILY,
    "usually_names": Sense.USUALLY_A_NAME,
    "towns": Sense.TOWN,
    "big_towns": Sense.TOWN | Sense.BIG_TOWN,
    "more_places": Sense.TOWN | Sense.BIG_TOWN,
    "regions": Sense.FAMILIAR,
    "familiar": Sense.FAMILIAR,
}
"""The files of this folder, and what their lines are."""
