"""The product's own checks with one of them broken: `broken:raises_crisis` is CHECKS whose `crisis` raises."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from stories.checks import CHECKS
from stories.checks.finding import Finding, Known
from stories.content import Content
from tests.stories.checks.faulty import SOUND, Mishap

HUNDRED_KB = 100_000
LONG_SECONDS = 3_600


def raises(content: Content, _known: Known) -> Iterator[Finding]:
    raise Mishap(content.narrative)


def hangs(_content: Content, _known: Known) -> Iterator[Finding]:
    time.sleep(LONG_SECONDS)
    yield SOUND


def answers_nonsense(_content: Content, _known: Known) -> Iterator[Any]:
    yield {"kind": "mood", "start": -1}


def answers_at_length(_content: Content, _known: Known) -> Iterator[Finding]:
    yield replace(SOUND, why="x" * HUNDRED_KB)


FAULTS = (raises, hangs, answers_nonsense, answers_at_length)


def _in_place_of(name: str, fault: Callable[[Content, Known], Iterator[Any]]) -> Callable[..., Any]:
    def broken(content: Content, known: Known) -> Iterator[Any]:
        yield from fault(content, known)

    broken.__name__ = name
    return broken


def __getattr__(name: str) -> tuple[Callable[..., Any], ...]:
    for fault in FAULTS:
        check = name.removeprefix(f"{fault.__name__}_")
        if check != name:
            return tuple(_in_place_of(check, fault) if one.__name__ == check else one for one in CHECKS)
    raise AttributeError(name)
