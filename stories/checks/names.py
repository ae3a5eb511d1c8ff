"""Names of people: by the words before them, by their form, and by lists of given and family names."""

import re
from collections.abc import Iterator

from stories.checks.finding import FindingKind, Severity
from stories.checks.spotting import Rule, Spotted
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

_TITLES = cues(
    "dr dra drs doktor mr mrs ms mx prof professor miss sir dame rev reverend fr herr frau monsieur madame "
    "mme mlle senor senora sr sra signor signora pan pani doc doctor docteur docteure doctora doutor doutora "
    "dottor dottore dottoressa dokter"
)
_LOOSE_TITLES = cues(
    "miss doctor doc pan sr fr sir dame nurse sister matron consultant dermatologist surgeon specialist "
    "oncologist receptionist pharmacist physio midwife therapist auntie aunty aunt uncle gp pastor father "
    "captain nanny nana grandma granny grandpa grandad cousin"
)
"""Words before a name that often stand without one; a name in small letters must then be on a list."""

_RELATIONS = cues(
    "husband wife hubby son daughter mum mom mam mother dad father sister brother partner boyfriend "
    "girlfriend friend fiance fiancee aunt uncle nan gran grandma grandmother grandad grandfather grandson "
    "granddaughter niece nephew cousin neighbour neighbor boss colleague gp doctor dr dermatologist derm "
    "consultant nurse surgeon oncologist specialist pharmacist physio midwife carer caregiver receptionist "
    "therapist counsellor toddler baby twin stepdad stepmum stepson stepdaughter manager teacher mate kid boy "
    "girl child urologist gynaecologist gynecologist practitioner assistant ex inlaw secretary chemist "
    "keyworker"
)
_PEOPLE = _RELATIONS | cues(
    "woman man lady guy chap bloke someone somebody person patient staff paramedic driver worker colleague he "
    "she porter technician student registrar houseman intern member call-handler handler operator adviser "
    "advisor"
)
_TITLED = _TITLES | _LOOSE_TITLES
_CALLINGS = _TITLES | _LOOSE_TITLES | _PEOPLE
_POSSESSORS = cues("my our his her their the a an another this that your")
_NAMED = cues("called named")
_NAMED_ABROAD = cues("llamo heisse m'appelle chamo nazywam adim heet chiamo")
"""The last word, or the last but one, of *I am called* in the languages the lists of words know."""
_SAYS = cues("called came said told tells says explained asked gave suggested phoned rang diagnosed prescribed who")
_DOES = _SAYS | cues("was is has had at took did made thought came helped kept wanted always and")
_TOWARDS = cues(
    "with by told asked saw met see seeing thank thanks hi hello dear thankyou hey to for love nurse ask "
    "called from regards wishes cheers and sincerely yours"
)
_PARTICLES = cues("van von de der den del della di da dos du la le al el bin ibn st o mac mc ap ter zu")
_CLOSINGS = cues("regards wishes sincerely thanks cheers yours love faithfully signed xx xxx x thankyou")
_INTRODUCTIONS = _RELATIONS | _NAMED | _NAMED_ABROAD | _CLOSINGS | cues("name is was i'm im am sie")
_IN = cues("in from near at around outside to via visiting of")
_AFTER_A_NAME = cues("hospital clinic surgery street road avenue lane university college school infirmary")
_ADAGE = cues("law rule razor principle theorem paradox effect curve lines apple triangle index")
_EPONYM = _ADAGE | cues(
    "disease syndrome surgery surgeon procedure cell cells test sign lamp tumour tumor sarcoma lymphoma palsy "
    "phenomenon method scale score solution paste powder cream ointment thyroiditis nodes tube tubes "
    "contracture classification technique excision wave carcinoma duct ducts canal fascia reflex manoeuvre "
    "maneuver stain stains gland glands cyst cysts oesophagus esophagus chorea anaemia anemia melanosis naevus "
    "nevus striae solution granules criteria staging thickness fracture tendon corpuscles papule papules bodies "
    "encephalopathy neuroma ganglion septum retractor forceps needle catheter dressing bandage boot lotion "
    "liniment ointment"
)
_SOMETIMES_EPONYM = cues(
    "line freckle freckles patch node spot spots ring rings band plaque ulcer type level stage grade body pouch "
    "angle boots frame space layer loop hernia rash"
)
"""What is called after a doctor of old, and what a person living may have: it is no eponym after a first name."""

