"""Labelled texts, which the checks are measured with: their format, as docs/labelled-texts.md explains it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from stories.checks.finding import FindingKind
from stories.cleaning import normalise
from stories.refusal import Refusal

CLASS_OF: dict[FindingKind, str] = {
    FindingKind.NAME: "names",
    FindingKind.PLACE: "geography",
    FindingKind.ADDRESS: "geography",
    FindingKind.POSTCODE: "geography",
    FindingKind.DATE: "dates",
    FindingKind.AGE: "dates",
    FindingKind.PHONE: "phone",
    FindingKind.FAX: "fax",
    FindingKind.EMAIL: "email",
    FindingKind.NATIONAL_NUMBER: "ssn",
    FindingKind.RECORD_NUMBER: "mrn",
    FindingKind.INSURANCE_NUMBER: "insurance",
    FindingKind.ACCOUNT_NUMBER: "account",
    FindingKind.LICENCE_NUMBER: "licence",
    FindingKind.PLATE: "vehicle",
    FindingKind.DEVICE_NUMBER: "device",
    FindingKind.URL: "url",
    FindingKind.IP_ADDRESS: "ip",
    FindingKind.BIOMETRIC: "biometric",
    FindingKind.PICTURE: "face",
    FindingKind.HANDLE: "other",
    FindingKind.NUMBER: "other",
    FindingKind.DETAIL: "other",
}
"""Which of the catalogue's `identifier_classes` a finding is of. A kind that is not here identifies nobody."""

CLASSES = tuple(dict.fromkeys(CLASS_OF.values()))
"""The classes in the order of 45 CFR 164.514(b)(2)(i)."""

INDIRECT_CLASSES = frozenset({"geography", "dates", "biometric", "face"})
"""Classes that name nobody by themselves: many share a place or a date, words only speak of a print."""

OTHER = "other"
"""The class that holds both: a name on another service leads to one person, an employer does not."""

OTHER_KINDS = tuple(kind for kind in FindingKind if kind not in CLASS_OF)

_KEYS = frozenset({"id", "text", "language", "template", "split", "kind", "spans"})
_MAY_HAVE = frozenset({"kinds"})
_Named = TypeVar("_Named", bound=StrEnum)


class Split(StrEnum):
    """What a text is for: tuning the rules, or measuring them on sentences that nobody looked at."""

    TUNING = "tuning"
    HELD_OUT = "held_out"


class TextKind(StrEnum):
    """What a text holds: identifying details, words that only look like them, or neither."""

    IDENTIFYING = "identifying"
    HARD_NEGATIVE = "hard_negative"
    PLAIN = "plain"


class BrokenLabels(Refusal):
    """A file of labelled texts that cannot be read; the message names line and fault, without words of a text."""


@dataclass(frozen=True, order=True)
class Span:
    """An identifying detail: code points `start` to `end` of the normalised text, of one of CLASSES.

    `is_direct` when it leads to one person by itself.
    """

    start: int
    end: int
    of_class: str
    is_direct: bool

    @classmethod
    def of(cls, start: int, end: int, of_class: str, *, is_direct: bool = True) -> "Span":
        """The span, direct as its class is; `is_direct` counts for OTHER alone."""
        return cls(start, end, of_class, is_direct if of_class == OTHER else of_class not in INDIRECT_CLASSES)

    def as_json(self) -> dict[str, Any]:
        """The span as it stands in a file."""
        told: dict[str, Any] = {"start": self.start, "end": self.end, "class": self.of_class}
        return told if self.is_direct or self.of_class != OTHER else {**told, "is_direct": False}


@dataclass(frozen=True, kw_only=True)
class LabelledText:
    """A normalised text with the details known to stand in it.

    `template` names the sentences it was made of, `kinds` what else a check should notice somewhere in it.
    """

    id: str
    text: str
    language: str
    template: str
    split: Split
    kind: TextKind
    spans: tuple[Span, ...] = ()
    kinds: tuple[FindingKind, ...] = ()

    @property
    def words(self) -> int:
        """How many words it has, parted by white space."""
        return len(self.text.split())

    def as_line(self) -> str:
        """The text as one line of a file, without its line feed."""
        body: dict[str, Any] = {
            "id": self.id,
            "language": self.language,
            "template": self.template,
            "split": self.split,
            "kind": self.kind,
            "text": self.text,
            "spans": [span.as_json() for span in self.spans],
        }
        return json.dumps(body | ({"kinds": list(self.kinds)} if self.kinds else {}), ensure_ascii=False)


