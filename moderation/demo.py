"""A new instance filled with invented stories in every state, by the moves of patients and of a team."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import inspect, select

from extensions import db, transact, transaction, utcnow
from moderation import claims, desk, queries
from moderation.accounts import services
from moderation.desk import Step, Verdict
from moderation.models import RoleName
from moderation.queries import Review
from stories import intake, keys, life
from stories.content import Redaction
from stories.demo import Invented
from stories.life import Seen
from stories.models import IMPORT, PATIENT, SYSTEM, Actor, Judgement, State, Story

KEYS_TO_TRY = (State.PUBLISHED, State.WITH_PATIENT, State.WAITING)


@dataclass(frozen=True)
class Team:
    """Who decides in a demonstration: two accounts that nobody can sign in to."""

    moderator: Actor
    lead: Actor


@dataclass(frozen=True)
class Filled:
    """What a demonstration holds: stories by state, how many of the published wait with an amendment.

    `to_try` are stories that open with a key: state, number and key.
    """

    counts: Counter[State]
    amended: int
    to_try: list[tuple[State, int, str]]


def fill(stories: list[Invented]) -> Filled:
    """What the instance holds after every one of `stories` was sent, checked and moved.

    Each step is a transaction of its own, as it would be for people.
    """
    team = _open_team()
    keys_by_number = dict(_make(story, team) for story in stories)
    _close_team(team)
    return _filled(keys_by_number)


def holds_a_story() -> bool:
    """Whether there is a story, in a database of whatever release."""
    return (
        inspect(db.engine).has_table(Story.__tablename__)
        and db.session.scalar(select(Story.id).limit(1)) is not None
    )


def _make(story: Invented, team: Team) -> tuple[int, str | None]:
    """The number and the key of the story, sent, checked, and moved as it says."""
    key = None if story.is_imported else keys.new_key()
    at = None if story.days_ago is None else utcnow() - timedelta(days=story.days_ago)
    sent, by = replace(story.submission, submitted_at=at), IMPORT if story.is_imported else PATIENT
    number = transact(lambda: intake.submit(sent, by=by, key=key).id)
    intake.check(number)
    for move in story.moves:
        transact(partial(_MOVES[move], number, story, team))
        intake.check(number)
    return number, key


def _decide(step: Step, number: int, story: Invented, team: Team) -> None:
    for mark in _screen(number)[0].open_marks:
        desk.judge(number, mark, Judgement.STANDS, _screen(number)[1], by=team.moderator)
    screen = _screen(number)[0]
    by = team.lead if screen.needs_another else team.moderator
    verdict = Verdict(step, story.reason, story.message, knows_unchecked=not screen.is_checked)
    if not _decided(number, verdict, by=by):
        _decided(number, verdict, by=team.lead)


def _decided(number: int, verdict: Verdict, *, by: Actor) -> bool:
    held = claims.open_story(number, by=by)
    assert held is not None
    assert held.token is not None
    return desk.decide(number, verdict, _screen(number)[1], held.token, by=by)


def _redact(number: int, story: Invented, team: Team) -> None:
    narrative = story.submission.content.narrative
    spans = [
        Redaction("narrative", narrative.index(words), narrative.index(words) + len(words), kind)
        for words, kind in story.take_out
    ]
    _screen_now, seen = _screen(number)
    desk.redact(number, spans, seen, by=team.moderator)


def _amend(number: int, story: Invented, _team: Team) -> None:
    assert story.later is not None
    intake.amend(number, story.later)


def _take_down(number: int, story: Invented, team: Team) -> None:
    assert story.reason is not None
    desk.take_down(number, story.reason, by=team.moderator)


def _withdraw(number: int, _story: Invented, _team: Team) -> None:
    life.withdraw(life.locked(number))


_MOVES: dict[str, Callable[[int, Invented, Team], None]] = {
    "approve": partial(_decide, Step.APPROVE),
    "decline": partial(_decide, Step.DECLINE),
    "ask_for_changes": partial(_decide, Step.ASK_FOR_CHANGES),
    "redact": _redact,
    "amend": _amend,
    "take_down": _take_down,
    "withdraw": _withdraw,
}


def _screen(number: int) -> tuple[Review, Seen]:
    """What somebody who opens the story now has before them."""
    screen = queries.review(number, by=SYSTEM)
    assert screen is not None
    assert screen.revision is not None
    return screen, Seen(screen.version, screen.revision.digest)


def _open_team() -> Team:
    with transaction():
        moderator = services.add("demo-moderator@example.org", [RoleName.MODERATOR])
        lead = services.add("demo-lead@example.org", [RoleName.LEAD])
        moderator.name, lead.name = "Demo moderator", "Demo lead"
        return Team(moderator.actor, lead.actor)


def _close_team(team: Team) -> None:
    with transaction():
        for actor in (team.moderator, team.lead):
            account = services.by_id(actor.id) if actor.id is not None else None
            assert account is not None
            services.deactivate(account)


def _filled(keys_by_number: dict[int, str | None]) -> Filled:
    stories = db.session.scalars(select(Story).order_by(Story.id)).all()
    to_try: dict[State, tuple[State, int, str]] = {}
    for story in stories:
        key = keys_by_number[story.id]
        if key is not None and story.state in KEYS_TO_TRY:
            to_try.setdefault(story.state, (story.state, story.id, key))
    return Filled(
        counts=Counter(story.state for story in stories),
        amended=sum(1 for story in stories if story.state is State.PUBLISHED and story.waiting_number is not None),
        to_try=[to_try[state] for state in KEYS_TO_TRY if state in to_try],
    )