_INITIAL = re.compile(r"\.?[ ]?")
_NEAR_GAP = re.compile(r"[ ]|[ ]?[,(][ ]?|:[ ]?|[ ]-[ ]|'?s?,[ ]")
_FAMILY_MIN_CHARS = 3
_MOST_INITIALS = 4
_PEOPLE_WITHIN = 4


def _is_plain_gap(tokens: Tokens, token: int) -> bool:
    """Whether `token` follows the one before as the next part of a name does."""
    gap = tokens.gap(token)
    return gap in {" ", "-", "  "} or (
        gap in {". ", "."} and tokens.ends[token - 1] - tokens.starts[token - 1] <= 2
    )


def _is_given(tokens: Tokens, token: int) -> bool:
    """A given name that is hardly ever another word."""
    sense = tokens.senses[token]
    return bool(sense & GIVEN) and (not sense & EVERYDAY or bool(sense & USUALLY)) and not sense & FAMILIAR


def _is_unknown(tokens: Tokens, token: int) -> bool:
    return not tokens.senses[token] & (EVERYDAY | FAMILIAR)


def _is_listed(tokens: Tokens, token: int) -> bool:
    """A given or family name that is not another word as well."""
    sense = tokens.senses[token]
    return bool(sense & (GIVEN | FAMILY)) and (not sense & (EVERYDAY | FAMILIAR) or bool(sense & USUALLY))


def _is_initial(tokens: Tokens, token: int) -> bool:
    return tokens.ends[token] - tokens.starts[token] == 1 and tokens.text(token).isupper()


def _can_be_family(tokens: Tokens, token: int) -> bool:
    """Whether a capital word after a given name is the rest of a name."""
    sense = tokens.senses[token]
    if not tokens.capitals[token] or (sense & FAMILIAR and not sense & FAMILY):
        return False
    if tokens.is_acronym(token):
        return bool(sense & FAMILY) and not sense & (EVERYDAY | FAMILIAR)
    return not sense & EVERYDAY or bool(sense & (FAMILY | USUALLY))


def _extended(tokens: Tokens, last: int) -> int:
    """The last token of a name that has begun: more given names, initials, particles, a family name."""
    is_raised, families = tokens.capitals[last], 0
    for _part in range(4):
        after = last + 1
        if after >= len(tokens) or not _is_plain_gap(tokens, after) or tokens.plain[after] in _AFTER_A_NAME:
            return last
        beyond = _past_particles(tokens, after)
        if beyond > after:
            if beyond < len(tokens) and _goes_on(tokens, beyond, is_raised=is_raised):
                last = beyond
                continue
            return last
        is_initial = _is_initial(tokens, after) and tokens.plain[after] not in {"i", "a"}
        if not is_initial and not _goes_on(tokens, after, is_raised=is_raised):
            return last
        families += not is_initial
        if is_initial and not (after + 1 < len(tokens) and _goes_on(tokens, after + 1, is_raised=is_raised)):
            return last
        last = after
    return last


def _past_particles(tokens: Tokens, token: int) -> int:
    """The first token from `token` on that is none of at most two particles, as in *van der Berg*."""
    after = token
    while after < min(token + 2, len(tokens) - 1) and tokens.plain[after] in _PARTICLES:
        if not _is_plain_gap(tokens, after + 1):
            break
        after += 1
    return after


def _goes_on(tokens: Tokens, token: int, *, is_raised: bool) -> bool:
    if is_raised and tokens.capitals[token]:
        return _can_be_family(tokens, token)
    return tokens.has(token, FAMILY | GIVEN) and _is_listed(tokens, token) and len(tokens.plain[token]) > 2


