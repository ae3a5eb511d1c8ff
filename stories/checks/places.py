"""Places smaller than a state: towns, counties, streets, and by name hospitals, schools and who people work for."""

import re
from collections.abc import Iterator

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Spotted, matches
from stories.checks.tokens import (
    BIG_TOWN,
    EVERYDAY,
    FAMILIAR,
    FAMILY,
    GIVEN,
    TOWN,
    USUALLY,
    Tokens,
    cues,
    tokens_of,
)
from stories.content import RedactionKind

_IN = cues("in from near nr outside around via towards à uit aus we em w")
_AT = cues(
    "to at of visiting visited leaving left reach between across downtown central inner uptown greater bei "
    "aus w z en over through north south east west live lives living based"
)
_INSTITUTIONS = cues(
    "hospital hospitals clinic infirmary hospice surgery practice pharmacy university college school academy "
    "institute church cathedral mosque synagogue nursery barracks prison polyclinic krankenhaus klinikum"
)
_TWO_WORD_INSTITUTIONS = frozenset(
    {
        *(("medical", "centre"), ("medical", "center"), ("health", "centre"), ("health", "center")),
        *(("nhs", "trust"), ("foundation", "trust"), ("cancer", "centre"), ("cancer", "center")),
        *(("care", "home"), ("nursing", "home"), ("skin", "clinic"), ("general", "hospital")),
        *(("general", "infirmary"), ("medical", "group"), ("medical", "practice"), ("community", "hospital")),
        *(("university", "hospital"), ("high", "school"), ("primary", "school"), ("grammar", "school")),
        *(("dermatology", "clinic"), ("dermatology", "associates"), ("health", "system"), ("walk-in", "centre")),
        *(("memorial", "hospital"), ("royal", "infirmary"), ("children's", "hospital"), ("teaching", "hospital")),
    }
)
_GENERIC = cues(
    "the a an my our your his her their this that same local nearest big small new old another first second "
    "day skin dermatology cancer eye dental children's childrens teaching university general community "
    "private public nhs city town county high primary secondary grammar medical health sexual gum hpv pain "
    "burns walk in and of at for to district regional national outpatient main village sunday summer business "
    "vet veterinary doctor's doctors gp plastic mohs laser wound hospital clinic gynae gynaecology urology "
    "colposcopy vulval mens women's womens men's state central tertiary specialist out cottage mental acute "
    "foundation nursing medicine law art english"
)
_KINDS = _GENERIC | cues(
    "boarding middle grad graduate elementary junior infant infants drama music bible dance driving swimming every "
    "each any some one two most either no which what whatever least best good bad different certain several night "
    "further higher top major minor recent more much eventual emergency urgent routine day open key keyhole "
    "follow-up follow hair scar allergy rapid access busy referral it its him me you us them there these those "
    "fracture hand foot wart verruca psoriasis eczema phototherapy light nurse nurse's nurses drop online travel"
)
"""Words before *clinic* or *school* that say what kind it is, or how many."""
_WITHOUT_ARTICLE = cues("at from")
_DETERMINERS = cues(
    "the a an my our your his her their this that and or in of with for to on by is was i we she he"
)
_HALF_NAMES = cues("general infirmary royal memorial")
_SAINTS_AFTER = cues("at in to from near outside under")
_FLAGS_NAME = cues("st saint royal queen king princess prince mercy memorial our holy sacred mount trinity")
"""Words that begin the name of a hospital or school and are no name alone."""

