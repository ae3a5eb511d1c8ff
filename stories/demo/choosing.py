"""Which invented stories make a demonstration, in the order in which they are sent."""

from dataclasses import replace
from random import Random

from stories.demo import combining, hostile, written
from stories.demo.nouns import APPROVE, Invented

FEWEST_DAYS, MOST_DAYS, USUAL_DAYS = 3, 420, 60
"""How long ago a story was sent that someone has decided on."""

ORDINARY_FIRST = 2
"""How many believable stories wait before those in which something is found."""


def invented(published: int, waiting: int, seed: int) -> list[Invented]:
    """`published` stories to be public, some with every other fate, then `waiting` that wait.

    The same numbers and seed make the same stories in the same order. Raises TooMany.
    """
    rng = Random(seed)  # noqa: S311 (for variety, not for secrets)
    deck = _deck(published + waiting, rng)
    fated = written.others()
    moved = [story for story in fated if _is_public(story)]
    special = [*moved[:2], *hostile.ugly(), *moved[2:]][: max(min(published, 2), published // 2)]
    ordinary = published - len(special)
    public = special + deck[:ordinary]
    decided = public + [story for story in fated if not _is_public(story)]
    rng.shuffle(decided)
    days = sorted((int(rng.triangular(FEWEST_DAYS, MOST_DAYS, USUAL_DAYS)) for _ in decided), reverse=True)
    dated = [replace(story, days_ago=ago) for story, ago in zip(decided, days, strict=True)]
    waits = [replace(story, moves=()) for story in deck[ordinary:]]
    return dated + _waiting(waits, rng, before=public)[:waiting]


def _deck(count: int, rng: Random) -> list[Invented]:
    """Believable stories: those written by hand first, each once, then combined ones."""
    told = written.told()
    rng.shuffle(told)
    return told[:count] + combining.combined(max(0, count - len(told)), rng)


def _waiting(ordinary: list[Invented], rng: Random, *, before: list[Invented]) -> list[Invented]:
    """Stories that wait: ordinary ones first, then all in which something is found, then ordinary ones again.

    One repeats the words of a story `before`, or of the first that waits.
    """
    found = [*written.caught(), *hostile.hostile()]
    found += [_repeat(ordinary.pop(), before[-1] if before else ordinary[0])] if len(ordinary) > 1 else []
    rng.shuffle(found)
    return [*ordinary[:ORDINARY_FIRST], *found, *ordinary[ORDINARY_FIRST:]]


def _repeat(story: Invented, of: Invented) -> Invented:
    """`story` with the words of another."""
    content = replace(story.submission.content, narrative=of.submission.content.narrative.upper())
    return replace(story, submission=replace(story.submission, content=content))


def _is_public(story: Invented) -> bool:
    return story.moves[-1:] == (APPROVE,) or story.moves == (APPROVE, "amend")
