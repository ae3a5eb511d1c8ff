"""Automatic checks: what they notice is shown to moderators; none of them decides."""

from stories.checks.finding import Check
from stories.checks.identity import identity
from stories.checks.links import links
from stories.checks.repeats import fingerprint_text, repeats
from stories.checks.safety import crisis, reactions, serious_answers

CHECKS: tuple[Check, ...] = (crisis, serious_answers, reactions, links, identity, repeats)
"""Every check, in the order in which they run: what protects people first, in case a later one hangs."""

__all__ = ["CHECKS", "Check", "fingerprint_text"]
