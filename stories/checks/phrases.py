"""Phrases and rules looked up at the word with which they begin, so that long lists cost what a short one does."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from stories.checks.finding import PhraseGroup
from stories.checks.spotting import Plain

_WORD = re.compile(r"\w+")
_NOTE = re.compile(r"\s*\([^)]*\)")
_INFLECTED_CHARS = 3
"""A first word of a phrase that is shorter, such as *at*, is not a verb to inflect."""

Meaning = TypeVar("Meaning")


class Book(Generic[Meaning]):
    """What may begin at which word: meanings with the words that begin them, in small letters, and a pattern."""

    def __init__(self, entries: Iterable[tuple[Meaning, Iterable[str], re.Pattern[str]]]) -> None:
        begun: dict[str, list[tuple[Meaning, re.Pattern[str]]]] = defaultdict(list)
        for meaning, first_words, pattern in entries:
            for word in first_words:
                begun[word].append((meaning, pattern))
        self._begun = dict(begun)

    def read(self, words: str) -> Iterator[tuple[Meaning, re.Match[str]]]:
        """Each meaning with what its pattern matches, in the order of the text.

        Of one meaning no two overlap, and of two that begin at one word the one given first counts.
        """
        read_to: dict[Meaning, int] = {}
        small = words.replace("\u0130", "I").lower()  # the one letter that grows when it is made small
        begun = [word for word in _WORD.finditer(small) if word.group() in self._begun]
        for word in begun:
            start = word.start()
            for meaning, pattern in self._begun[word.group()]:
                if start >= read_to.get(meaning, 0) and (match := pattern.match(words, start)):
                    read_to[meaning] = match.end()
                    yield meaning, match


def rules(patterns: Iterable[tuple[Meaning, str, str]]) -> Book[Meaning]:
    """A book of patterns: meaning, the words that begin it, parted by spaces, and the pattern from there on."""
    return Book(
        (meaning, begun.split(), re.compile(f"(?:{pattern})", re.IGNORECASE))
        for meaning, begun, pattern in patterns
    )


@lru_cache(maxsize=64)
def phrases(groups: tuple[PhraseGroup, ...], *, is_inflected: bool = False) -> Book[PhraseGroup]:
    """A book of all phrases of `groups`, whole words only, the longest first, with any spaces between words.

    With `is_inflected` the first of several words is also found as in *wanted to*, *ending it*.
    """
    return Book(_entries(groups, is_inflected=is_inflected))


def as_listed(words: str) -> str:
    """Words of a text as a list would have them: small letters, one space, one kind of apostrophe."""
    return " ".join(Plain.of(words).words.casefold().split())


def _entries(
    groups: tuple[PhraseGroup, ...], *, is_inflected: bool
) -> Iterator[tuple[PhraseGroup, Iterable[str], re.Pattern[str]]]:
    for group in groups:
        listed = {as_listed(_NOTE.sub("", phrase)) for phrase in group.phrases}
        for phrase in sorted(listed, key=lambda phrase: (-len(phrase), phrase)):
            begun = _WORD.match(phrase)
            if begun is not None:
                first, *others = phrase.split()
                may_change = is_inflected and others and first.isalpha() and len(first) >= _INFLECTED_CHARS
                forms = _inflected(first) if may_change else {first}
                yield group, _first_words(forms), _pattern(forms, others)


def _first_words(forms: Iterable[str]) -> set[str]:
    """What `_WORD` finds first of each form, with its apostrophe and without."""
    written = {spelt for form in forms for spelt in (form, form.replace("'", ""))}
    return {word.group() for word in map(_WORD.match, written) if word is not None}


def _inflected(verb: str) -> set[str]:
    stem = verb.removesuffix("e")
    return {verb} | {stem + ending for ending in ("s", "es", "d", "ed", "ing", f"{verb[-1]}ing", "e")}


def _pattern(forms: Iterable[str], others: Iterable[str]) -> re.Pattern[str]:
    first = "|".join(_loosely(form) for form in sorted(forms, key=len, reverse=True))
    rest = "".join(rf"\s{{1,3}}{_loosely(word)}" for word in others)
    return re.compile(rf"(?:{first}){rest}(?!\w)", re.IGNORECASE)


def _loosely(word: str) -> str:
    return re.escape(word).replace("'", "'?").replace(r"\&", r"\s?&\s?")
