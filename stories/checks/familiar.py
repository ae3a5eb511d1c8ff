"""Names that are nobody's: of countries, brands, authorities and diseases, and what the catalogue calls things."""

from collections.abc import Iterator
from functools import lru_cache

from stories.checks.spotting import Span
from stories.checks.tokens import EVERYDAY, FAMILIAR, FAMILY, GIVEN, TOWN, Tokens, tokens_of

_MOST_TERM_WORDS = 6


def familiar_names(words: str, terms: tuple[str, ...]) -> Iterator[Span]:
    """Where names stand that identify nobody; a lone word that may be a person's or a town's name is left."""
    tokens, of_catalogue = tokens_of(words), _by_first(terms)
    for token, count, sense in tokens.known_phrases():
        if sense & FAMILIAR and not sense & TOWN:
            yield tokens.span(token, token + count - 1)
    for token, word in enumerate(tokens.plain):
        if word in of_catalogue:
            count = _words_of_term(tokens, token, of_catalogue[word])
            if count:
                yield tokens.span(token, token + count - 1)


def _words_of_term(tokens: Tokens, token: int, terms: tuple[tuple[str, ...], ...]) -> int:
    """How many tokens the longest of `terms` that begins here has; 0 when none does."""
    count = next((len(term) for term in terms if tokens.reads(token, term)), 0)
    is_own = tokens.has(token, GIVEN | FAMILY | TOWN) and not tokens.has(token, EVERYDAY)
    return 0 if count == 1 and is_own else count


@lru_cache(maxsize=4)
def _by_first(terms: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The words of each term by the first of them, the longest first; a word that no list has stands for itself."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for term in terms:
        tokens = Tokens.of(term)
        read = tuple(tokens.plain)[:_MOST_TERM_WORDS]
        unknown = [(word,) for word, sense in zip(tokens.plain, tokens.senses, strict=True) if not sense]
        for words in (read, *unknown):
            if words:
                found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(of, key=lambda term: (-len(term), term))) for first, of in found.items()}