_STREETS = cues(
    "street road avenue lane crescent boulevard terrace mews close drive gardens grove parade rd ave blvd"
)
_ROADS = cues("street road lane avenue crescent terrace")
_ROAD_KINDS = cues("side busy back country open bumpy rocky long every other each any some dirt fast slow bus easy")
_COUNTY = re.compile(r"[a-z]{3,12}shire")
_ENDING = re.compile(
    r"[a-z]{2,12}(?:ville|burgh|bury|borough|wick|thorpe|stadt|dorf|burg|heim|mouth|chester|combe|minster|keith)"
)
_MEETS_PEOPLE_AT = cues("at for with by")
_WORK = cues("work works worked working job employed employer employers teach teaches taught intern")
_BEING = cues(
    "live lived lives living moved move moving born grew raised based holiday stayed staying come came comes "
    "drive drove travel travelled traveled clinic hospital doctor dermatologist surgeon consultant gp surgery "
    "practice pharmacy house home flat here office branch school work works worked village town farm airport "
    "beach i'm im we're again department unit ward centre center treatment treated seen went go goes going got "
    "appointment hairdresser chemist job farmer fisherman people folk us village town place cottage caravan "
    "vivo vive wohne lebe komme j'habite habite mieszkam moro woon kom ben abito yasiyorum"
)
_LIVE = cues("live lives lived living born moved moving grew")
_SETTLEMENTS = cues("town village city suburb hamlet island parish borough county townland place estate")
_MEDICAL = re.compile(
    r"(?:[oi]sis|itis|a?emia|amia|pathy|oma|omata|ine|ol|mab|nib|vir|cin|pam|one|ide|ate|cort|derm|dine|plus|med"
    r"|gel|xin"
    r"|ology|therapy|scopy|ectomy|otomy|plasty|ism|ium|ase|cillin|mycin|sone|lone|zole|pril|artan|statin|tinib"
    r"|dex|cream)$"
)
"""Endings of the words of medicine, of which lists hold too few."""
_UNKNOWN_MIN_CHARS = 4
_MOST_WORDS = 6


def _before(tokens: Tokens, token: int) -> str:
    """The word before in the same sentence, or ""; the French *à* is told from the English *a*."""
    if not token or tokens.firsts[token]:
        return ""
    return "à" if tokens.text(token - 1) == "à" else tokens.plain[token - 1]


def _is_unknown(tokens: Tokens, token: int) -> bool:
    return not tokens.senses[token] & (EVERYDAY | FAMILIAR)


def _phrases(tokens: Tokens) -> Iterator[Spotted]:
    """Towns and counties whose names have several words."""
    for token, count, sense in tokens.known_phrases():
        is_town = sense & TOWN and not sense & FAMILIAR
        severity = _certainty_of_phrase(tokens, token, count) if is_town else None
        if severity is not None:
            yield *tokens.span(token, token + count - 1), severity


def _towns(tokens: Tokens) -> Iterator[Spotted]:
    """Towns and counties, by list, and unknown names in capitals where a town would stand."""
    last_place = -2
    for token, sense in enumerate(tokens.senses):
        is_common = sense & (EVERYDAY | FAMILIAR) or (sense and not tokens.capitals[token])
        if is_common and not sense & TOWN and not tokens.plain[token].endswith("shire"):
            continue
        is_beside = last_place == token - 1 and tokens.gap(token) == ", "
        is_beside |= last_place == token - 2 and tokens.plain[token - 1] in {"and", "or", "to", "near", "in"}
        severity = _certainty(tokens, token, is_beside=is_beside)
        if severity is not None:
            last_place = token
            yield *tokens.span(token, token), severity


def _certainty_of_phrase(tokens: Tokens, token: int, count: int) -> Severity | None:
    before = _before(tokens, token)
    is_cued = before in _IN or before in _AT
    members = range(token, token + count)
    if all(tokens.capitals[member] for member in members if len(tokens.plain[member]) > 2):
        return Severity.STRONG if is_cued or not tokens.has(token, GIVEN) else Severity.WEAK
    is_everyday = all(tokens.has(member, EVERYDAY) for member in members)
    return None if is_everyday or not (is_cued or tokens.has(token, BIG_TOWN)) else Severity.WEAK


def _certainty(tokens: Tokens, token: int, *, is_beside: bool) -> Severity | None:
    """How surely one word is a town here; None when it is not."""
    sense, word, before = tokens.senses[token], tokens.plain[token], _before(tokens, token)
    if sense & FAMILIAR or (tokens.is_acronym(token) and len(word) < _UNKNOWN_MIN_CHARS):
        return None
    is_in, is_at = before in _IN or is_beside, before in _AT
    if _COUNTY.fullmatch(word):
        return Severity.STRONG
    if not tokens.capitals[token]:
        return _certainty_of_small(tokens, token, is_in=is_in, is_at=is_at)
    if sense & TOWN:
        return _certainty_of_town(tokens, token, is_in=is_in, is_at=is_at)
    is_name = sense & (GIVEN | FAMILY)
    if _is_called_a_place(tokens, token):
        return Severity.STRONG
    if sense & EVERYDAY or tokens.firsts[token] or len(word) < _UNKNOWN_MIN_CHARS or tokens.is_acronym(token):
        return None
    if is_in and not sense & GIVEN and _is_where_somebody_is(tokens, token):
        return Severity.WEAK
    return Severity.WEAK if not is_name and _ENDING.fullmatch(word) else None


