"""A site's history with every kind of event in it, made by real moves, and as it is exported."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import time_machine
from flask import current_app
from sqlalchemy import select

from extensions import db, transaction, utcnow
from moderation import claims
from stories import checkpoints, events, intake, life, seconding
from stories.checkpoints import Checkpoint
from stories.checks.finding import Finding as Noticed
from stories.checks.finding import FindingKind, MarkKind, Severity
from stories.content import Redaction, RedactionKind
from stories.models import IMPORT, Actor, ActorKind, Finding, Judgement
from tests.factories import (
    LEAD,
    MODERATOR,
    TOLD,
    a_submission,
    a_waiting_story,
    amend,
    approve,
    ask_for_changes,
    decline,
    judge,
    put_back,
    seen,
    take_down,
    undo,
    withdraw,
)

KINDS = frozenset({"submit", "check", "undo", "take_over", "read_first", "read_second", "read_again", *life.MOVES})
OTHER_LEAD = Actor(ActorKind.LEAD, 4)
NOTICED = Noticed(
    kind=FindingKind.PHONE,
    severity=Severity.WEAK,
    rule="phone.possible",
    rule_version=1,
    field="narrative",
    start=0,
    end=5,
    why="This may be a phone number.",
)


def redact(number: int) -> None:
    on_screen = seen(number)
    span = Redaction("narrative", 2, 6, RedactionKind.DETAIL)
    with transaction():
        life.redact(life.locked(number), on_screen, [span], by=MODERATOR)


def an_imported_story() -> int:
    with transaction():
        return intake.submit(a_submission(consent_publish=False, source="a file", source_id="7"), by=IMPORT).id


def a_full_history() -> list[Checkpoint]:
    """Every kind of event, of four stories and all kinds of actors; checkpoints made on the way and at its end."""
    kept = []
    shown = a_waiting_story()
    approve(shown)
    returned = a_waiting_story(title="Another one")
    redact(returned)
    ask_for_changes(returned)
    kept.append(a_checkpoint())
    amend(shown, narrative=f"{TOLD} It came back after a year.")
    approve(shown, by=LEAD)
    take_down(shown)
    put_back(shown)
    an_imported_story()
    kept.append(a_checkpoint())
    amend(returned, narrative=f"{TOLD} That was in spring.")
    decline(returned)
    withdraw(shown)
    at_the_desk()
    a_waiting_story(title="One that waits")
    kept.append(a_checkpoint())
    return kept


def at_the_desk() -> None:
    """What people of the team do beside deciding, on a story that is erased in the end."""
    number = a_waiting_story(condition=None, condition_other="a scaly patch")
    open_a_mark(number)
    with transaction():
        life.file(life.locked(number), condition="actinic-keratosis", agent=None, by=MODERATOR)
        claims.open_story(number, by=MODERATOR)
        claims.take_over(number, by=LEAD)
    with with_chosen(undo_minutes=60, small_team=True, second_reading_percent=100):
        judge(number, MarkKind.LEGAL, by=LEAD)
        with time_machine.travel(utcnow() + seconding.ALONE_AFTER):
            approve(number, by=LEAD)
            undo(number, by=LEAD)
        twice = a_waiting_story(title="Read twice")
        approve(twice)
        decline(twice, by=LEAD)
        decline(twice, by=OTHER_LEAD)
    with transaction():
        life.erase(life.locked(number), by=LEAD, reason="law")


def open_a_mark(number: int) -> None:
    with transaction():
        story = life.locked(number)
        revision = story.waiting_revision
        assert revision is not None
        life.note_checks(story, revision, (NOTICED,), ())
        finding = db.session.scalars(select(Finding.id).where(Finding.revision_id == revision.id)).one()
    for move in (
        partial(life.judge_finding, finding_id=finding, judgement=Judgement.DISMISSED),
        partial(life.mark, kind=MarkKind.LEGAL),
    ):
        on_screen = seen(number)
        with transaction():
            move(life.locked(number), on_screen, by=MODERATOR)


@contextmanager
def with_chosen(**values: object) -> Iterator[None]:
    """Other settings for as long as it lasts."""
    before = current_app.extensions["firsthand_settings"]
    current_app.extensions["firsthand_settings"] = replace(before, **values)
    try:
        yield
    finally:
        current_app.extensions["firsthand_settings"] = before


def a_checkpoint() -> Checkpoint:
    end = events.verified()
    assert isinstance(end, events.Head)
    return checkpoints.sign(end)


def exported_lines() -> list[bytes]:
    """The lines of an export."""
    return [json.dumps(said).encode() for said in events.exported()]
