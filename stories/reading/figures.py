"""Counts as readers see them: out of how many, with the range that chance alone allows."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome: how many stories, how many of a hundred people in the picture, and the likely range of 100.

    Without enough stories for a share, `of_100`, `low` and `high` are None and `people` is 0.
    """

    outcome: str
    label: str
    stories: int
    of_100: int | None
    low: int | None
    high: int | None
    people: int


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share `count` of `total` (E. B. Wilson, J Am Stat Assoc 1927, 22, 209–212)."""
    share = count / total
    spread = Z_95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def hundred(counts: list[int]) -> list[int]:
    """`counts` as whole people out of a hundred that add up to 100, by largest remainder."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [100 * count / total for count in counts]
    people = [int(share) for share in exact]
    by_remainder = sorted(range(len(counts)), key=lambda index: people[index] - exact[index])
    for index in by_remainder[: 100 - sum(people)]:
        people[index] += 1
    return people


def outcome_rows(named_counts: list[tuple[str, str, int]], *, few: int) -> list[OutcomeRow]:
    """Rows of (outcome, label, stories), with shares once there are at least `few` stories."""
    counts = [stories for _outcome, _label, stories in named_counts]
    total = sum(counts)
    is_enough = total >= few
    people = hundred(counts) if is_enough else [0] * len(counts)
    rows = []
    for (outcome, label, stories), of_picture in zip(named_counts, people, strict=True):
        low, high = wilson(stories, total) if is_enough else (0.0, 0.0)
        rows.append(
            OutcomeRow(
                outcome,
                label,
                stories,
                round(100 * stories / total) if is_enough else None,
                round(100 * low) if is_enough else None,
                round(100 * high) if is_enough else None,
                of_picture,
            )
        )
    return rows
