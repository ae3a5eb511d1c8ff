"""What is told of other people: their health, and what they are said to have done."""

from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, MarkKind, Severity, most_telling
from stories.checks.noticing import Notice
from stories.checks.phrases import rules
from stories.checks.sense import is_asked, is_denied, is_supposed
from stories.checks.spotting import Plain
from stories.content import Content

_KIN = (
    r"(?:mother|mum|mom|father|dad|sister|brother|wife|husband|partner|boyfriend|girlfriend|ex|aunt|uncle|cousin"
    r"|nan|gran"
    r"|grandma|grandmother|grandad|grandfather|friend|best friend|mate|flatmate|mother-in-law|father-in-law)"
)
_KNOWN_BY_ROLE = (
    r"(?:neighbou?r|boss|manager|teacher|head ?teacher|landlord|landlady|colleague|co-?worker|vicar|priest"
    r"|pastor|mayor"
    r"|mp|councillor|employer|lodger|tenant|hairdresser|postman)"
)
_NAME = r"(?-i:[A-Z][a-z'-]{1,15})"
_SUFFERS = (
    r"(?:has|had|have|got|gets|suffers (?:from|with)|suffered (?:from|with)|(?:was|been|is) diagnosed with"
    r"|lives with"
    r"|is on|takes|took|died (?:of|from)|is dying of|is|was|'s|caught)"
)
_ILLNESS = (
    r"(?:\w*cancer|melanoma|psoriasis|eczema|hiv|aids|depress\w+|bipolar|alcoholic|addict\w*|dementia"
    r"|alzheimer'?s|diabetes"
    r"|diabetic|a stroke|pregnant|a miscarriage|an abortion|an? sti|an? std|herpes|warts|genital warts|syphilis"
    r"|chlamydia|autis\w+|adhd|schizophreni\w+|epilep\w+|a tumou?r|leuk\w+|lymphoma|lupus|hepatitis|ms|tb|vitiligo"
    r"|acne|antidepressants|chemo\w*)"
)
_SMALL = (
    r"(?:(?:also|now|who|always|just|recently|actually|really|bad|severe|a|an|the|terrible|skin"
    r"|breast|lung)[ ]){0,3}"
)
_HEALTH = rf"{_SMALL}{_SUFFERS}[ ]{_SMALL}{_ILLNESS}(?!\w)"

_PRO = (
    r"(?:surgeon|doctor|gp|dermatologist|consultant|specialist|nurse|pharmacist|chemist|receptionist"
    r"|practice manager"
    r"|registrar|therapist|physio|dentist|paramedic|carer)"
)
_TITLED = rf"(?:dr|doctor|prof|professor|nurse|sister|mr|mrs|ms|miss)\.?[ ]{_NAME}(?:[ ]{_NAME})?"
_BETWEEN = r"(?:[ ](?!(?:i|me|my|we|not|never|said|thought|told|if)[ ])[\w'-]{1,14}){0,4}[ ,]{1,2}"
_GRAVE = (
    r"(?:(?:was|is|turned up|came in|looked|smelt of|smelled of|stank of|reeked of)[ ](?:(?:clearly|obviously"
    r"|completely|so"
    r"|very|always|often|half|high)[ ]){0,2}(?:drunk|alcohol|drink|stoned|on drugs)"
    r"|stole(?!\w)|(?:was|is)[ ](?:nothing but[ ])?an? (?:thief|crook|fraud|quack|butcher|paedophile|pervert"
    r"|con ?man|criminal)"
    r"|groped|molested|raped|sexually \w+|assaulted|touched me (?:inappropriately|where)|hit me|slapped me|punched"
    r"|(?:forged|falsified|faked)[ ](?:my|the|his|her|our)|took (?:a )?bribes?|commit\w+ (?:fraud|malpractice)"
    r"|killed (?:my|her|his|a|the|our) (?:mother|father|mum|dad|baby|child|son|daughter|husband|wife|patient)"
    r"|(?:should be|was|got|has been) (?:struck off|in prison|in jail|arrested|suspended))"
)
_LESSER = (
    r"(?:lied|(?:was|is)[ ](?:\w{2,10}[ ])?(?:negligent|incompetent|racist|abusive|cruel|rude|useless|dangerous)"
    r"|botched"
    r"|misdiagnosed|bullied|shouted at|laughed at|covered (?:it|this) up|ruined my)"
)

_HEALTH_WHY = "This tells of another person’s health, and that person may be recognised."
_CONDUCT_WHY = "This accuses a person who may be recognised."
_HEALTH_SURE = Notice(FindingKind.THIRD_PARTY, "other.health", _HEALTH_WHY)
_HEALTH_KIN = Notice(FindingKind.THIRD_PARTY, "other.kin", "This tells of a relative’s health.", Severity.WEAK)
_ACCUSED = Notice(FindingKind.THIRD_PARTY, "other.accused", _CONDUCT_WHY, mark=MarkKind.LEGAL)
_BLAMED = Notice(FindingKind.THIRD_PARTY, "other.blamed", _CONDUCT_WHY, Severity.WEAK)
_TITLES = "dr doctor prof professor nurse sister mr mrs ms miss"

_BOOK = rules(
    [
        (_ACCUSED, _TITLES, rf"{_TITLED}{_BETWEEN}{_GRAVE}"),
        (
            _ACCUSED,
            "my our the this that his her",
            rf"\w+[ ](?:\w{{2,12}}[ ])?(?:{_PRO}|{_KNOWN_BY_ROLE}){_BETWEEN}{_GRAVE}",
        ),
        (_BLAMED, _TITLES, rf"{_TITLED}{_BETWEEN}{_LESSER}"),
        (_HEALTH_SURE, "my our his her", rf"\w+[ ](?:{_KIN}|{_KNOWN_BY_ROLE}),?[ ]{_NAME},?[ ]{_HEALTH}"),
        (_HEALTH_SURE, "my our the", rf"\w+[ ](?:\w{{2,10}}[ ])?{_KNOWN_BY_ROLE}(?:'s|[ ]){_HEALTH}"),
        (_HEALTH_SURE, "mr mrs ms miss", rf"{_TITLED}[ ]{_HEALTH}"),
        (_HEALTH_KIN, "my our", rf"\w+[ ](?:\w{{2,10}}[ ])?{_KIN}[ ]{_HEALTH}"),
    ]
)


def third_parties(content: Content, _known: Known) -> Iterator[Finding]:
    """Other people's health and conduct; a grave accusation opens the legal mark.

    What a parent or carer tells of a relative's health is their story, and no finding.
    """
    for_another = content.writer in ("parent", "carer")
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        for notice, match in _BOOK.read(plain.words):
            is_own_story = notice is _HEALTH_KIN and for_another
            if not is_own_story and _is_told(plain.words, *match.span()):
                found.append(notice.of(field, plain, *match.span()))
    yield from most_telling(found)


def _is_told(words: str, start: int, end: int) -> bool:
    return not (is_denied(words, start, end) or is_supposed(words, start) or is_asked(words, end))
