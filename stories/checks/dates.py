"""Dates of which more than the year is told, and ages over 89."""

import re
from collections.abc import Iterator

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Spotted, matches, near
from stories.content import RedactionKind

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"{_DAY}(?:[ ]?(?:st|nd|rd|th)|er|ste|de|[ºª°])?"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar|rero)?|f[ée]vrier|m[aä]r(?:ch|z|s|zo|t)?|maart|apr(?:il|ile)?"
    r"|abril|avril"
    r"|may|mayo|mai|mei|maggio|june?|juni|juin|junio|giugno|july?|juli|juillet|julio|luglio|aug(?:ust|ustus)?"
    r"|agosto|ao[uû]t"
    r"|sept?(?:ember|embre|iembre|tembre)?|oct(?:ober|ubre|obre)?|okt(?:ober)?|ottobre|nov(?:ember|embre|iembre)?"
    r"|dec(?:ember)?|dez(?:ember)?|d[ée]cembre|diciembre|dicembre|enero|gennaio|febbraio|marzo|aprile"
    r"|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze[śs]nia|pa[źz]dziernika|listopada|grudnia"
    r"|ocak|[şs]ubat|mart|nisan|may[ıi]s|haziran|temmuz|a[ğg]ustos|eyl[üu]l|ekim|kas[ıi]m|aral[ıi]k"
    r"|janeiro|fevereiro|mar[çc]o|maio|junho|julho|setembro|outubro|dezembro)"
)
_SHORT_YEAR = r"(?:'\d\d|\d\d(?![\w/-]))"
_DAY_FIRST = re.compile(
    rf"(?<![\w./-])(?:{_ORDINAL}(?:[ ]?[,&/-][ ]?|[ ](?:and|to|or)[ ])){{0,3}}{_ORDINAL}[. -]{{0,2}}"
    rf"(?:(?:of|de|di)[ ])?{_MONTH}\.?(?![^\W\d_])"
    rf"(?:[ ,./-]{{0,2}}(?:de[ ]|del[ ])?(?:{_YEAR}|{_SHORT_YEAR}))?(?!\w)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![\w./-])(?:{_MONTH}\.?[ -](?:the[ ])?{_ORDINAL}(?!\w|[.,]?\d|[ ]?%|:\d|[ ](?:times?|weeks?"
    rf"|days?|months?|years?|hours?|mg|ml)(?!\w))(?:,?[ -]{{1,2}}(?:{_YEAR}"
    rf"|{_SHORT_YEAR}))?"
    rf"|{_MONTH}\.?(?:[ ,/'-]{{1,2}}|[ ]of[ ]|[ ]de[ ])(?:{_YEAR}|(?<=')\d\d))(?!\w)",
    re.IGNORECASE,
)
_WORDED_DAY = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    r"|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_IN_WORDS = re.compile(
    rf"(?<!\w)(?:{_WORDED_DAY}[ ](?:of[ ])?{_MONTH}|{_MONTH}[ ](?:the[ ])?{_WORDED_DAY})(?:,?[ ]{_YEAR})?(?!\w)"
    r"(?![ ](?:dose|week|time|treatment))",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)
_MONTH_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_CHARS = 32
"""The longest date in words from its month on, or up to it."""
_NOT_A_DATE = re.compile(r"\d{1,2}[ ](?:may|mar|mart|dec|sept?|mai|mei)(?![ ,]*\d)$", re.IGNORECASE)
"""Such as *all 12 may* in small letters: a verb as likely as a month."""