def _titled(tokens: Tokens) -> Iterator[Spotted]:
    """Names after a title or a calling."""
    for token, word in enumerate(tokens.plain[:-1]):
        if word not in _TITLED or tokens.text(token) in {"MS", "PAN", "DRS", "SR"}:
            continue
        first = token + 1
        gap = tokens.gap(first)
        if gap not in {" ", ". ", ".", "  "} or (gap == "." and word in _LOOSE_TITLES):
            continue
        first = _past_initials(tokens, first)
        if first + 1 < len(tokens) and tokens.plain[first] in _PARTICLES and tokens.gap(first + 1) == " ":
            first += 1 + (tokens.plain[first + 1] in _PARTICLES)
            if first >= len(tokens):
                continue
        if first == token + 1 and tokens.firsts[first] and gap != ". ":
            continue
        if _is_titled(tokens, first, word):
            last = _extended(tokens, first)
            yield *tokens.span(token + 1, last), Severity.STRONG


def _is_titled(tokens: Tokens, first: int, title: str) -> bool:
    sense, word = tokens.senses[first], tokens.plain[first]
    if word in _TITLED or word in _AFTER_A_NAME:
        return False
    is_loud = title in _TITLES - _LOOSE_TITLES and tokens.is_acronym(first) and tokens.is_acronym(first - 1)
    if is_loud and sense & (GIVEN | FAMILY):
        return True
    if tokens.capitals[first] and not tokens.is_acronym(first):
        if sense & EVERYDAY and not sense & (GIVEN | USUALLY if title in _LOOSE_TITLES else GIVEN | FAMILY):
            return False
        return not (sense & FAMILIAR and (title in _LOOSE_TITLES or not sense & (GIVEN | FAMILY)))
    if title in _LOOSE_TITLES or not tokens.is_in_small_letters:
        return _is_listed(tokens, first) and len(word) > 2
    if sense & EVERYDAY and not sense & USUALLY:
        return False
    return not sense & FAMILIAR and len(word) > 2 and (bool(sense) or not word.endswith(("ed", "ing", "s", "nt")))


def _introduced(tokens: Tokens) -> Iterator[Spotted]:
    """Names after *my name is*, *I am*, *called*, *my husband*, and under a letter."""
    for token, word in enumerate(tokens.plain[:-1]):
        if word in _INTRODUCTIONS and _is_introduced(tokens, token):
            yield *tokens.span(token + 1, _extended(tokens, token + 1)), Severity.STRONG


def _is_introduced(tokens: Tokens, token: int) -> bool:
    """Whether the word at `token` says that the next one is a name."""
    word, before, first = tokens.plain[token], tokens.plain[token - 1] if token else "", token + 1
    gap = tokens.gap(first)
    if word == "name" or (word in {"is", "was"} and before in {"name", "names"}):
        return (word != "name" or gap in {"'s ", ": ", ":"}) and _is_presented(tokens, first)
    if word in {"i'm", "im"} or (word == "am" and before == "i"):
        return gap == " " and _is_self(tokens, first)
    if word in _NAMED:
        return gap == " " and _is_called(tokens, first)
    if word in _NAMED_ABROAD or (word == "sie" and before == "nazywam"):
        return gap == " " and tokens.capitals[first]
    if word in _CLOSINGS:
        return _is_signature(tokens, first)
    return word in _RELATIONS and _is_related(tokens, token)


def _is_presented(tokens: Tokens, token: int) -> bool:
    if tokens.capitals[token]:
        return not (tokens.senses[token] & EVERYDAY and not tokens.senses[token] & (GIVEN | FAMILY))
    return _is_listed(tokens, token) or (not tokens.senses[token] and len(tokens.plain[token]) > 2)


def _is_self(tokens: Tokens, token: int) -> bool:
    if tokens.capitals[token]:
        return tokens.has(token, GIVEN) and not tokens.is_acronym(token) and not tokens.has(token, FAMILIAR)
    return _is_given(tokens, token) and len(tokens.plain[token]) > 2


def _is_called(tokens: Tokens, token: int) -> bool:
    before = set(tokens.plain[max(0, token - 1 - _PEOPLE_WITHIN) : token - 1])
    if tokens.capitals[token]:
        if before & _PEOPLE:
            return not tokens.has(token, FAMILIAR) or tokens.has(token, GIVEN)
        return tokens.has(token, GIVEN) and not tokens.has(token, EVERYDAY | FAMILIAR)
    return bool(before & _PEOPLE) and _is_listed(tokens, token) and len(tokens.plain[token]) > 2


