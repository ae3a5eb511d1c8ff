"""Verify exported events against checkpoints that were kept elsewhere, with nothing but Python.

    python verify_events.py EVENTS [CHECKPOINT …] [--key FINGERPRINT]

EVENTS is what `flask audit export` wrote, a CHECKPOINT what `flask audit checkpoint` wrote, FINGERPRINT what it
printed. Exit code 0: the events are whole and are those that the checkpoints name. 1: they are not, or a file
cannot be read as what it should be; the first bad event or file is named. 2: it was called otherwise. This file
stands alone, so that whoever doubts a site can read all of it, copy it, and run it where the site has no access.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
"""What the first event names as the hash before it."""

FORM = "firsthand checkpoint 1"
SAFE_INTEGER = 2**53 - 1
"""The largest integer of JSON (RFC 8785, appendix D)."""

AS_JSON = json.JSONEncoder(ensure_ascii=False).encode
"""Python's escapes in text are those of RFC 8785, section 3.2.2.2."""

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
"""The field, the order of the base point, d and a square root of -1: RFC 8032, section 5.1."""

UNREADABLE = (ValueError, TypeError, LookupError, RecursionError)
Point = tuple[int, int, int, int]
"""A point of the curve in extended coordinates X, Y, Z, T: x = X / Z, y = Y / Z, x · y = T / Z."""

BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)
"""The point that public keys are multiples of (RFC 8032, section 5.1)."""


class Refused(Exception):
    """What is wrong, in a sentence that names the first bad event or checkpoint."""


def main() -> str | None:
    """What is wrong, or None after saying what was found whole."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("events", type=Path, help="what `flask audit export` wrote")
    parser.add_argument("checkpoints", type=Path, nargs="*", help="what `flask audit checkpoint` wrote")
    parser.add_argument("--key", help="fingerprint of the key that signed the checkpoints")
    told = parser.parse_args()
    try:
        kept = [read_checkpoint(file.read_bytes(), str(file), key=told.key) for file in told.checkpoints]
        with told.events.open("rb") as lines:
            count, last = verified(lines, kept)
    except OSError as error:
        return f"{error.filename} cannot be read: {error.strerror}."
    except Refused as refused:
        return str(refused)
    sys.stdout.write("\n".join([f"{count} events, whole. The last has the hash {last}.", *_vouched(count, kept)]))
    sys.stdout.write("\n" if told.key or not kept else "\nIs that the fingerprint you kept? --key compares it.\n")
    return None


def _vouched(count: int, kept: Sequence[dict[str, Any]]) -> list[str]:
    until = max((each["position"] for each in kept), default=0)
    named = [
        f"Event {each['position']} was signed at {each['at']} by the key {fingerprint(each['public_key'])}."
        for each in kept
    ]
    after = f"No checkpoint vouches for what came after event {until}, nor that nothing was cut off there."
    return named + [after] * (count > until or not kept)


def verified(lines: Iterable[bytes], kept: Sequence[dict[str, Any]]) -> tuple[int, str]:
    """How many events there are, and the hash of the last. Raises Refused at the first bad one."""
    count, last = 0, GENESIS
    for line in lines:
        position, reached, what = _event(line, count, last)
        if what is None and any(each["position"] == position and each["hash"] != reached for each in kept):
            what = "is not the one that a checkpoint names"
        if what is not None:
            raise Refused(f"Event {position} {what}.")
        count, last = position, reached
    if any(each["position"] > count for each in kept):
        raise Refused(f"Event {count + 1} is missing: a checkpoint knows it.")
    return count, last


def _event(line: bytes, count: int, last: str) -> tuple[int, str, str | None]:
    """Position and hash of the event in `line`, and what is wrong with it after `count` events."""
    try:
        said = parsed(line)
        position = said["position"]
        if type(position) is not int:
            return count + 1, last, "cannot be read"
        if position != count + 1:
            return (
                (position, last, "does not belong here") if position <= count else (count + 1, last, "is missing")
            )
        reached = said.pop("hash")
        if said["previous"] != last:
            return position, last, "does not follow the one before it"
        is_sound = hashlib.sha256(canonical(said).encode()).hexdigest() == reached
    except UNREADABLE:
        return count + 1, last, "cannot be read"
    return position, reached, None if is_sound else "was changed"


def read_checkpoint(told: bytes, name: str, *, key: str | None = None) -> dict[str, Any]:
    """The fields of the checkpoint that `told` holds, its signature verified. Raises Refused, naming `name`."""
    try:
        kept = parsed(told)
        signature = bytes.fromhex(kept["signature"])
        signed = canonical({field: value for field, value in kept.items() if field != "signature"}).encode()
        if not is_signed(signed, signature, by=bytes.fromhex(kept["public_key"])):
            raise Refused(f"{name} was changed after it was signed.")
        is_one = kept["form"] == FORM and type(kept["position"]) is int and kept["position"] > 0
    except UNREADABLE:
        is_one = False
    if not is_one:
        raise Refused(f"{name} is not a checkpoint.")
    signer = fingerprint(kept["public_key"])
    if key is not None and key.strip().lower() != signer:
        raise Refused(f"{name} is signed by another key, with the fingerprint {signer}.")
    return kept


def fingerprint(public_key: str) -> str:
    """SHA-256, in hex, of a public key in hex."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()


