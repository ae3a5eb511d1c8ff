"""The same words in an earlier story, or nearly the same: a second sending, a copy, or a campaign."""

import re
import unicodedata
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity
from stories.content import Content

_MOST_NAMED = 10
_PASSAGE_WORDS = 3
_NEAR_PERCENT, _STRONG_PERCENT = 50, 70
"""Two people who tell alike share some passages of three words in a hundred; half of them takes a copy."""
_WORD = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+")
"""In scripts that put no spaces between words, each letter counts as one."""


def fingerprint_text(content: Content) -> str:
    """What two narratives with the same words have in common: their letters and digits, casefolded, in order.

    Intake keeps a keyed hash of it. Spaces, punctuation, accents on their own and capitals do not matter.
    """
    folded = unicodedata.normalize("NFKC", content.narrative).casefold()
    return "".join(point for point in folded if point.isalnum())


def passages(narrative: str) -> set[str]:
    """Every three words that follow each other, without capitals and punctuation."""
    told = _WORD.findall(unicodedata.normalize("NFKC", narrative).casefold())
    return {" ".join(told[at : at + _PASSAGE_WORDS]) for at in range(len(told) - _PASSAGE_WORDS + 1)}


def likeness(one: str, other: str) -> int:
    """How many of the passages of two narratives stand in both, in per cent, rounded down."""
    ours, theirs = passages(one), passages(other)
    return 100 * len(ours & theirs) // (len(ours | theirs) or 1)


def repeats(content: Content, known: Known) -> Iterator[Finding]:
    """One finding for each earlier story with the same or nearly the same words, at most ten of each kind."""
    for number in known.repeats[:_MOST_NAMED]:
        yield Finding(
            kind=FindingKind.REPEAT,
            severity=Severity.STRONG,
            rule="repeat",
            rule_version=1,
            field="narrative",
            start=0,
            end=len(content.narrative),
            why=f"Story {number} has the same words.",
        )
    near = [one for one in known.near_repeats if one.number not in known.repeats and one.percent >= _NEAR_PERCENT]
    for earlier in near[:_MOST_NAMED]:
        yield Finding(
            kind=FindingKind.NEAR_REPEAT,
            severity=Severity.STRONG if earlier.percent >= _STRONG_PERCENT else Severity.WEAK,
            rule="repeat.near",
            rule_version=1,
            field="narrative",
            start=0,
            end=len(content.narrative),
            why=f"Story {earlier.number} is nearly the same: {earlier.percent} % of what they say stands in both.",
        )
