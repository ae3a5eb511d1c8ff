"""Marks that are judged, stories handed on, the random share that two people read; nobody seconds themselves."""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError

from extensions import db, transaction, utcnow
from stories import events, life, seconding
from stories.checks.finding import MarkKind
from stories.lanes import ALLOWANCES
from stories.models import Actor, ActorKind, Decision, DecisionKind, Judgement, Lane, Mark, Reading, State
from stories.refusal import MoveRefused, NeedsAnotherPerson, NeedsLead, OpenMarks, StaleRevision
from tests.conftest import with_settings
from tests.factories import (
    LEAD,
    MODERATOR,
    TOLD,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    escalate,
    judge,
    published_digests,
    seen,
    the_story,
)
from tests.stories.test_life import CRISIS, note, place_of, redact

pytestmark = pytest.mark.usefixtures("database")

OTHER = Actor(ActorKind.MODERATOR, 3)
OTHER_LEAD = Actor(ActorKind.LEAD, 4)
DAY_LATER = seconding.ALONE_AFTER


@pytest.fixture
def everything_is_read_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(app, monkeypatch, second_reading_percent=100)


@pytest.fixture
def a_small_team(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(app, monkeypatch, small_team=True)


def a_marked_story() -> int:
    number = a_waiting_story()
    note(number, CRISIS)
    return number


def put_mark(number: int, kind: MarkKind, *, by: Actor = MODERATOR) -> None:
    on_screen = seen(number)
    with transaction():
        life.mark(life.locked(number), on_screen, kind, by=by)


def marks_of(number: int) -> list[tuple[MarkKind, Judgement | None]]:
    rows = db.session.execute(select(Mark.kind, Mark.judgement).where(Mark.story_id == number).order_by(Mark.id))
    return list(rows.tuples())


@pytest.mark.parametrize("move", [approve, decline, ask_for_changes])
def test_every_open_mark_is_judged_before_anything_is_decided(move) -> None:  # type: ignore[no-untyped-def]
    number = a_marked_story()
    with pytest.raises(OpenMarks):
        move(number, by=LEAD)
    judge(number, MarkKind.SAFEGUARDING)
    move(number, by=OTHER)
    assert the_story(number).waiting_number is None


def test_whoever_judged_a_mark_does_not_approve_the_same_words() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    with pytest.raises(NeedsAnotherPerson):
        approve(number, by=MODERATOR)
    approve(number, by=OTHER)
    assert the_story(number).state is State.PUBLISHED


def test_whoever_judged_a_mark_may_decline() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    decline(number, by=MODERATOR)
    assert the_story(number).state is State.DECLINED


def test_taking_words_out_does_not_let_the_judge_approve() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    redact(number, place_of("second week"))
    with pytest.raises(NeedsAnotherPerson):
        approve(number, by=MODERATOR)


def test_a_judged_mark_is_not_opened_again_by_the_same_words_and_is_by_new_ones() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING)
    note(number, CRISIS)
    assert marks_of(number) == [(MarkKind.SAFEGUARDING, Judgement.STANDS)]
    amend(number, narrative=f"{TOLD} It is back.")
    note(number, CRISIS)
    assert marks_of(number) == [(MarkKind.SAFEGUARDING, Judgement.STANDS), (MarkKind.SAFEGUARDING, None)]


def test_new_words_of_the_patient_may_be_approved_by_anybody() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    amend(number, narrative=f"{TOLD} I am well.")
    approve(number, by=MODERATOR)
    assert the_story(number).state is State.PUBLISHED


def test_a_person_sets_a_mark_and_it_is_judged_like_one_of_a_check() -> None:
    number = a_waiting_story()
    put_mark(number, MarkKind.LEGAL)
    put_mark(number, MarkKind.LEGAL)
    assert marks_of(number) == [(MarkKind.LEGAL, None)]
    judge(number, MarkKind.LEGAL, Judgement.DISMISSED)
    assert [event.kind for event in events.history(number)][-2:] == ["mark", "judge"]
    with pytest.raises(MoveRefused):
        judge(number, MarkKind.LEGAL)


