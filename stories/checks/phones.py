"""Telephone numbers as patients write them, with the metadata of phonenumbers for what is assigned somewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Span, Spotted, matches, near
from stories.content import RedactionKind

_BEFORE = r"(?<![\w.,/+@-])(?<!\d:)"
_AFTER = r"(?![\w@]|[.,:/-]\d)"
_MORE = r"(?:[ ()./-]{0,3}\d)"
_INTERNATIONAL = re.compile(rf"(?:(?<![\d+])\+|(?<!\w)00(?=[1-9(]))[ (]{{0,2}}\d{_MORE}{{6,16}}(?![\d@])")
_WITH_ZERO = re.compile(rf"{_BEFORE}\(?0\d{_MORE}{{7,14}}(?!\w|[.,:/-]\d)")
_AMERICAN = re.compile(rf"{_BEFORE}(?:1[ .-]?)?\(?[2-9]\d\d\)?[ ]?[./-]?[ ]?[2-9]\d\d[ ]?[./-]?[ ]?\d{{4}}{_AFTER}")
_LOCAL = re.compile(rf"{_BEFORE}[2-9]\d\d-\d{{4}}{_AFTER}")
_GROUPED = re.compile(rf"{_BEFORE}[1-9]\d{{1,3}}(?:[ .-]\d{{2,4}}){{2,4}}{_AFTER}")
_CUED = re.compile(
    r"(?<!\w)(?:(?:tele)?phone|tel|call|ring|text|txt|mobile|mob|my cell|cell ?phone|cell:|whats ?app"
    r"|(?:my|her|his|their) (?:number|no)|number is|reach me|contact me|telefon(?:nummer)?|handy|t[ée]l[ée]phone"
    rf"|tel[ée]fono|m[óo]vil)(?![^\W\d])[^\d\n()+]{{0,20}}(?P<it>[(+]{{0,2}}\d{_MORE}{{5,14}}){_AFTER}",
    re.IGNORECASE,
)
_FAX = re.compile(
    rf"(?<!\w)(?:tele)?(?:fax|facsimile)(?![^\W\d])[^\d\n()+]{{0,20}}(?P<it>[(+]{{0,2}}\d{_MORE}{{5,14}}){_AFTER}",
    re.IGNORECASE,
)
_SPELT = re.compile(
    r"(?<!\w)(?:(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|\d)[ ,-]{1,2}){6,20}"
    r"(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine|\d)(?!\w)",
    re.IGNORECASE,
)
_SPELT_WORDS = ("zero", "nought", "double", "triple", "seven", "eight")
_LAST_GROUP = re.compile(r"[ ()./-]+(?P<digits>\d+)$")

_REGIONS = (
    *("GB", "US", "DE", "FR", "NL", "IE", "AU", "ES", "IT", "BE"),
    *("PT", "PL", "DK", "SE", "NO", "FI", "AT", "CH", "CZ", "IN"),
)
_MOST_ASKED = 100
"""Passages of one text that phonenumbers is asked about; each may cost a millisecond."""


@dataclass(frozen=True)
class _Shape:
    """A way to write telephone numbers, and how many digits such a number has."""

    pattern: re.Pattern[str]
    fewest: int
    most: int

    def spans(self, words: str) -> Iterator[Span]:
        """Where numbers of this shape stand, each without the figures of the words after it."""
        asked = position = 0
        while match := self.pattern.search(words, position):
            group = "it" if "it" in self.pattern.groupindex else 0
            number = self._number(match.group(group), is_asking=asked < _MOST_ASKED)
            asked += 1
            position = match.start(group) + len(number) if number else match.end()
            if number:
                yield match.start(group), position

    def _number(self, passage: str, *, is_asking: bool) -> str:
        """The longest beginning of `passage` that is assigned somewhere, else the longest that could be; or ""."""
        beginnings = [number for number in _beginnings(passage) if self.fewest <= _digits(number) <= self.most]
        if is_asking:
            for number in beginnings:
                if _is_assigned(number):
                    return number
        return next(iter(beginnings), "")


_CUED_SHAPE = _Shape(_CUED, 6, 16)
_FAX_SHAPE = _Shape(_FAX, 6, 16)
_SHAPES = (_Shape(_INTERNATIONAL, 8, 16), _Shape(_WITH_ZERO, 9, 12), _Shape(_AMERICAN, 10, 11))


def _beginnings(passage: str) -> Iterator[str]:
    """`passage`, then without its last group of digits, and so on. One that ends in a lone digit comes later."""
    number, later = passage, []
    while True:
        group = _LAST_GROUP.search(number)
        if group and len(group["digits"]) == 1:
            later.append(number)
        else:
            yield number
        if not group:
            yield from later
            return
        number = number[: group.start()]


def _is_assigned(number: str) -> bool:
    """Whether `number` is in use somewhere: with its country code, or in one of the regions."""
    import phonenumbers  # here, since it is slow to import and most stories have nothing to ask about

    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _digits(words: str) -> int:
    return sum(point.isdigit() for point in words)


def _cued_phones(words: str) -> Iterator[Spotted]:
    for span in _CUED_SHAPE.spans(words):
        yield *span, Severity.STRONG


def _faxes(words: str) -> Iterator[Spotted]:
    for span in _FAX_SHAPE.spans(words):
        yield *span, Severity.STRONG


def _phones(words: str) -> Iterator[Spotted]:
    """Numbers with a country code, with a leading zero, or grouped as in North America."""
    for shape in _SHAPES:
        for span in shape.spans(words):
            yield *span, Severity.STRONG


def _possible_phones(words: str) -> Iterator[Spotted]:
    """Short local numbers, and groups of digits that are an assigned number in some country."""
    for match in _LOCAL.finditer(words):
        yield *match.span(), Severity.WEAK
    candidates = [match for match in _GROUPED.finditer(words) if 8 <= _digits(match.group()) <= 11]
    for match in candidates[:_MOST_ASKED]:
        if _is_assigned(match.group()):
            yield *match.span(), Severity.WEAK


_LOOKS_LIKE = "This looks like a phone number."
_CONTACT = RedactionKind.CONTACT

SPELT = Rule("phone.spelt", FindingKind.PHONE, 1, _LOOKS_LIKE, _CONTACT, near(_SPELT_WORDS, matches(_SPELT)))
FAX = Rule("fax", FindingKind.FAX, 1, "This looks like a fax number.", _CONTACT, _faxes)
CUED = Rule("phone.cued", FindingKind.PHONE, 1, _LOOKS_LIKE, _CONTACT, _cued_phones)
WRITTEN = Rule("phone", FindingKind.PHONE, 1, _LOOKS_LIKE, _CONTACT, _phones)
POSSIBLE = Rule("phone.possible", FindingKind.PHONE, 1, "This may be a phone number.", _CONTACT, _possible_phones)
