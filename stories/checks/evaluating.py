"""What the checks find and miss in labelled texts: recall, precision, false alarms and cost, as figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

from stories.checks import CHECKS
from stories.checks.finding import Check, Finding, FindingKind, Known
from stories.checks.labelled import CLASS_OF, CLASSES, OTHER_KINDS, LabelledText, Span, TextKind
from stories.content import Content
from stories.reading.figures import wilson

ENOUGH_OF_A_SPAN = 0.5
"""The part of a span that has to be covered, so that a first name alone does not stand for a full address."""

CPU_WORDS = 250
FALSE_ALARM_WORDS = 1_000
_FIELD = "narrative"


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1; None of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval by Wilson; None of nothing."""
        return wilson(self.count, self.total) if self.total else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"count": self.count, "of": self.total, "share": self.value, "interval": self.interval}


@dataclass(frozen=True)
class ClassFigures:
    """How well one class of identifying details is noticed.

    `found` are its spans of which findings of the class cover half or more, `noticed` those of which findings of
    any class do. `right` are findings of the class that touch a span of it; `misnamed` those that touch spans of
    other classes alone. What is neither is a false alarm.
    """

    of_class: str
    texts: int
    found: Share
    noticed: Share
    right: Share
    misnamed: Share

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        shares = {name: getattr(self, name).as_json() for name in ("found", "noticed", "right", "misnamed")}
        return {"class": self.of_class, "texts": self.texts, **shares}


@dataclass(frozen=True)
class KindFigures:
    """How well a kind that identifies nobody is noticed, text by text; `elsewhere` are the texts without it."""

    kind: FindingKind
    found: Share
    elsewhere: Share

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"kind": self.kind, "found": self.found.as_json(), "elsewhere": self.elsewhere.as_json()}


@dataclass(frozen=True)
class Miss:
    """A passage that went wrong: a span `missed` or `misnamed`, or a `false alarm`; with its words."""

    text_id: str
    of_class: str
    what: str
    words: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"text": self.text_id, "class": self.of_class, "what": self.what, "words": self.words}


