"""The same words in an earlier story: a second sending, a copy, or a campaign."""

import unicodedata
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity
from stories.content import Content

_MOST_NAMED = 10


def fingerprint_text(content: Content) -> str:
    """What two narratives with the same words have in common: their letters and digits, casefolded, in order.

    Intake keeps a keyed hash of it. Spaces, punctuation, accents on their own and capitals do not matter.
    """
    folded = unicodedata.normalize("NFKC", content.narrative).casefold()
    return "".join(point for point in folded if point.isalnum())


def repeats(content: Content, known: Known) -> Iterator[Finding]:
    """One finding for each earlier story with the same words, over all of the narrative; at most ten."""
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
