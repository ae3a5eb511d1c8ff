"""What says in figures who or where a person is: phone numbers, postcodes, numbers of records and accounts."""

import re
from collections.abc import Iterator

from stories.checks import harmless, phones
from stories.checks.finding import Finding, FindingKind, Known, Severity, most_telling
from stories.checks.links import RULES as LINKS
from stories.checks.spotting import Rule, Spotted, Step, first_come, matches
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


_CUED_NUMBER = re.compile(
    r"(?<!\w)(?:nhs|chi|mrn|hospital|patient|clinic|record|ssn|social security|insurance|policy|member|membership"
    r"|account|passport|licen[cs]e|case|reference|ref|appointment|booking|order|prescription|rx|ni|id|employee|student"
    r"|registration|badge|bsn|cpr|iban|card)(?:[ ]?(?:number|no|num|nr|id|code|#))?[ .:=#]{1,4}(?:is[ ]|was[ ])?"
    rf"(?P<it>[A-Z]{{0,3}}[ -]?\d(?:[ /-]?\d){{4,17}}[A-Z]?){_AFTER}",
    re.IGNORECASE,
)
_NI_NUMBER = re.compile(
    r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D](?!\w)", re.IGNORECASE
)
"""A British National Insurance number (HMRC, National Insurance Manual, NIM39110)."""
_US_SOCIAL_SECURITY = re.compile(r"(?<![\w/-])\d{3}-\d{2}-\d{4}(?![\w/-])")
_LONG_NUMBER = re.compile(r"(?<![\w.,])[A-Z]{0,4}-?\d{6,}[A-Z]?(?!\w)(?![.,]\d)", re.IGNORECASE)
_GROUPED_NUMBER = re.compile(r"(?<![\w.,/-])\d{2,6}(?:[ -]\d{2,6}){1,7}(?!\w)(?![.,/-]\d)")
_SURE_DIGITS = 8


def _record_numbers(words: str) -> Iterator[Spotted]:
    for pattern in (_NI_NUMBER, _US_SOCIAL_SECURITY, _CUED_NUMBER):
        yield from matches(pattern)(words)


def _long_numbers(words: str) -> Iterator[Spotted]:
    """Six digits or more, in one run or in groups."""
    for match in _LONG_NUMBER.finditer(words):
        yield *match.span(), _certainty(match.group())
    for match in _GROUPED_NUMBER.finditer(words):
        if _is_record(match.group()):
            yield *match.span(), _certainty(match.group())


def _is_record(number: str) -> bool:
    """Whether groups of digits are more than a list of small or round numbers."""
    groups = re.split("[ -]", number)
    if sum(map(len, groups)) < 6 or all(int(group) % 5 == 0 for group in groups):
        return False
    return "-" in number or max(map(len, groups)) >= 3 or (len(groups) >= 4 and groups != sorted(groups))


def _certainty(number: str) -> Severity:
    return Severity.STRONG if sum(point.isdigit() for point in number) >= _SURE_DIGITS else Severity.WEAK


_RECORD = "This looks like the number of a record or an account."
_LONG = "This long number may belong to one person."
_POSTCODE = "This looks like a postcode."

STEPS: tuple[Step, ...] = (
    *LINKS,
    *harmless.WITH_CUE,
    Rule("number.cued", FindingKind.NUMBER, 1, _RECORD, RedactionKind.NUMBER, _record_numbers),
    Rule("postcode.cued", FindingKind.POSTCODE, 1, _POSTCODE, RedactionKind.PLACE, matches(_CUED_POSTCODE)),
    phones.CUED,
    *harmless.BY_SHAPE,
    phones.WRITTEN,
    Rule("postcode", FindingKind.POSTCODE, 1, _POSTCODE, RedactionKind.PLACE, _postcodes),
    phones.POSSIBLE,
    Rule("number", FindingKind.NUMBER, 1, _LONG, RedactionKind.NUMBER, _long_numbers),
)
"""The most specific first; what `links` finds is taken and left to it."""


def identity(content: Content, _known: Known) -> Iterator[Finding]:
    """Phone numbers, postcodes and long numbers; doses, dates, prices and batch numbers are left alone."""
    for_links = {rule.name for rule in LINKS}
    found = [
        finding
        for field, text in content.texts()
        for finding in first_come(field, text, STEPS)
        if finding.rule not in for_links
    ]
    yield from most_telling(found)