def _is_related(tokens: Tokens, token: int) -> bool:
    """Whether the token after a word such as *husband* is that person's name."""
    first = token + 1
    gap = tokens.gap(first)
    if not _NEAR_GAP.fullmatch(gap) or tokens.plain[first] in _RELATIONS or tokens.plain[first] in _TITLES:
        return False
    is_owned = bool(set(tokens.plain[max(0, token - 3) : token]) & _POSSESSORS)
    if tokens.capitals[first]:
        if tokens.is_acronym(first) or not is_owned:
            return False
        return tokens.has(first, GIVEN) or (
            gap == " " and _is_unknown(tokens, first) and not tokens.has(first, TOWN)
        )
    return is_owned and gap == " " and _is_listed(tokens, first) and tokens.has(first, GIVEN)


def _is_signature(tokens: Tokens, token: int) -> bool:
    """Whether `token` stands under the text or a paragraph as who wrote it."""
    gap = tokens.gap(token)
    last = _extended(tokens, token)
    after = tokens.gap(last + 1) if last + 1 < len(tokens) else "\n"
    is_end = "\n" in after or last + 1 >= len(tokens)
    if not is_end or len(tokens.plain[token]) < 2 or not set(gap) <= set(" ,.\n-!xX"):
        return False
    if tokens.capitals[token]:
        return tokens.has(token, GIVEN) or _is_unknown(tokens, token)
    return tokens.has(token, GIVEN) and ("\n" in gap or "," in gap or _is_given(tokens, token))


def _full(tokens: Tokens) -> Iterator[Spotted]:
    """A given name and a family name, or initials and a family name."""
    taken = -1
    for token, sense in enumerate(tokens.senses[:-1]):
        if token <= taken or not (sense & (GIVEN | FAMILY) or _is_initial(tokens, token)):
            continue
        last = _full_name(tokens, token)
        if last is not None and tokens.plain[last + 1 : last + 2] not in (["disease"], ["syndrome"]):
            is_sure = _is_given(tokens, token) or _is_initial(tokens, token)
            yield *tokens.span(token, last), Severity.STRONG if is_sure else Severity.WEAK
            taken = last


def _full_name(tokens: Tokens, token: int) -> int | None:
    """The last token of a full name that begins here."""
    after = token + 1
    if not _is_plain_gap(tokens, after) or (tokens.is_acronym(token) and not _is_given(tokens, token)):
        return None
    if tokens.text(token).islower() and tokens.capitals[after]:
        return None
    if _is_initial(tokens, token):
        return _after_initials(tokens, token)
    last = _extended(tokens, token)
    if last == token:
        return None
    if not tokens.capitals[token]:
        return last if _is_given(tokens, token) and len(tokens.plain[token]) > 2 else None
    return last if _is_full(tokens, token, last) else None


def _is_full(tokens: Tokens, token: int, last: int) -> bool:
    """Whether the words in capitals from `token` to `last`, the first of which is on a list, are one name."""
    sense, is_rest_listed = tokens.senses[token], _is_listed(tokens, last)
    if _is_given(tokens, token):
        return not (sense & TOWN and tokens.has(last, TOWN | FAMILIAR))
    if sense & FAMILIAR or (tokens.firsts[token] and sense & EVERYDAY and not is_rest_listed):
        return False
    if sense & GIVEN and sense & EVERYDAY and not is_rest_listed:
        return tokens.has(last, FAMILY) and _is_among_people(tokens, token, last)
    if sense & GIVEN:
        return True
    is_alone = not sense & (EVERYDAY | BIG_TOWN) and not tokens.firsts[token]
    return is_rest_listed and is_alone and not tokens.is_acronym(token)


def _past_initials(tokens: Tokens, token: int) -> int:
    """The first token from `token` on that is no initial of at most _MOST_INITIALS."""
    first = token
    while first + 1 < len(tokens) and first - token < _MOST_INITIALS and _is_initial(tokens, first):
        if not _INITIAL.fullmatch(tokens.gap(first + 1)):
            break
        first += 1
    return first


