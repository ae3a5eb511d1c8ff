"""Ways to tamper with exported events and with checkpoints, each with the positions at which it has to be found."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

import rfc8785

KINDS = ("submit", "check", "amend", "approve", "decline", "withdraw", "forgive")
SAYINGS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    7,
    0.5,
    "",
    "repeat",
    "0" * 64,
    [],
    ["patient", None],
    {},
    {"reason": None},
)
OTHER_HASH = sha256(b"another").hexdigest()
FIELDS = ("position", "story", "kind", "by", "at", "about", "details", "previous", "hash")


@dataclass(frozen=True)
class Mutation:
    """Tampered lines, and the positions of which one has to be named."""

    lines: list[bytes]
    named: Collection[int]


class Forger:
    """Somebody with all rights to the database, who knows how hashes are made, and where checkpoints were kept."""

    def __init__(self, lines: list[bytes], kept: Collection[int], seed: int) -> None:
        self.lines, self.kept, self.chance = lines, sorted(kept), Random(seed)
        self.whole: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def some(self) -> int:
        """The index of some event; its position is one more."""
        return self.chance.randrange(len(self.lines))

    def checkpoint_from(self, index: int) -> tuple[int]:
        """The position of the first checkpoint that knows of the event at `index`."""
        return (next(position for position in self.kept if position > index),)

    def said(self) -> list[dict[str, Any]]:
        return [dict(said) for said in self.whole]

    def changed(self, said: dict[str, Any], field: str) -> None:
        """Give one field another value: any, or one that the field could have."""
        before = said[field]
        likely: dict[str, Callable[[], Any]] = {
            "story": lambda: self.chance.randrange(1, 9),
            "kind": lambda: self.chance.choice(KINDS),
            "by": lambda: [self.chance.choice(("moderator", "lead", "patient")), self.chance.randrange(9)],
            "at": lambda: before.replace("2", str(self.chance.randrange(10)), 1),
            "position": lambda: self.chance.randrange(-3, len(self.lines) + 9),
            "details": lambda: {**before, self.chance.choice(("reason", "findings", "more")): self.value()},
        }
        while rfc8785.dumps(said[field]) == rfc8785.dumps(before):
            said[field] = self.chance.choice((self.value, likely.get(field, self.value)))()

    def value(self) -> Any:
        return self.chance.choice(SAYINGS)

    # ---- without making the hashes again ---------------------------------------------------------------------

    def change_a_field(self) -> Mutation:
        index, field = self.some(), self.chance.choice(FIELDS)
        said = json.loads(self.lines[index])
        self.changed(said, field)
        claimed = {said["position"]} if type(said["position"]) is int and said["position"] <= index else set()
        return Mutation(self.with_line(index, json.dumps(said).encode()), claimed or {index + 1})

    def drop_a_field(self) -> Mutation:
        index = self.some()
        said = json.loads(self.lines[index])
        del said[self.chance.choice(FIELDS)]
        return Mutation(self.with_line(index, json.dumps(said).encode()), {index + 1})

    def add_a_field(self) -> Mutation:
        index = self.some()
        said = json.loads(self.lines[index])
        said[self.chance.choice(("note", "by_name", "Position", ""))] = self.value()
        return Mutation(self.with_line(index, json.dumps(said).encode()), {index + 1})

    def say_a_field_twice(self) -> Mutation:
        index, field = self.some(), self.chance.choice(FIELDS)
        line = self.lines[index]
        told = b'{"%s":%s,%s' % (field.encode(), json.dumps(self.value()).encode(), line[1:])
        return Mutation(self.with_line(index, told), {index + 1})

    def change_a_byte(self) -> Mutation:
        index = self.some()
        line = bytearray(self.lines[index])
        while meaning(bytes(line)) == meaning(self.lines[index]):
            line[self.chance.randrange(len(line))] = self.chance.randrange(256)
        return Mutation(self.with_line(index, bytes(line)), range(-99, 10**9))

    def cut_a_line_short(self) -> Mutation:
        index = self.some()
        line = self.lines[index]
        return Mutation(self.with_line(index, line[: self.chance.randrange(len(line))]), {index + 1})

    def remove(self) -> Mutation:
        index = self.some()
        return Mutation(self.lines[:index] + self.lines[index + 1 :], {index + 1})

    def cut_off(self) -> Mutation:
        index = self.some()
        return Mutation(self.lines[:index], {index + 1})

    def exchange(self) -> Mutation:
        one, other = sorted(self.chance.sample(range(len(self.lines)), 2))
        lines = list(self.lines)
        lines[one], lines[other] = lines[other], lines[one]
        return Mutation(lines, {one + 1})

    def duplicate(self) -> Mutation:
        index, place = self.some(), self.some()
        lines = [*self.lines[:place], self.lines[index], *self.lines[place:]]
        return Mutation(lines, {min(index, place) + 1})

    def insert_one_that_follows(self) -> Mutation:
        index = self.some()
        said = json.loads(self.lines[index])
        self.changed(said, "kind")
        forged = with_hash(said)
        return Mutation([*self.lines[:index], forged, *self.lines[index:]], {index + 1})

    def forge_one_hash(self) -> Mutation:
        index = self.some()
        said = json.loads(self.lines[index])
        self.changed(said, "kind")
        named = index + 1 if index + 1 in self.kept else index + 2
        return Mutation(self.with_line(index, with_hash(said)), {named})

    # ---- with all hashes to the end made again ---------------------------------------------------------------

    def forge_a_field(self) -> Mutation:
        index = self.some()
        all_said = self.said()
        self.changed(all_said[index], self.chance.choice(("story", "kind", "by", "at", "about", "details")))
        return Mutation(self.chained(all_said, index), self.checkpoint_from(index))

    def forge_a_removal(self) -> Mutation:
        index = self.some()
        all_said = self.said()
        del all_said[index]
        return Mutation(self.chained(all_said, index), self.checkpoint_from(index))

    def forge_an_insertion(self) -> Mutation:
        index = self.some()
        all_said = self.said()
        invented = dict(self.chance.choice(all_said))
        self.changed(invented, "at")
        all_said.insert(index, invented)
        return Mutation(self.chained(all_said, index), self.checkpoint_from(index))

    def forge_an_exchange(self) -> Mutation:
        one, other = sorted(self.chance.sample(range(len(self.lines)), 2))
        all_said = self.said()
        all_said[one], all_said[other] = all_said[other], all_said[one]
        return Mutation(self.chained(all_said, one), self.checkpoint_from(one))

    def forge_an_end(self) -> Mutation:
        index = self.some()
        all_said = self.said()[: index + 1]
        self.changed(all_said[index], "by")
        for invented in self.chance.choices(self.said(), k=self.chance.randrange(9)):
            all_said.append({**invented, "story": 77})
        (checkpoint,) = self.checkpoint_from(index)
        return Mutation(self.chained(all_said, index), {min(checkpoint, len(all_said) + 1)})

    def chained(self, all_said: list[dict[str, Any]], since: int) -> list[bytes]:
        """Events as lines of one chain that is sound in itself, those before the index `since` as they were."""
        lines = self.lines[:since]
        previous = self.whole[since - 1]["hash"] if since else "0" * 64
        for position, said in enumerate(all_said[since:], start=since + 1):
            lines.append(with_hash({**said, "position": position, "previous": previous}))
            previous = json.loads(lines[-1])["hash"]
        return lines

    def with_line(self, index: int, line: bytes) -> list[bytes]:
        return [*self.lines[:index], line, *self.lines[index + 1 :]]

    def ways(self) -> tuple[Callable[[], Mutation], ...]:
        """Every way to tamper."""
        return (
            self.change_a_field,
            self.drop_a_field,
            self.add_a_field,
            self.say_a_field_twice,
            self.change_a_byte,
            self.cut_a_line_short,
            self.remove,
            self.cut_off,
            self.exchange,
            self.duplicate,
            self.insert_one_that_follows,
            self.forge_one_hash,
            self.forge_a_field,
            self.forge_a_removal,
            self.forge_an_insertion,
            self.forge_an_exchange,
            self.forge_an_end,
        )


def changed_bytes(told: bytes, chance: Random) -> bytes:
    """`told` with one byte changed, removed or put in, so that it says something else or nothing."""
    changed = told
    while meaning(changed) == meaning(told):
        place, byte = chance.randrange(len(told)), bytes([chance.randrange(256)])
        kept_from = place + chance.randrange(2)
        changed = told[:place] + chance.choice((byte, b"")) + told[kept_from:]
    return changed


def with_hash(said: dict[str, Any]) -> bytes:
    """One event as a line, with the hash that fits what it says."""
    rest = {name: value for name, value in said.items() if name != "hash"}
    return json.dumps({**rest, "hash": sha256(rfc8785.dumps(rest)).hexdigest()}).encode()


def meaning(told: bytes) -> Any:
    """What a line says, whatever its spaces, escapes and order; its bytes when it says nothing at all."""

    def pairs(found: list[tuple[str, Any]]) -> Any:
        if len(dict(found)) != len(found):
            raise ValueError("a name stands twice")
        return dict(found)

    try:
        return rfc8785.dumps(json.loads(told.decode(), object_pairs_hook=pairs))
    except (ValueError, RecursionError):
        return (told,)
