"""Finding an entry by what a person typed: slug, name, brand, synonym or a known misspelling."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum

from stories.catalogue.entries import Entry

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’‘ʼ´`]")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("ss", "ss"), ("s", ""))
_SHORTEST_PLURAL_CHARS = 3


class Rank(IntEnum):
    """How an entry was found; only those of the best rank count."""

    SLUG = 0
    NAME = 1
    SYNONYM = 2
    GENERIC = 3
    """After synonyms: several strengths share one generic name, and the entry that claims it stands for it."""
    MISSPELLING = 4


class Index:
    """The words of some entries. What is retired is not found."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._slugs: set[str] = set()
        self._ranks: dict[str, dict[str, Rank]] = defaultdict(dict)
        for entry in entries:
            if not entry.is_retired:
                self._slugs.add(entry.slug)
                for rank, words in _words(entry):
                    found = self._ranks[key(words)]
                    found[entry.slug] = min(rank, found.get(entry.slug, rank))

    def find(self, text: str) -> tuple[str, ...]:
        """Slugs of the entries that `text` means: one, several that it means alike, or none."""
        if text.strip() in self._slugs:
            return (text.strip(),)
        found = self._ranks.get(key(text), {}) if key(text) else {}
        best = min(found.values(), default=None)
        return tuple(slug for slug, rank in found.items() if rank is best)


def key(text: str) -> str:
    """`text` without case, accents, punctuation, spaces and plural endings: what two spellings have in common."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(_singular(word) for word in _WORD.findall(plain))


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL_CHARS:
        return word
    for plural, singular in _PLURALS:
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word


def _words(entry: Entry) -> Iterator[tuple[Rank, str]]:
    body = entry.body
    yield Rank.SLUG, entry.slug
    for name in (body["name"], body.get("plain_name", "")):
        yield Rank.NAME, name
        yield Rank.NAME, _IN_BRACKETS.sub("", name)
    for words in [*body["synonyms"], *(brand["name"] for brand in body.get("brands", ()))]:
        yield Rank.SYNONYM, words
    yield Rank.GENERIC, body.get("generic", "")
    for words in body["misspellings"]:
        yield Rank.MISSPELLING, words