def _is_where_somebody_is(tokens: Tokens, token: int) -> bool:
    """Whether an unknown word in capitals, after *in* or *from*, is said of where a person lives or was treated."""
    if _MEDICAL.search(tokens.plain[token]) or not tokens.text(token)[1:].islower():
        return False
    return tokens.plain[token - 1] in {"near", "nr"} or bool(
        _BEING & set(tokens.plain[max(0, token - 5) : token - 1])
    )


def _is_called_a_place(tokens: Tokens, token: int) -> bool:
    """Whether the words before say that the next one is the name of a place: *a village called*, *the town of*."""
    if tokens.firsts[token] or tokens.plain[token - 1] not in {"called", "of", "named"}:
        return False
    return tokens.plain[token - 2] in _SETTLEMENTS if token > 1 else False


def _is_in_motion(tokens: Tokens, token: int) -> bool:
    return bool(_BEING & set(tokens.plain[max(0, token - 5) : token]))


def _certainty_of_town(tokens: Tokens, token: int, *, is_in: bool, is_at: bool) -> Severity | None:
    sense, is_cued = tokens.senses[token], is_in or is_at
    if sense & EVERYDAY and not sense & USUALLY:
        is_there = is_in or (is_at and _is_in_motion(tokens, token))
        return Severity.WEAK if is_there and not tokens.firsts[token] else None
    if is_cued:
        return Severity.STRONG
    if sense & (GIVEN | FAMILY) and not sense & BIG_TOWN:
        return None
    return Severity.WEAK if sense & BIG_TOWN or not tokens.firsts[token] else None


def _certainty_of_small(tokens: Tokens, token: int, *, is_in: bool, is_at: bool) -> Severity | None:
    sense = tokens.senses[token]
    if is_in and not sense and tokens.plain[token - 2] in _LIVE:
        return Severity.WEAK
    if not sense & TOWN or sense & EVERYDAY or len(tokens.plain[token]) < _UNKNOWN_MIN_CHARS:
        return None
    if sense & BIG_TOWN and (is_in or is_at):
        return Severity.STRONG
    if sense & BIG_TOWN and not sense & (GIVEN | FAMILY):
        return Severity.WEAK
    return Severity.WEAK if is_in else None


def _institutions(tokens: Tokens) -> Iterator[Spotted]:
    """Hospitals, clinics, practices, schools and the like, where a word of the name says which one."""
    for token, word in enumerate(tokens.plain):
        count = 2 if tuple(tokens.plain[token : token + 2]) in _TWO_WORD_INSTITUTIONS else 1
        if count == 1 and word not in _INSTITUTIONS:
            continue
        first = min(_name_begins(tokens, token), _begins_without_article(tokens, token))
        if word == "surgery" and not _is_practice(tokens, first, token):
            continue
        if first < token:
            yield *tokens.span(first, token + count - 1), Severity.STRONG
            continue
        follows = token + count
        if word in {"university", "college", "church", "school"} and tokens.plain[follows : follows + 1] == ["of"]:
            after = follows + 1
            if after < len(tokens) and tokens.has(after, TOWN) and not tokens.has(after, EVERYDAY):
                yield *tokens.span(token, after), Severity.STRONG


def _is_practice(tokens: Tokens, first: int, token: int) -> bool:
    """Whether a *surgery* is a place: it has a listed name, or stands after *at*."""
    is_listed = any(tokens.has(place, GIVEN | FAMILY | TOWN) for place in range(first, token))
    return is_listed or (first < token and _before(tokens, first) == "at")


def _begins_without_article(tokens: Tokens, token: int) -> int:
    """The first token of everyday words that name an institution: *at riverside clinic*, but not *at my clinic*."""
    first = token
    while (
        first and token - first < 3 and tokens.gap(first) == " " and tokens.plain[first - 1] not in _WITHOUT_ARTICLE
    ):
        first -= 1
    is_named = first < token and tokens.plain[first] not in _KINDS and not tokens.senses[first] & FAMILIAR
    is_closed = all(tokens.plain[place] not in _DETERMINERS for place in range(first, token))
    return first if is_named and is_closed and _before(tokens, first) in _WITHOUT_ARTICLE else token


