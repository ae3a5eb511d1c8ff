"""Whether the story is about somebody under 18: by the answers, and by how a child or its age is spoken of."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, MarkKind, Severity, most_telling
from stories.checks.noticing import Notice
from stories.checks.phrases import rules
from stories.checks.sense import sentence_before
from stories.checks.spotting import Plain
from stories.content import Content

UNDER_18 = ("under_12", "12_17")

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_AGE = rf"(?:1[0-7]|[1-9]|{_NUMBERS.replace(' ', '|')})"
_UNIT = r"(?:years?|yrs?|months?|mths?|weeks?|wks?)"
_OLD = rf"(?:[ -]?{_UNIT}[ -]?old|[ ]?y[/.]?o)"
_CHILD = (
    r"(?:son|daughter|boy|girl|child|kid|lad|twins?|grandson|granddaughter|grandchild|niece|nephew|brother|sister"
    r"|baby|toddler|little one)"
)
_SPOKEN_OF = (
    rf"(?=[ ]?(?:$|[-.,:;!?)\n])|[ ](?:(?:little|eldest|youngest|old)[ ])?(?:{_CHILD}|male|female|has|had|is|was"
    rf"|got"
    r"|gets|who|and|with|developed|started|came|went|suffers|suffered|would|could|can|caught|did|does|used|uses"
    r"|takes|took|when|at|but|now|for|too|on|in)(?!\w))"
)
_NO_MEASURE = (
    r"(?!\w|[.:/%-]\d|[ ]?(?:stone|st|kg|lbs?|foot|feet|ft|cm|inch\w*|days?|hours?|minutes|times|miles|%"
    r"|months? (?:in|on|ago)"
    r"|weeks? (?:in|on|ago|pregnant)|years? (?:in|on|ago|older|younger)))"
)
_SCHOOL = (
    r"(?:year \d{1,2}|grade \d{1,2}|\d{1,2}(?:st|nd|rd|th) grade|reception|nursery|kindergarten|pre-?school"
    r"|primary(?: school)?|elementary school|middle school|high school|secondary(?: school)?|sixth form)"
)
_AS_A_CHILD = re.compile(
    r"(?<!\w)(?:when i was|since i was|as an?|i was(?: only| just| about)?)[ ](?:\w{1,8}[ ]){0,2}$", re.IGNORECASE
)

_ABOUT = "These words speak of a child under 18 as the patient."
_CHILD_HERE = Notice(FindingKind.MINOR, "minor.child", _ABOUT, mark=MarkKind.MINOR)
_SELF = Notice(FindingKind.MINOR, "minor.writer", "The writer seems to be under 18.", mark=MarkKind.MINOR)
_MENTION = Notice(
    FindingKind.MINOR, "minor.mention", "These words may speak of a child as the patient.", Severity.WEAK
)
_CHILDHOOD = Notice(
    FindingKind.MINOR, "minor.childhood", "The writer seems to tell of their own childhood.", Severity.WEAK
)
_BOOK = rules(
    [
        (_CHILD_HERE, "my our", rf"\w+[ ](?:\w{{2,10}}[ ])?{_AGE}{_OLD}{_SPOKEN_OF}"),
        (
            _CHILD_HERE,
            "my our",
            (
                rf"\w+[ ](?:\w{{2,10}}[ ])?{_CHILD}(?:[ ](?:is|was|who is|who's|has just turned"
                rf"|just turned))?[ ,]{{0,2}}\(?"
                rf"(?:(?:aged?|only|just|now|nearly|almost)[ ]){{0,2}}(?<=[ (]){_AGE}{_NO_MEASURE}"
            ),
        ),
        (_CHILD_HERE, "my our", rf"\w+[ ](?:\w{{2,10}}[ ])?{_CHILD}[ ](?:\w{{2,5}}[ ]){{0,2}}in[ ]{_SCHOOL}(?!\w)"),
        (_CHILD_HERE, "mein meine meinem meiner unser unsere", rf"\w+[ ]{_AGE}[ -]?j[äa]hrige[nrms]?"),
        (
            _CHILD_HERE,
            "mi nuestro nuestra",
            rf"\w+[ ](?:hij[oa]|niñ[oa]|bebé|nieto|nieta)[ ]de[ ]{_AGE}[ ](?:años|meses)",
        ),
        (
            _CHILD_HERE,
            "mon ma notre",
            rf"\w+[ ](?:fils|fille|bébé|enfant|garçon)[ ](?:de|a|âgée? de)[ ]{_AGE}[ ](?:ans|mois)",
        ),
        (_CHILD_HERE, "mio mia", rf"\w+[ ](?:figli[oa]|bambin[oa])[ ]di[ ]{_AGE}[ ](?:anni|mesi)"),
        (_CHILD_HERE, "mijn ons onze", rf"\w+[ ](?:zoon|dochter|zoontje|dochtertje|kind)[ ]van[ ]{_AGE}(?!\w)"),
        (
            _SELF,
            "i im",
            (
                r"i(?:[ ]am|'?m)[ ](?:(?:a|only|just|currently|still|nearly)[ ]){0,2}"
                rf"(?:{_AGE}(?:{_OLD}|(?=[ ]?(?:$|[.,;!)\n]))"
                rf"|(?=[ ]and[ ](?:i|my|have)(?!\w)))|in[ ]{_SCHOOL}(?!\w))"
            ),
        ),
        (
            _CHILD_HERE,
            " ".join(f"{age} {age}yo {age}yr {age}y" for age in range(1, 18)) + f" {_NUMBERS}",
            rf"{_AGE}{_OLD}[ -](?:\w{{3,8}}[ ])?(?:{_CHILD}|male|female)(?!\w)",
        ),
        (
            _MENTION,
            (
                "paediatric paediatrics paediatrician pediatric pediatrics pediatrician toddler infant newborn"
                " nursery"
                " kindergarten preschool"
            ),
            r"\w+",
        ),
        (_MENTION, "my our", r"\w+[ ](?:baby|toddler|child|kid|little (?:boy|girl|one))(?!\w)"),
        (_MENTION, "his her their", r"\w+[ ](?:school|nursery|classmates|school ?teacher)(?!\w)"),
        (
            _CHILDHOOD,
            "when since as in growing",
            (
                rf"(?:(?:when|since)[ ]i was[ ](?:about[ ]|only[ ]|just[ ])?(?:{_AGE}{_NO_MEASURE}|(?:an?"
                rf"|very)?[ ]?(?:little|young|small|kid"
                r"|child|baby|teenager|teen|boy|girl)(?!\w))|as a (?:child|kid|teenager|teen|baby|young (?:boy"
                r"|girl))(?!\w)"
                r"|since childhood|in my (?:childhood|teens)|growing up)"
            ),
        ),
    ]
)


def minors(content: Content, _known: Known) -> Iterator[Finding]:
    """What says that the patient is under 18; sure signs open the mark *about a minor*.

    A writer's own childhood and a child who is only mentioned are weak, and each weak sign is named once a field.
    """
    yield from _answers(content)
    found = []
    for field, text in content.texts():
        plain, mentioned = Plain.of(text), set()
        for notice, match in _BOOK.read(plain.words):
            if notice is _CHILD_HERE and _AS_A_CHILD.search(sentence_before(plain.words, match.start())):
                notice = _CHILDHOOD
            if notice.severity is Severity.STRONG or notice not in mentioned:
                mentioned.add(notice)
                found.append(notice.of(field, plain, *match.span()))
    yield from most_telling(found)


def _answers(content: Content) -> Iterator[Finding]:
    if content.age_band in UNDER_18:
        why = "The patient is under 18 by the answer that was given."
        yield Notice(FindingKind.MINOR, "minor.age_band", why, mark=MarkKind.MINOR).at("age_band")
    elif content.writer == "parent" and content.age_band is None:
        why = "A parent writes, and no age was given."
        yield Notice(FindingKind.MINOR, "minor.parent", why, mark=MarkKind.MINOR).at("writer")
