"""Who may be in danger: words of crisis, words for serious reactions, and a serious outcome that was ticked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stories.checks.finding import (
    Finding,
    FindingKind,
    Known,
    MarkKind,
    PhraseGroup,
    Severity,
    most_telling,
)
from stories.checks.spotting import Plain, Span
from stories.content import Content

VERSION = 1

_NOTE = re.compile(r"\s*\([^)]*\)")
_INFLECTED_CHARS = 3
"""A first word of a phrase that is shorter, such as *at*, is not a verb to inflect."""
_CONTEXT_CHARS = 60

_GAP = (
    r"(?:[ ](?!(?:and|but|so|then|because|until|before|after|when|only|just|was|were|am|is|are|ended|went|landed"
    r"|woke|i|he|she|they|we)[ ])[\w']{1,20}){0,5}[ ]$"
)
"""Words between a denial and what it denies; a new beginning among them breaks the bond."""
_DENIED = re.compile(
    r"(?:^|[^\w'])(?:no|not|never|without|nor|neither|cannot|didn'?t|don'?t|doesn'?t|wasn'?t|isn'?t|aren'?t"
    r"|weren'?t"
    rf"|haven'?t|hasn'?t|hadn'?t|ruled out|instead of|rather than){_GAP}",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"(?:^|[^\w'])(?:if|unless|in case of|risks? of|warned (?:of|about)|warns of|warning (?:of|about)|leaflet says"
    rf"|scared of|afraid of|fear of){_GAP}",
    re.IGNORECASE,
)
_PART_OF_A_WORD = re.compile(r"\w-$")


@dataclass(frozen=True)
class _Everyday:
    """What to look for beside a term that is often said of everyday things.

    With `is_needed` the term is serious only beside such words; else it is serious unless beside them.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    is_needed: bool

    def is_serious(self, before: str, after: str) -> bool:
        beside = self.before.search(before) or self.after.match(after)
        return bool(beside) == self.is_needed


def _everyday(before: str, after: str, *, is_needed: bool) -> _Everyday:
    return _Everyday(
        re.compile(rf"(?:^|[^\w'])(?:{before})$", re.IGNORECASE),
        re.compile(rf"(?:{after})(?!\w)", re.IGNORECASE),
        is_needed,
    )


_CALLED = _everyday(
    r"(?:call|called|calling|calls|rang|ring|ringing|rung|dial|dialled|dialed|phone|phoned|phoning)[ ]"
    r"(?:\w{1,12}[ ]){0,2}",
    r"[ ](?:call|crew|operator|ambulance|team)",
    is_needed=True,
)
_PLACE = (
    r"(?:(?:the|our|my|a|an|this|that|local|nearest|same|big|university|children's|general|day|skin|city)[ ]){0,3}"
)
_EVERYDAY = {
    "999": _CALLED,
    "911": _CALLED,
    "112": _CALLED,
    "hospital": _everyday(
        r"(?:appointments?|clinic|consultants?|specialists?|dermatolog\w{2,4}|doctors?|nurses?|referred|seen"
        r"|checked|biopsy"
        r"|works?|worked|working|pharmacy|department|visits?|drive|drove|parking|outpatients?)"
        rf"[ ](?:\w{{2,12}}[ ]){{0,2}}(?:at|in|to|by|from|for)[ ]{_PLACE}",
        r"[ -](?:appointments?|out ?patients?|clinic|pharmacy|pharmacist|doctors?|consultants?|nurses?"
        r"|dermatolog\w{2,4}|numbers?|no|id|specialists?|letters?|website|car park|parking|transport"
        r"|referral|department|staff|records?|notes|trust"
        r"|(?:dermatology|skin|eye|outpatient) (?:clinic|department|team))",
        is_needed=False,
    ),
    "pregnancy": _everyday(r"(?!)", r"[ ]tests?", is_needed=False),
    "admitted": _everyday(
        r"(?:was|were|been|being|be|got|get|getting|am|is|are|had|then|me|him|her)[ ](?:\w{2,12}[ ])?",
        r"(?:[ ](?:me|him|her|us|them))?[ ](?:(?:in)?to (?:\w{1,12} ){0,3}(?:hospital|ward|icu|unit|a&e|care)"
        r"|overnight|for )",
        is_needed=True,
    ),
    "drip": _everyday(
        r"(?:on|iv|intravenous|saline|antibiotics?|fluids?|given|had|a)[ ](?:(?:a|an|the|iv|saline)[ ]){0,2}",
        r"[ ](?:in my|for|with)",
        is_needed=True,
    ),
    "blind": _everyday(
        r"(?:colou?r|double|single|went in|the)[ -]",
        r"[ -](?:trial|study|spots?|tests?|date|eye to|faith|people|person|man|woman|pimples?)",
        is_needed=False,
    ),
}
"""Terms of the list that name places and everyday things as well. Only a serious sense opens a mark."""


