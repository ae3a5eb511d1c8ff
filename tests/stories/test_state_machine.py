"""The life of a story as random sequences of moves, held against a model that knows nothing of the code."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import func, select, text

from extensions import db, transact, transaction
from stories import drafts, events, intake, keys, life, showing
from stories.checks.finding import MarkKind
from stories.content import Redaction, RedactionKind
from stories.life import Seen
from stories.models import IMPORT, PATIENT, Actor, ActorKind, Decision, Event, Judgement, Story
from stories.reading.models import ANY, GonePublication, Listing, Publication, Tally
from stories.refusal import MoveRefused
from tests.conftest import Database, with_settings
from tests.factories import LEAD, MODERATOR, a_submission
from tests.stories.test_life import CRISIS
from tests.stories.test_replaying import in_the_database, replayed

WORDS = ("heel", "scalp", "shoulder", "eyebrow", "thumb")
FILLER = (
    " itched for weeks, then it peeled, then it was quiet. I kept a diary of it. " + "It went on for long. " * 4
)
AGENTS = ("imiquimod-5", "diphencyprone", "cryotherapy")
OUTCOMES = ("cleared", "no_change", "worse")
TEAM = st.sampled_from([MODERATOR, LEAD, Actor(ActorKind.MODERATOR, 3), Actor(ActorKind.LEAD, 4)])


@dataclass
class Told:
    """What the model knows of one revision."""

    words: str
    agent: str
    outcome: str
    taken_out: bool = False
    is_checked: bool = False

    @property
    def shown(self) -> str:
        return self.words.replace(self.words.split()[1], "[place]", 1) if self.taken_out else self.words


@dataclass
class Model:
    """What the model knows of one story: its state by the table in the design, and which words are public."""

    state: str
    waiting: Told | None
    has_consent: bool
    public: Told | None = None
    latest: Told | None = None
    has_open_mark: bool = False
    judges: set[int] = field(default_factory=set)
    """Who judged marks on the patient's words that wait."""

    escalated_by: int | None = None
    redacted_by: set[int] = field(default_factory=set)
    """Who took words out of the patient's words that wait."""

    undoable: "Undoable | None" = None
    was_public: bool = False
    moves: list[str] = field(default_factory=lambda: ["submit"])


@dataclass
class Undoable:
    """What the model was before the last decision, while nothing has happened since."""

    before: Model
    by: Actor


