"""Numbers that belong to one person: national, of records, insurance, accounts, licences, plates and devices."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Spotted, matches
from stories.content import RedactionKind

_AFTER = r"(?![\w@]|[.,:/-]\d)"
_CALLED = (
    r"(?:['’]?s?[ ]?(?:numbers?|no\.?|num\.?|nr\.?|nummer|id|code|card|#|n[°º]))*[ .:=#,(-]{1,4}"
    r"(?:(?:is|was|being|which|that|on|the|it|says|reads?|ended|ending|in|of|with|number)[ :]{1,2}){0,3}#?"
)
_VALUE = (
    r"(?!(?:19|20)\d\d(?![\d/-]|[ ]\d))(?:(?-i:[A-Z]{1,5}[ /-]?)|[A-Z]{1,5}[/-]?)?\d(?:[ ./-]?\d){3,17}"
    r"(?:-?[A-Z]{1,3}|[ ](?-i:[A-Z]{1,2}))?"
)
_MIXED_VALUE = r"(?=[A-Z-]{0,10}\d)[A-Z\d](?:-?[A-Z\d]){4,19}"


def _cued(cues: str, value: str = rf"(?:{_VALUE}|{_MIXED_VALUE})") -> re.Pattern[str]:
    """A number after one of the `cues`, with words such as *number is* between them."""
    return re.compile(rf"(?<![\w'])(?:{cues}){_CALLED}(?P<it>{value}){_AFTER}", re.IGNORECASE)


_NATIONAL = _cued(
    r"nhs|chi|community health index|ssn|social(?: security)?|sin|social insurance|ni|nino|n\.i\."
    r"|national insurance|tfn"
    r"|tax file|tax(?:payer)? id|itin|aadha+r|pan|bsn|burgerservice(?:nummer)?|sofi(?:nummer)?|cpr"
    r"|person(?:al )?(?:nummer"
    r"|identity)|f[øo]dselsnummer|hetu|henkil[öo]tunnus|pesel|t\.?c\.?(?: kimlik)?|tckn|kimlik|dni|nie|nif|nir"
    r"|n[°º] de s[ée]cu"
    r"|s[ée]cu(?:rit[ée] sociale)?|codice fiscale|rodn[ée] [čc][íi]slo|cnp|egn|cpf|rut|curp"
    r"|steuer-?id(?:entifikationsnummer)?"
    r"|steuer(?:nummer|identifikationsnummer)|sozialversicherungs(?:nummer)?|svnr|rentenversicherungs(?:nummer)?"
    r"|ahv|avs|ppsn?"
    r"|national (?:id(?:entity)?|registration)|identity(?: card)?|health and care|rijksregister(?:nummer)?|insz"
    r"|oib|amka|kennitala"
    r"|resident registration"
)
_RECORD = _cued(
    r"mrn|medical records?|(?:hospital|patient|clinic|unit|chart|case|record|file|medical|lab|laboratory"
    r"|pathology|histology"
    r"|biopsy|sample|specimen|accession|encounter|episode|referral|prescription|appointment|reference|ref|e?rx"
    r"|emr|ehr|patienten"
    r"|fall|akten)(?:[- ](?:ref(?:erence)?|record|file|id))?"
)
_INSURANCE = _cued(
    r"(?:health[- ])?insurance(?:[- ](?:policy|card|member|plan))?|policy|member(?:ship)?|subscriber|group"
    r"|health ?plan|plan"
    r"|medicare|medicaid|mbi|ehic|ghic|health card|ohip|beneficiary|claims?|versicherten(?:nummer)?|kvnr"
    r"|krankenkassen?(?:nummer)?"
    r"|mutuelle|bupa|aetna|cigna|humana|kaiser|blue ?cross|axa|vitality|zorgpolis|polis(?:nummer)?"
)
_ACCOUNT = _cued(
    r"(?:bank[- ])?accounts?|acct\.?|a/c|acc\.?|sort[- ]?code|bank|iban|(?:credit|debit|bank|visa"
    r"|master)[- ]?card|card"
    r"|routing|bsb|konto(?:nummer)?|blz|cuenta|rekening(?:nummer)?|customer|client|loyalty|paypal"
)
_LICENCE = _cued(
    r"(?:(?:driving|driver'?s?|medical|nursing|professional|pilot'?s?|gun|firearms)[- ])?licen[cs]e|passport"
    r"|(?:birth |death"
    r" |marriage )?certificate|cert\.?|gmc|nmc|hcpc|gphc|npi|dea|permit|visa|registration|f[üu]hrerschein|permis"
    r"|reisepass|green card|blue badge"
)
_DEVICE = _cued(
    r"(?:device |machine |pump |pacemaker |implant |lamp |laser )?serial|s/?n|imei|udi|device|pacemaker|implant"
    r"|mac(?: address)?"
    r"|cpap|insulin pump|glucose monitor|hearing aid|seriennummer|model"
)
_OTHER = _cued(
    r"id|employee|staff|student|school|badge|booking|order|ticket|tracking|voucher|user|payroll|case|service"
    r"|army|prisoner"
    r"|inmate|library|invoice|receipt|confirmation|file|dossier|key ?worker"
)
_PLATE_VALUE = r"(?=[A-Z -]{0,5}\d|\d)[A-Z\d]{1,4}(?:[ -]?[A-Z\d]{1,5}){1,2}"
_PLATE = _cued(
    r"(?:number|licen[cs]e|car|vehicle)[- ]?(?:plates?|registration|reg|tag)|plates?|reg\.?|kennzeichen|kenteken"
    r"|matricula"
    r"|(?:car|van|vehicle) reg(?:istration)?|immatriculation|(?:car|registration)(?= (?:is|was|number))",
    _PLATE_VALUE,
)
_PLATE_SHAPES = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d{2}[ ]?[A-Z]{3}|[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"
    r"|[A-HJ-NP-TV-Z]{2}[ ]?\d{3}[ ]?[A-HJ-NP-TV-Z]{2}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ ]\d{1,4}[EH]?)(?![\w-])"
)
"""As in Great Britain since 2001, France, Italy and Germany."""
_VIN = re.compile(r"(?<!\w)(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z\d]{17}(?!\w)")

_NI_NUMBER = re.compile(
    r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-D](?!\w)", re.IGNORECASE
)
"""A British National Insurance number (HMRC, National Insurance Manual, NIM39110)."""
_US_SOCIAL_SECURITY = re.compile(r"(?<![\w/-])\d{3}([ -])\d{2}\1\d{4}(?![\w/-])")
_DRIVER = re.compile(r"(?<!\w)[A-Z]{2,5}9{0,3}\d{6}[A-Z][A-Z9]\d[A-Z]{2}(?!\w)")
"""The number of a British driving licence (DVLA, INF45/1: five characters of the name, date of birth, initials)."""
_MEDICARE = re.compile(r"(?<!\w)[1-9][A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d{2}(?!\w)")
"""The form of an American Medicare beneficiary identifier (CMS, Understanding the MBI format)."""

_CHECKED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"(?<![\w./+-])(?:{shape})(?![\w/-]|[.,]\d)", re.IGNORECASE), modules)
    for shape, modules in (
        (r"\d{3}[ ]\d{3}[ ]\d{4}", ("gb.nhs",)),
        (r"\d{6}[-+A]\d{3}[\dA-Y]", ("dk.cpr", "se.personnummer", "fi.hetu", "lv.pvn")),
        (r"(?:19|20)\d{6}[-+]?\d{4}", ("se.personnummer",)),
        (r"[12][ ]?\d\d[ ]?(?:0[1-9]|1[0-2]|[23]\d)[ ]?(?:\d\d|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d\d", ("fr.nir",)),
        (r"\d{8}-?[A-Z]", ("es.dni",)),
        (r"\d{2}\.\d{3}\.\d{3}-?[A-Z]", ("es.dni",)),
        (r"[XYZ]-?\d{7}-?[A-Z]", ("es.nie",)),
        (r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", ("it.codicefiscale",)),
        (r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", ("in_.pan",)),
        (r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d", ("mx.curp",)),
        (r"\d{7}[A-W][ABHTWX]?", ("ie.pps",)),
        (r"\d{3}\.\d{3}\.\d{3}-\d\d", ("br.cpf",)),
        (r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", ("cl.rut",)),
        (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", ("be.nn",)),
        (r"756\.?\d{4}\.?\d{4}\.?\d\d", ("ch.ssn",)),
        (r"\d{6}/\d{3,4}", ("cz.rc",)),
        (r"\d{6}-[1-8]\d{6}", ("kr.rrn",)),
        (r"\d{4}[ ]?\d{6}", ("at.vnr",)),
        (r"\d{2}[ ]\d{3}[ ]\d{3}[ ]\d{3}", ("de.idnr",)),
        (r"[2-9]\d{3}[ ]?\d{4}[ ]?\d{4}", ("in_.aadhaar",)),
        (
            r"[1-9]\d{10}|\d{6}[ ]\d{5}",
            ("pl.pesel", "de.idnr", "tr.tckimlik", "no.fodselsnummer", "ee.ik", "lt.asmens", "hr.oib"),
        ),
        (r"\d{13}", ("ro.cnp", "za.idnr", "si.emso")),
        (r"\d{17}[\dX]", ("cn.ric",)),
    )
)
"""Forms of national numbers, and the modules of python-stdnum that know their check digits."""
_LOOSE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/+-])(?:{shape})(?![\w/-]|[.,]\d)"), modules)
    for shape, modules in (
        (r"\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\d{4}[. ]\d\d[. ]\d{3}", ("nl.bsn", "ca.sin", "au.tfn")),
        (r"\d{10}", ("gb.nhs", "bg.egn", "is_.kennitala")),
    )
)
"""Forms that telephone numbers have as well."""

_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z\d]{4}){2,7}(?:[ ]?[A-Z\d]{1,3})?(?!\w)", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.,-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w-])")
_LONG = re.compile(r"(?<![\w.,])[A-Z]{0,4}-?\d{6,}[A-Z]?(?!\w)(?![.,]\d)", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\w.,/-])\d{2,6}(?:[ -]\d{2,6}){1,7}(?!\w)(?![.,/-]\d)")
_MIXED = re.compile(r"(?<![\w-])(?=[A-Z\d]{0,7}\d[A-Z\d]{0,7}\d)(?=[A-Z\d]{0,9}[A-Z])[A-Z\d]{9,20}(?![\w-])")
_SURE_DIGITS = 8
_FEWEST_DIGITS = 4


def _with_digits(
    pattern: re.Pattern[str], severity: Severity = Severity.STRONG
) -> Callable[[str], Iterator[Spotted]]:
    """Spots what `pattern` matches where it has at least four digits."""
    spot = matches(pattern, severity)

    def enough(words: str) -> Iterator[Spotted]:
        for start, end, sure in spot(words):
            if sum(point.isdigit() for point in words[start:end]) >= _FEWEST_DIGITS:
                yield start, end, sure

    return enough


def _has_check_digit(number: str, module: str) -> bool:
    """Whether python-stdnum takes `number` for one of the numbers that `module` knows."""
    return bool(import_module(f"stdnum.{module}").is_valid(number))


def _checked(shapes: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]) -> Callable[[str], Iterator[Spotted]]:
    def spot(words: str) -> Iterator[Spotted]:
        for pattern, modules in shapes:
            for match in pattern.finditer(words):
                if any(_has_check_digit(match.group(), module) for module in modules):
                    yield *match.span(), Severity.STRONG

    return spot


def _national(words: str) -> Iterator[Spotted]:
    """National numbers that their form tells apart from telephone numbers."""
    yield from matches(_NI_NUMBER)(words)
    yield from matches(_US_SOCIAL_SECURITY)(words)
    yield from _checked(_CHECKED)(words)


def _accounts(words: str) -> Iterator[Spotted]:
    """Bank accounts and cards whose check digits are right."""
    for match in _IBAN.finditer(words):
        if _has_check_digit(match.group(), "iban"):
            yield *match.span(), Severity.STRONG
    for match in _CARD.finditer(words):
        if _has_check_digit(re.sub("[ -]", "", match.group()), "luhn"):
            yield *match.span(), Severity.STRONG


def _licences(words: str) -> Iterator[Spotted]:
    yield from matches(_DRIVER)(words)


def _plates(words: str) -> Iterator[Spotted]:
    yield from matches(_PLATE_SHAPES, Severity.WEAK)(words)
    yield from matches(_VIN, Severity.WEAK)(words)


def _long_numbers(words: str) -> Iterator[Spotted]:
    """Six digits or more, in one run or in groups, or mixed with capitals."""
    for match in _LONG.finditer(words):
        yield *match.span(), _certainty(match.group())
    for match in _GROUPED.finditer(words):
        if _is_record(match.group()):
            yield *match.span(), _certainty(match.group())
    yield from matches(_MIXED, Severity.WEAK)(words)


def _is_record(number: str) -> bool:
    """Whether groups of digits are more than a list of small or round numbers."""
    groups = re.split("[ -]", number)
    if sum(map(len, groups)) < 6 or all(int(group) % 5 == 0 for group in groups):
        return False
    return "-" in number or max(map(len, groups)) >= 3 or (len(groups) >= 4 and groups != sorted(groups))


def _certainty(number: str) -> Severity:
    return Severity.STRONG if sum(point.isdigit() for point in number) >= _SURE_DIGITS else Severity.WEAK


def _rule(name: str, kind: FindingKind, what: str, spot: Callable[[str], Iterator[Spotted]]) -> Rule:
    return Rule(name, kind, 1, f"This looks like {what}.", RedactionKind.NUMBER, spot)


_A_NATIONAL = "a national number, such as of social security"

CUED = (
    _rule("national.cued", FindingKind.NATIONAL_NUMBER, _A_NATIONAL, _with_digits(_NATIONAL)),
    _rule("plate.cued", FindingKind.PLATE, "the plate of a vehicle", matches(_PLATE)),
    _rule("device.cued", FindingKind.DEVICE_NUMBER, "the serial number of a device", _with_digits(_DEVICE)),
    _rule("insurance.cued", FindingKind.INSURANCE_NUMBER, "the number of an insurance", _with_digits(_INSURANCE)),
    _rule("licence.cued", FindingKind.LICENCE_NUMBER, "the number of a licence", _with_digits(_LICENCE)),
    _rule("account.cued", FindingKind.ACCOUNT_NUMBER, "the number of an account", _with_digits(_ACCOUNT)),
    _rule("record.cued", FindingKind.RECORD_NUMBER, "the number of a record", _with_digits(_RECORD)),
    _rule("number.cued", FindingKind.NUMBER, "a number that belongs to one person", _with_digits(_OTHER)),
)
"""Numbers that the word before them names."""

FORMED = (
    _rule("account", FindingKind.ACCOUNT_NUMBER, "the number of an account", _accounts),
    _rule("national", FindingKind.NATIONAL_NUMBER, _A_NATIONAL, _national),
    _rule("insurance", FindingKind.INSURANCE_NUMBER, "the number of an insurance", matches(_MEDICARE)),
    _rule("licence", FindingKind.LICENCE_NUMBER, "the number of a licence", _licences),
    _rule("plate", FindingKind.PLATE, "the plate of a vehicle", _plates),
)
"""Numbers that their own form or check digit tells apart."""

LIKELY_NATIONAL = _rule("national.likely", FindingKind.NATIONAL_NUMBER, _A_NATIONAL, _checked(_LOOSE))
LONG = _rule("number", FindingKind.NUMBER, "a number that may belong to one person", _long_numbers)
