"""What is written to sell something, or was paid for."""

import re
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, PhraseGroup, most_telling
from stories.checks.noticing import Notice
from stories.checks.phrases import as_listed, phrases, rules
from stories.checks.sense import BESIDE_CHARS, is_asked, is_denied
from stories.checks.spotting import Plain
from stories.content import Content

_LISTED_WHY = {
    "offer": "This seems to offer something for sale.",
    "link": "This seems to lead to an offer.",
    "no-prescription": "This speaks of getting a medicine without a prescription.",
    "affiliate": "This seems to be written for a reward.",
    "clinic-ad": "This may advertise a clinic.",
}
_LISTED_OTHERWISE = "These words are on the list of selling."
_REWARD = Notice(FindingKind.SELLING, "selling.reward", "This story seems to have been paid for.")
_BOOK = rules(
    [
        (
            _REWARD,
            "paid pay pays gave offered sent voucher discount refund free money",
            (
                r"[^.!?\n]{0,50}?(?<!\w)(?:for|to write|if i wrote|in return for|in exchange for|to leave"
                r"|to post)[ ]"
                r"(?:(?:this|my|a|an|honest|good|positive|the|their)[ ]){0,3}"
                r"(?:review|story|post|testimonial)(?!\w)"
            ),
        )
    ]
)
_OFFERED = {
    "telegram": re.compile(r"(?:on|via|by|my|me on|through|over)[ ]$", re.IGNORECASE),
    "pay by": re.compile(r"(?:you can|please|we accept|just)[ ]$", re.IGNORECASE),
    "without a prescription": re.compile(
        r"(?<!\w)(?:buy|order|get (?:it|them|yours)|available|sold|sell|ship\w*|send)(?!\w)[^.!?\n]{0,40}$",
        re.IGNORECASE,
    ),
    "buy from": re.compile(r"(?:^|[.!?\n][ ]?|you can|please|always)[ ]?$", re.IGNORECASE),
    "coupon": re.compile(r"(?:use|my|your|with|the)[ ](?:\w+[ ])?$", re.IGNORECASE),
}
"""Listed words that are also said of one's own shopping, and what stands before them where they are an offer."""


def selling(content: Content, known: Known) -> Iterator[Finding]:
    """Listed phrases of selling and rewards for a story; not what is denied or asked.

    Addresses of pages are left to the check for links.
    """
    book = phrases(known.safety.selling)
    found = []
    for field, text in content.texts():
        plain = Plain.of(text)
        for group, match in book.read(plain.words):
            if not is_denied(plain.words, *match.span()):
                found.append(_listed(group, plain.words, *match.span()).of(field, plain, *match.span()))
        for notice, match in _BOOK.read(plain.words):
            if not is_denied(plain.words, *match.span()):
                found.append(notice.of(field, plain, *match.span()))
    yield from most_telling(found)


def _listed(group: PhraseGroup, words: str, start: int, end: int) -> Notice:
    why = _LISTED_WHY.get(group.id, _LISTED_OTHERWISE)
    notice = Notice(FindingKind.SELLING, f"selling.{group.id}", why)
    offer = _OFFERED.get(as_listed(words[start:end]))
    is_offered = offer is None or offer.search(words[max(0, start - BESIDE_CHARS) : start])
    is_strong = group.is_held and is_offered and not is_asked(words, end)
    return notice if is_strong else notice.weakly