# ---- JSON: read strictly, and in the one form of RFC 8785 --------------------------------------------------


def parsed(told: bytes) -> dict[str, Any]:
    """The JSON object that `told` holds. Raises ValueError when it is none, or says something twice."""
    found = json.loads(told.decode(), object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def canonical(value: Any) -> str:
    """The RFC 8785 form of a JSON value. Raises ValueError when it has none."""
    if isinstance(value, str):
        return AS_JSON(value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        raise ValueError("an integer beyond JSON")
    return AS_JSON(value)


def _number(value: float) -> str:
    """A number as ECMAScript writes it (ECMA-262, Number::toString, radix 10)."""
    if value == 0:
        return "0"
    shortest = Decimal(repr(abs(value))).as_tuple()
    all_digits = "".join(map(str, shortest.digits))
    point = len(all_digits) + int(shortest.exponent)  # int() refuses the exponent of NaN and of infinity
    digits, sign = all_digits.rstrip("0"), "-" * (value < 0)
    if 0 < point <= 21:
        return sign + digits.ljust(point, "0")[:point] + ("." + digits[point:]) * (len(digits) > point)
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + digits[0] + ("." + digits[1:]) * (len(digits) > 1) + f"e{point - 1:+d}"


# ---- Ed25519: RFC 8032, section 5.1. Slow, and not for secrets: it only verifies ---------------------------


def is_signed(message: bytes, signature: bytes, *, by: bytes) -> bool:
    """Whether `signature` is one of `message` by the public key `by` (RFC 8032, section 5.1.7)."""
    if len(signature) != 64:
        return False
    key, commitment = _point(by), _point(signature[:32])
    response = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or response >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + by + message).digest(), "little") % ORDER
    minus_key = (PRIME - key[0], key[1], key[2], PRIME - key[3])
    return _is_same(commitment, _sum_of_multiples(response, BASE, challenge, minus_key))


def _point(told: bytes) -> Point | None:
    """The point that 32 bytes stand for (section 5.1.3), or None."""
    if len(told) != 32:
        return None
    number = int.from_bytes(told, "little")
    y, is_odd = number % 2**255, number >> 255
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if y >= PRIME or (x * x - square) % PRIME or (x == 0 and is_odd):
        return None
    x = PRIME - x if x % 2 != is_odd else x
    return x, y, 1, x * y % PRIME


def _sum(one: Point, other: Point) -> Point:
    """The sum of two points, the same one twice included (section 5.1.4)."""
    less = (one[1] - one[0]) * (other[1] - other[0])
    more = (one[1] + one[0]) * (other[1] + other[0])
    bent = 2 * CURVE_D * one[3] * other[3]
    flat = 2 * one[2] * other[2]
    e, f, g, h = (more - less) % PRIME, (flat - bent) % PRIME, (flat + bent) % PRIME, (more + less) % PRIME
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _sum_of_multiples(number: int, point: Point, factor: int, other: Point) -> Point:
    """`number` · `point` + `factor` · `other`, both at once, from the highest bit."""
    total = (0, 1, 1, 0)
    added = (total, point, other, _sum(point, other))
    for bit in reversed(range(ORDER.bit_length())):
        total = _sum(total, total)
        chosen = (number >> bit & 1) + 2 * (factor >> bit & 1)
        total = _sum(total, added[chosen]) if chosen else total
    return total


def _is_same(one: Point, other: Point) -> bool:
    return (
        not (one[0] * other[2] - other[0] * one[2]) % PRIME and not (one[1] * other[2] - other[1] * one[2]) % PRIME
    )


if __name__ == "__main__":
    sys.exit(main())
