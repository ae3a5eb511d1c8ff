"""More stories than were written by hand, put together from written passages, no two the same."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from stories.demo.nouns import APPROVE, Invented, invented_of

_FILE = Path(__file__).with_name("passages.json")
_PARTS = ("openings", "middles", "endings")
_SIGNED = 0.7
"""How many of them have a name under them; as many have a title."""


class TooMany(ValueError):
    """More stories than the passages make."""


def combined(count: int, rng: Random) -> list[Invented]:
    """`count` stories of different words, each to be approved. Raises TooMany."""
    told: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    asides = [None, *told["asides"]]
    ways = [len(asides) * _product(len(thread[part]) for part in _PARTS) for thread in told["threads"]]
    if count > sum(ways):
        raise TooMany(f"The passages make {sum(ways)}.")
    return [_combined(way, told, ways, asides, rng) for way in rng.sample(range(sum(ways)), count)]


def _combined(
    way: int, told: Mapping[str, Any], ways: list[int], asides: list[str | None], rng: Random
) -> Invented:
    """The story of one way: its thread, then one of each part, then an aside or none."""
    number = 0
    while way >= ways[number]:
        way -= ways[number]
        number += 1
    thread = told["threads"][number]
    chosen = []
    for part in _PARTS:
        way, place = divmod(way, len(thread[part]))
        chosen.append(thread[part][place])
    opening, middle, ending = chosen
    row: dict[str, Any] = dict(thread["answers"])
    row |= {name: rng.choice(values) for name, values in thread["choices"].items()}
    for passage in chosen:
        row |= passage.get("answers", {})
    if rng.random() < _SIGNED:
        row["title"] = rng.choice(ending["titles"])
    if rng.random() < _SIGNED:
        row["display_name"] = rng.choice(told["display_names"])
    words = (opening["words"], middle["words"], asides[way], ending["words"])
    row["narrative"] = [passage for passage in words if passage]
    return invented_of(row, APPROVE)


def _product(counts: Iterable[int]) -> int:
    product = 1
    for count in counts:
        product *= count
    return product