def crisis(content: Content, known: Known) -> Iterator[Finding]:
    """Phrases of crisis; those of a held group open the safeguarding mark. Past or denied ones are read as well."""
    harmless = _pattern((PhraseGroup("false friends", is_held=False, phrases=known.safety.false_friends),))
    phrases = [(group, _pattern((group,), is_inflected=True)) for group in known.safety.crisis]
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        words = harmless.sub(lambda friend: "\n" * len(friend.group()), plain.words) if harmless else plain.words
        for group, pattern in phrases:
            found += [
                _crisis_finding(group, field, plain.original(*match.span()))
                for match in (pattern.finditer(words) if pattern else ())
            ]
    yield from most_telling(found)


def _crisis_finding(group: PhraseGroup, field: str, span: Span) -> Finding:
    return Finding(
        kind=FindingKind.CRISIS,
        severity=Severity.STRONG if group.is_held else Severity.WEAK,
        rule=f"crisis.{group.id}",
        rule_version=VERSION,
        field=field,
        start=span[0],
        end=span[1],
        why=f"These words are on the list of words of crisis, under “{group.id}”.",
        mark=MarkKind.SAFEGUARDING if group.is_held else None,
    )


def reactions(content: Content, known: Known) -> Iterator[Finding]:
    """Terms for serious reactions; those of a held group open that mark, unless denied, supposed or everyday."""
    terms = [(group, _pattern((group,))) for group in known.safety.reactions]
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        for group, pattern in terms:
            for match in pattern.finditer(plain.words) if pattern else ():
                is_meant = _is_meant(plain.words, *match.span())
                found.append(_reaction_finding(group, field, plain.original(*match.span()), is_meant=is_meant))
    yield from most_telling(found)


def _is_meant(words: str, start: int, end: int) -> bool:
    """Whether what stands beside a term leaves it as something that happened."""
    before, after = words[max(0, start - _CONTEXT_CHARS) : start], words[end : end + _CONTEXT_CHARS]
    if _DENIED.search(before) or _SUPPOSED.search(before) or _PART_OF_A_WORD.search(before):
        return False
    everyday = _EVERYDAY.get(words[start:end].casefold())
    return everyday is None or everyday.is_serious(before, after)


def _reaction_finding(group: PhraseGroup, field: str, span: Span, *, is_meant: bool) -> Finding:
    is_strong = group.is_held and is_meant
    listed = f"These words are on the list of serious reactions, under “{group.id}”"
    return Finding(
        kind=FindingKind.SERIOUS_REACTION,
        severity=Severity.STRONG if is_strong else Severity.WEAK,
        rule=f"reaction.{group.id}",
        rule_version=VERSION,
        field=field,
        start=span[0],
        end=span[1],
        why=f"{listed}." if is_meant else f"{listed}, but may speak of something else.",
        mark=MarkKind.SERIOUS_REACTION if is_strong else None,
    )


def serious_answers(content: Content, known: Known) -> Iterator[Finding]:
    """One finding for each answer to `serious`: the patient says that something serious followed."""
    labels = dict(known.safety.serious_labels)
    for answer in content.serious:
        yield Finding(
            kind=FindingKind.SERIOUS_REACTION,
            severity=Severity.STRONG,
            rule=f"serious.{answer}",
            rule_version=VERSION,
            field="serious",
            start=0,
            end=0,
            why=f"The patient ticked “{labels.get(answer, answer)}” as what the treatment led to.",
            mark=MarkKind.SERIOUS_REACTION,
        )


@lru_cache(maxsize=64)
def _pattern(groups: tuple[PhraseGroup, ...], *, is_inflected: bool = False) -> re.Pattern[str] | None:
    """One pattern of all phrases, whole words only, the longest first; None when there are none."""
    phrases = {phrase for group in groups for phrase in map(_as_said, group.phrases) if phrase}
    if not phrases:
        return None
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(_loosely(phrase, is_inflected=is_inflected) for phrase in ordered)})(?!\w)",
        re.IGNORECASE,
    )


def _as_said(phrase: str) -> str:
    """A phrase of the catalogue without its note in brackets, in plain characters."""
    return " ".join(Plain.of(_NOTE.sub("", phrase)).words.casefold().split())


def _loosely(phrase: str, *, is_inflected: bool) -> str:
    """A pattern for `phrase` with any spaces; the first of several words also as in *wanted to*, *ending it*."""
    first, *others = phrase.split()
    loose = [re.escape(word).replace("'", "'?").replace(r"\&", r"\s?&\s?") for word in (first, *others)]
    if is_inflected and others and first.isalpha() and len(first) >= _INFLECTED_CHARS:
        loose[0] = rf"{re.escape(first.removesuffix('e'))}(?:e?s|e?d|{first[-1]}?ing|e)?"
    return r"\s{1,3}".join(loose)