def test_a_mark_on_words_that_were_not_seen_is_refused() -> None:
    number = a_marked_story()
    on_screen = seen(number)
    amend(number, narrative=f"{TOLD} And then it was well.")
    with pytest.raises(StaleRevision), transaction():
        life.judge(life.locked(number), on_screen, MarkKind.SAFEGUARDING, Judgement.DISMISSED, by=MODERATOR)


def test_a_story_that_was_handed_on_is_decided_by_a_lead_who_is_another_person() -> None:
    number = a_waiting_story()
    escalate(number, by=LEAD)
    with pytest.raises(NeedsLead):
        approve(number, by=OTHER)
    with pytest.raises(NeedsAnotherPerson):
        decline(number, by=LEAD)
    approve(number, by=OTHER_LEAD)
    assert marks_of(number) == [(MarkKind.ESCALATED, Judgement.STANDS)]


def test_a_lead_who_took_words_out_does_not_decide_on_what_was_handed_on() -> None:
    number = a_waiting_story()
    escalate(number, by=MODERATOR)
    on_screen = seen(number)
    with transaction():
        life.redact(life.locked(number), on_screen, [place_of("second week")], by=LEAD)
    note(number)
    with pytest.raises(NeedsAnotherPerson):
        approve(number, by=LEAD)
    approve(number, by=OTHER_LEAD)


def test_a_story_is_handed_on_once() -> None:
    number = a_waiting_story()
    escalate(number)
    with pytest.raises(MoveRefused):
        escalate(number, by=OTHER)


def test_where_one_person_did_their_part_the_story_waits_for_another_and_keeps_its_place() -> None:
    judged, handed_on = a_marked_story(), a_waiting_story()
    due_at = the_story(handed_on).due_at
    judge(judged, MarkKind.SAFEGUARDING)
    escalate(handed_on)
    story = the_story(judged)
    revision = story.waiting_revision
    assert revision is not None
    assert (story.lane, story.due_at) == (Lane.NEEDS_ANOTHER_PERSON, revision.created_at)
    assert (the_story(handed_on).lane, the_story(handed_on).due_at) == (Lane.NEEDS_ANOTHER_PERSON, due_at)


def test_every_lane_has_an_allowance() -> None:
    assert set(ALLOWANCES) == set(Lane)


@pytest.mark.usefixtures("everything_is_read_twice")
def test_of_the_random_share_two_people_who_agree_decide() -> None:
    number = a_waiting_story()
    approve(number, by=MODERATOR)
    story = the_story(number)
    assert (story.state, story.lane) == (State.WAITING, Lane.NEEDS_ANOTHER_PERSON)
    assert published_digests() == set()
    approve(number, by=OTHER)
    assert the_story(number).state is State.PUBLISHED
    assert events.history(number)[-1].details["first_reading"] == "approve"


@pytest.mark.usefixtures("everything_is_read_twice")
def test_the_history_does_not_tell_the_second_what_the_first_would_decide() -> None:
    number = a_waiting_story()
    approve(number, by=MODERATOR)
    first = events.history(number)[-1]
    assert (first.kind, first.details) == ("read_first", {})


@pytest.mark.usefixtures("everything_is_read_twice")
def test_of_the_random_share_nobody_reads_twice() -> None:
    number = a_waiting_story()
    approve(number, by=MODERATOR)
    for again in (approve, decline, ask_for_changes):
        with pytest.raises(NeedsAnotherPerson):
            again(number, by=MODERATOR)


