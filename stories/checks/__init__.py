"""Automatic checks: what they notice is shown to moderators; none of them decides."""

from stories.checks.advice import advice
from stories.checks.finding import Check
from stories.checks.identity import identity
from stories.checks.languages import language
from stories.checks.links import links
from stories.checks.minors import minors
from stories.checks.others import third_parties
from stories.checks.repeats import fingerprint_text, repeats
from stories.checks.safety import crisis, reactions, serious_answers
from stories.checks.selling import selling
from stories.checks.unreadable import unreadable

CHECKS: tuple[Check, ...] = (
    crisis,
    serious_answers,
    reactions,
    minors,
    links,
    identity,
    third_parties,
    advice,
    selling,
    repeats,
    language,
    unreadable,
)
"""Every check, in the order in which they run: what protects people first, in case a later one hangs."""

__all__ = ["CHECKS", "Check", "fingerprint_text"]
