"""Wrong tries to show who one is, counted by who asks and by the account they name."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from math import ceil
from threading import Lock
from time import time
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from extensions import settings
from stories import keys
from stories.refusal import Refusal
from web import client_of_today, limiter

WRONG_TRIES: RateLimitItem = RateLimitItemPerMinute(10, 10)
"""Ten in ten minutes, whether from one client or for one account name, existing or not."""

WRONG_CODES_A_DAY: RateLimitItem = RateLimitItemPerDay(50)
"""Fifty in a day for one account: three in a million fit at a time, so a year of guessing opens one in twenty."""

T = TypeVar("T")


class Proof(StrEnum):
    """What somebody shows. Each is counted apart, so that who spoils one for others leaves the rest alone."""

    PASSWORD = "sign-in"  # noqa: S105 (the name of a count)
    CODE = "code"
    PASSKEY = "passkey"
    AGAIN = "again"


_one_at_a_time = Lock()
"""Held from the count to the verdict: many tries sent at once would else all be counted after they were made.
It also bounds the memory and processors that hashing passwords takes."""


class TooManyTries(Refusal):
    """Too many wrong tries; `wait_seconds` says how long until the next one is heard."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("Too many tries did not work.")
        self.wait_seconds = wait_seconds

    @property
    def wait_minutes(self) -> int:
        """The wait in whole minutes, rounded up."""
        return ceil(self.wait_seconds / 60)


def heard(proof: Proof, name: str, attempt: Callable[[], T | None]) -> T | None:
    """What `attempt` for the account `name` brings; None is a wrong try and is counted.

    Raises TooManyTries, without attempting, once there were too many. Counts hold hashes, never a name.
    """
    counts = list(_counts(proof, name))
    with _one_at_a_time:
        waits = [_wait_seconds(count) for count in counts if not limiter.limiter.test(*count)]
        if waits:
            raise TooManyTries(max(waits))
        found = attempt()
        if found is None:
            for count in counts:
                limiter.limiter.hit(*count)
    return found


def _counts(proof: Proof, name: str) -> Iterator[tuple[RateLimitItem, str, str]]:
    hashed = keys.keyed_hash(settings().data_key, proof, name)
    yield WRONG_TRIES, f"{proof} by client", client_of_today()
    yield WRONG_TRIES, f"{proof} by name", hashed
    if proof is Proof.CODE:
        yield WRONG_CODES_A_DAY, f"{proof} by name", hashed


def _wait_seconds(count: tuple[RateLimitItem, str, str]) -> int:
    return max(1, ceil(limiter.limiter.get_window_stats(*count).reset_time - time()))
