"""A text as words with their senses, read once, for rules about names and places."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from stories.checks.spotting import Span
from stories.checks.words import Sense, folded, phrases, senses

_LETTER = r"[A-Za-zªµºÀ-ÖØ-öø-\u1fff\u2c00-\u2e7f\u3005-\ud7ff\uf900-\ufdff\ufe70-\uff00\uff21-\uffdc]"
"""Ranges that hold letters and marks, some signs besides: a class of ranges is read four times faster than \\w."""
_TOKEN = re.compile(rf"({_LETTER}+(?:'(?!s(?!\w)){_LETTER}+)*)(?:'s(?!\w))?")
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”•*|()\[\]]")
_TITLE_CASE_TOKENS, _TITLE_CASE_SHARE = 5, 0.9
_SHORT_WORD_CHARS = 3
_WITH_CAPITALS_SHARE = 0.7

EVERYDAY, GIVEN, FAMILY = int(Sense.EVERYDAY), int(Sense.GIVEN), int(Sense.FAMILY)
TOWN, BIG_TOWN, FAMILIAR = int(Sense.TOWN), int(Sense.BIG_TOWN), int(Sense.FAMILIAR)
USUALLY = int(Sense.USUALLY_A_NAME)


@dataclass(frozen=True)
class Tokens:
    """The words of a text: where each stands, in small letters without accents, and what it may mean.

    `capitals` says which begin with a capital that means something: not those all in capitals, nor in the case of
    titles. `firsts` says which begin a sentence. A possessive *'s* is no part of its word, but *Bowen's* may mean
    less than *Bowen*.
    """

    words: str
    starts: list[int]
    ends: list[int]
    plain: list[str]
    senses: list[int]
    capitals: list[bool]
    firsts: list[bool]

    @classmethod
    def of(cls, words: str) -> "Tokens":
        """The tokens of plain `words`."""
        found = list(_TOKEN.finditer(words))
        raw = [match[1] for match in found]
        starts, ends = [match.start() for match in found], [match.end(1) for match in found]
        plain = [word.lower() for word in raw] if words.isascii() else [folded(word.lower()) for word in raw]
        known = senses().get
        made = cls(
            words,
            starts,
            ends,
            plain,
            [
                (len(match[0]) > len(match[1]) and known(f"{word}'s", 0))
                or known(word, 0)
                or (_of_stem(word) if "'" in word else 0)
                for word, match in zip(plain, found, strict=True)
            ],
            [word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in raw],
            [
                start - end != 1 and (not end or _SENTENCE_END.search(words, end, start) is not None)
                for end, start in zip([0, *ends], starts, strict=False)
            ],
        )
        made.mute_lines_of_capitals()
        return made

    def mute_lines_of_capitals(self) -> None:
        """Take capitals for nothing in sentences that are all in capitals or in the case of titles."""
        begins = [token for token, is_first in enumerate(self.firsts) if is_first]
        for first, after in pairwise([*begins, len(self.plain)]):
            long = [
                token for token in range(first, after) if self.ends[token] - self.starts[token] > _SHORT_WORD_CHARS
            ]
            raised = [token for token in long if self.capitals[token]]
            if len(long) >= _TITLE_CASE_TOKENS and len(raised) >= _TITLE_CASE_SHARE * len(long):
                everyday = [token for token in raised if self.senses[token] & EVERYDAY]
                if len(everyday) * 2 > len(raised):
                    self.capitals[first:after] = [False] * (after - first)

    @cached_property
    def is_in_small_letters(self) -> bool:
        """Whether sentences begin with small letters as a rule, so that a name may have one as well."""
        begins = [token for token, is_first in enumerate(self.firsts) if is_first and not self.is_acronym(token)]
        raised = sum(self.text(token)[0].isupper() for token in begins)
        return raised < _WITH_CAPITALS_SHARE * len(begins) or len(begins) <= 1

    def __len__(self) -> int:
        return len(self.plain)

    def at(self, place: int) -> int:
        """The number of the first token that begins at `place` or later."""
        return bisect_left(self.starts, place)

    def gap(self, token: int) -> str:
        """What stands between the token before and `token`."""
        return self.words[self.ends[token - 1] : self.starts[token]] if token else self.words[: self.starts[0]]

    def text(self, token: int) -> str:
        """The token as written."""
        return self.words[self.starts[token] : self.ends[token]]

    def has(self, token: int, sense: int) -> bool:
        """Whether there is such a token and it may mean this."""
        return token < len(self.plain) and bool(self.senses[token] & sense)

    def is_acronym(self, token: int) -> bool:
        """Whether the token is two capitals or more: NHS, MRI."""
        return self.ends[token] - self.starts[token] > 1 and self.text(token).isupper()

    def known_phrases(self) -> Iterator[tuple[int, int, int]]:
        """Known names of several words: the first token, how many tokens, and the senses. The longest of each."""
        known = phrases()
        for token, pair in enumerate(pairwise(self.plain)):
            for words, sense in known.get(pair, ()):
                if self.reads(token, words):
                    yield token, len(words), sense
                    break

    def reads(self, token: int, words: Sequence[str]) -> bool:
        """Whether these words stand here, with no more than a space, hyphen or full stop between them."""
        after = token + len(words)
        return self.plain[token:after] == list(words) and all(
            self.ends[place] + 3 > self.starts[place + 1] and "\n" not in self.gap(place + 1)
            for place in range(token, after - 1)
        )

    def span(self, first: int, last: int) -> Span:
        """Where the tokens from `first` to `last` stand."""
        return self.starts[first], self.ends[last]

    def meaning(self, sense: int) -> list[int]:
        """The numbers of the tokens that may mean this."""
        return [token for token, meant in enumerate(self.senses) if meant & sense]


def _of_stem(word: str) -> int:
    """The senses of a word that an ending follows after an apostrophe, as in Turkish *Bursa'da*."""
    stem = word.partition("'")[0]
    return senses().get(stem, 0) if len(stem) > _SHORT_WORD_CHARS else 0


def cues(words: str) -> frozenset[str]:
    """The words of a line, as a rule looks them up."""
    return frozenset(words.split())


@lru_cache(maxsize=2)
def tokens_of(words: str) -> Tokens:
    """The tokens of `words`; kept for the next rule that reads the same."""
    return Tokens.of(words)