class Lives(RuleBasedStateMachine):
    """Many stories, many actors, every move, fitting or not."""

    stories: Bundle[int] = Bundle("stories")
    screens: Bundle[tuple[int, Seen]] = Bundle("screens")
    sent: Bundle[tuple[str, dict[str, list[str]], int, str | None]] = Bundle("sent")

    def __init__(self, database: Database) -> None:
        super().__init__()
        db.session.remove()
        database.empty()
        self.models: dict[int, Model] = {}

    def told(self, word: str, agent: str, outcome: str) -> Told:
        return Told(f"My {word}{FILLER}", agent, outcome)

    def submission(self, told: Told, **more: Any) -> Any:
        answers = {"narrative": told.words, "agent": told.agent, "outcome": told.outcome}
        return a_submission(title=None, combined=("emollients:before",), **answers, **more)

    # ---- moves -----------------------------------------------------------------------------------------------

    @rule(
        target=stories,
        word=st.sampled_from(WORDS),
        agent=st.sampled_from(AGENTS),
        outcome=st.sampled_from(OUTCOMES),
        has_consent=st.sampled_from([True, True, True, False]),
    )
    def submit(self, word: str, agent: str, outcome: str, *, has_consent: bool) -> int:
        told = self.told(word, agent, outcome)
        more = {} if has_consent else {"consent_publish": False, "source": "a file", "source_id": keys.new_secret()}
        submission = self.submission(told, **more)
        by = PATIENT if has_consent else IMPORT
        number = transact(lambda: intake.submit(submission, by=by).id)
        self.models[number] = Model("waiting", told, has_consent, latest=told)
        return number

    @rule(target=sent, word=st.sampled_from(WORDS))
    def send_a_draft(self, word: str) -> tuple[str, dict[str, list[str]], int, str | None]:
        secret, told = keys.new_secret(), self.told(word, AGENTS[0], OUTCOMES[0])
        answers = {"narrative": [told.words]}
        done = transact(partial(drafts.send, secret, answers, self.submission(told)))
        self.models[done.number] = Model("waiting", told, True, latest=told)
        return secret, answers, done.number, done.key

    @rule(again=sent)
    def send_the_same_draft_again(self, again: tuple[str, dict[str, list[str]], int, str | None]) -> None:
        secret, answers, number, key = again
        told = self.models[number].latest or self.told(WORDS[0], AGENTS[0], OUTCOMES[0])
        done = transact(partial(drafts.send, secret, answers, self.submission(told)))
        assert (done.number, done.key, done.is_new) == (number, key, False)

    @rule(target=screens, number=stories)
    def open_for_review(self, number: int) -> Any:
        story = self.story(number)
        revision = story.waiting_revision
        return (number, Seen(story.version, revision.digest)) if revision else multiple()

    @rule(number=stories, found=st.sampled_from(["nothing", "nothing", "crisis", "failed"]))
    def check(self, number: int, found: str) -> None:
        model, revision = self.models[number], self.story(number).waiting_revision
        assert (revision is None) == (model.waiting is None)
        if revision is None or model.waiting is None:
            return
        with transaction():
            story = life.locked(number)
            noticed = (CRISIS,) if found == "crisis" else ()
            waiting = story.waiting_revision
            assert waiting is not None
            life.note_checks(story, waiting, noticed, ("crisis",) if found == "failed" else ())
        model.waiting.is_checked = found != "failed"
        # The same words do not open a mark again that somebody has judged.
        model.has_open_mark = model.has_open_mark or (found == "crisis" and not model.judges)
        model.moves.append("check")
        model.undoable = None

    @rule(screen=screens, by=TEAM, stands=st.booleans())
    def judge_the_mark(self, screen: tuple[int, Seen], by: Actor, *, stands: bool) -> None:
        number, seen = screen
        model = self.models[number]
        fits = self.is_current(number, seen) and model.has_open_mark
        judgement = Judgement.STANDS if stands else Judgement.DISMISSED
        move = partial(life.judge, seen=seen, kind=MarkKind.SAFEGUARDING, judgement=judgement, by=by)
        if self.moved(number, "judge", move, fits=fits):
            model.has_open_mark = False
            model.judges.add(by.id or 0)

    @rule(screen=screens, by=TEAM)
    def escalate(self, screen: tuple[int, Seen], by: Actor) -> None:
        number, seen = screen
        model = self.models[number]
        fits = self.is_current(number, seen) and model.escalated_by is None
        if self.moved(number, "escalate", partial(life.escalate, seen=seen, by=by), fits=fits):
            model.escalated_by = by.id

    @rule(number=stories, by=TEAM)
    def undo(self, number: int, by: Actor) -> None:
        model = self.models[number]
        undoable = model.undoable
        fits = undoable is not None and (by.kind is LEAD.kind or by == undoable.by)
        if self.moved(number, "undo", partial(life.undo, by=by), fits=fits):
            assert undoable is not None
            was_public, moves = model.was_public, model.moves
            self.models[number] = replace(undoable.before, was_public=was_public, moves=moves, undoable=None)

    @rule(screen=screens, by=TEAM, knows=st.booleans())
    def approve(self, screen: tuple[int, Seen], by: Actor, *, knows: bool) -> None:
        number, seen = screen
        model = self.models[number]
        fits = (
            self.is_current(number, seen)
            and model.has_consent
            and self.may_decide(model, by)
            and by.id not in model.judges
            and (model.waiting is not None and (model.waiting.is_checked or knows))
        )
        before = self.copied(model)
        move = partial(life.approve, seen=seen, by=by, knows_unchecked=knows)
        if self.moved(number, "approve", move, fits=fits):
            model.public, model.waiting, model.state, model.was_public = model.waiting, None, "published", True
            model.escalated_by, model.undoable = None, Undoable(before, by)

    @rule(number=stories, by=TEAM)
    def review_and_approve(self, number: int, by: Actor) -> None:
        """What usually happens, so that much is public in many of the sequences."""
        model, revision = self.models[number], self.story(number).waiting_revision
        if revision is None or model.waiting is None or not model.has_consent:
            return
        self.check(number, "nothing")
        story = self.story(number)
        self.approve((number, Seen(story.version, revision.digest)), by=by, knows=False)

    @rule(number=stories, by=TEAM, again_by=TEAM)
    def approve_and_undo(self, number: int, by: Actor, again_by: Actor) -> None:
        """What chance would seldom put side by side."""
        self.review_and_approve(number, by)
        self.undo(number, again_by)

    @rule(screen=screens, by=TEAM)
    def decline(self, screen: tuple[int, Seen], by: Actor) -> None:
        number, seen = screen
        move = partial(life.decline, seen=seen, by=by, reason="repeat", words="It came before.")
        self.turned_down(number, "decline", "declined", move, seen, by)

    @rule(screen=screens, by=TEAM)
    def ask_for_changes(self, screen: tuple[int, Seen], by: Actor) -> None:
        number, seen = screen
        move = partial(life.ask_for_changes, seen=seen, by=by, reason=None, words="Please say when.")
        self.turned_down(number, "ask_for_changes", "with_patient", move, seen, by)

    @rule(screen=screens, by=TEAM)
    def redact(self, screen: tuple[int, Seen], by: Actor) -> None:
        number, seen = screen
        model = self.models[number]
        fits = self.is_current(number, seen)
        start = 3
        end = model.waiting.words.index(" ", start) if model.waiting else start + 1
        span = Redaction("narrative", start, end, RedactionKind.PLACE)
        if self.moved(number, "redact", partial(life.redact, seen=seen, spans=[span], by=by), fits=fits):
            assert model.waiting is not None
            model.redacted_by.add(by.id or 0)
            before = model.waiting
            model.waiting = Told(before.words, before.agent, before.outcome, taken_out=True)
            model.latest = model.waiting

    @rule(
        number=stories,
        word=st.sampled_from(WORDS),
        agent=st.sampled_from(AGENTS),
        outcome=st.sampled_from(OUTCOMES),
    )
    def amend(self, number: int, word: str, agent: str, outcome: str) -> None:
        model, told = self.models[number], self.told(word, agent, outcome)
        fits = model.state != "withdrawn"
        submission = self.submission(told)
        with db.session.no_autoflush:
            if not fits:
                with pytest.raises(MoveRefused), transaction():
                    intake.amend(number, submission)
                return
            with transaction():
                intake.amend(number, submission)
        latest = model.latest
        told.taken_out = bool(latest and latest.taken_out and latest.words == told.words)
        model.waiting = model.latest = told
        model.judges, model.redacted_by, model.undoable = set(), set(), None
        if model.state != "published":
            model.state, model.public = "waiting", None
        model.moves.append("amend")

    @rule(number=stories)
    def take_down(self, number: int) -> None:
        model = self.models[number]
        move = partial(life.take_down, by=MODERATOR, reason="identifies_someone", words="It names a street.")
        if self.moved(number, "take_down", move, fits=model.state == "published"):
            model.state = "taken_down"

    @rule(number=stories, by_lead=st.booleans())
    def put_back(self, number: int, *, by_lead: bool) -> None:
        model = self.models[number]
        by = LEAD if by_lead else MODERATOR
        fits = model.state == "taken_down" and by_lead
        if self.moved(number, "put_back", partial(life.put_back, by=by), fits=fits):
            model.state = "published"

    @rule(number=stories)
    def withdraw(self, number: int) -> None:
        model = self.models[number]
        with transaction():
            life.withdraw(life.locked(number))
        if model.state != "withdrawn":
            model.moves.append("withdraw")
        model.state, model.waiting, model.public, model.latest = "withdrawn", None, None, None
        model.undoable = None

    # ---- what the model says of a move -----------------------------------------------------------------------

    def is_current(self, number: int, seen: Seen) -> bool:
        """Whether what was seen is still what waits; read from the rows, not through the code under test."""
        row = db.session.execute(
            text(
                "SELECT s.version, r.digest FROM stories s JOIN revisions r "
                "ON r.story_id = s.id AND r.number = s.waiting_number WHERE s.id = :id"
            ),
            {"id": number},
        ).one_or_none()
        db.session.rollback()
        return row is not None and (row[0], row[1]) == (seen.version, seen.digest)

    def moved(self, number: int, move: str, act: Any, *, fits: bool) -> bool:
        """Whether the move was made, which must be exactly when the model says that it fits."""
        try:
            with transaction():
                act(life.locked(number))
        except MoveRefused:
            assert not fits, f"{move} was refused"
            return False
        assert fits, f"{move} was made"
        self.models[number].moves.append(move)
        self.models[number].undoable = None
        return True

    def may_decide(self, model: Model, by: Actor) -> bool:
        """Marks are judged first; what was handed on needs a lead who neither did that nor took words out."""
        is_own = by.id == model.escalated_by or by.id in model.redacted_by
        return not model.has_open_mark and (model.escalated_by is None or (by.kind is LEAD.kind and not is_own))

    def turned_down(self, number: int, move: str, state: str, act: Any, seen: Seen, by: Actor) -> None:
        model = self.models[number]
        is_own = model.escalated_by is not None and by.id in model.judges
        fits = self.is_current(number, seen) and self.may_decide(model, by) and not is_own
        before = self.copied(model)
        if self.moved(number, move, act, fits=fits):
            model.waiting, model.escalated_by, model.undoable = None, None, Undoable(before, by)
            if model.state == "waiting":
                model.state = state

    def copied(self, model: Model) -> Model:
        return replace(model, judges=set(model.judges), redacted_by=set(model.redacted_by))

    def story(self, number: int) -> Story:
        story = db.session.get(Story, number, populate_existing=True)
        assert story is not None
        return story

    # ---- what holds after every step -------------------------------------------------------------------------

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        for number, model in self.models.items():
            story = self.story(number)
            assert story.state.value == model.state
            assert (story.waiting_number is None) == (model.waiting is None)
            waiting = story.waiting_revision
            if waiting is not None and model.waiting is not None:
                assert waiting.narrative == model.waiting.words

    @invariant()
    def nothing_unreviewed_is_public_and_what_is_public_is_what_was_approved(self) -> None:
        public = {row.public_id: row for row in db.session.scalars(select(Publication))}
        expected = {}
        for number, model in self.models.items():
            story = self.story(number)
            if model.state == "published":
                assert model.public is not None
                assert story.public_id is not None
                expected[story.public_id] = model.public
                revision = story.published_revision
                assert revision is not None
                assert showing.public_content(story, revision).digest == public[story.public_id].digest
        assert public.keys() == expected.keys()
        for public_id, told in expected.items():
            shown = public[public_id].shown
            assert keys.digest(shown) == public[public_id].digest
            assert (shown["narrative"], shown["agent"], shown["outcome"]) == (
                [told.shown],
                told.agent,
                told.outcome,
            )

    @invariant()
    def what_was_public_and_is_not_any_more_is_gone(self) -> None:
        gone = set(db.session.scalars(select(GonePublication.public_id)))
        assert gone == {
            self.story(number).public_id
            for number, model in self.models.items()
            if model.was_public and model.state != "published"
        }

    @invariant()
    def at_most_one_decision_stands_on_a_revision(self) -> None:
        standing = select(Decision.revision_digest).where(Decision.undone_at.is_(None))
        twice = standing.group_by(Decision.revision_digest).having(func.count() > 1)
        assert db.session.scalars(twice).all() == []

    @invariant()
    def counts_equal_a_recount_from_the_publications(self) -> None:
        recount: Counter[tuple[str, str, str, str]] = Counter()
        listed = select(Listing.topic, Listing.agent, Listing.combined, Listing.outcome)
        for key in db.session.execute(listed).tuples():
            recount[key] += 1
        columns = (Tally.topic, Tally.agent, Tally.combined, Tally.outcome, Tally.stories)
        tallies = {(t, a, c, o): n for t, a, c, o, n in db.session.execute(select(*columns)).tuples()}
        assert tallies == dict(recount)
        published = Counter(m.public.outcome for m in self.models.values() if m.state == "published" and m.public)
        assert {o: n for (t, a, c, o), n in tallies.items() if (t, a, c) == (ANY, ANY, ANY)} == dict(published)

    @invariant()
    def the_chain_of_events_verifies_and_has_one_event_a_move(self) -> None:
        assert events.fault() is None
        for number, model in self.models.items():
            kinds = db.session.scalars(select(Event.kind).where(Event.story_id == number).order_by(Event.position))
            assert list(kinds) == model.moves
        db.session.rollback()

    @invariant()
    def replaying_the_events_gives_what_the_database_says(self) -> None:
        assert replayed() == in_the_database()
        db.session.rollback()


@pytest.mark.timeout(400)
def test_any_sequence_of_moves_keeps_the_promises(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(database.app, monkeypatch, undo_minutes=60)
    run_state_machine_as_test(
        partial(Lives, database),  # type: ignore[arg-type]
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