def read_labelled(path: Path) -> tuple[LabelledText, ...]:
    """The texts of a file of JSON Lines. Raises BrokenLabels, naming the first bad line and what is wrong there."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BrokenLabels("The file is not UTF-8.") from error
    texts: dict[str, LabelledText] = {}
    split_of: dict[str, Split] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                text = _read(line)
                if text.id in texts:
                    raise BrokenLabels("a line before has the same id.")
                if split_of.setdefault(text.template, text.split) is not text.split:
                    raise BrokenLabels("a line before has the same template and another split.")
            except BrokenLabels as broken:
                raise BrokenLabels(f"Line {number}: {broken}") from broken
            texts[text.id] = text
    return tuple(texts.values())


def _read(line: str) -> LabelledText:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BrokenLabels("this is not JSON.") from error
    if not isinstance(body, dict):
        raise BrokenLabels("this is not a JSON object.")
    if missing := sorted(_KEYS - set(body)):
        raise BrokenLabels(f"{missing[0]} is missing.")
    if set(body) - _KEYS - _MAY_HAVE:
        raise BrokenLabels(f"it has a key that is none of {', '.join(sorted(_KEYS | _MAY_HAVE))}.")
    text = normalise(_words(body, "text"))
    found = LabelledText(
        id=_words(body, "id"),
        text=text,
        language=_words(body, "language"),
        template=_words(body, "template"),
        split=_one_of(Split, body, "split"),
        kind=_one_of(TextKind, body, "kind"),
        spans=tuple(_spans(body["spans"], len(text))),
        kinds=tuple(_kinds(body.get("kinds", []))),
    )
    if (found.kind is TextKind.IDENTIFYING) != bool(found.spans):
        raise BrokenLabels("a text has spans exactly when its kind is identifying.")
    return found


def _words(body: Mapping[str, Any], key: str) -> str:
    value = body[key]
    if not isinstance(value, str) or not value.strip():
        raise BrokenLabels(f"{key} is not a text with words.")
    return value


def _one_of(names: type[_Named], body: Mapping[str, Any], key: str) -> _Named:
    try:
        return names(body[key])
    except ValueError as error:
        raise BrokenLabels(f"{key} is none of {', '.join(names)}.") from error


def _spans(listed: Any, length: int) -> Iterator[Span]:
    """The spans in the order of the text."""
    if not isinstance(listed, list):
        raise BrokenLabels("spans is not a list.")
    end_before = 0
    for span in sorted((_span(body, length) for body in listed), key=lambda span: span.start):
        if span.start < end_before:
            raise BrokenLabels(f"the span at {span.start} begins inside the one before it.")
        end_before = span.end
        yield span


def _span(body: Any, length: int) -> Span:
    keys = {"start", "end", "class"}
    if not isinstance(body, dict) or not keys <= set(body) <= {*keys, "is_direct"}:
        raise BrokenLabels("a span is not an object with start, end and class.")
    start, end, of_class = body["start"], body["end"], body["class"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        raise BrokenLabels(f"a span does not lie in the text, which has {length} characters.")
    if of_class not in CLASSES:
        raise BrokenLabels(f"the class of the span at {start} is none of {', '.join(CLASSES)}.")
    if "is_direct" in body and (of_class != OTHER or not isinstance(body["is_direct"], bool)):
        raise BrokenLabels(f"is_direct is true or false, and only for the class {OTHER}.")
    return Span.of(start, end, of_class, is_direct=body.get("is_direct", True))


def _kinds(listed: Any) -> Iterable[FindingKind]:
    if not isinstance(listed, list) or not all(kind in OTHER_KINDS for kind in listed):
        raise BrokenLabels(f"kinds is not a list of {', '.join(OTHER_KINDS)}.")
    return (FindingKind(kind) for kind in listed)
