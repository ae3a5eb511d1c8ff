"""A story that is nearly the same as an earlier one is found, at the same cost however many there are."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from extensions import db, settings
from stories import intake, sketching
from stories.checks.finding import FindingKind, NearRepeat
from stories.models import Finding, SketchBand
from tests.conftest import Database
from tests.factories import TOLD, a_waiting_story, amend, the_story, withdraw
from tests.statements import sent_to

pytestmark = pytest.mark.usefixtures("database")

PARAGRAPHS = [
    "I put the cream on three evenings a week, always after a shower and never before a day in the garden.",
    "In the second week the skin turned red and felt tight, and by the fourth it had crusted up to the chin.",
    "When the crusts came off it was smooth underneath. My wife noticed before I did, and took a photo for once.",
    "A year on there is one new spot by the temple. I would do it all, though not in August, and not at work.",
]
STORY = "\n\n".join(PARAGRAPHS)
ANOTHER = (
    "I had the cream for nine weeks on the nose. It was red in the second week and crusted in the fourth. The skin "
    "is smooth now, and my wife says so too. I would do it again, but in winter."
)


def near(number: int) -> tuple[NearRepeat, ...]:
    revision = the_story(number).waiting_revision
    assert revision is not None
    return sketching.near_repeats(revision)


@pytest.mark.parametrize(
    "told",
    [
        STORY.replace("three evenings", "four evenings").replace("chin", "jaw").replace("August", "July"),
        "\n\n".join(reversed(PARAGRAPHS)),
        STORY.upper().replace(".", "!"),
        f"{STORY}\n\nThank you to the nurses on the ward, who were kind throughout.",
    ],
    ids=["a few words", "another order", "in capitals", "one line more"],
)
def test_an_earlier_story_of_nearly_the_same_words_is_found(told: str) -> None:
    first = a_waiting_story(narrative=STORY)
    ((number, percent),) = [(found.number, found.percent) for found in near(a_waiting_story(narrative=told))]
    assert number == first
    assert percent >= 70


def test_two_people_who_tell_alike_are_no_repeats() -> None:
    a_waiting_story(narrative=STORY)
    a_waiting_story(narrative=TOLD)
    assert [found for found in near(a_waiting_story(narrative=ANOTHER)) if found.percent >= 50] == []


def test_a_story_is_no_repeat_of_its_own_earlier_revisions_nor_of_later_stories() -> None:
    first = a_waiting_story(narrative=STORY)
    amend(first, narrative=f"{STORY} It is all right now.")
    assert near(first) == ()
    a_waiting_story(narrative=f"{STORY} Mine too.")
    amend(first, narrative=f"{STORY} It is all right again.")
    assert near(first) == ()


def test_what_was_taken_back_leaves_no_sketch_and_is_nobodys_repeat() -> None:
    number = a_waiting_story(narrative=STORY)
    amend(number, narrative=f"{STORY} More.")
    assert db.session.scalars(select(SketchBand)).first() is not None
    withdraw(number)
    assert db.session.scalars(select(SketchBand)).all() == []
    assert near(a_waiting_story(narrative=STORY)) == ()


def test_a_near_repeat_is_named_with_its_number_and_likeness_once_the_checks_ran() -> None:
    first = a_waiting_story(narrative=STORY)
    again = a_waiting_story(narrative=STORY.replace("smooth", "soft"), is_checked=False)
    intake.check(again)
    found = db.session.scalars(select(Finding).where(Finding.kind == FindingKind.NEAR_REPEAT)).one()
    assert found.why.startswith(f"Story {first} is nearly the same: 9")


def test_sketches_are_keyed_and_so_match_nothing_without_the_key(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = sketching.sketch(STORY)
    assert len(set(ours)) == sketching.BANDS
    assert all(-(1 << 63) <= band < 1 << 63 for band in ours)
    monkeypatch.setitem(
        database.app.extensions, "firsthand_settings", replace(settings(), data_key="another key " * 4)
    )
    assert set(sketching.sketch(STORY)) & set(ours) == set()


def test_too_few_words_have_no_sketch() -> None:
    assert sketching.sketch("It healed after nine weeks.") == []
    assert sketching.sketch("") == []


def test_the_lookup_asks_twice_and_by_the_index_however_many_repeats_there_are(database: Database) -> None:
    for _again in range(12):
        a_waiting_story(narrative=STORY)
    last = a_waiting_story(narrative=STORY)
    revision = the_story(last).waiting_revision
    assert revision is not None
    with sent_to(db.engine) as statements:
        found = sketching.near_repeats(revision)
    assert len(found) == sketching.MOST_COMPARED
    assert len(statements) == 2
    explain = "EXPLAIN QUERY PLAN" if database.kind == "sqlite" else "EXPLAIN"
    one_band = (
        "SELECT revision_id FROM sketch_bands WHERE band = 1 AND revision_id < 9 ORDER BY revision_id LIMIT 25"
    )
    if database.kind == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = " ".join(str(row) for row in db.session.execute(text(f"{explain} {one_band}")))
    assert "Index" in plan or "INDEX" in plan or "PRIMARY KEY" in plan
    db.session.rollback()
