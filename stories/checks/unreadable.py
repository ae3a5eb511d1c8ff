"""Text that nobody can read: hammered keys, one thing over and over, broken or piled-up characters."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity, most_telling
from stories.checks.noticing import Notice
from stories.content import Content

_ROWS = (
    "asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|rtyu|tyui|uiop|poiu|lkjh|kjhg|jhgf|hgfd|gfds|fdsa|zxcv|xcvb|cvbn|vbnm|mnbv"
)
_NO_VOWEL = r"(?<![^\W_])[bcdfghjklmnpqrstvwxz]{5,40}(?![^\W_])"
_HAMMERED = re.compile(rf"(?:{_NO_VOWEL}(?:[ ]{_NO_VOWEL})+|(?:{_ROWS})[a-z;]{{0,40}})", re.IGNORECASE)
_SAME_CHARACTER = re.compile(r"([^\s\d._=*~-])\1{14,}")
_SAME_WORD = re.compile(r"(?<!\w)(\w{1,20})(?:[ ,.!\n]{1,3}\1(?!\w)){6,}", re.IGNORECASE)
_BROKEN = re.compile(
    r"\ufffd|ï»¿|[ÃÂ][\u00a1-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘“”•–—˜™š›œžŸ]|â€.?|(?:[ÐÑ][\u00a1-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘“”•–—˜™š›œžŸ]){2,}"
)
_PILED = re.compile(
    r"(?:\w[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}\W?)+"
)
_MOSTLY = 0.5
"""The share of the narrative that is unreadable from which on the whole is."""

_KIND = FindingKind.UNREADABLE
_RULES = (
    (Notice(_KIND, "unreadable.keys", "This looks like keys pressed at random.", Severity.WEAK), _HAMMERED),
    (Notice(_KIND, "unreadable.repeated", "This is one character over and over.", Severity.WEAK), _SAME_CHARACTER),
    (Notice(_KIND, "unreadable.word", "This is one word over and over.", Severity.WEAK), _SAME_WORD),
    (Notice(_KIND, "unreadable.broken", "Characters were broken on their way here.", Severity.WEAK), _BROKEN),
    (Notice(_KIND, "unreadable.piled", "Marks are piled on these letters.", Severity.WEAK), _PILED),
)
_WHOLE = Notice(_KIND, "unreadable.whole", "Most of this story cannot be read.")


def unreadable(content: Content, _known: Known) -> Iterator[Finding]:
    """Passages nobody can read, weakly, and strongly a narrative that is mostly so. Capitals alone can be read."""
    found, lost = [], 0
    for field, text in content.texts():
        for notice, pattern in _RULES:
            for match in pattern.finditer(text):
                found.append(notice.at(field, *match.span()))
                lost += len(match.group()) if field == "narrative" else 0
    if lost and lost >= _MOSTLY * len(content.narrative):
        found.append(_WHOLE.at("narrative", 0, len(content.narrative)))
    yield from most_telling(found)