_DAY_AND_MONTH = rf"(?:{_DAY}[./ -]{_MONTH_NUMBER}|{_MONTH_NUMBER}[./ -]{_DAY})"
_NUMERIC = re.compile(
    rf"(?<![\d.+/-])(?<!\d[ ])(?:(?![\d.-]+[ ]\d{{1,2}}[ ]){_DAY_AND_MONTH}[./-](?:{_YEAR}|\d\d)"
    rf"|{_DAY_AND_MONTH}[ ]{_YEAR}(?![ ]\d\d)|{_YEAR}[./ -]{_MONTH_NUMBER}[./ -]{_DAY}"
    rf"|{_MONTH_NUMBER}[/.-]{_YEAR}|{_YEAR}-(?:0[1-9]|1[0-2])|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
    rf"|3[01])T\d{{4}})"
    r"(?!\w|[./-]\d|[ ]?(?:mg|mcg|ml|%))|(?<![\d.+/-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d"
    r"|3[01])(?=T\d)"
    r"|(?<![\w.,+/-])(?:(?:1[3-9]|2\d|3[01])/0[1-9]|0[1-9]/(?:1[3-9]|2\d|3[01]))(?![\w/%]|[.,]\d)",
)
_CUED = re.compile(
    rf"(?<!\w)(?:on|dated?|since|until|till|dob|born|d\.o\.b\.?|date of birth|by|from)(?:[ ]the|:)?[ ]"
    rf"(?P<it>(?<!by[ ])(?<!from[ ])\d{{1,2}}(?<!00)[/.](?:0[1-9]|1[0-2]|[1-9])(?![\d/%.]\d|[\w/%])|{_DAY}(?:st"
    rf"|nd|rd|th)"
    r"(?=[ ]?(?:[.,;!?)\n]|$)|[ ](?:of|i|we|he|she|they|and|but|at|my|it|this|last|next)(?!\w)(?![ ](?:the[ ])?"
    r"(?:treatment|course|these|those|them))))",
    re.IGNORECASE,
)
_FEAST = re.compile(
    rf"(?<!\w)(?:christmas(?:[ ](?:day|eve))?|boxing day|new year'?s?(?:[ ](?:day|eve))?|easter(?:[ ](?:sunday"
    rf"|monday))?"
    rf"|good friday|thanksgiving|halloween|valentine'?s day)[ ,]{{1,2}}(?:in[ ])?{_YEAR}(?!\w)",
    re.IGNORECASE,
)
_BEFORE_A_MONTH = (
    r"(?i:in|since|until|till?|last|this|next|by|from|early|late|mid|during|of|through|to|and|or|between|before|after"
    r"|around|about|every|each|was|is|it's|for|through|come|that|towards|past|following|previous)"
)
_LONE_MONTH = re.compile(
    r"(?<![\w-])(?:(?P<sure>(?i:january|february|july|september|october|november|december))"
    rf"|{_BEFORE_A_MONTH}[ -](?P<cued>March|April|May|June|August|Sept?|Oct|Nov|Dec|Jan|Feb|MARCH|APRIL|MAY|JUNE"
    r"|AUGUST|april|june|august|(?<=(?i:n|e|t|l)[ ])march|(?<=in[ ])may|(?<=nce[ ])may|(?<=til[ ])may"
    r"|(?<=ast[ ])may)|(?P<first>March|April|May|June|August|Sept?)"
    r"(?=[ ](?:was|came|of|to|until|till|and|through|last)[ ]))(?![\w-]|'[a-rt-z])"
)
"""A month alone says more than the year (safety.json, class `dates`: all parts but the year)."""

