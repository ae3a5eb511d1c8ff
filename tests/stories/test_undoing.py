"""Undoing a decision, filing a story, judging a finding, erasing: what people of the team add or take back."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from extensions import db, transaction, utcnow
from stories import events, life
from stories.checks.finding import MarkKind
from stories.models import ContentNote, Decision, Finding, Judgement, Message, Revision, State
from stories.reading.models import GonePublication, Publication
from stories.refusal import MoveRefused, NeedsLead
from stories.telling.queries import own_story
from tests.conftest import with_settings
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
    escalate,
    published_digests,
    seen,
    take_down,
    the_story,
    undo,
    withdraw,
)
from tests.stories.test_life import CRISIS, note, read_side, the_publication
from tests.stories.test_second_reading import OTHER, OTHER_LEAD, marks_of

UNDO_MINUTES = 10


@pytest.fixture(autouse=True)
def a_window(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(app, monkeypatch, undo_minutes=UNDO_MINUTES)


def place(number: int) -> tuple[object, ...]:
    story = the_story(number)
    return story.state, story.waiting_number, story.published_number, story.lane, story.due_at


@pytest.mark.parametrize("move", [approve, decline, ask_for_changes])
@pytest.mark.parametrize("make", [a_waiting_story, an_amended_story])
def test_an_undone_decision_leaves_everything_as_it_was_before(make, move) -> None:  # type: ignore[no-untyped-def]
    number = make()
    before, shown = place(number), published_digests()
    move(number)
    undo(number)
    assert (place(number), published_digests()) == (before, shown)
    assert db.session.scalars(select(Message).where(Message.story_id == number)).all() == []


def test_what_was_public_for_a_moment_is_gone_and_can_be_approved_again_under_its_address() -> None:
    number = a_published_story()
    public_id = the_story(number).public_id
    undo(number)
    assert db.session.get(GonePublication, public_id) is not None
    approve(number)
    assert the_story(number).public_id == public_id
    assert db.session.get(Publication, public_id) is not None


def test_after_an_undone_approval_of_an_amendment_readers_see_the_old_words_to_the_byte() -> None:
    number = an_amended_story()
    before = read_side()
    approve(number)
    undo(number)
    assert read_side() == before


def test_another_decision_can_follow_an_undone_one_and_both_are_kept() -> None:
    number = a_waiting_story()
    decline(number)
    undo(number)
    approve(number)
    kept = db.session.scalars(select(Decision).where(Decision.story_id == number).order_by(Decision.id)).all()
    assert [(one.kind.value, one.undone_at is not None) for one in kept] == [("decline", True), ("approve", False)]
    assert [event.kind for event in events.history(number)][-3:] == ["decline", "undo", "approve"]


def test_only_who_decided_or_a_lead_undoes() -> None:
    number = a_waiting_story()
    decline(number, by=MODERATOR)
    with pytest.raises(MoveRefused, match="or a lead"):
        undo(number, by=OTHER)
    undo(number, by=LEAD)
    assert the_story(number).state is State.WAITING


def test_a_decision_is_undone_within_its_window_only() -> None:
    number = a_waiting_story()
    decline(number)
    with (
        time_machine.travel(utcnow() + timedelta(minutes=UNDO_MINUTES, seconds=1)),
        pytest.raises(MoveRefused, match="10 minutes"),
    ):
        undo(number)


@pytest.mark.parametrize("later", [amend, take_down, withdraw])
def test_a_decision_after_which_anything_happened_is_not_undone(later) -> None:  # type: ignore[no-untyped-def]
    number = a_published_story()
    later(number)
    state = the_story(number).state
    with pytest.raises(MoveRefused, match="since"):
        undo(number)
    assert the_story(number).state is state


def told(number: int) -> tuple[State, list[str], bool]:
    """What the patient sees of their story."""
    own = own_story(number)
    assert own is not None
    return own.state, [str(message.decision) for message in own.messages], own.has_waiting_words


@pytest.mark.parametrize("move", [approve, decline, ask_for_changes])
@pytest.mark.parametrize("make", [a_waiting_story, an_amended_story])
def test_the_patient_hears_of_a_decision_when_it_cannot_be_undone_any_more(make, move) -> None:  # type: ignore[no-untyped-def]
    number = make()
    before = told(number)
    move(number)
    assert told(number) == before
    state = the_story(number).state
    with time_machine.travel(utcnow() + timedelta(minutes=UNDO_MINUTES, seconds=1)):
        assert told(number)[0] is state
        assert not told(number)[2]


def test_the_patient_hears_at_once_of_what_happened_after_a_decision() -> None:
    number = a_published_story()
    take_down(number)
    assert told(number)[0] is State.TAKEN_DOWN


def test_nothing_is_undone_twice() -> None:
    number = a_waiting_story()
    with pytest.raises(MoveRefused, match="no decision"):
        undo(number)
    decline(number)
    undo(number)
    with pytest.raises(MoveRefused):
        undo(number)


def test_undoing_what_a_lead_decided_hands_the_story_on_again() -> None:
    number = a_waiting_story()
    escalate(number)
    decline(number, by=LEAD)
    undo(number, by=OTHER_LEAD)
    assert marks_of(number) == [(MarkKind.ESCALATED, None)]
    decline(number, by=OTHER_LEAD)


def test_a_content_note_is_approved_with_the_words_and_is_part_of_what_readers_see() -> None:
    number = a_waiting_story()
    on_screen = seen(number)
    with transaction():
        life.approve(life.locked(number), on_screen, by=MODERATOR, notes=[ContentNote.CANCER])
    before = read_side()
    publication = the_publication(number)
    assert publication is not None
    assert publication.shown["content_notes"] == ["cancer"]
    with transaction():
        life.rebuild_publications()
    assert read_side() == before


def file(number: int, **places: str | None) -> None:
    with transaction():
        life.file(life.locked(number), **{"condition": None, "agent": None, **places}, by=MODERATOR)


def test_a_story_is_filed_where_the_patient_named_no_entry_and_their_words_stay() -> None:
    number = a_waiting_story(condition=None, condition_other="a scaly patch")
    approve(number)
    file(number, condition="actinic-keratosis")
    publication = the_publication(number)
    assert publication is not None
    shown = publication.shown
    assert (shown["condition"], shown["condition_other"], shown["filed"]) == (
        "actinic-keratosis",
        "a scaly patch",
        ["condition"],
    )


def test_a_story_is_not_filed_against_its_patients_answer_nor_under_what_does_not_exist() -> None:
    number = a_waiting_story()
    with pytest.raises(MoveRefused):
        file(number, condition="vitiligo")
    other = a_waiting_story(agent=None, agent_other="a cream")
    with pytest.raises(MoveRefused):
        file(other, agent="snake-oil")


def test_what_was_judged_of_a_finding_is_kept_over_a_redaction_and_counted_by_its_event() -> None:
    number = a_waiting_story()
    note(number, CRISIS)
    on_screen = seen(number)
    finding = db.session.scalars(select(Finding)).one()
    with transaction():
        life.judge_finding(life.locked(number), on_screen, finding.id, Judgement.DISMISSED, by=MODERATOR)
    note(number, CRISIS)
    assert db.session.scalars(select(Finding.judgement)).all() == [Judgement.DISMISSED]
    said = next(event for event in events.history(number) if event.kind == "judge_finding").details
    assert said == {"rule": CRISIS.rule, "rule_version": 1, "judgement": "dismissed"}


def test_a_lead_erases_a_story_and_the_reason_stays() -> None:
    number = a_published_story()
    with pytest.raises(NeedsLead), transaction():
        life.erase(life.locked(number), by=MODERATOR, reason="law")
    for _again in range(2):
        with transaction():
            life.erase(life.locked(number), by=LEAD, reason="law")
    assert the_story(number).state is State.WITHDRAWN
    assert db.session.scalars(select(Revision).where(Revision.story_id == number)).all() == []
    last = events.history(number)[-1]
    assert (last.kind, last.details) == ("erase", {"reason": "law"})
    assert TOLD not in str(last.details)
