"""What tells readers what to do, or how much of a medicine to take, where a story would tell what one did."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, PhraseGroup, Severity, most_telling
from stories.checks.noticing import Notice
from stories.checks.phrases import as_listed, phrases, rules
from stories.checks.sense import BESIDE_CHARS, is_told_as_true, sentence_after, sentence_before
from stories.checks.spotting import Plain
from stories.content import Content

_TELLS = "This tells readers what to do."
_LISTED_WHY = {
    "telling-readers": _TELLS,
    "dosing": "This may tell readers how much to use.",
    "diagnosis": "This tells a reader what they have.",
    "cure-claims": "This promises more than one story can know.",
    "child-dosing": "This tells of a medicine given to a child.",
    "delay-care": "This tells readers to stay away from care.",
}
_LISTED_OTHERWISE = "These words are on the list of advice."

_DOES = r"(?:use|take|apply|put|rub|stop|start|double|increase|reduce|skip|mix|avoid|refuse|bin|ditch)"
_SHOULD = Notice(FindingKind.ADVICE, "advice.should", _TELLS)
_NEED = Notice(FindingKind.ADVICE, "advice.need", _TELLS, Severity.WEAK)
_ORDER = Notice(FindingKind.ADVICE, "advice.order", _TELLS)
_BOOK = rules(
    [
        (
            _SHOULD,
            "you everyone everybody anyone",
            (
                rf"\w+(?:[ ]with[ ]\w{{3,20}})?[ ](?:really[ ])?(?:should|must|ought to|had better)[ ](?:(?:not"
                rf"|never|always|just|only|all)[ ]){{0,2}}"
                rf"{_DOES}(?!\w)"
            ),
        ),
        (_NEED, "you", rf"\w+[ ](?:really[ ])?(?:need to|have to)[ ](?:(?:always|just|only)[ ])?{_DOES}(?!\w)"),
        (
            _ORDER,
            "never always don dont do",
            (
                r"(?:never|always|don'?t|do not)[ ](?:ever[ ])?"
                r"(?:use|take|apply|stop taking|stop using|mix|let them|trust (?:your|the|any) (?:doctor|gp"
                r"|dermatologist))(?!\w)"
            ),
        ),
        (
            _ORDER,
            "use take apply rub mix",
            (
                r"\w+[ ](?:it|this|the cream|the gel|\d+[ ]?(?:mg|ml|drops|sachets?))[ ](?:\w+[ ]){0,3}"
                r"(?:daily|once|twice|every|\d+ times|three times|for \d+|until)(?!\w)"
            ),
        ),
    ]
)
_ORDERS = frozenset(
    (
        "just",
        "start",
        "double",
        "put",
        "leave",
        "use",
        "stop",
        "do",
        "don't",
        "dont",
        "cancel",
        "skip",
        "avoid",
        "wait",
    )
)
"""First words of phrases that are advice only as an order: *stop taking it*, but not *I had to stop taking it*."""
_AS_AN_ORDER = re.compile(
    r"(?:^|[.!?\n:;,(\"“][ ]?|-[ ]|(?<!\w)(?:please|simply|you (?:should|must|can|could|need to|have to|ought to)"
    r"|i(?:'d| would)? (?:advise|recommend|suggest|urge)(?: you| everyone| anyone| people)?(?: to)?"
    r"|my advice(?: is)?(?: to)?"
    r"|the trick is to)[ ])$",
    re.IGNORECASE,
)
_AT_THE_BEGINNING = re.compile(
    r"(?:^|[.!?\n:(\"“][ ]?|(?<!\w)(?:please|so|just|and remember)[ ,]{1,2})$", re.IGNORECASE
)
_TO_READERS = re.compile(
    r"(?<!\w)(?:you|your|should|must|try|people|everyone|anyone)(?!\w)|^[ ]*(?:use|take|apply|put|rub)(?!\w)",
    re.IGNORECASE,
)
_CLAIMED = {
    "no side effects": re.compile(r"(?:has|there are|it's got|comes with|causes?|guarantees?)[ ]$", re.IGNORECASE),
    "cure for": re.compile(r"(?:is|it's|found|have|has)[ ](?:a|the|your|my|an? \w+|the \w+)[ ]$", re.IGNORECASE),
    "cures": re.compile(
        r"(?:it|this|that|which|cream|treatment|gel|definitely|really|actually)[ ]$", re.IGNORECASE
    ),
    "miracle": re.compile(r"(?:is|it's|was) (?:a|the) $", re.IGNORECASE),
}
"""Listed words that are often said of one's own case, and what stands before them where they are a claim."""


def advice(content: Content, known: Known) -> Iterator[Finding]:
    """Listed phrases and orders to readers; not what one did, was told, asks, fears or denies."""
    book = phrases(known.safety.advice)
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        spans = []
        for group, match in book.read(plain.words):
            notice = _listed(group, plain.words, *match.span())
            if notice is not None:
                spans.append(match.span())
                found.append(notice.of(field, plain, *match.span()))
        for notice, match in _BOOK.read(plain.words):
            is_new = not any(start < match.end() and match.start() < end for start, end in spans)
            if is_new and _is_an_order(notice, plain.words, *match.span()):
                found.append(notice.of(field, plain, *match.span()))
    yield from most_telling(found)


def _listed(group: PhraseGroup, words: str, start: int, end: int) -> Notice | None:
    """What a listed phrase is noticed as; None when it is one's own account or somebody else's words."""
    if not is_told_as_true(words, start, end):
        return None
    why = _LISTED_WHY.get(group.id, _LISTED_OTHERWISE)
    notice = Notice(FindingKind.ADVICE, f"advice.{group.id}", why)
    before, phrase = words[max(0, start - BESIDE_CHARS) : start], as_listed(words[start:end])
    if phrase.split()[0] in _ORDERS and not _AS_AN_ORDER.search(before):
        return None
    if not group.is_held:
        return notice.weakly if _speaks_to_readers(words, start, end) else None
    claim = _CLAIMED.get(phrase)
    return notice if claim is None or claim.search(before) else notice.weakly


def _speaks_to_readers(words: str, start: int, end: int) -> bool:
    return bool(_TO_READERS.search(sentence_before(words, start) + words[start:end] + sentence_after(words, end)))


def _is_an_order(notice: Notice, words: str, start: int, end: int) -> bool:
    if notice is _ORDER and not _AT_THE_BEGINNING.search(words[max(0, start - BESIDE_CHARS) : start]):
        return False
    return is_told_as_true(words, start, end)