_WEEKDAY = r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_DAY_OF_MONTH = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY}\.?,?[ ](?:the[ ])?{_DAY}(?:(?:st|nd|rd|th)(?!\w)|[/.]{_MONTH_NUMBER}(?![\w/.]))"
    rf"|(?:the[ ])?{_DAY}(?:st|nd|rd|th)[ ](?:of[ ])?(?:the|this|that|last|next)[ ]"
    rf"(?:same[ ]|following[ ]|next[ ])?month"
    rf"|(?:by|before|after|until|till|from|since|was)[ ]the[ ](?:1[3-9]|2\d|3[01])(?:st|nd|rd|th)"
    rf"(?=[ ]?[,.;!?\n]|[ ](?:when|i|we|he|she|my|it)[ ])"
    rf"|(?:am|vom|bis|seit|ab|dem|den)[ ]{_DAY}\.[ ]?{_MONTH_NUMBER}\.(?!\d))(?!\w)",
    re.IGNORECASE,
)
"""A day without its month in words: *Tuesday the 14th*, *the 3rd of last month*, *am 3.8.*"""
_TENS = r"(?:ninety|(?:one[ -])?(?:a[ ])?hundred(?:[ ]and)?)"
_UNITS = r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|ten))?"
_OLD = r"(?:9\d|1[01]\d)"
_YEARS_OLD = r"(?:[ -]?(?:years?|yrs?|y)(?:[ -]?(?:old|of[ ]age|o)(?!\w)|[ -]young)|[ ]?y[./]{0,2}o(?!\w))"
_AGE = re.compile(
    rf"(?<![\w.,/£$€-])(?:(?P<figure>{_OLD}|{_TENS}{_UNITS}){_YEARS_OLD}"
    rf"|(?:aged?|age of|age is|turn(?:s|ed|ing)?|turned|i am|i'm|he is|he's|she is|she's|was|is now|now|nearly"
    rf"|almost|just"
    rf"|am)[ :]{{1,2}}(?P<cued>(?<=age[ ]|ged[ ]|ge:[ ]|urn[ ])(?:{_OLD}|{_TENS}{_UNITS})"
    rf"|(?:{_OLD}|{_TENS}{_UNITS})(?=[ ]?(?:[,.;!?\n)]|$|and[ ]|now|but[ ]|next[ ]|this[ ]|last[ ]|years[ ]old)))"
    rf"|(?P<birthday>{_OLD}(?:st|nd|rd|th)|nine(?:tieth|ty-(?:first|second|third|fourth|fifth|sixth|seventh"
    rf"|eighth|ninth))"
    rf"|hundredth)[ ]birthday|(?P<called>nonagenarian|centenarian)"
    rf"|(?:at|pushing|approaching|reached|reaching|be|of)[ ](?P<reached>{_OLD}|{_TENS}{_UNITS})"
    rf"(?=[ ]?(?:[,.;!?\n)]|$)|[ ](?:i|you|he|she|my|and|years[ ]young|it|who|with)(?!\w))"
    rf"|(?P<past>in[ ](?:my|his|her|their)[ ](?:(?:early|mid|late)[ -])?(?:nineties"
    rf"|90'?s)))(?![\w%])",
    re.IGNORECASE,
)


def _lone_months(words: str) -> Iterator[Spotted]:
    for match in _LONE_MONTH.finditer(words):
        yield *match.span(match.lastgroup or 0), Severity.WEAK


def _with_digits(words: str) -> Iterator[Spotted]:
    yield from matches(_NUMERIC)(words)
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(words):
            if not (match.group().islower() and _NOT_A_DATE.search(match.group())):
                yield *match.span(), Severity.STRONG
    yield from matches(_FEAST)(words)
    yield from matches(_DAY_OF_MONTH)(words)
    yield from matches(_CUED, Severity.WEAK)(words)


_spot_with_digits = near(re.compile(r"\d"), _with_digits, _MONTH_CHARS)
_spot_in_words = near(_MONTH_NAMES, matches(_IN_WORDS), _MONTH_CHARS)


def _dates(words: str) -> Iterator[Spotted]:
    yield from _spot_with_digits(words)
    yield from _spot_in_words(words)


def _ages(words: str) -> Iterator[Spotted]:
    for match in _AGE.finditer(words):
        group = match.lastgroup or 0
        yield match.start(group), match.end() if group == "figure" else match.end(group), Severity.STRONG


_TELLS = "This is a date, or part of one, beyond the year."
_OVER = "This looks like an age over 89."

DATE = Rule("date", FindingKind.DATE, 1, _TELLS, RedactionKind.DATE, _dates)
MONTH = Rule(
    "date.month",
    FindingKind.DATE,
    1,
    _TELLS,
    RedactionKind.DATE,
    near(_MONTH_STARTS, _lone_months, _MONTH_CHARS),
)
AGE = Rule("age", FindingKind.AGE, 1, _OVER, RedactionKind.DETAIL, _ages)
