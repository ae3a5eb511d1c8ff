"""What leads out of the site: e-mail addresses, web addresses, names on other services."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity, most_telling
from stories.checks.spotting import Rule, Spotted, first_come, matches, near
from stories.checks.words import senses
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
_AT_WORD = "(?:at|@|ät|arroba|chiocciola|arobase|klammeraffe|apenstaartje|malpa|małpa)"
_DOT_WORD = "(?:dot|punkt|punto|ponto|point|punt|kropka|nokta)"
_BRACKETED_AT = rf"[ ]?[(\[{{<*_][ ]?{_AT_WORD}[ ]?[)\]}}>*_][ ]?"
_DOT = rf"(?:[ ]?[(\[{{<*_][ ]?(?:{_DOT_WORD}|\.)[ ]?[)\]}}>*_][ ]?|[ ]{_DOT_WORD}[ ]|[ ]?\.[ ]?)"
_REST = r"(?:[/?#][^\s<>\"]{0,2000})?"
_TRAILING = ".,;:!?'\")]}…-"

_LOCAL = r"(?<![\w.+@'-])[\w.+%'-]{1,64}"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:@(?:{_LABEL}\.){{1,6}}[^\W\d_]{{2,24}}(?![\w@])"
    rf"|[ ]?@[ ]?(?:{_LABEL}[ ]?\.[ ]?){{1,4}}{_TOP}(?![\w@])"
    rf"|@{_LABEL}[ ]?,[ ]?(?:com|org|net|co\.uk|de|fr|es|it|nl)(?!\w)|[ ]?@[ ]?{_FREE_MAIL}(?:[ ](?:com|co[ ]uk"
    rf"|de|fr))?(?!\w))",
    re.IGNORECASE,
)
_NOT_LOCAL = r"(?!(?:look|find|see|me|us|read|visit|available|information|more|details|site|website|page|forum)\b)"
_SPELT_EMAIL = re.compile(
    rf"(?<![\w.+@'-]){_NOT_LOCAL}[\w.+-]{{1,64}}(?:[ ]dot[ ][\w.+-]{{1,64}}){{0,2}}"
    rf"(?:{_BRACKETED_AT}(?:{_LABEL}{_DOT}){{1,3}}{_TOP}"
    rf"|(?:{_BRACKETED_AT}|[ ]at[ ]){_FREE_MAIL}(?:{_DOT}(?:com|org|net|de|fr|nl|ie|es|it|co{_DOT}uk|uk))?"
    rf"|[ ]{_AT_WORD}[ ](?:{_LABEL}[ ]{_DOT_WORD}[ ]){{1,3}}{_TOP}|[ ](?:ät|arroba|klammeraffe|apenstaartje"
    rf"|chiocciola|arobase)[ ](?:{_LABEL}\.){{1,3}}{_TOP}|_at_(?:{_LABEL}_dot_){{1,2}}{_TOP}"
    rf"|-at-(?:[a-z\d]+-dot-){{1,2}}{_TOP})(?!\w)",
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
_SPACED = re.compile(
    r"(?<!\w)(?:h[ ]?t[ ]?t[ ]?p[ ]?s?[ ]?:[ ]?/[ ]?/[ ]?|w[ ]w[ ]w[ ]?\.[ ]?)\w[\w-]*(?:[ ]?\.[ ]?[\w-]+){1,4}"
    r"|(?<!\w)www[ ]"
    r"[a-z\d-]{2,40}[ ](?:com|org|net|co[ ]uk|de)(?!\w)",
    re.IGNORECASE,
)
_UNCOMMON = re.compile(
    r"(?<![\w@./-])(?P<label>[a-z\d][a-z\d-]{2,40})\.(?:io|me|co|tv|health|care|blog|online|site|page|ly|gg|ai"
    r"|fm|cc|us|shop"
    r"|store|space|website|live|life|world|club|wordpress\.com|tumblr\.com)(?![\w@-]|\.\w)"
)

_NOT_A_NAME = (
    r"(?!(?:home|work|night|bedtime|least|first|all|the|my|this|that|about|hospital|noon|lunch\w*|mealtimes?|school"
    r"|times?|once|any)\b)"
)
_AT_NAME = re.compile(
    rf"(?<![\w@./])@{_NOT_A_NAME}[^\W\d][\w.-]{{1,38}}(?:@{_LABEL}(?:\.{_LABEL}){{1,4}})?", re.IGNORECASE
)
_REDDIT_NAME = re.compile(
    r"(?<![\w./])/?u/(?!(?:day|week|dose|hour|hr|min|litre|liter|gram"
    r"|unit)s?\b)(?=[\w-]{0,19}[^\W\d])[\w-]{3,20}(?![\w/-])"
)
_SERVICE = (
    r"(?<!\w)(?:insta|instagram|ig|facebook|fb|messenger|twitter|snap|snapchat|tik[ ]?tok|telegram|whatsapp|discord"
    r"|skype|kik|reddit|youtube|linkedin|bluesky|mastodon)"
)
_USER_NAME = re.compile(
    r"(?<!\w)(?:user ?name|user ?id|screen ?name|nick ?name|gamer ?tag|handle|login|account name|profile name"
    r"|skype name)"
    r"(?:[ ](?:is|was|on[ ]\w{2,12}[ ]is|there[ ]is|here[ ]is)|[ ]?[:=])[ ]?"
    r"(?P<it>(?!(?:the|a|my|not|in|on|just|something|taken|different|public|private|still|always|no"
    r"|now)\b)[^\W_][\w.#-]{2,38})",
    re.IGNORECASE,
)
_SERVICE_NAME = re.compile(
    rf"{_SERVICE}(?:[ ](?:name|handle|account|username|user|id|page|profile)(?:[ ]is[ ]|[ ]?[:=][ ]?)|[ ]?[:=][ ]?)"
    rf"(?P<it>@?(?!https?:|www\.)[^\W\d_][\w.-]{{2,38}})"
    rf"|{_SERVICE}[ ](?:as|under|at|is|-|name|handle)[ ](?P<as>@?(?=[\w.-]{{0,38}}[\d_])[^\W\d_][\w.-]{{2,38}})",
    re.IGNORECASE,
)


_SLASHES = ("//",)
_SPELLING = (
    *(
        "dot",
        "punkt",
        "punto",
        "ponto",
        " point ",
        "punt",
        "kropka",
        "nokta",
        "mail",
        "yahoo",
        "outlook",
        "icloud",
        "aol",
        "proton",
        "gmx",
        "btinternet",
    ),
    *(" ät ", "arroba", "klammeraffe", "apenstaartje", "chiocciola", "arobase"),
    *("(at", "[at", "{at", "( at", "[ at", "{ at", "(@", "[@", "{@", "( @", "[ @", "{ @"),
)
_DOTS = re.compile(r"\.\w|[dD][oO][tT]|[wW]{3}|[(\[{][ ]?\.")
_SERVICES = (
    *("insta", "ig", "facebook", "fb", "messenger", "twitter", "snap", "tiktok", "tik tok", "telegram", "whatsapp"),
    *("discord", "skype", "kik", "reddit", "youtube", "linkedin", "bluesky", "mastodon"),
)
"""Words and signs without which the rules find nothing."""


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


def _uncommon_webs(words: str) -> Iterator[Spotted]:
    """Names with an ending that is a word as well: *next.me* is a full stop without its space."""
    known = senses()
    for match in _UNCOMMON.finditer(words):
        if not known.get(match["label"], 0):
            yield *match.span(), Severity.WEAK


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
    Rule("url.full", FindingKind.URL, 1, _LOOKS_LIKE_URL, _CONTACT, near(_SLASHES, _full_urls)),
    Rule("email", FindingKind.EMAIL, 1, _LOOKS_LIKE_EMAIL, _CONTACT, near(("@",), matches(_EMAIL))),
    Rule("email.spelt", FindingKind.EMAIL, 1, _LOOKS_LIKE_EMAIL, _CONTACT, near(_SPELLING, matches(_SPELT_EMAIL))),
    Rule("url", FindingKind.URL, 1, _LOOKS_LIKE_URL, _CONTACT, near(_DOTS, _webs)),
    Rule(
        "url.spaced",
        FindingKind.URL,
        1,
        _LOOKS_LIKE_URL,
        _CONTACT,
        near((" t t p", "http", "w w", "www"), matches(_SPACED)),
    ),
    Rule("url.uncommon", FindingKind.URL, 1, "This may be a web address.", _CONTACT, near(_DOTS, _uncommon_webs)),
    Rule("handle", FindingKind.HANDLE, 1, "This looks like a name on another service.", _CONTACT, _names),
    Rule(
        "handle.user",
        FindingKind.HANDLE,
        1,
        "This looks like a name on another service.",
        _CONTACT,
        near(("name", "handle", "gamer", "login", "user"), matches(_USER_NAME)),
    ),
    Rule(
        "handle.cued",
        FindingKind.HANDLE,
        1,
        "This may be a name on another service.",
        _CONTACT,
        near(_SERVICES, _service_names),
    ),
)
"""A web address with its scheme may hold an e-mail address, so it comes first; then the more specific first."""


def links(content: Content, _known: Known) -> Iterator[Finding]:
    """E-mail addresses, web addresses and names on other services, written plainly or spelt out."""
    found = [finding for field, text in content.texts() for finding in first_come(field, text, RULES)]
    yield from most_telling(found)
