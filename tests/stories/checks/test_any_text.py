"""Whatever is written, every check answers, and its findings are about words that are there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.checks import CHECKS
from stories.checks.finding import (
    ANSWER_FIELDS,
    MAX_FINDINGS,
    Finding,
    FindingKind,
    Known,
    PhraseGroup,
    SafetyLists,
)
from stories.cleaning import normalise
from stories.content import MAX_CHARS, TEXT_FIELDS, Content

KNOWN = Known(
    safety=SafetyLists(
        crisis=(PhraseGroup("suicide", is_held=True, phrases=("want to die", "can't go on", "(only a note)")),),
        false_friends=("dead skin",),
        reactions=(PhraseGroup("hospital", is_held=True, phrases=("hospital", "a&e", "999")),),
    ),
    repeats=(1,),
)
IDENTIFYING = set(tuple(FindingKind)[: tuple(FindingKind).index(FindingKind.CRISIS)])
"""The kinds of what says who a person is: each passage is found by one rule."""

FRAGMENTS = st.sampled_from(
    [
        *("07700 900123", "+44", "(0)", "12/03/2021", "5%", "2-3", "0", "00", "£", "mg", "NHS number", "zip"),
        *(
            "@",
            "@jo",
            "jo@example.org",
            ".com",
            "www.",
            "https://",
            "dot",
            "at",
            "u/",
            "insta:",
            "SW1A 1AA",
            "1012 AB",
        ),
        *("want to die", "can’t go on", "not", "hospital", "a&e", "999", "dead skin"),
        *(
            "Dr ",
            "Mrs",
            "Sarah",
            "Jones",
            "my husband ",
            "Leeds",
            "in ",
            "Hospital",
            "St ",
            "Street",
            "12 ",
            "Will",
        ),
        *(
            "3rd of ",
            "May",
            "2021",
            "ninety-two",
            "photo of me",
            "the only",
            "NHS number ",
            "DE89 3704 0044 0532 0130 00",
        ),
        *("\u200b", "\u00ad", "\u00a0", "\u2011", "\n", "\n\n", " ", ".", "-", "/"),
        *("\ud800", "😔", "é", "ﬁ", "İ", "ß", "٣٤٥٦٧٨", "１２３４５６"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(FRAGMENTS, st.text(max_size=4)), max_size=40).map("".join)
)

WORST = {
    "one digit": "1",
    "digits and spaces": "1 ",
    "a zero and spaces": "0 ",
    "digits and hyphens": "12-34-",
    "pluses": "+",
    "country codes": "+44 7",
    "brackets": "((",
    "phone numbers": "07700 900123 ",
    "unassigned phone numbers": "09999 999999 ",
    "grouped digits": "234 567 890 ",
    "cues for phones": "call call ",
    "cues for numbers": "NHS number ",
    "amounts": "1,111.5-",
    "amounts in words": "1 or 1 to ",
    "at signs": "a@",
    "labels": "a.",
    "hyphens in labels": "a-",
    "one long label": "a",
    "an address without an end": "www.",
    "dots in words": "a dot ",
    "ats in words": "a at ",
    "brackets round dots": "a (dot) ",
    "names": "@a_",
    "services": "insta ",
    "slashes": "u/",
    "denials": "not ",
    "hospitals": "no hospital ",
    "crisis": "want to ",
    "spaces": " ",
    "line ends": "\n",
    "invisible": "\u200b",
    "letters and invisible": "a\u200b",
    "postcodes": "SW1A 1AA ",
    "figures of a postcode": "1012",
    "years": "2019-",
    "dates": "12/03/",
    "round lists": "5 10 ",
    "other figures": "٣",
    "children": "my 6 year old ",
    "ages": "I am 6 ",
    "people": "Dr Wren was ",
    "relatives": "my mother has ",
    "orders": "you should use ",
    "rewards": "paid for ",
    "keys": "asdf",
    "no vowels": "bcdfg ",
    "piled marks": "a\u0300\u0301\u0302",
    "broken letters": "Ã©",
    "titles": "Dr ",
    "initials": "J. ",
    "given names": "Sarah ",
    "full names in a chain": "Sarah van der Jones ",
    "towns": "in Leeds, ",
    "hospitals by name": "Royal St ",
    "streets": "12 Elm ",
    "employers": "work for The ",
    "months": "3 May ",
    "ordinals": "1st of ",
    "days and months": "1/2/",
    "ages in words": "ninety-",
    "figures in words": "zero one ",
    "pictures": "photo of my ",
    "callings": "the only mayor of ",
    "internet addresses": "1.2.3.",
    "hexadecimals": "ab:",
    "mixed figures": "A1",
    "account numbers": "DE89 3704 ",
    "spelt addresses": "a (at) ",
    "words run together": "Sarah",
    "apostrophes": "a'",
}


def of(content: Content) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(content, KNOWN)]


def are_sound(findings: list[Finding], content: Content) -> bool:
    return all(
        finding.why
        and (
            0 <= finding.start < finding.end <= len(getattr(content, finding.field))
            if finding.field in TEXT_FIELDS
            else finding.field in ANSWER_FIELDS and finding.start == finding.end == 0
        )
        for finding in findings
    )


def overlaps(findings: list[Finding]) -> list[tuple[Finding, Finding]]:
    """Pairs of findings of identifying details that share words."""
    ordered = sorted(
        (finding for finding in findings if finding.kind in IDENTIFYING),
        key=lambda finding: (finding.field, finding.start),
    )
    return [(one, other) for one, other in pairwise(ordered) if one.field == other.field and other.start < one.end]


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_gets_findings_about_words_that_are_there_each_once(title: str, narrative: str) -> None:
    content = Content(title=normalise(title) or None, narrative=normalise(narrative) or ".")
    findings = of(content)
    assert are_sound(findings, content)
    assert overlaps(findings) == []


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_check_says_the_same_of_the_same_text(narrative: str) -> None:
    content = Content(narrative=normalise(narrative))
    assert of(content) == of(replace(content))


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST.keys())
@pytest.mark.parametrize("ending", ["", "x", "@", "!"])
def test_the_longest_hostile_text_is_read_to_its_end(piece: str, ending: str) -> None:
    chars = MAX_CHARS["narrative"]
    content = Content(narrative=(piece * chars)[: chars - len(ending)] + ending)
    for check in CHECKS:
        findings = list(check(content, KNOWN))
        assert len(findings) <= MAX_FINDINGS
        assert are_sound(findings, content)