@dataclass(frozen=True)
class Evaluation:
    """Everything measured on a file of labelled texts.

    `missed_stories` are, of the texts with a direct identifier, those where one was noticed by nothing.
    """

    texts: int
    words: int
    classes: tuple[ClassFigures, ...]
    kinds: tuple[KindFigures, ...]
    false_alarms: int
    hard_words: int
    missed_stories: Share
    cpu_seconds: float
    misses: tuple[Miss, ...]

    @property
    def false_alarm_rate(self) -> float | None:
        """False alarms in 1,000 words of the hard negatives; None without any."""
        return FALSE_ALARM_WORDS * self.false_alarms / self.hard_words if self.hard_words else None

    @property
    def cpu_milliseconds(self) -> float | None:
        """The time of one processor for 250 words, in milliseconds; None without words."""
        return 1_000 * CPU_WORDS * self.cpu_seconds / self.words if self.words else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, without the passages, which hold words."""
        return {
            "texts": self.texts,
            "words": self.words,
            "classes": [figures.as_json() for figures in self.classes],
            "kinds": [figures.as_json() for figures in self.kinds],
            "hard_negatives": {
                "words": self.hard_words,
                "false_alarms": self.false_alarms,
                "per_1000_words": self.false_alarm_rate,
            },
            "missed_stories": self.missed_stories.as_json(),
            "cpu_ms_per_250_words": self.cpu_milliseconds,
        }


@dataclass(frozen=True)
class _Alarm:
    """A finding of an identifying class, in the narrative."""

    start: int
    end: int
    of_class: str

    def touches(self, span: Span) -> bool:
        return self.start < span.end and span.start < self.end


@dataclass(frozen=True)
class _Read:
    """A text that the checks have read."""

    text: LabelledText
    alarms: tuple[_Alarm, ...]
    kinds: frozenset[FindingKind]
    seconds: float

    def is_noticed(self, span: Span, *, by: str | None = None) -> bool:
        """Whether findings of the class `by`, or of any, cover enough of `span`."""
        covered: set[int] = set()
        for alarm in self.alarms:
            if by in (None, alarm.of_class):
                covered.update(range(max(alarm.start, span.start), min(alarm.end, span.end)))
        return len(covered) >= ENOUGH_OF_A_SPAN * (span.end - span.start)

    def touched(self, alarm: _Alarm) -> set[str]:
        """The classes of the spans that a finding touches; none when it is a false alarm."""
        return {span.of_class for span in self.text.spans if alarm.touches(span)}

    @property
    def false_alarms(self) -> int:
        return sum(1 for alarm in self.alarms if not self.touched(alarm))

    @property
    def has_direct(self) -> bool:
        return any(span.is_direct for span in self.text.spans)

    @property
    def is_missed(self) -> bool:
        return any(span.is_direct and not self.is_noticed(span) for span in self.text.spans)


def evaluate(texts: Iterable[LabelledText], known: Known, checks: Sequence[Check] = CHECKS) -> Evaluation:
    """What `checks` find in `texts`, each as the narrative of a story that says nothing else, in this process."""
    read = [_read(text, known, checks) for text in texts]
    hard = [each for each in read if each.text.kind is TextKind.HARD_NEGATIVE]
    direct = [each for each in read if each.has_direct]
    return Evaluation(
        texts=len(read),
        words=sum(each.text.words for each in read),
        classes=tuple(_of_class(of_class, read) for of_class in CLASSES),
        kinds=tuple(_of_kind(kind, read) for kind in OTHER_KINDS),
        false_alarms=sum(each.false_alarms for each in hard),
        hard_words=sum(each.text.words for each in hard),
        missed_stories=Share(sum(1 for each in direct if each.is_missed), len(direct)),
        cpu_seconds=sum(each.seconds for each in read),
        misses=tuple(miss for each in read for miss in _misses(each)),
    )


def _read(text: LabelledText, known: Known, checks: Sequence[Check]) -> _Read:
    content = Content(narrative=text.text, language=text.language)
    findings = _findings(content, known, checks)
    began = process_time()  # on the second reading, when every list and table that a check needs is loaded
    _findings(content, known, checks)
    seconds = process_time() - began
    kinds = frozenset(finding.kind for finding in findings)
    return _Read(text, tuple(_alarms(findings)), kinds, seconds)


def _findings(content: Content, known: Known, checks: Sequence[Check]) -> list[Finding]:
    return [finding for check in checks for finding in check(content, known)]


def _alarms(findings: Iterable[Finding]) -> Iterator[_Alarm]:
    for finding in findings:
        if finding.field == _FIELD and finding.kind in CLASS_OF:
            yield _Alarm(finding.start, finding.end, CLASS_OF[finding.kind])


def _of_class(of_class: str, read: Sequence[_Read]) -> ClassFigures:
    spans = [(each, span) for each in read for span in each.text.spans if span.of_class == of_class]
    touched = [each.touched(alarm) for each in read for alarm in each.alarms if alarm.of_class == of_class]
    return ClassFigures(
        of_class,
        texts=len({each.text.id for each, _span in spans}),
        found=_share(each.is_noticed(span, by=of_class) for each, span in spans),
        noticed=_share(each.is_noticed(span) for each, span in spans),
        right=_share(of_class in classes for classes in touched),
        misnamed=_share(bool(classes) and of_class not in classes for classes in touched),
    )


def _of_kind(kind: FindingKind, read: Sequence[_Read]) -> KindFigures:
    return KindFigures(
        kind,
        found=_share(kind in each.kinds for each in read if kind in each.text.kinds),
        elsewhere=_share(kind in each.kinds for each in read if kind not in each.text.kinds),
    )


def _share(answers: Iterable[bool]) -> Share:
    told = list(answers)
    return Share(sum(told), len(told))


def _misses(read: _Read) -> Iterator[Miss]:
    for span in read.text.spans:
        if not read.is_noticed(span, by=span.of_class):
            what = "misnamed" if read.is_noticed(span) else "missed"
            yield Miss(read.text.id, span.of_class, what, read.text.text[span.start : span.end])
    for alarm in read.alarms:
        if not read.touched(alarm):
            yield Miss(read.text.id, alarm.of_class, "false alarm", read.text.text[alarm.start : alarm.end])