@pytest.mark.usefixtures("everything_is_read_twice")
def test_two_who_disagree_hand_the_story_on_to_a_lead_who_is_neither_of_them() -> None:
    number = a_waiting_story()
    approve(number, by=LEAD)
    decline(number, by=OTHER)
    assert marks_of(number) == [(MarkKind.ESCALATED, None)]
    assert the_story(number).state is State.WAITING
    with pytest.raises(NeedsAnotherPerson):
        approve(number, by=LEAD)
    decline(number, by=OTHER_LEAD)
    assert the_story(number).state is State.DECLINED
    said = events.history(number)[-2].details
    assert (said["first_reading"], said["second_reading"]) == ("approve", "decline")


@pytest.mark.usefixtures("everything_is_read_twice")
def test_a_story_that_had_a_mark_is_read_by_two_anyway_and_by_no_third() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    approve(number, by=OTHER)
    assert the_story(number).state is State.PUBLISHED


def test_the_random_share_is_about_what_the_setting_says_and_no_redaction_draws_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = [f"{count:064x}" for count in range(4_000)]
    with_settings(app, monkeypatch, second_reading_percent=5)
    drawn = sum(seconding.is_drawn(root) for root in roots)
    assert 140 < drawn < 260
    number = a_waiting_story()
    root = seconding.root_of(the_story(number))
    redact(number, place_of("second week"))
    assert seconding.root_of(the_story(number)) == root


@pytest.mark.usefixtures("a_small_team")
def test_in_a_small_team_one_person_reads_a_second_time_after_a_day_and_it_is_an_event() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    with pytest.raises(NeedsAnotherPerson, match="24 hours"):
        approve(number, by=MODERATOR)
    with time_machine.travel(utcnow() + DAY_LATER):
        approve(number, by=MODERATOR)
    assert the_story(number).state is State.PUBLISHED
    assert [event.kind for event in events.history(number)][-2:] == ["read_again", "approve"]


def test_without_the_setting_a_day_changes_nothing() -> None:
    number = a_marked_story()
    judge(number, MarkKind.SAFEGUARDING, by=MODERATOR)
    with time_machine.travel(utcnow() + DAY_LATER), pytest.raises(NeedsAnotherPerson):
        approve(number, by=MODERATOR)


def a_decision_row(number: int, by_id: int, kind: DecisionKind, *, is_alone: bool = False) -> None:
    """Decide behind the product's back."""
    story = the_story(number)
    revision = story.waiting_revision
    assert revision is not None
    values = {
        "story_id": number,
        "revision_digest": revision.digest,
        "root": seconding.root_of(story),
        "kind": kind,
        "notes": [],
        "decided_by_kind": ActorKind.LEAD,
        "decided_by_id": by_id,
        "decided_at": utcnow(),
        "is_alone": is_alone,
        "before": {},
        "version_after": 0,
    }
    with transaction():
        db.session.execute(insert(Decision).values(**values))


def test_the_database_itself_lets_nobody_second_themselves() -> None:
    judged, handed_on, read = a_marked_story(), a_waiting_story(), a_waiting_story()
    judge(judged, MarkKind.SAFEGUARDING, by=MODERATOR)
    escalate(handed_on, by=MODERATOR)
    with transaction():
        root = seconding.root_of(the_story(read))
        db.session.add(Reading(story_id=read, root=root, kind=DecisionKind.DECLINE, by_id=1, at=utcnow()))
    for number, kind in ((judged, "approve"), (handed_on, "decline"), (read, "decline")):
        with pytest.raises(DatabaseError, match="nobody seconds themselves"):
            a_decision_row(number, 1, DecisionKind(kind))
        a_decision_row(number, 2, DecisionKind(kind))


def test_the_database_lets_nobody_read_the_same_words_twice() -> None:
    number = a_waiting_story()
    root = seconding.root_of(the_story(number))
    for attempt in range(2):
        reading = Reading(story_id=number, root=root, kind=DecisionKind.APPROVE, by_id=1, at=utcnow())
        if attempt:
            with pytest.raises(DatabaseError), transaction():
                db.session.add(reading)
        else:
            with transaction():
                db.session.add(reading)
