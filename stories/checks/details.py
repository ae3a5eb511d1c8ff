"""What else tells who a person is: pictures, prints of the body, rare callings, addresses of machines."""

import re
from collections.abc import Callable, Iterator

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Spotted, matches, near
from stories.content import RedactionKind

_OF_A_PERSON = r"(?:me|myself|my (?:face|head|whole face|own face)|(?:his|her|their) faces?|us|the face)"
_PICTURE = re.compile(
    rf"(?<!\w)(?:(?:(?:photo(?:graph)?s?|pics?|pictures?|selfies?|images?|videos?|snaps?|portraits?|headshots?)[ ]"
    rf"(?:\w{{2,10}}[ ]){{0,2}}of[ ](?:\w{{2,8}}[ ]){{0,2}}{_OF_A_PERSON}(?!\w)"
    r"|(?:see|look at|view)[ ](?:the |my )?attach(?:ed|ment)s?(?:[ ](?:photo|pic|picture|image|file)s?)?"
    r"|(?:i(?:'ve| have)?[ ])?(?:attach(?:ed|ing)?|upload(?:ed|ing)?|post(?:ed|ing)?|includ(?:ed|ing)"
    r"|enclos(?:ed|ing)"
    r"|sen(?:t|d|ding)|shar(?:ed|ing|e))[ ](?:(?:you|a|an|the|some|my|few|of|two|three|before|and|after|here"
    r"|both)[ /-]){0,5}"
    r"(?:photo(?:graph)?s?|pics?|pictures?|selfies?|images?|videos?)"
    r"|(?:photo(?:graph)?s?|pics?|pictures?|selfies?|images?|videos?)[ ](?:(?:is|are|have been|was|were)[ ])?"
    r"(?:attached|uploaded|enclosed|included|below|above)"
    r"|here(?:'s| is| are)[ ](?:(?:a|some|my|the|few)[ ]){0,3}(?:photo(?:graph)?s?|pics?|pictures?|selfies?"
    r"|images?)"
    r"|(?:my|profile|passport)[ ](?:profile |passport )?(?:photo|picture|pic|selfie)s?(?= (?:is|was|shows|on"
    r"|here|in))"
    r")(?:[ ]of[ ](?:(?:my|me|the|his|her|our|a|it|how)(?:[ ][a-z]{2,12}){0,2}))?|(?:(?:img|dsc|pxl"
    r"|dscf)[_-]?\d{3,}(?:\.\w{3,4})?|[\w-]{1,40}\.(?:jpe?g|png|heic|gif)))(?!\w)",
    re.IGNORECASE,
)
_BIOMETRIC = re.compile(
    r"(?<!\w)(?:(?:my|his|her|their|our|whose|a|the|took|take|taken|scan(?:ned)?|by|of|with"
    r"|on)[ ](?:[a-z]{1,9}[ ])?)"
    r"(?P<it>finger ?-?prints?|thumb ?-?prints?|palm ?-?prints?|voice ?-?prints?|face ?-?prints?"
    r"|retina(?:l)? scans?|iris scans?"
    r"|face ?id|facial recognition|dna profile|genetic profile|hand geometry|biometrics?|vein pattern"
    r"|gait recognition"
    r"|dental records?)(?![\w-])(?![ ](?:reader|lock|sensor|scanner|size|sized|of[ ](?:cream|ointment|the cream)))",
    re.IGNORECASE,
)
_TATTOO = re.compile(
    r"(?<!\w)(?:my|his|her)[ ](?:[a-z]{2,10}[ ]){0,2}(?P<it>tattoos?[ ](?:of|saying|that says|which says|reads"
    r"|with)[ ]"
    r"[^\n.,;]{3,40})",
    re.IGNORECASE,
)
_CALLING = (
    r"(?:(?:lord |deputy |vice[ -])?mayor(?:ess)?|mp|msp|member of parliament|councillor|senator|congress(?:man"
    r"|woman)"
    r"|governor|ambassador|consul|bishop|archbishop|archdeacon|vicar|rabbi|imam|abbot|abbess|judge|magistrate"
    r"|sheriff"
    r"|coroner|fire chief|police chief|chief constable|head ?teacher|head ?master|head ?mistress|principal"
    r"|chancellor|dean"
    r"|provost|lighthouse keeper|astronaut|harbour ?master|postmaster|postmistress|town crier|town clerk"
    r"|station ?master"
    r"|ceo|chief executive|managing director|founder|editor|news ?reader|tv presenter|weather(?:man|woman)"
    r"|conductor"
    r"|concert pianist|olympian|olympic \w{4,12}|gold medalli?st|goalkeeper|captain|head coach|chief of police"
    r"|chief"
    r"|chairman|chairwoman|president|curator|zoo ?keeper|blacksmith|undertaker|racing driver|world champion)"
)
_RARE = re.compile(
    rf"(?<!\w)(?:(?:(?:the|a|our|local|former|ex-?|retired|deputy|as|am|was|i'm|is|being|elected)[ ]){{1,3}}"
    rf"(?P<it>{_CALLING}[ ](?:of|for|at|in)[ ](?!(?:my|a|all|these|this|that|those|course|days?|the[ ](?:day"
    rf"|time|week|house))\b)"
    r"(?:the[ ])?[\w'-]{2,20}(?:[ ][A-Z][\w'-]{1,20}){0,3})"
    rf"|(?P<only>(?:the|am)[ ](?:only|first|last|youngest|oldest)[ ](?:[\w'-]{{3,20}}[ ]){{1,4}}(?:in|at|on|of"
    rf"|for)[ ]"
    r"(?:(?:the|our|my|this)[ ])?(?:(?-i:[A-Z])[\w'-]{2,20}(?:[ ](?-i:[A-Z])[\w'-]{1,20}){0,3}|village|county"
    r"|town|island|"
    r"parish|(?:our|my|this)[ ]street))"
    rf"|(?:i am|i'm|im|i was|he is|she is|he's|she's|husband is|wife is|father is|mother is|dad is|mum is|"
    rf"work as|worked as|working as|job as)[ ](?:an?|the|our)[ ](?:[\w-]{{3,12}}[ ])?"
    r"(?P<calling>(?:lighthouse keeper|astronaut|harbour ?master|town crier|olympian|concert pianist|bishop"
    r"|rabbi|imam|mayor"
    r"|news ?reader|tv presenter|professional (?:footballer|golfer|cricketer|dancer|wrestler|boxer)"
    r"|gold medalli?st|coroner"
    r"|senator|member of parliament|mp|ambassador|world champion|racing driver|falconer|snake charmer|bell founder)"
    r"(?:[ ](?:of|for|at|in)[ ](?:the[ ])?[\w'-]{2,20}(?:[ ](?-i:[A-Z])[\w'-]{1,20}){0,2})?))(?!\w)",
    re.IGNORECASE,
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.])(?:{_OCTET}\.){{3}}{_OCTET}(?::\d{{1,5}}|/\d{{1,2}})?(?![\w]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?:[\da-f]{1,4}:){7}[\da-f]{1,4}(?![\w:])"
    r"|(?<![\w:])(?:[\da-f]{1,4}:){1,6}:(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,5})?(?![\w:])",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:version|ver\.?|v|release|section|chapter)[ .:]{0,2}$", re.IGNORECASE)