def _after_initials(tokens: Tokens, token: int) -> int | None:
    first = _past_initials(tokens, token)
    is_dotted = "." in tokens.gap(token + 1)
    if first == token or tokens.is_acronym(first) or not tokens.capitals[first]:
        return None
    if not tokens.has(first, FAMILY) and not (is_dotted and _is_unknown(tokens, first)):
        return None
    if tokens.has(first, EVERYDAY | FAMILIAR) and not (is_dotted and tokens.has(first, USUALLY)):
        return None
    if (tokens.plain[token] in {"i", "a"} or tokens.firsts[first]) and not is_dotted:
        return None
    return first


def _is_among_people(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the words around a name are those that stand around people."""
    before = tokens.plain[first - 1] if first and not tokens.firsts[first] else ""
    after = tokens.plain[last + 1] if last + 1 < len(tokens) and not tokens.firsts[last + 1] else ""
    return before in _TOWARDS or before in _PEOPLE or after in _DOES


def _is_eponym(tokens: Tokens, after: int) -> bool:
    """Whether the word at `after` says that a thing is called after who is named before it."""
    if after >= len(tokens) or tokens.firsts[after]:
        return False
    return tokens.plain[after] in _EPONYM or (
        tokens.plain[after] in _SOMETIMES_EPONYM and not tokens.has(after - 1, GIVEN)
    )


def _single(tokens: Tokens) -> Iterator[Spotted]:
    """A given name, or a family name, alone."""
    for token in tokens.meaning(GIVEN | FAMILY):
        if _is_eponym(tokens, token + 1) or tokens.plain[token] in _CALLINGS:
            continue
        if tokens.is_acronym(token) and not tokens.capitals[token]:
            continue
        severity = _certainty(tokens, token)
        if severity is not None:
            yield *tokens.span(token, token), severity


def _certainty(tokens: Tokens, token: int) -> Severity | None:
    """How surely a word that is on a list of names is a name here; None when it is not one."""
    before = tokens.plain[token - 1] if token and not tokens.firsts[token] else ""
    after = tokens.plain[token + 1] if token + 1 < len(tokens) and not tokens.firsts[token + 1] else ""
    if not tokens.capitals[token]:
        is_there = before in _TOWARDS or after in _SAYS
        is_sure = (
            tokens.is_in_small_letters
            and not tokens.has(token, TOWN)
            and len(tokens.plain[token]) > _FAMILY_MIN_CHARS
        )
        return Severity.WEAK if _is_given(tokens, token) and (is_sure or is_there) else None
    if tokens.has(token, TOWN) and before in _IN and after not in _SAYS:
        return None
    if tokens.has(token, FAMILIAR) and not tokens.has(token, GIVEN):
        return None
    if _is_given(tokens, token):
        is_sure = not tokens.has(token, BIG_TOWN)
        return Severity.STRONG if is_sure else Severity.WEAK
    if tokens.has(token, GIVEN):
        return Severity.WEAK if _is_in_place_of_a_person(tokens, token, before, after) else None
    is_alone = not tokens.firsts[token] and not tokens.has(token, EVERYDAY | TOWN | FAMILIAR)
    return Severity.WEAK if is_alone and len(tokens.plain[token]) >= _FAMILY_MIN_CHARS else None


def _is_in_place_of_a_person(tokens: Tokens, token: int, before: str, after: str) -> bool:
    """Whether a name that is also a word stands where people stand."""
    if tokens.has(token, FAMILIAR):
        return after in _SAYS
    if tokens.firsts[token]:
        return after in _SAYS
    return before in _TOWARDS - {"to", "for", "from", "and", "called"} or after in _DOES


_NAME = "This looks like the name of a person."
_MAY_BE_NAME = "This may be the name of a person."
_KIND, _REDACT = FindingKind.NAME, RedactionKind.NAME

RULES = (
    Rule("name.titled", _KIND, 1, _NAME, _REDACT, lambda words: _titled(tokens_of(words))),
    Rule("name.introduced", _KIND, 1, _NAME, _REDACT, lambda words: _introduced(tokens_of(words))),
)
"""Rules that a word before the name makes sure."""

LISTED_RULES = (
    Rule("name.full", _KIND, 1, _NAME, _REDACT, lambda words: _full(tokens_of(words))),
    Rule("name.single", _KIND, 1, _MAY_BE_NAME, _REDACT, lambda words: _single(tokens_of(words))),
)
"""Rules that need what is familiar to be out of the way."""
