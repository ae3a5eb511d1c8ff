"""Sketches of stories: how one that is nearly the same as an earlier one is found among a hundred thousand."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select, union_all

from extensions import db, settings
from stories.checks.finding import NearRepeat
from stories.checks.repeats import likeness, passages
from stories.models import Revision, SketchBand

BANDS, ROWS = 20, 3
"""MinHash in bands (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4): of two stories that
share half of their passages 93 % share a band, of those that share 2 % of them one in six thousand does."""

FEWEST_PASSAGES = 12
"""Of fewer passages, in a dozen words, two people may well write the same."""

MOST_IN_A_BAND = 25
"""So many revisions of one band are looked at: a lookup costs the same however often a text was sent."""

MOST_COMPARED = 10
_WHOLE = (1 << 64) - 1


def sketch(narrative: str) -> list[int]:
    """The bands of a narrative, 64-bit numbers keyed with the data key; none when it is too short.

    Who has the database, but not the key, cannot try words out against them.
    """
    told = passages(narrative)
    if len(told) < FEWEST_PASSAGES:
        return []
    key = hmac.digest(settings().data_key.encode(), b"sketch", "sha256")
    hashes = [_number(key, passage) for passage in told]
    # An odd factor turns every hash into another one and mixes its low bits into the high ones, which decide.
    smallest = [min([told * factor & _WHOLE for told in hashes]) for factor in _factors(key)]
    return [
        _number(key, f"{band} {smallest[band * ROWS : (band + 1) * ROWS]}", is_signed=True) for band in range(BANDS)
    ]


def near_repeats(revision: Revision) -> tuple[NearRepeat, ...]:
    """Earlier stories that are nearly the same, the most alike first; a story is never its own repeat."""
    alike: dict[int, int] = {}
    for number, narrative in _candidates(revision, sketch(revision.narrative)):
        percent = likeness(revision.narrative, narrative)
        alike[number] = max(percent, alike.get(number, 0))
    ordered = sorted(alike.items(), key=lambda found: (-found[1], found[0]))
    return tuple(NearRepeat(number, percent) for number, percent in ordered)


def _candidates(revision: Revision, bands: Sequence[int]) -> list[tuple[int, str]]:
    """Number and narrative of the earlier revisions that share most bands."""
    if not bands:
        return []
    of_band = [
        select(
            select(SketchBand.revision_id)
            .where(SketchBand.band == band, SketchBand.revision_id < revision.id)
            .order_by(SketchBand.revision_id)
            .limit(MOST_IN_A_BAND)
            .subquery()
        )
        for band in bands
    ]
    shared = Counter(db.session.scalars(union_all(*of_band)))
    wanted = [number for number, _bands in shared.most_common(MOST_COMPARED)]
    told = select(Revision.story_id, Revision.narrative).where(
        Revision.id.in_(wanted), Revision.story_id < revision.story_id
    )
    return list(db.session.execute(told).tuples())


def _factors(key: bytes) -> list[int]:
    return [_number(key, f"factor {number}") | 1 for number in range(BANDS * ROWS)]


def _number(key: bytes, words: str, *, is_signed: bool = False) -> int:
    digest = hashlib.blake2b(words.encode(errors="surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, signed=is_signed)
