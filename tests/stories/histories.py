"""A site's history with every kind of event in it, made by real moves, and as it is exported."""

import json

from extensions import transaction
from stories import checkpoints, events, intake, life
from stories.checkpoints import Checkpoint
from stories.content import Redaction, RedactionKind
from stories.models import IMPORT
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
    put_back,
    seen,
    take_down,
    withdraw,
)

KINDS = frozenset({"submit", "check", *life.MOVES})


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
    a_waiting_story(title="One that waits")
    kept.append(a_checkpoint())
    return kept


def a_checkpoint() -> Checkpoint:
    end = events.verified()
    assert isinstance(end, events.Head)
    return checkpoints.sign(end)


def exported_lines() -> list[bytes]:
    """The lines of an export."""
    return [json.dumps(said).encode() for said in events.exported()]
