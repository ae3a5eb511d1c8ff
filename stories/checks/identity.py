"""What says who or where a person is, by every rule for it, each passage once."""

import re
from collections.abc import Iterator
from dataclasses import replace

from stories.checks import dates, details, harmless, names, numbers, phones, places
from stories.checks.familiar import familiar_names
from stories.checks.finding import Finding, FindingKind, Known, Severity, most_telling
from stories.checks.links import RULES as LINKS
from stories.checks.spotting import (
    NEAR_CHARS,
    Rule,
    Span,
    Spotted,
    Step,
    Trigger,
    first_come,
    matches,
    near,
    near_spans,
)
from stories.content import Content, RedactionKind

_AFTER = r"(?![\w@]|[.,:/-]\d)"

_UK_AREA = (
    "(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    "|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)"
)
_UK_POSTCODE = re.compile(
    rf"(?<![\w-])(?:{_UK_AREA}\d[A-HJKMNPR-Y\d]?[ ]?\d(?!(?:st|nd|rd|th|ug|ng|pg|hr|ft|pt|bd|td|qd|ds|us|lb)(?!\w))"
    r"[ABD-HJLNP-UW-Z]{2}|GIR[ ]?0AA)(?!\w)",
    re.IGNORECASE,
)
"""The 124 areas and the letters of inward codes: Royal Mail, Programmers' Guide to the Postcode Address File."""
_CA_POSTCODE = re.compile(r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)")
_NL_POSTCODE = re.compile(
    r"(?<![\w.,-])[1-9]\d{3}(?:(?!SA|SD|SS|IU|MG|ML|UG|AM|PM)[A-Z]{2}(?!\w)"
    r"|[ ](?!SA|SD|SS|IU|MG|ML|MM|CM|KG|KM|UG|AM|PM|UV|IV|UK|US|EU|AD|BC|GP|ER|MD)[A-Z]{2}(?=[ ,]{1,2}[A-Z][a-z]))"
)
_US_STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY])"
)
_US_ZIP = re.compile(rf"(?<!\w){_US_STATE}[.,]?[ ](?P<it>\d{{5}}(?:-\d{{4}})?){_AFTER}")
_US_TOWN_ZIP = re.compile(rf"(?<=,[ ]){_US_STATE}[.,]?[ ](?P<it>\d{{5}}(?:-\d{{4}})?){_AFTER}")
_DE_POSTCODE = re.compile(r"(?<!\w)D-(?P<it>\d{5})(?!\w)")
_CUED_POSTCODE = re.compile(
    r"(?<!\w)(?:zip|zip ?code|post ?code|postal code|plz|postleitzahl|code postal|c[óo]digo postal)"
    r"(?:[ ](?:is|was|area|of)){0,2}[ :=.]{1,3}"
    r"(?P<it>(?=[a-z]{0,2}\d)[a-z\d]{2,7}(?:-\d{4}|[ ](?=\d[a-z]|[a-z]\d)[a-z\d]{3}|[ ](?-i:[A-Z]{2}))?)(?!\w)",
    re.IGNORECASE,
)


def _postcodes(words: str) -> Iterator[Spotted]:
    """Postcodes whose form tells them apart; the Dutch one, and a British one in small letters, only may be one."""
    for pattern in (_CA_POSTCODE, _US_ZIP, _DE_POSTCODE):
        yield from matches(pattern)(words)
    for match in _UK_POSTCODE.finditer(words):
        yield *match.span(), Severity.STRONG if match.group().isupper() else Severity.WEAK
    yield from matches(_NL_POSTCODE, Severity.WEAK)(words)


_POSTCODE = "This looks like a postcode."
_DIGIT = re.compile(r"\d")
_THREE_DIGITS = re.compile(r"\d\w{0,2}[ ./-]?\w{0,2}\d\w{0,2}[ ./-]?\w{0,2}\d")
_SIX_DIGITS = re.compile(r"\d(?:[ ()./-]{0,3}\d){5}")
_TWO_DIGITS = re.compile(r"\d\d")
_CODE_CHARS, _AMOUNT_CHARS, _ADDRESS_CHARS = 12, 40, 60
"""How far from a digit the longest postcode, amount or batch number, and address may reach."""
_AGE_WORDS = (
    "ninet",
    "hundred",
    "nonag",
    "centen",
    *(str(tens) for tens in (90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 10, 11)),
)


def _near(trigger: Trigger, *steps: Step, chars: int = NEAR_CHARS) -> tuple[Step, ...]:
    """The same steps, each reading only what is near the trigger."""
    return tuple(
        replace(step, spot=near(trigger, step.spot, chars))
        if isinstance(step, Rule)
        else near_spans(trigger, step, chars)
        for step in steps
    )


_FIGURES: tuple[Step, ...] = (
    *details.MACHINES,
    *_near(_DIGIT, places.ADDRESS, chars=_ADDRESS_CHARS),
    dates.DATE,
    *_near(_DIGIT, *harmless.WITH_CUE, chars=_AMOUNT_CHARS),
    *_near(
        _DIGIT,
        Rule("postcode.town", FindingKind.POSTCODE, 1, _POSTCODE, RedactionKind.PLACE, matches(_US_TOWN_ZIP)),
        chars=_CODE_CHARS,
    ),
    *_near(_THREE_DIGITS, *numbers.CUED),
    *_near(
        _DIGIT,
        Rule("postcode.cued", FindingKind.POSTCODE, 1, _POSTCODE, RedactionKind.PLACE, matches(_CUED_POSTCODE)),
        chars=_ADDRESS_CHARS,
    ),
    phones.SPELT,
    *_near(_SIX_DIGITS, phones.FAX, phones.CUED),
    *_near(_TWO_DIGITS, *numbers.FORMED, chars=_AMOUNT_CHARS),
    *_near(_DIGIT, *harmless.BY_SHAPE, chars=_AMOUNT_CHARS),
    *_near(_SIX_DIGITS, phones.WRITTEN),
    *_near(
        _DIGIT,
        Rule("postcode", FindingKind.POSTCODE, 1, _POSTCODE, RedactionKind.PLACE, _postcodes),
        chars=_CODE_CHARS,
    ),
    *_near(_SIX_DIGITS, phones.POSSIBLE, numbers.LIKELY_NATIONAL, numbers.LONG),
)
_WORDS: tuple[Step, ...] = (
    *_near(_AGE_WORDS, dates.AGE),
    *_FIGURES,
    *_near(details.PICTURE_WORDS, details.PICTURE),
    *_near(details.BIOMETRIC_WORDS, details.BIOMETRIC),
    *_near(details.RARE_WORDS, details.RARE),
    *names.RULES,
    *places.NAMED_RULES,
)
_LISTS: tuple[Step, ...] = (
    places.PHRASE_RULE,
    names.LISTED_RULES[0],
    places.TOWN_RULE,
    names.LISTED_RULES[1],
    dates.MONTH,
)


def identity(content: Content, known: Known) -> Iterator[Finding]:
    """What says who or where a person is: names, places, dates, numbers, pictures. The most specific rule first.

    What `links` finds is taken and left to it; doses, prices, batch numbers and familiar names are left alone.
    """

    def familiar_here(words: str) -> Iterator[Span]:
        return familiar_names(words, known.terms)

    steps = (*LINKS, *_WORDS, familiar_here, *_LISTS)
    found = [
        finding
        for field, text in content.texts()
        for finding in first_come(field, text, steps)
        if finding.rule not in _FOR_LINKS
    ]
    yield from most_telling(found)


_FOR_LINKS = {rule.name for rule in LINKS}
