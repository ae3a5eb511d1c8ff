"""A text in passages: what was redacted, what a check found, and what readers get to see of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from stories.cleaning import Clean
from stories.content import Redaction, RedactionKind

EXCERPT_CHARS = 280
_BLANK = re.compile(r"[ \u00a0]*\n(?:[ \u00a0]*\n)+[ \u00a0]*")
_WORD = re.compile(r"\w(?:\S*\w)?")


class Spot(Protocol):
    """Anything with a place in a text, such as a finding."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Passage:
    """A run of one text: its cleaned words, what it was redacted as, and the numbers of the findings in it.

    Of those, `begins` and `ends` are the findings that begin and end with this very run.
    """

    start: int
    end: int
    html: Clean
    redacted_as: RedactionKind | None = None
    findings: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @property
    def lines(self) -> Clean:
        """The words with their line ends as HTML."""
        return Clean(str(self.html).replace("\n", "<br>"))


def label(kind: RedactionKind) -> str:
    """The word that stands for what was taken out."""
    return f"[{kind.value}]"


def passages(
    text: Clean, redactions: Sequence[Redaction] = (), findings: Sequence[tuple[int, Spot]] = ()
) -> list[Passage]:
    """`text` cut wherever a redaction or a numbered finding begins or ends. Nothing is left out.

    What was taken out is one run: a finding that begins or ends inside it reaches to its edge.
    """
    points = text.points()
    reaching = [(number, *_reach(finding, redactions)) for number, finding in findings]
    edges = {0, len(points)}
    for start, end in [*((spot.start, spot.end) for spot in redactions), *(reach[1:] for reach in reaching)]:
        edges |= {min(start, len(points)), min(end, len(points))}
    ordered = sorted(edges)
    found = []
    for start, end in pairwise(ordered):
        kinds = [spot.kind for spot in redactions if spot.start <= start and end <= spot.end]
        within = [reach for reach in reaching if reach[1] <= start and end <= reach[2]]
        found.append(
            Passage(
                start,
                end,
                Clean("".join(points[start:end])),
                kinds[0] if kinds else None,
                tuple(number for number, _begin, _end in within),
                tuple(number for number, begin, _end in within if begin == start),
                tuple(number for number, _begin, finish in within if finish == end),
            )
        )
    return found


def _reach(finding: Spot, redactions: Sequence[Redaction]) -> tuple[int, int]:
    """From where to where a finding is shown, which is never from or to the middle of what was taken out."""
    starts = [spot.start for spot in redactions if spot.start < finding.start < spot.end]
    ends = [spot.end for spot in redactions if spot.start < finding.end < spot.end]
    return min([finding.start, *starts]), max([finding.end, *ends])


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a normalised text as spans; blank lines lie between them."""
    spans, start = [], 0
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            spans.append((start, end))
        start = gap.end() if gap else len(text)
    return spans


def passages_by_paragraph(
    text: Clean, redactions: Sequence[Redaction] = (), findings: Sequence[tuple[int, Spot]] = ()
) -> list[list[Passage]]:
    """The passages of each paragraph, for those who judge a text. Blank lines between paragraphs are left out.

    A finding over several paragraphs begins in the first of them and ends in the last.
    """
    points, found, spans = text.points(), passages(text, redactions, findings), paragraphs(text.words)
    ends_before = [0, *(end for _start, end in spans)]
    starts_after = [*(start for start, _end in spans[1:]), len(points)]
    return [
        [
            replace(
                passage,
                start=max(passage.start, start),
                end=min(passage.end, end),
                html=Clean("".join(points[max(passage.start, start) : min(passage.end, end)])),
                begins=passage.begins if passage.start >= before else (),
                ends=passage.ends if passage.end <= after else (),
            )
            for passage in found
            if passage.start < end and start < passage.end
        ]
        for (start, end), before, after in zip(spans, ends_before, starts_after, strict=False)
    ]


@dataclass(frozen=True)
class Word:
    """A word that can be chosen, and what stands between it and the word before, and behind the last one."""

    before: Clean
    start: int
    end: int
    html: Clean
    after: Clean


def words_of(text: Clean, span: tuple[int, int]) -> list[Word]:
    """The words of a paragraph, for choosing some of them; a full stop or comma is not part of a word."""
    points, words, done = text.points(), [], span[0]

    def html(start: int, end: int) -> Clean:
        return Clean("".join(points[start:end]).replace("\n", "<br>"))

    for match in _WORD.finditer(text.words, *span):
        start, end = match.span()
        words.append(Word(html(done, start), start, end, html(start, end), Clean("")))
        done = end
    if words:
        words[-1] = replace(words[-1], after=html(done, span[1]))
    return words


@dataclass(frozen=True)
class Shown:
    """What readers see of a run of text: its words, with redactions in brackets, and the same as HTML."""

    words: str
    html: Clean


def shown_paragraphs(clean: Clean, redactions: Sequence[Redaction] = ()) -> list[Shown]:
    """What readers see of a text, paragraph by paragraph."""
    steps = _steps(clean, redactions)
    outline = "".join(step.words if len(step.words) == 1 else "x" for step in steps)
    return [_joined(steps[start:end]) for start, end in paragraphs(outline)]


def shown_line(clean: Clean, redactions: Sequence[Redaction] = ()) -> Shown:
    """What readers see of a one-line text."""
    return _joined(_steps(clean, redactions))


def excerpt(clean: Clean, redactions: Sequence[Redaction] = ()) -> Shown:
    """The beginning of what readers see, at most EXCERPT_CHARS and cut between words."""
    steps = [Shown(" ", Clean(" ")) if step.words == "\n" else step for step in _steps(clean, redactions)]
    if len(steps) <= EXCERPT_CHARS:
        return _joined(steps)
    end = EXCERPT_CHARS
    while end > EXCERPT_CHARS // 2 and not steps[end].words.isspace():
        end -= 1
    return _joined([*steps[:end], Shown(" …", Clean(" …"))])


def _steps(clean: Clean, redactions: Sequence[Redaction]) -> list[Shown]:
    """One step a code point, and one for each redaction as a whole."""
    steps: list[Shown] = []
    for passage in passages(clean, redactions):
        if passage.redacted_as is None:
            steps += [Shown(Clean(point).words, Clean(point)) for point in passage.html.points()]
        else:
            word = label(passage.redacted_as)
            steps.append(Shown(word, Clean(f'<span class="fh-redaction">{word}</span>')))
    return steps


def _joined(steps: Sequence[Shown]) -> Shown:
    html = "".join("<br>" if step.words == "\n" else str(step.html) for step in steps)
    return Shown("".join(step.words for step in steps), Clean(html))
