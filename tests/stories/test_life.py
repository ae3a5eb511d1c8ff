"""The life of a story, move by move."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DatabaseError

from extensions import db, transaction
from stories import events, life
from stories.checks.finding import Finding, FindingKind, MarkKind, Severity
from stories.content import Redaction, RedactionKind
from stories.models import (
    Consent,
    Contact,
    Event,
    Lane,
    Message,
    Revision,
    State,
    WrittenOnce,
)
from stories.reading.models import GonePublication, Publication
from stories.refusal import (
    BadRedaction,
    MoveRefused,
    NeedsLead,
    NoConsent,
    StaleRevision,
    StoryMoved,
    UncheckedRevision,
)
from tests.factories import (
    LEAD,
    MODERATOR,
    TOLD,
    a_published_story,
    a_waiting_story,
    amend,
    an_amended_story,
    approve,
    ask_for_changes,
    decline,
    published_digests,
    put_back,
    seen,
    take_down,
    the_story,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("database")

CRISIS = Finding(
    kind=FindingKind.CRISIS,
    severity=Severity.STRONG,
    rule="crisis.suicide",
    rule_version=1,
    field="narrative",
    start=0,
    end=5,
    why="These words may be about ending one's life.",
    mark=MarkKind.SAFEGUARDING,
)


def the_publication(number: int) -> Publication | None:
    public_id = the_story(number).public_id
    return db.session.get(Publication, public_id, populate_existing=True) if public_id else None


def note(number: int, *findings: Finding, failed: tuple[str, ...] = ()) -> None:
    with transaction():
        story = life.locked(number)
        revision = story.waiting_revision
        assert revision is not None
        life.note_checks(story, revision, findings, failed)


def redact(number: int, *spans: Redaction) -> None:
    on_screen = seen(number)
    with transaction():
        life.redact(life.locked(number), on_screen, spans, by=MODERATOR)
    note(number)


def place_of(word: str, kind: RedactionKind = RedactionKind.PLACE) -> Redaction:
    start = TOLD.index(word)
    return Redaction("narrative", start, start + len(word), kind)


def test_a_new_story_waits_in_the_ordinary_lane_and_is_not_public() -> None:
    story = the_story(a_waiting_story())
    assert (story.state, story.lane, story.waiting_number) == (State.WAITING, Lane.ORDINARY, 1)
    assert published_digests() == set()


def test_approving_publishes_exactly_the_words_that_were_seen() -> None:
    number = a_waiting_story()
    approve(number)
    publication = the_publication(number)
    assert publication is not None
    assert publication.shown["narrative"] == [TOLD]
    assert the_story(number).state is State.PUBLISHED


def test_a_decision_on_words_the_moderator_did_not_see_is_refused() -> None:
    number = a_waiting_story()
    on_screen = seen(number)
    amend(number, narrative=f"{TOLD} It healed after nine weeks.")
    with pytest.raises(StaleRevision):
        approve(number, on_screen)
    assert published_digests() == set()


def test_a_decision_on_a_version_the_moderator_did_not_see_is_refused() -> None:
    number = a_waiting_story()
    on_screen = seen(number)
    note(number, CRISIS)
    with pytest.raises(StoryMoved):
        approve(number, on_screen, by=LEAD)


def test_of_two_decisions_on_one_revision_the_second_is_refused() -> None:
    number = a_waiting_story()
    on_screen = seen(number)
    decline(number, on_screen)
    with pytest.raises(MoveRefused):
        approve(number, on_screen)
    assert the_story(number).state is State.DECLINED


def test_a_mark_puts_the_story_into_its_lane_due_at_once() -> None:
    number = a_waiting_story()
    note(number, CRISIS)
    story = the_story(number)
    revision = story.waiting_revision
    assert revision is not None
    assert (story.lane, story.due_at) == (Lane.SAFEGUARDING, revision.created_at)


def test_a_story_without_consent_to_publish_is_approved_by_nobody() -> None:
    number = a_waiting_story(consent_publish=False, source="a file")
    with pytest.raises(NoConsent):
        approve(number, by=LEAD)


def test_an_unchecked_revision_is_approved_only_by_someone_who_knows_it() -> None:
    number = a_waiting_story(is_checked=False)
    with pytest.raises(UncheckedRevision):
        approve(number)
    on_screen = seen(number)
    with transaction():
        life.approve(life.locked(number), on_screen, by=MODERATOR, knows_unchecked=True)
    assert the_story(number).state is State.PUBLISHED


def test_a_check_that_failed_leaves_the_revision_unchecked() -> None:
    number = a_waiting_story()
    note(number, failed=("identity",))
    revision = the_story(number).waiting_revision
    assert revision is not None
    assert not revision.is_checked


def test_an_amendment_waits_while_the_approved_words_stay_public() -> None:
    number = a_published_story()
    before = published_digests()
    amend(number, narrative=f"{TOLD} A year later one spot is back.")
    story = the_story(number)
    assert (story.state, story.waiting_number) == (State.PUBLISHED, 2)
    assert published_digests() == before


@pytest.mark.parametrize("answer", [decline, ask_for_changes])
def test_turning_an_amendment_down_changes_nothing_that_is_public(answer) -> None:  # type: ignore[no-untyped-def]
    number = an_amended_story()
    before = published_digests()
    answer(number)
    story = the_story(number)
    assert (story.state, story.waiting_number) == (State.PUBLISHED, None)
    assert published_digests() == before


def test_an_approved_amendment_takes_the_place_of_the_old_words_under_the_same_address() -> None:
    number = an_amended_story()
    public_id = the_story(number).public_id
    approve(number)
    publication = the_publication(number)
    assert publication is not None
    assert publication.public_id == public_id
    assert publication.shown["narrative"] == [f"{TOLD} It came back after a year."]
    assert len(published_digests()) == 1


def test_a_redaction_is_a_new_revision_and_the_patients_words_are_kept() -> None:
    number = a_waiting_story()
    redact(number, place_of("second week"))
    revision = the_story(number).waiting_revision
    assert revision is not None
    assert (revision.number, revision.narrative) == (2, TOLD)
    approve(number)
    publication = the_publication(number)
    assert publication is not None
    assert publication.shown["narrative"] == [TOLD.replace("second week", "[place]")]
    assert "second week" not in str(publication.cleaned["narrative"])


def test_a_redaction_that_does_not_lie_in_the_words_is_refused() -> None:
    number = a_waiting_story()
    for start, end in ((5, 5), (-1, 3), (0, len(TOLD) + 1)):
        with pytest.raises(BadRedaction):
            redact(number, Redaction("narrative", start, end, RedactionKind.NAME))


def test_when_a_patient_amends_redactions_whose_words_are_still_there_apply_again() -> None:
    number = a_waiting_story()
    redact(number, place_of("second week"), place_of("crusted", RedactionKind.DETAIL))
    amend(number, narrative="To begin with: " + TOLD.replace("crusted", "healed"))
    content = the_story(number).waiting_revision.content  # type: ignore[union-attr]
    spans = [content.narrative[span.start : span.end] for span in content.redactions]
    assert spans == ["second week"]


def test_a_published_story_is_taken_down_and_put_back_with_the_same_words() -> None:
    number = a_published_story()
    before = published_digests()
    take_down(number)
    assert published_digests() == set()
    assert db.session.get(GonePublication, the_story(number).public_id) is not None
    with pytest.raises(NeedsLead):
        put_back(number, by=MODERATOR)
    put_back(number)
    assert published_digests() == before
    assert db.session.get(GonePublication, the_story(number).public_id, populate_existing=True) is None


def test_an_amendment_that_waits_survives_a_take_down_and_can_be_approved() -> None:
    number = an_amended_story()
    take_down(number)
    assert the_story(number).waiting_number == 2
    approve(number)
    assert the_story(number).state is State.PUBLISHED


def test_a_taken_down_story_that_is_amended_waits_with_nothing_public() -> None:
    number = a_published_story()
    take_down(number)
    amend(number, narrative=f"{TOLD} Without the name.")
    story = the_story(number)
    assert (story.state, story.published_number) == (State.WAITING, None)
    assert published_digests() == set()


def test_a_withdrawal_erases_the_content_and_leaves_the_chain_whole() -> None:
    number = a_published_story(email="wren@example.org", key="one two three four five six")
    amend(number, narrative=f"{TOLD} More.")
    ask_for_changes(number)
    withdraw(number)
    assert the_story(number).state is State.WITHDRAWN
    for model in (Revision, Contact, Consent, Message):
        assert db.session.scalars(select(model).where(model.story_id == number)).all() == []
    assert published_digests() == set()
    assert events.fault() is None


@pytest.mark.parametrize("state", ["waiting", "published", "with patient", "declined", "taken down"])
def test_a_story_can_be_withdrawn_from_every_state_and_twice(state: str) -> None:
    number = a_published_story() if state in ("published", "taken down") else a_waiting_story()
    {"with patient": ask_for_changes, "declined": decline, "taken down": take_down}.get(state, the_story)(number)
    assert the_story(number).state.value == state.replace(" ", "_")
    withdraw(number)
    withdraw(number)
    assert the_story(number).state is State.WITHDRAWN
    assert [event.kind for event in events.history(number)].count("withdraw") == 1


def test_nothing_follows_a_withdrawal() -> None:
    number = a_waiting_story()
    on_screen = seen(number)
    withdraw(number)
    for move in (approve, decline, ask_for_changes):
        with pytest.raises(MoveRefused):
            move(number, on_screen)
    with pytest.raises(MoveRefused):
        amend(number)


def test_every_state_but_withdrawn_can_be_left() -> None:
    left = {state for moves in life.MOVES.values() for state, to in moves.items() if to is not state}
    assert left >= set(State) - {State.WITHDRAWN}


def test_a_revision_is_written_once() -> None:
    number = a_waiting_story()
    with pytest.raises(WrittenOnce), transaction():
        the_story(number).waiting_revision.title = "Another title"  # type: ignore[union-attr]
    with pytest.raises(DatabaseError, match="written once"), transaction():
        db.session.execute(text("UPDATE revisions SET title = 'Another title'"))


def test_events_are_append_only() -> None:
    a_waiting_story()
    for attempt in (text("UPDATE events SET kind = 'other'"), delete(Event)):
        with pytest.raises(DatabaseError, match="append-only"), transaction():
            db.session.execute(attempt)


def test_a_story_that_waits_keeps_its_place_when_it_is_amended() -> None:
    number = a_waiting_story()
    due_at = the_story(number).due_at
    amend(number, narrative=f"{TOLD} One more thing.")
    assert the_story(number).due_at == due_at


def test_a_rebuild_makes_the_read_side_again_to_the_byte() -> None:
    numbers = [a_published_story(title=f"Story {count}") for count in range(3)]
    take_down(numbers[1])
    withdraw(numbers[2])
    before = read_side()
    with transaction():
        assert life.rebuild_publications() == 1
    assert read_side() == before


def read_side() -> dict[str, list[tuple[object, ...]]]:
    tables = ("publications", "gone_publications", "listings", "tallies")
    return {name: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {name}"))), key=str) for name in tables}


def test_the_digest_of_a_revision_is_salted_and_covers_every_answer() -> None:
    first, second = (the_story(a_waiting_story()).waiting_revision for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.content == second.content
    assert first.digest != second.digest
    assert replace(first.content, outcome="worse") != first.content