def _generals(tokens: Tokens) -> Iterator[Spotted]:
    """Hospitals that are called by half their name: *Ashford General*, *St Thomas's*."""
    for token, word in enumerate(tokens.plain[:-1]):
        after = token + 1
        if not (tokens.capitals[token] and tokens.capitals[after] and tokens.gap(after) in {" ", ". "}):
            continue
        is_half = tokens.plain[after] in _HALF_NAMES and _says_which(tokens, token)
        is_saint = word in {"st", "saint"} and _before(tokens, token) in _SAINTS_AFTER
        if is_half or is_saint:
            yield *tokens.span(token, after), Severity.WEAK


def _name_begins(tokens: Tokens, token: int) -> int:
    """The first token of the name that ends in an institution at `token`; `token` when it has no name."""
    first, named = token, token
    while first and token - first < _MOST_WORDS and _is_same_name(tokens, first):
        first -= 1
        is_between = first > 0 and _is_same_name(tokens, first) and tokens.plain[first - 1] in _FLAGS_NAME
        if _says_which(tokens, first) or is_between:
            named = first
        elif tokens.plain[first] not in _GENERIC or tokens.plain[first] in {
            "the",
            "a",
            "my",
            "our",
            "at",
            "to",
            "in",
        }:
            break
    return named


def _is_same_name(tokens: Tokens, token: int) -> bool:
    gap = tokens.gap(token)
    return gap in {" ", "-", "'s ", "' ", " & ", ". "} and (gap != ". " or tokens.plain[token - 1] == "st")


def _says_which(tokens: Tokens, token: int) -> bool:
    word, sense = tokens.plain[token], tokens.senses[token]
    if word in _GENERIC or (sense & FAMILIAR and not sense & (GIVEN | FAMILY | TOWN)):
        return False
    if tokens.capitals[token] and not tokens.firsts[token] and not tokens.is_acronym(token):
        return True
    if word in _FLAGS_NAME:
        return True
    return not sense & EVERYDAY and len(word) > 2 and (bool(sense) or tokens.capitals[token])


def _streets(tokens: Tokens) -> Iterator[Spotted]:
    """Streets without a number."""
    for token, word in enumerate(tokens.plain):
        if word not in _STREETS or not token or tokens.gap(token) != " ":
            continue
        is_raised = tokens.capitals[token]
        first = token
        while first and token - first < 3 and tokens.gap(first) in {" ", "'s "} and _is_street(tokens, first - 1):
            first -= 1
        if first == token and _is_small_street(tokens, token):
            yield *tokens.span(token - 1, token), Severity.WEAK
        if first < token and (is_raised or _before(tokens, first) in {"on", "in", "off"}):
            yield *tokens.span(first, token), Severity.STRONG if is_raised else Severity.WEAK


def _is_small_street(tokens: Tokens, token: int) -> bool:
    """Whether an everyday word without an article names a street: *on mill lane*, but not *on the main road*."""
    is_kind = tokens.plain[token - 1] in _ROAD_KINDS | _GENERIC
    return tokens.plain[token] in _ROADS and not is_kind and _before(tokens, token - 1) in {"on", "off", "in"}


def _is_street(tokens: Tokens, token: int) -> bool:
    if tokens.capitals[token]:
        return not tokens.firsts[token] and tokens.plain[token] not in _GENERIC - {"high", "church"}
    return bool(tokens.senses[token] & (FAMILY | TOWN)) and not tokens.senses[token] & EVERYDAY


def _employers(tokens: Tokens) -> Iterator[Spotted]:
    """Whom a person works for."""
    for token, word in enumerate(tokens.plain[:-2]):
        if word not in _MEETS_PEOPLE_AT or not token or tokens.plain[token - 1] not in _WORK:
            continue
        first = token + 1 + (tokens.plain[token + 1] == "the")
        last = first - 1
        while last + 1 < len(tokens) and last - first < _MOST_WORDS and _is_employer(tokens, last + 1):
            last += 1
        if last > first or (last == first and not tokens.has(first, EVERYDAY)):
            yield *tokens.span(first, last), Severity.WEAK


def _is_employer(tokens: Tokens, token: int) -> bool:
    sense = tokens.senses[token]
    is_raised = tokens.capitals[token] and not (tokens.is_acronym(token) and sense & FAMILIAR)
    is_unknown = not sense & (EVERYDAY | FAMILIAR) and len(tokens.plain[token]) > 2
    return tokens.gap(token) in {" ", "-", " & ", "'s "} and (is_raised or is_unknown)


