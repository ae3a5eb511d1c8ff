"""How passages are spotted: texts made plain without moving anything, and rules of which the first one wins."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stories.checks.finding import Finding, FindingKind, Severity
from stories.content import RedactionKind

NEAR_CHARS = 80
"""How far before and after its trigger a passage may reach that is looked for only there."""

Span = tuple[int, int]
Spotted = tuple[int, int, Severity]
Trigger = re.Pattern[str] | tuple[str, ...]
"""What tells where reading is worth the time: a pattern, or words in small letters."""

_SAME_LENGTH = (
    dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    | dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63), "-")
    | dict.fromkeys((0x2018, 0x2019, 0x201B, 0x02BC, 0x00B4, 0x0060), "'")
    | {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
)
"""Spaces, dashes, apostrophes and full-width forms that look like one character of ASCII each."""

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f]")


@dataclass(frozen=True)
class Plain:
    """A text in the characters that rules are written in; `places` says where each stood, None when unmoved."""

    words: str
    places: tuple[int, ...] | None = None

    @classmethod
    def of(cls, text: str) -> "Plain":
        """`text` with one kind of space, dash and apostrophe, and without invisible characters."""
        words = text.translate(_SAME_LENGTH)
        if not _INVISIBLE.search(words):
            return cls(words)
        places = tuple(place for place, point in enumerate(words) if not _INVISIBLE.match(point))
        return cls("".join(words[place] for place in places), places)

    def original(self, start: int, end: int) -> Span:
        """Where the words from `start` to `end` (at least one) stand in the text it was made from."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True)
class Rule:
    """A way to spot one kind of passage. `spot` reads plain words and costs linear time."""

    name: str
    kind: FindingKind
    version: int
    why: str
    redact_as: RedactionKind
    spot: Callable[[str], Iterator[Spotted]]

    def finding(self, field: str, span: Span, severity: Severity) -> Finding:
        """The finding that this rule makes of a passage."""
        return Finding(
            kind=self.kind,
            severity=severity,
            rule=self.name,
            rule_version=self.version,
            field=field,
            start=span[0],
            end=span[1],
            why=self.why,
            redact_as=self.redact_as,
        )


Step = Rule | Callable[[str], Iterable[Span]]
"""A rule, or a way to spot what is harmless: it is taken and makes no finding."""


def first_come(field: str, text: str, steps: Iterable[Step]) -> Iterator[Finding]:
    """What the rules find in `text`, each passage once, by the first step that spots it."""
    plain = Plain.of(text)
    words = plain.words
    for step in steps:
        spotted = list(step.spot(words) if isinstance(step, Rule) else _harmless(step, words))
        taken = bytearray(len(words) if spotted else 0)
        spans = []
        for start, end, severity in spotted:
            if start < end and taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                spans.append((start, end))
                if isinstance(step, Rule):
                    yield step.finding(field, plain.original(start, end), severity)
        words = _without(words, sorted(spans))


def _without(words: str, spans: list[Span]) -> str:
    """`words` with a line end for each character of the spans, which are in order and apart."""
    pieces, end = [], 0
    for start, after in spans:
        pieces += [words[end:start], "\n" * (after - start)]
        end = after
    return "".join([*pieces, words[end:]]) if spans else words


def _harmless(step: Callable[[str], Iterable[Span]], words: str) -> Iterator[Spotted]:
    for start, end in step(words):
        yield start, end, Severity.WEAK


def matches(pattern: re.Pattern[str], severity: Severity = Severity.STRONG) -> Callable[[str], Iterator[Spotted]]:
    """Spots what `pattern` matches: its group `it` where it has one, else all of the match."""
    group = "it" if "it" in pattern.groupindex else 0

    def spot(words: str) -> Iterator[Spotted]:
        for match in pattern.finditer(words):
            yield match.start(group), match.end(group), severity

    return spot


def near(
    trigger: Trigger, spot: Callable[[str], Iterator[Spotted]], chars: int = NEAR_CHARS
) -> Callable[[str], Iterator[Spotted]]:
    """Spots what `spot` does, but reads only the words around each trigger, to save time.

    Of these `chars` before and after, to the next space; a passage that is further from a trigger is not seen.
    """

    def spot_near(words: str) -> Iterator[Spotted]:
        for start, end in _parts(trigger, words, chars):
            for first, last, severity in spot(words[start:end]):
                yield start + first, start + last, severity

    return spot_near


def near_spans(
    trigger: Trigger, spot: Callable[[str], Iterable[Span]], chars: int = NEAR_CHARS
) -> Callable[[str], Iterator[Span]]:
    """The same for a way to spot what is harmless."""

    def spot_near(words: str) -> Iterator[Span]:
        for start, end in _parts(trigger, words, chars):
            for first, last in spot(words[start:end]):
                yield start + first, start + last

    return spot_near


def _parts(trigger: Trigger, words: str, chars: int) -> Iterator[Span]:
    start, end = 0, 0
    for place in _places(trigger, words):
        if not end or place - chars > end:
            if end:
                yield start, end
            start = words.rfind(" ", end, max(end, place - chars)) + 1 or end
        space = words.find(" ", max(end, place + chars))
        end = len(words) if space < 0 else space
    if end:
        yield start, end


def _places(trigger: Trigger, words: str) -> Iterable[int]:
    """Where the trigger stands, in order."""
    if isinstance(trigger, re.Pattern):
        return (match.start() for match in trigger.finditer(words))
    small = _in_small_letters(words)
    return sorted(place for cue in trigger for place in _finds(cue, small))


def _finds(cue: str, small: str) -> Iterator[int]:
    place = small.find(cue)
    while place >= 0:
        yield place
        place = small.find(cue, place + len(cue))


def _in_small_letters(words: str) -> str:
    """`words` in small letters, each in its place; a few capitals have a longer small form and stay."""
    small = words.lower()
    if len(small) == len(words):
        return small
    return "".join(point.lower() if len(point.lower()) == 1 else point for point in words)
