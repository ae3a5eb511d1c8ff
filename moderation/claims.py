"""Who has a story open: a lease that ends by the database's clock, and that a decision must still hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from extensions import database_clock, db, settings
from stories import events, keys
from stories.models import Actor, ActorKind, Claim, Story
from stories.refusal import ClaimLost, NeedsLead, NoSuchStory


@dataclass(frozen=True)
class Held:
    """Who holds a story, since when and until when; the token is known to the holder alone."""

    holder_id: int
    since: datetime
    until: datetime
    token: str | None


def open_story(number: int, *, by: Actor) -> Held | None:
    """Hold story `number` for `by`, or say who does; None when nothing of it waits.

    Whoever holds it already holds it anew. Runs inside a transaction. Raises NoSuchStory.
    """
    claim, now = _locked(number), database_clock()
    waits = db.session.execute(select(Story.waiting_number).where(Story.id == number)).one_or_none()
    if waits is None:
        raise NoSuchStory("There is no story with this number.")
    if waits[0] is None:
        return None
    if claim is None:
        claim = _begun(number, now, by=by)
    elif claim.holder_id == by.id:
        claim.ends_at = now + _lease()
    elif claim.ends_at <= now:
        _pass_on(claim, now, by=by)
    db.session.flush()
    return _held(claim, by=by)


def take_over(number: int, *, by: Actor) -> None:
    """Hold a story that somebody else holds. Raises NeedsLead, NoSuchStory."""
    if by.kind is not ActorKind.LEAD:
        raise NeedsLead("Only a lead takes over a story that somebody has open.")
    held = open_story(number, by=by)
    if held is None or held.token is not None:
        return
    claim = _locked(number)
    assert claim is not None
    _pass_on(claim, database_clock(), by=by)
    db.session.flush()
    events.append("take_over", by=by, story_id=number, holder=held.holder_id)


def give_back(number: int, token: str, *, by: Actor) -> None:
    """Let others have the story. Done twice, or with a lost claim, it succeeds."""
    db.session.execute(
        delete(Claim).where(Claim.story_id == number, Claim.holder_id == by.id, Claim.token == token)
    )


def confirm(number: int, token: str, *, by: Actor) -> None:
    """Lock the claim, first of all that a decision locks; it must be the one whose `token` the page had.

    A lease that is over but that nobody has taken since is still good. Raises ClaimLost.
    """
    claim = _locked(number)
    if claim is None or claim.holder_id != by.id or claim.token != token:
        raise ClaimLost("You do not hold this story any more, so nothing was decided.")


def refuse_if_others_hold(number: int, *, by: Actor) -> None:
    """Lock the claim, and raise ClaimLost while another person holds the story."""
    claim = _locked(number)
    if claim is not None and claim.holder_id != by.id and claim.ends_at > database_clock():
        raise ClaimLost("Another person has this story open, so nothing was changed.")


def end(number: int) -> None:
    """Forget who held a story that was decided."""
    db.session.execute(delete(Claim).where(Claim.story_id == number))


def _locked(number: int) -> Claim | None:
    wanted = select(Claim).where(Claim.story_id == number).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _begun(number: int, now: datetime, *, by: Actor) -> Claim:
    """A new claim of `by`; of two who open a story at once, that of the first."""
    assert by.id is not None
    try:
        with db.session.begin_nested():
            claim = Claim(story_id=number, holder_id=by.id, token=keys.new_secret(), taken_at=now)
            claim.ends_at = now + _lease()
            db.session.add(claim)
    except IntegrityError:
        first = _locked(number)
        assert first is not None
        return first
    return claim


def _pass_on(claim: Claim, now: datetime, *, by: Actor) -> None:
    assert by.id is not None
    claim.holder_id, claim.token = by.id, keys.new_secret()
    claim.taken_at, claim.ends_at = now, now + _lease()


def _held(claim: Claim, *, by: Actor) -> Held:
    return Held(claim.holder_id, claim.taken_at, claim.ends_at, claim.token if claim.holder_id == by.id else None)


def _lease() -> timedelta:
    return timedelta(minutes=settings().claim_minutes)
