"""Wrong tries to sign in, counted by who asks and by the account they name."""

from collections.abc import Callable
from math import ceil
from threading import Lock
from time import time
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute

from extensions import settings
from stories import keys
from stories.refusal import Refusal
from web import client_of_today, limiter

WRONG_TRIES: RateLimitItem = RateLimitItemPerMinute(10, 10)
"""Ten in ten minutes, whether from one client or for one account name, existing or not."""

T = TypeVar("T")

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


def heard(name: str, attempt: Callable[[], T | None]) -> T | None:
    """What `attempt` for the account `name` brings; None is a wrong try and is counted.

    Raises TooManyTries, without attempting, once there were too many. Counts hold hashes, never a name.
    """
    counts = (
        ("sign-in by client", client_of_today()),
        ("sign-in by name", keys.keyed_hash(settings().data_key, "sign-in", name)),
    )
    with _one_at_a_time:
        waits = [_wait_seconds(count) for count in counts if not limiter.limiter.test(WRONG_TRIES, *count)]
        if waits:
            raise TooManyTries(max(waits))
        found = attempt()
        if found is None:
            for count in counts:
                limiter.limiter.hit(WRONG_TRIES, *count)
    return found


def _wait_seconds(count: tuple[str, str]) -> int:
    return max(1, ceil(limiter.limiter.get_window_stats(WRONG_TRIES, *count).reset_time - time()))