_STREET_WORD = (
    r"(?:street|st|road|rd|avenue|ave?|lane|ln|drive|dr|close|cl|court|ct|way|place|pl|terrace|crescent|cres"
    r"|gardens|gdns"
    r"|grove|boulevard|blvd|hill|row|square|sq|mews|parade|highway|hwy|parkway|pkwy|circle|walk|rise|view|park"
    r"|quay|wharf"
    r"|green|fields|trail|alley|cottages?)"
)
_NUMBERED = re.compile(
    rf"(?<![\w./-])(?:(?:flat|apt|apartment|unit|suite|room)[ ]?\w{{1,4}},?[ ])?\d{{1,5}}[a-z]?,?[ ]"
    rf"(?!(?:days?|weeks?|months?|years?|times|minutes|hours|a|of|in|on|to|at|and)[ ])(?!the[ ](?!{_STREET_WORD}))"
    rf"(?:[^\W\d_][\w'.-]{{0,20}}[ ]){{1,3}}{_STREET_WORD}(?![\w'])\.?",
    re.IGNORECASE,
)
_SURELY_STREET = re.compile(
    r"(?:street|road|avenue|lane|drive|close|crescent|terrace|gardens|grove|boulevard|rd|ave|blvd|mews)\.?$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?<!\w)(?:(?:[^\W\d_][\w-]{2,24}(?:stra(?:ß|ss)e|str\.|weg|allee|gasse|platz|straat|laan|gracht|plein|vej"
    r"|gade|gatan"
    r"|vägen|katu)[ ]\d{1,4}[ ]?[a-z]?"
    r"|(?:\d{1,4},?[ ](?:bis[ ])?)(?:rue|avenue|boulevard|place|chemin|impasse|quai)[ ](?:de[ ](?:la[ ]|l')?"
    r"|du[ ]|des[ ])?"
    r"[\w'-]{2,24}"
    r"|(?:calle|avenida|paseo|plaza|via|viale|piazza|corso|rua|ulica|ul\.|al\."
    r"|os\.)[ ](?:[^\W\d_][\w'.-]{0,20}[ ]){1,3}"
    r"\d{1,4}(?:[/a-z]\d{0,3})?)(?!\w)|(?:[^\W\d_]{2,20}[ ]){1,3}(?:caddesi|sokak|cad\."
    r"|sok\.)[ ](?:no:?[ ]?)?\d{1,4}(?!\w)"
    r"|p\.?[ ]?o\.?[ ]box[ ]\d{1,6}|postfach[ ]\d{1,6}"
    r"|(?:flat|apartment|apt\.?)[ ](?:no\.?[ ]?)?\d{1,4}[a-z]?,[ ](?:[^\W\d_][\w'-]{1,20}[ ]){1,2}(?:house|court"
    r"|tower|mansions|buildings?))",
    re.IGNORECASE,
)


def _addresses(words: str) -> Iterator[Spotted]:
    """A house number and a street."""
    for match in _NUMBERED.finditer(words):
        is_raised = any(part[:1].isupper() for part in match.group().split()[1:])
        if is_raised or _SURELY_STREET.search(match.group()):
            yield *match.span(), Severity.STRONG if is_raised else Severity.WEAK
    yield from matches(_FOREIGN)(words)


_PLACE = "This looks like the name of a place."
_KIND, _REDACT = FindingKind.PLACE, RedactionKind.PLACE

ADDRESS = Rule("address", FindingKind.ADDRESS, 1, "This looks like an address.", _REDACT, _addresses)

NAMED_RULES = (
    Rule(
        "place.institution",
        _KIND,
        1,
        "This looks like the name of a hospital, clinic or school.",
        _REDACT,
        lambda words: _institutions(tokens_of(words)),
    ),
    Rule(
        "place.general",
        _KIND,
        1,
        "This looks like the name of a hospital.",
        _REDACT,
        lambda words: _generals(tokens_of(words)),
    ),
    Rule(
        "address.street",
        FindingKind.ADDRESS,
        1,
        "This looks like the name of a street.",
        _REDACT,
        lambda words: _streets(tokens_of(words)),
    ),
    Rule(
        "place.employer",
        _KIND,
        1,
        "This looks like whom somebody works for.",
        _REDACT,
        lambda words: _employers(tokens_of(words)),
    ),
)
"""Rules by a word of the place itself."""

PHRASE_RULE = Rule("place.phrase", _KIND, 1, _PLACE, _REDACT, lambda words: _phrases(tokens_of(words)))
TOWN_RULE = Rule("place.town", _KIND, 1, _PLACE, _REDACT, lambda words: _towns(tokens_of(words)))
