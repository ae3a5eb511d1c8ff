"""Checks that go wrong in every way a check can, each only when the narrative asks for it."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import repeat
from typing import Any

from stories.checks.finding import Finding, FindingKind, Known, Severity
from stories.content import Content

SOUND = Finding(
    kind=FindingKind.NUMBER,
    severity=Severity.WEAK,
    rule="sound",
    rule_version=1,
    field="narrative",
    start=0,
    end=1,
    why="This is sound.",
)
HUGE_CHARS = 3_000_000


class Mishap(Exception):
    """What a check may raise, with the patient's words in its message."""


def sound(_content: Content, _known: Known) -> Iterator[Finding]:
    yield SOUND


def last(content: Content, _known: Known) -> Iterator[Finding]:
    yield replace(SOUND, end=len(content.narrative))


def answering(make: Callable[[], Any]) -> Callable[[Content, Known], Iterator[Any]]:
    def odd(_content: Content, _known: Known) -> Iterator[Any]:
        yield from make()

    return odd


def raises(content: Content, _known: Known) -> Iterator[Finding]:
    yield SOUND
    raise Mishap(content.narrative)


def hangs(content: Content, _known: Known) -> Iterator[Finding]:
    if "hang" in content.narrative:
        re.match(r"(a+)+$", "a" * 60 + "b")
    yield SOUND


def dies(content: Content, _known: Known) -> Iterator[Finding]:
    if "die" in content.narrative:
        os._exit(3)
    yield SOUND


def leaves(_content: Content, _known: Known) -> Iterator[Finding]:
    sys.exit("gone")


def eats_memory(_content: Content, _known: Known) -> Iterator[Finding]:
    bytearray(8 << 30)
    yield SOUND


def prints(_content: Content, _known: Known) -> Iterator[Finding]:
    print("words that nobody asked for", flush=True)  # noqa: T201
    os.write(1, b"more words\n")
    yield SOUND


def writes(words: bytes) -> None:
    """Write past all that was closed to checks, as a broken extension might."""
    for descriptor in range(3, 20):
        with suppress(OSError):
            os.write(descriptor, words)


def writes_garbage(_content: Content, _known: Known) -> Iterator[Finding]:
    writes(b'\xff{"check": [[[\n')
    yield SOUND


def writes_nested(_content: Content, _known: Known) -> Iterator[Finding]:
    writes(b"[" * 500_000 + b"\n")
    yield SOUND


def writes_a_huge_line(_content: Content, _known: Known) -> Iterator[Finding]:
    writes(b"x" * HUGE_CHARS)
    yield SOUND


def answers_nothing(_content: Content, _known: Known) -> None:
    return None


def changed(**changes: Any) -> Any:
    """The sound finding with values that its types forbid."""
    return replace(SOUND, **changes)


ODD_ANSWERS: dict[str, Callable[[], Any]] = {
    "a string": lambda: ["words"],
    "a mapping": lambda: [{"kind": "number"}],
    "an end past the text": lambda: [changed(end=1_000_000)],
    "an end before its start": lambda: [changed(start=1, end=0)],
    "a start before the text": lambda: [changed(start=-1)],
    "a start that is no whole number": lambda: [changed(start=0.5)],
    "a start that is true": lambda: [changed(start=True)],
    "a field that is none": lambda: [changed(field="email")],
    "a place in a coded answer": lambda: [changed(field="serious", start=0, end=1)],
    "no reason": lambda: [changed(why=" ")],
    "a reason without end": lambda: [changed(why="why " * 1_000)],
    "a reason that is no text": lambda: [changed(why=7)],
    "half a character as a reason": lambda: [changed(why="\ud800")],
    "no rule": lambda: [changed(rule="")],
    "a kind of its own": lambda: [changed(kind="mood")],
    "a kind that is a list": lambda: [changed(kind=["number"])],
    "a mark of its own": lambda: [changed(mark="suspicious")],
    "a version of nothing": lambda: [changed(rule_version=0)],
    "something JSON cannot say": lambda: [changed(why=object())],
    "findings without end": lambda: repeat(SOUND),
    "a huge finding": lambda: [changed(why="x" * HUGE_CHARS)],
}


def _named(name: str, check: Callable[..., Any]) -> Callable[..., Any]:
    check.__name__ = name
    return check


SOUND_ONLY = (sound, last)
RAISING = (sound, raises, last)
HANGING = (sound, hangs, last)
DYING = (sound, dies, last)
LEAVING = (sound, leaves, last)
HUNGRY = (sound, eats_memory, last)
PRINTING = (prints, last)
GARBAGE = (sound, writes_garbage, last)
NESTED = (sound, writes_nested, last)
HUGE_LINE = (sound, writes_a_huge_line, last)
SILENT = (sound, answers_nothing, last)
ODD = tuple(_named(f"odd_{number}", answering(make)) for number, make in enumerate(ODD_ANSWERS.values()))
EMPTY = ()
