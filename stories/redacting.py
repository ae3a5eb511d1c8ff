"""Redactions: taking words out of a revision, and keeping them out when the patient amends."""

import re
from collections.abc import Sequence
from dataclasses import replace

from stories.content import TEXT_FIELDS, Content, Redaction
from stories.refusal import BadRedaction

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts without spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


def with_redactions(content: Content, spans: Sequence[Redaction]) -> Content:
    """`content` with `spans` taken out besides what was; a span swallows those it touches.

    Raises BadRedaction when there is none, or one does not lie in the words of its field.
    """
    if not spans:
        raise BadRedaction("Choose the words to take out.")
    kept = list(content.redactions)
    for span in spans:
        words = getattr(content, span.field) if span.field in TEXT_FIELDS else None
        if not words or not 0 <= span.start < span.end <= len(words):
            raise BadRedaction("These words are not in the story any more. Choose them again.")
        touched = [other for other in kept if _touch(other, span)]
        start = min([span.start, *(other.start for other in touched)])
        end = max([span.end, *(other.end for other in touched)])
        kept = [other for other in kept if other not in touched] + [replace(span, start=start, end=end)]
    return replace(content, redactions=tuple(sorted(kept)))


def carried_over(before: Content, after: Content) -> tuple[Redaction, ...]:
    """The redactions of `before` whose words are still in `after`, at their new places.

    If every occurrence of the words was taken out, every new one is; otherwise those of the same order.
    """
    found: set[Redaction] = set()
    for span in before.redactions:
        told, retold = getattr(before, span.field) or "", getattr(after, span.field) or ""
        pattern = _alike(told, span)
        old = [match.span() for match in pattern.finditer(told)]
        new = [match.span() for match in pattern.finditer(retold)]
        taken_out = {place for place in old if _is_covered(span.field, place, before.redactions)}
        if len(taken_out) == len(old):
            chosen = new
        else:
            chosen = [place for nth, place in enumerate(new) if nth < len(old) and old[nth] in taken_out]
        found |= {replace(span, start=start, end=end) for start, end in chosen}
    return _without_overlap(found)


def _touch(one: Redaction, other: Redaction) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _alike(text: str, span: Redaction) -> re.Pattern[str]:
    """The words of `span` wherever they stand, as whole words where they were whole in `text`.

    In scripts that put no spaces between words no word is whole, so there they count wherever they stand.
    """
    words = text[span.start : span.end]
    before = "" if _runs_on(text[: span.start][-1:], words[:1]) else r"(?<!\w)"
    after = "" if _runs_on(words[-1:], text[span.end :][:1]) else r"(?!\w)"
    return re.compile(f"{before}{re.escape(words)}{after}" if words else "(?!)")


def _runs_on(one: str, other: str) -> bool:
    """Whether no word ends between two characters that stand side by side."""
    return bool(re.match(r"\w\w", one + other) or _UNSPACED.search(one + other))


def _is_covered(field: str, place: tuple[int, int], spans: Sequence[Redaction]) -> bool:
    return any(span.field == field and span.start <= place[0] and place[1] <= span.end for span in spans)


def _without_overlap(spans: set[Redaction]) -> tuple[Redaction, ...]:
    kept: list[Redaction] = []
    for span in sorted(spans, key=lambda span: (span.field, span.start, -span.end)):
        if not any(_touch(span, other) for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