_VERSION_CHARS = 12
_MAC = re.compile(r"(?<![\w:-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\w:-])", re.IGNORECASE)


def _ipv4(words: str) -> Iterator[Spotted]:
    for match in _IPV4.finditer(words):
        if not _VERSION.search(words[max(0, match.start() - _VERSION_CHARS) : match.start()]):
            yield *match.span(), Severity.STRONG


_ipv4_near = near(re.compile(r"\d\.\d{1,3}\.\d"), _ipv4)
_ipv6_near = near((":",), matches(_IPV6))
_macs = near((":", *(f"-{figure}" for figure in "0123456789abcdef")), matches(_MAC))


def _ip_addresses(words: str) -> Iterator[Spotted]:
    yield from _ipv4_near(words)
    yield from _ipv6_near(words)


def _any_group(pattern: re.Pattern[str], severity: Severity) -> Callable[[str], Iterator[Spotted]]:
    """Spots the one group of `pattern` that matched."""

    def spot(words: str) -> Iterator[Spotted]:
        for match in pattern.finditer(words):
            group = match.lastgroup or 0
            yield match.start(group), match.end(group), severity

    return spot


def _biometrics(words: str) -> Iterator[Spotted]:
    yield from matches(_BIOMETRIC, Severity.WEAK)(words)
    yield from matches(_TATTOO, Severity.WEAK)(words)


_DETAIL = RedactionKind.DETAIL

MACHINES = (
    Rule(
        "ip", FindingKind.IP_ADDRESS, 1, "This looks like an internet address.", RedactionKind.NUMBER, _ip_addresses
    ),
    Rule(
        "device.mac",
        FindingKind.DEVICE_NUMBER,
        1,
        "This looks like the number of a device.",
        _DETAIL,
        _macs,
    ),
)
PICTURE = Rule(
    "picture",
    FindingKind.PICTURE,
    1,
    "These words speak of a picture that may show who it is.",
    _DETAIL,
    matches(_PICTURE, Severity.WEAK),
)
BIOMETRIC = Rule(
    "biometric",
    FindingKind.BIOMETRIC,
    1,
    "These words speak of a mark of the body that tells who it is.",
    _DETAIL,
    _biometrics,
)
RARE = Rule(
    "detail.rare",
    FindingKind.DETAIL,
    1,
    "Few people can say this of themselves.",
    _DETAIL,
    _any_group(_RARE, Severity.WEAK),
)

PICTURE_WORDS = (
    *("photo", "pic", "selfie", "image", "video", "attach", "snap", "portrait", "headshot", "img", "dsc", "pxl"),
    *(".jp", ".png", ".heic", ".gif"),
)
BIOMETRIC_WORDS = (
    *("print", "scan", "face id", "faceid", "recognition", "profile", "geometry", "biometric", "vein pattern"),
    *("dental record", "tattoo"),
)
RARE_WORDS = (
    *(" only ", " first ", " last ", "youngest", "oldest", "mayor", " mp", " msp", "member of", "councillor"),
    *("senator", "congress", "governor", "ambassador", "consul", "bishop", "archdeacon", "vicar", "rabbi", "imam"),
    *("abbot", "abbess", "judge", "magistrate", "sheriff", "coroner", "chief", "constable", "head", "principal"),
    *("chancellor", "dean", "provost", "keeper", "astronaut", "harbour", "postm", "crier", "clerk", "station"),
    *("ceo", "director", "founder", "editor", "reader", "presenter", "weather", "conductor", "pianist", "olympi"),
    *("medal", "captain", "coach", "chair", "president", "curator", "blacksmith", "undertaker", "driver"),
    *("champion", "professional", "falconer", "charmer"),
)
"""Words without which the rules of the same name find nothing."""
