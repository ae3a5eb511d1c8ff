"""Who has a story open: leases, what becomes of them, and what a decision says that lost its own."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from extensions import db, transact, transaction, utcnow
from moderation import claims
from moderation.claims import Held
from moderation.models import RoleName
from stories import events
from stories.models import Actor, ActorKind, Claim, State
from stories.refusal import ClaimLost, NeedsLead, NoSuchStory
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import LEAD, MODERATOR, a_waiting_story, amend, decline, the_story
from tests.moderation.desk import at_the_desk, decide, form_of, step

OTHER = Actor(ActorKind.MODERATOR, 3)


def opened(number: int, by: Actor = MODERATOR) -> Held:
    held = transact(lambda: claims.open_story(number, by=by))
    assert held is not None
    return held


def confirmed(number: int, token: str, by: Actor = MODERATOR) -> None:
    with transaction():
        claims.confirm(number, token, by=by)


def run_out(number: int) -> None:
    """Let the lease of whoever holds the story be over."""
    with transaction():
        over = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
        db.session.execute(update(Claim).where(Claim.story_id == number).values(ends_at=over))


def two_at_their_desks(database: Database) -> tuple[PageClient, PageClient]:
    first, second = database.app.test_client(), database.app.test_client()
    assert isinstance(first, PageClient)
    assert isinstance(second, PageClient)
    at_the_desk(first, "Samir")
    at_the_desk(second, "Lena", RoleName.LEAD)
    return first, second


@pytest.mark.usefixtures("database")
def test_two_at_once_one_holds_the_story_and_the_other_sees_who() -> None:
    number = a_waiting_story()
    first, second = opened(number), opened(number, OTHER)
    assert first.token is not None
    assert (second.token, second.holder_id) == (None, MODERATOR.id)


@pytest.mark.usefixtures("database")
def test_a_second_tab_of_the_holder_has_the_same_claim_for_longer() -> None:
    number = a_waiting_story()
    first, second = opened(number), opened(number)
    assert first.token == second.token
    assert second.until >= first.until


def test_expiry_while_reading_lets_others_have_the_story(database: Database) -> None:
    number = a_waiting_story()
    first, second = two_at_their_desks(database)
    form_of(first, number)
    assert "Samir has this story open" in second.get(f"/moderation/stories/{number}").text
    run_out(number)
    assert form_of(second, number)["claim"]


def test_a_decision_after_expiry_counts_while_nobody_has_taken_the_story(database: Database) -> None:
    number = a_waiting_story()
    first, _second = two_at_their_desks(database)
    shown = form_of(first, number)
    run_out(number)
    assert decide(first, number, "approve", shown).status_code == 303


def test_a_decision_after_expiry_is_told_who_has_the_story_now_and_keeps_what_was_typed(
    database: Database,
) -> None:
    number = a_waiting_story()
    first, second = two_at_their_desks(database)
    shown = form_of(first, number)
    run_out(number)
    form_of(second, number)
    answer = decide(first, number, "decline", shown, reason="repeat", message="It came before.")
    assert answer.status_code == 409
    assert "You do not hold this story any more" in answer.text
    assert "Lena has this story open" in answer.text
    assert "It came before." in answer.text
    assert the_story(number).state is State.WAITING


def test_cancel_and_come_back(database: Database) -> None:
    number = a_waiting_story()
    first, second = two_at_their_desks(database)
    before = form_of(first, number)
    assert step(first, number, "release").headers["Location"].endswith("/moderation/queue")
    held = form_of(second, number)
    assert decide(first, number, "approve", before).status_code == 409
    assert decide(second, number, "approve", held).status_code == 303


@pytest.mark.usefixtures("database")
def test_after_a_crash_of_the_holder_the_story_is_free_when_the_lease_is_over() -> None:
    number = a_waiting_story()
    token = opened(number).token
    run_out(number)
    assert opened(number, OTHER).token not in (None, token)
    with pytest.raises(ClaimLost):
        confirmed(number, token or "")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("skew", [timedelta(hours=-3), timedelta(hours=3)])
def test_clock_skew_of_a_machine_neither_ends_nor_lengthens_a_lease(skew: timedelta) -> None:
    number = a_waiting_story()
    before = opened(number).until
    with time_machine.travel(utcnow() + skew):
        assert opened(number, OTHER).token is None
        assert abs(opened(number).until - before) < timedelta(minutes=2)


def test_pre_emption_is_for_leads_and_is_an_event(database: Database) -> None:
    number = a_waiting_story()
    first, lead = two_at_their_desks(database)
    shown = form_of(first, number)
    assert step(lead, number, "take-over").status_code == 303
    assert decide(first, number, "approve", shown).status_code == 409
    assert step(first, number, "take-over").status_code == 422
    assert decide(lead, number, "approve").status_code == 303
    assert "take_over" in [event.kind for event in events.history(number)]


@pytest.mark.usefixtures("database")
def test_pre_emption_by_a_moderator_is_refused() -> None:
    number = a_waiting_story()
    opened(number)
    with pytest.raises(NeedsLead), transaction():
        claims.take_over(number, by=OTHER)
    with transaction():
        claims.take_over(number, by=LEAD)
    assert db.session.scalars(select(Claim.holder_id)).one() == LEAD.id


@pytest.mark.usefixtures("database")
def test_what_does_not_wait_is_not_held() -> None:
    number = a_waiting_story()
    decline(number)
    assert transact(lambda: claims.open_story(number, by=MODERATOR)) is None
    with pytest.raises(NoSuchStory), transaction():
        claims.open_story(4711, by=MODERATOR)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_token_that_is_none_confirms_nothing(token: str) -> None:
    number = a_waiting_story()
    opened(number)
    with pytest.raises(ClaimLost):
        confirmed(number, token)


@pytest.mark.usefixtures("database")
def test_a_token_of_somebody_else_confirms_nothing() -> None:
    number = a_waiting_story()
    token = opened(number).token
    with pytest.raises(ClaimLost):
        confirmed(number, token or "", OTHER)


def test_while_somebody_has_a_story_open_nobody_else_changes_it(database: Database) -> None:
    number = a_waiting_story()
    first, second = two_at_their_desks(database)
    form_of(first, number)
    assert step(second, number, "mark", mark="legal").status_code == 409


def test_an_amendment_does_not_end_a_claim_and_its_decision_is_refused_for_the_words(database: Database) -> None:
    number = a_waiting_story()
    first, _second = two_at_their_desks(database)
    shown = form_of(first, number)
    amend(number, narrative="It came back after a year, and then went away again. " * 4)
    answer = decide(first, number, "approve", shown)
    assert answer.status_code == 409
    assert "The words have changed" in answer.text
    assert decide(first, number, "approve").status_code == 303


def test_an_open_page_renews_its_lease_and_learns_when_it_was_lost(database: Database) -> None:
    number = a_waiting_story()
    first, second = two_at_their_desks(database)
    form_of(first, number)
    run_out(number)
    assert step(first, number, "claim").status_code == 204
    step(second, number, "take-over")
    data = {"csrf_token": first.token(f"/moderation/stories/{number}")}
    assert first.post(f"/moderation/stories/{number}/claim", data=data).status_code == 409
