"""However many stories come, every wait is bounded: a simulation of days at the desk, by the lanes' allowances."""

import heapq
from datetime import UTC, datetime, timedelta
from random import Random

import hypothesis.strategies as st
from hypothesis import given

from stories.lanes import ALLOWANCES
from stories.models import Lane

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MIX = {Lane.SAFEGUARDING: 1, Lane.SERIOUS_REACTION: 5, Lane.NEEDS_ANOTHER_PERSON: 6, Lane.ORDINARY: 88}
LONGEST = max(ALLOWANCES.values())
Arrival = tuple[datetime, Lane]


def decided(arrivals: list[Arrival], *, each: timedelta) -> dict[int, datetime]:
    """When each arrival is decided, by a desk that needs `each` for a story and takes what is due soonest."""
    coming = sorted(enumerate(arrivals), key=lambda one: one[1][0])
    waiting: list[tuple[datetime, int]] = []
    done: dict[int, datetime] = {}
    now = BEGIN
    while coming or waiting:
        while coming and coming[0][1][0] <= now:
            number, (came_at, lane) = coming.pop(0)
            heapq.heappush(waiting, (came_at + ALLOWANCES[lane], number))
        if not waiting:
            now = coming[0][1][0]
            continue
        _due_at, number = heapq.heappop(waiting)
        now += each
        done[number] = now
    return done


def a_fortnight(chance: Random, *, a_day: int, flood: int) -> list[Arrival]:
    """Stories at random times of fourteen days, and `flood` more within an hour of the third."""
    lanes, shares = list(MIX), list(MIX.values())
    times = [BEGIN + chance.random() * 14 * DAY for _ in range(14 * a_day)]
    times += [BEGIN + 2 * DAY + chance.random() * timedelta(hours=1) for _ in range(flood)]
    return [(time, chance.choices(lanes, shares)[0]) for time in times]


def test_with_three_hundred_stories_a_day_nobody_waits_past_their_time() -> None:
    arrivals = a_fortnight(Random(7), a_day=300, flood=0)
    done = decided(arrivals, each=DAY / 330)
    late = [number for number, (came_at, lane) in enumerate(arrivals) if done[number] > came_at + ALLOWANCES[lane]]
    assert all(arrivals[number][1] is Lane.SAFEGUARDING for number in late)
    assert max(done[number] - arrivals[number][0] for number in late) < timedelta(hours=1)


def test_a_flood_delays_ordinary_stories_by_no_more_than_it_takes_and_urgent_ones_hardly() -> None:
    arrivals, flood = a_fortnight(Random(8), a_day=300, flood=600), 600
    done = decided(arrivals, each=DAY / 330)
    waits = {lane: timedelta() for lane in Lane}
    for number, (came_at, lane) in enumerate(arrivals):
        waits[lane] = max(waits[lane], done[number] - came_at)
    assert waits[Lane.ORDINARY] < LONGEST + flood * DAY / 330
    assert waits[Lane.SERIOUS_REACTION] < timedelta(hours=8)
    assert waits[Lane.SAFEGUARDING] < timedelta(hours=4)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 20, allow_nan=False).map(lambda days: BEGIN + days * DAY), st.sampled_from(list(Lane))
        ),
        max_size=60,
    ),
    st.integers(1, 40),
)
def test_no_story_is_overtaken_by_one_that_came_later_than_the_longest_allowance(
    arrivals: list[Arrival], a_day: int
) -> None:
    done = decided(arrivals, each=DAY / a_day)
    for first, (came_at, _lane) in enumerate(arrivals):
        for second, (came_later, _other) in enumerate(arrivals):
            if came_later > came_at + LONGEST:
                assert done[first] < done[second]
