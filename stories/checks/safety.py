"""Who may be in danger: words of crisis, words for serious reactions, and a serious outcome that was ticked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stories.checks.finding import (
    Finding,
    FindingKind,
    Known,
    MarkKind,
    PhraseGroup,
    Severity,
    most_telling,
)
from stories.checks.phrases import as_listed, phrases
from stories.checks.sense import BESIDE_CHARS, is_denied, is_supposed
from stories.checks.spotting import Plain, Span
from stories.content import Content

VERSION = 2

_NEVER_FELT = re.compile(
    r"(?:^|[^\w'])(?:no|not|never|\w{2,6}n't|dont|didnt|wasnt|isnt)[ ](?:(?:been|feel|felt|feeling|once"
    r"|actually|really|any|ever|at all|become|became|have|had|got|having|thoughts?|thought|ideas?|of|about|or"
    r"|was|am|is|are|a|be)[ ]){0,4}$",
    re.IGNORECASE,
)
"""A denial that reaches words of crisis: only small words may stand between, for a wrong one could cost a life."""
_UNTIL = re.compile(r"[ ](?:or \w+ )?(?:before|until|till|yet|but|except|like this)(?!\w)", re.IGNORECASE)
_ANOTHER = re.compile(
    r"(?:^|[^\w'])(?:my|our|his|her|their)[ ](?:\w{2,12}[ ])?(?:mother|mum|mom|mam|father|dad|parents?|sister"
    r"|brother"
    r"|wife|husband|partner|boyfriend|girlfriend|aunt|uncle|cousin|nan|nana|gran|granny|grandma|grandmother"
    r"|grandad|grandpa"
    r"|grandfather|friend|mate|neighbou?r|colleague|boss|flatmate|in-law|niece|nephew)"
    r"(?:[ ](?!me[ ]|i[ ]|my[ ]|called[ ]|rang[ ]|took[ ]|drove[ ]|got me)[\w']{1,14}){0,4}[ ]$",
    re.IGNORECASE,
)
_OTHER_CAUSE = re.compile(
    r"[ ](?:\w{2,12}[ ]){0,2}(?:for|with|after|because of|due to|having)[ ](?:his|her|their|a|an)[ ]"
    r"(?!rash|skin|cream)",
    re.IGNORECASE,
)
_WITH_ME = re.compile(r"[ ]with (?:me|us)(?!\w)", re.IGNORECASE)

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
    """Phrases of crisis; those of a held group open the safeguarding mark, unless denied outright.

    Past ones do, and worry about another person: the catalogue's rules have a person read them.
    """
    book = phrases(known.safety.crisis, is_inflected=True)
    friends = phrases((PhraseGroup("false friends", is_held=False, phrases=known.safety.false_friends),))
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        words = plain.words
        listed = list(book.read(words))
        harmless = [match.span() for _friends, match in friends.read(words)] if listed else []
        for group, match in listed:
            if not any(start < match.end() and match.start() < end for start, end in harmless):
                is_meant = not _is_never_felt(words, *match.span())
                found.append(_crisis_finding(group, field, plain.original(*match.span()), is_meant=is_meant))
    yield from most_telling(found)


def _is_never_felt(words: str, start: int, end: int) -> bool:
    """Whether the words of crisis are denied right before, once, and for all time."""
    denial = _NEVER_FELT.search(words[max(0, start - BESIDE_CHARS) : start])
    return denial is not None and not _UNTIL.match(words[end : end + BESIDE_CHARS])


def _crisis_finding(group: PhraseGroup, field: str, span: Span, *, is_meant: bool) -> Finding:
    is_strong = group.is_held and is_meant
    listed = f"These words are on the list of words of crisis, under “{group.id}”"
    return Finding(
        kind=FindingKind.CRISIS,
        severity=Severity.STRONG if is_strong else Severity.WEAK,
        rule=f"crisis.{group.id}",
        rule_version=VERSION,
        field=field,
        start=span[0],
        end=span[1],
        why=f"{listed}." if is_meant else f"{listed}, but the writer says that it was not so.",
        mark=MarkKind.SAFEGUARDING if is_strong else None,
    )


def reactions(content: Content, known: Known) -> Iterator[Finding]:
    """Terms for serious reactions; those of a held group open that mark.

    Not when they are denied, supposed, everyday, or about somebody whose story this is not.
    """
    book = phrases(known.safety.reactions)
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        for group, match in book.read(plain.words):
            is_meant = _is_meant(plain.words, *match.span(), writer=content.writer)
            found.append(_reaction_finding(group, field, plain.original(*match.span()), is_meant=is_meant))
    yield from most_telling(found)


def _is_meant(words: str, start: int, end: int, *, writer: str | None) -> bool:
    """Whether what stands beside a term leaves it as something that happened to the patient."""
    before, after = words[max(0, start - BESIDE_CHARS) : start], words[end : end + BESIDE_CHARS]
    if is_denied(words, start, end) or is_supposed(words, start) or _PART_OF_A_WORD.search(before):
        return False
    if _is_of_another(before, after, writer):
        return False
    everyday = _EVERYDAY.get(as_listed(words[start:end]))
    return everyday is None or everyday.is_serious(before, after)


def _is_of_another(before: str, after: str, writer: str | None) -> bool:
    """Whether a relative or friend had it: so when the writer is the patient, or for a cause of their own."""
    if writer in ("parent", "carer") or not _ANOTHER.search(before) or _WITH_ME.match(after):
        return False
    return writer == "patient" or bool(_OTHER_CAUSE.match(after))


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
