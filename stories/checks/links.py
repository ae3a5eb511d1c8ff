"""What leads out of the site: e-mail addresses, web addresses, names on other services."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity, most_telling
from stories.checks.spotting import Rule, Spotted, first_come, matches
from stories.content import Content, RedactionKind

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = (
    "(?:com|org|net|edu|gov|mil|int|info|biz|eu|uk|de|fr|nl|ie|pl|pt|se|dk|fi|cz|sk|hu|ro|bg|gr|ru|ua|tr|ch|lu|lt"
    "|lv|ee|ca|au|nz|za|jp|cn|kr|br|mx|ar|cl|app|dev|clinic|xyz)"
)
"""Endings of names that are rarely words: a full stop without a space after it must not look like an address."""
_TOP_WITH_PATH = (
    "(?:co|me|it|in|io|be|us|is|no|to|so|at|ai|am|fm|es|ly|gl|gg|cc|tv|health|care|blog|online|site|page)"
)
_FREE_MAIL = "(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|aol|protonmail|proton|gmx|btinternet|ymail)"
_BRACKETED_AT = r"[ ]?[(\[{][ ]?(?:at|@)[ ]?[)\]}][ ]?"
_DOT = r"(?:[ ]?[(\[{][ ]?(?:dot|\.)[ ]?[)\]}][ ]?|[ ]dot[ ]|\.)"
_REST = r"(?:[/?#][^\s<>\"]{0,2000})?"
_TRAILING = ".,;:!?'\")]}…-"

_LOCAL = r"(?<![\w.+@'-])[\w.+%'-]{1,64}"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:@(?:{_LABEL}\.){{1,6}}[^\W\d_]{{2,24}}(?![\w@])"
    rf"|[ ]?@[ ]?(?:{_LABEL}[ ]?\.[ ]?){{1,4}}{_TOP}(?![\w@])"
    rf"|@{_FREE_MAIL}(?!\w))",
    re.IGNORECASE,
)
_NOT_LOCAL = r"(?!(?:look|find|see|me|us|read|visit|available|information|more|details|site|website|page|forum)\b)"
_SPELT_EMAIL = re.compile(
    rf"(?<![\w.+@'-]){_NOT_LOCAL}[\w.+-]{{1,64}}(?:[ ]dot[ ][\w.+-]{{1,64}}){{0,2}}"
    rf"(?:{_BRACKETED_AT}(?:{_LABEL}{_DOT}){{1,3}}{_TOP}"
    rf"|(?:{_BRACKETED_AT}|[ ]at[ ]){_FREE_MAIL}(?:{_DOT}(?:com|org|net|de|fr|nl|ie|es|it|co{_DOT}uk|uk))?"
    rf"|[ ]at[ ](?:{_LABEL}[ ]dot[ ]){{1,3}}{_TOP})(?!\w)",
    re.IGNORECASE,
)

_FULL_URL = re.compile(r"(?<!\w)(?:https?|hxxps?|ftps?)(?:\[?:\]?[ ]?//)[^\s<>\"]{1,2000}", re.IGNORECASE)
_WEB = re.compile(
    rf"(?<![\w@.-])(?:www[ ]?\.[ ]?(?:{_LABEL}\.){{0,6}}{_LABEL}(?::\d{{2,5}})?{_REST}"
    rf"|(?=[\w-]{{0,62}}[^\W\d_])(?:{_LABEL}\.){{1,6}}"
    rf"(?:{_TOP}(?![\w@-]|\.\w)(?::\d{{2,5}})?{_REST}|{_TOP_WITH_PATH}/[^\s<>\"]{{1,2000}})"
    rf"|(?:www{_DOT})?{_LABEL}(?:[ ]?[(\[{{][ ]?(?:dot|\.)[ ]?[)\]}}][ ]?|[ ]dot[ ])"
    rf"(?:com|org|net|info|co|uk|de|eu)(?:{_DOT}uk)?(?!\w){_REST})",
    re.IGNORECASE,
)

_NOT_A_NAME = (
    r"(?!(?:home|work|night|bedtime|least|first|all|the|my|this|that|about|hospital|noon|lunch\w*|mealtimes?|school"
    r"|times?|once|any)\b)"
)
_AT_NAME = re.compile(
    rf"(?<![\w@./])@{_NOT_A_NAME}[^\W\d][\w.-]{{1,38}}(?:@{_LABEL}(?:\.{_LABEL}){{1,4}})?", re.IGNORECASE
)
_REDDIT_NAME = re.compile(
    r"(?<![\w./])/?u/(?!(?:day|week|dose|hour|hr|min|litre|liter|gram|unit)s?\b)(?=[\w-]{0,19}[^\W\d])[\w-]{3,20}(?![\w/-])"
)
_SERVICE = (
    r"(?<!\w)(?:insta|instagram|ig|facebook|fb|messenger|twitter|snap|snapchat|tik[ ]?tok|telegram|whatsapp|discord"
    r"|skype|kik|reddit|youtube|linkedin|bluesky|mastodon)"
)
_SERVICE_NAME = re.compile(
    rf"{_SERVICE}(?:[ ](?:name|handle|account|username|user|id|page|profile)(?:[ ]is[ ]|[ ]?[:=][ ]?)|[ ]?[:=][ ]?)"
    rf"(?P<it>@?(?!https?:|www\.)[^\W\d_][\w.-]{{2,38}})"
    rf"|{_SERVICE}[ ](?:as|under|at|is|-|name|handle)[ ](?P<as>@?(?=[\w.-]{{0,38}}[\d_])[^\W\d_][\w.-]{{2,38}})",
    re.IGNORECASE,
)


def _trimmed(pattern: re.Pattern[str], words: str) -> Iterator[Spotted]:
    """What `pattern` matches without the punctuation of the sentence around it."""
    for match in pattern.finditer(words):
        kept = len(match.group().rstrip(_TRAILING))
        if kept:
            yield match.start(), match.start() + kept, Severity.STRONG


def _full_urls(words: str) -> Iterator[Spotted]:
    yield from _trimmed(_FULL_URL, words)


def _webs(words: str) -> Iterator[Spotted]:
    yield from _trimmed(_WEB, words)


def _names(words: str) -> Iterator[Spotted]:
    yield from _trimmed(_AT_NAME, words)
    yield from _trimmed(_REDDIT_NAME, words)


def _service_names(words: str) -> Iterator[Spotted]:
    """Names after the word for a service; one without a digit, dot or underscore may be an everyday word."""
    for match in _SERVICE_NAME.finditer(words):
        group = "it" if match.group("it") else "as"
        name = match.group(group).rstrip(_TRAILING)
        is_sure = any(point in "@_." or point.isdigit() for point in name)
        yield match.start(group), match.start(group) + len(name), Severity.STRONG if is_sure else Severity.WEAK


_LOOKS_LIKE_URL = "This looks like a web address."
_LOOKS_LIKE_EMAIL = "This looks like an e-mail address."
_CONTACT = RedactionKind.CONTACT

RULES = (
    Rule("url.full", FindingKind.URL, 1, _LOOKS_LIKE_URL, _CONTACT, _full_urls),
    Rule("email", FindingKind.EMAIL, 1, _LOOKS_LIKE_EMAIL, _CONTACT, matches(_EMAIL)),
    Rule("email.spelt", FindingKind.EMAIL, 1, _LOOKS_LIKE_EMAIL, _CONTACT, matches(_SPELT_EMAIL)),
    Rule("url", FindingKind.URL, 1, _LOOKS_LIKE_URL, _CONTACT, _webs),
    Rule("handle", FindingKind.HANDLE, 1, "This looks like a name on another service.", _CONTACT, _names),
    Rule("handle.cued", FindingKind.HANDLE, 1, "This may be a name on another service.", _CONTACT, _service_names),
)
"""A web address with its scheme may hold an e-mail address, so it comes first; then the more specific first."""


def links(content: Content, _known: Known) -> Iterator[Finding]:
    """E-mail addresses, web addresses and names on other services, written plainly or spelt out."""
    found = [finding for field, text in content.texts() for finding in first_come(field, text, RULES)]
    yield from most_telling(found)
