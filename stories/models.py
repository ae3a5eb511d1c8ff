"""The write side: drafts, stories, revisions and what hangs on them. Nothing here is ever read for readers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from extensions import Model
from stories.checks.finding import FindingKind, MarkKind, Severity
from stories.cleaning import Clean, CleanTexts
from stories.content import Content, Redaction, RedactionKind


class State(StrEnum):
    """What readers can see of a story: only a published one."""

    WAITING = "waiting"
    PUBLISHED = "published"
    WITH_PATIENT = "with_patient"
    DECLINED = "declined"
    TAKEN_DOWN = "taken_down"
    WITHDRAWN = "withdrawn"


class ActorKind(StrEnum):
    """Who makes a move."""

    PATIENT = "patient"
    MODERATOR = "moderator"
    LEAD = "lead"
    ADMIN = "admin"
    SYSTEM = "system"
    IMPORT = "import"


@dataclass(frozen=True)
class Actor:
    """Who makes a move, without a foreign key, so that events outlive accounts. Patients have no id."""

    kind: ActorKind
    id: int | None = None


PATIENT = Actor(ActorKind.PATIENT)
IMPORT = Actor(ActorKind.IMPORT)
SYSTEM = Actor(ActorKind.SYSTEM)


class Lane(StrEnum):
    """Where a waiting story stands; each lane has its allowance (`lanes.ALLOWANCES`)."""

    SAFEGUARDING = "safeguarding"
    SERIOUS_REACTION = "serious_reaction"
    NEEDS_ANOTHER_PERSON = "needs_another_person"
    ORDINARY = "ordinary"


class DecisionKind(StrEnum):
    """What ends the wait of a revision. To escalate is a mark: the revision goes on waiting."""

    APPROVE = "approve"
    DECLINE = "decline"
    ASK_FOR_CHANGES = "ask_for_changes"


class Judgement(StrEnum):
    """What somebody found who looked at a mark."""

    STANDS = "stands"
    DISMISSED = "dismissed"


class ContentNote(StrEnum):
    """What readers are told before a story that may be hard to read."""

    SELF_HARM = "self_harm"
    SERIOUS_REACTION = "serious_reaction"
    CHILD = "child"
    CANCER = "cancer"
    PREGNANCY = "pregnancy"
    WOUNDS = "wounds"


class Purpose(StrEnum):
    """What a patient may agree to; each is given and taken back on its own."""

    PUBLISH = "publish"
    RESEARCH = "research"
    CONTACT = "contact"


class Draft(Model):
    """What a patient has typed and not sent. Found and opened by a secret that only the patient has."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime] = mapped_column(index=True)
    sealed_answers: Mapped[bytes | None]
    sealed_key: Mapped[bytes | None]
    sealed_until: Mapped[datetime | None] = mapped_column(index=True)
    sent_hash: Mapped[str | None] = mapped_column(sa.String(64))


class Story(Model):
    """One patient's account and its state. Its row outlives its content."""

    __tablename__ = "stories"
    __table_args__ = (
        sa.CheckConstraint(
            "(waiting_number IS NULL) = (due_at IS NULL) AND (due_at IS NULL) = (lane IS NULL)",
            name="waits_in_a_lane",
        ),
        sa.CheckConstraint("state <> 'waiting' OR waiting_number IS NOT NULL", name="waiting_has_a_revision"),
        sa.CheckConstraint(
            "(published_number IS NOT NULL) = (state IN ('published', 'taken_down'))",
            name="published_has_a_revision",
        ),
        sa.ForeignKeyConstraint(
            ["id", "waiting_number"],
            ["revisions.story_id", "revisions.number"],
            name="waiting_revision",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["id", "published_number"],
            ["revisions.story_id", "revisions.number"],
            name="published_revision",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        sa.Index(
            "ix_stories_queue",
            "due_at",
            "id",
            sqlite_where=sa.text("waiting_number IS NOT NULL"),
            postgresql_where=sa.text("waiting_number IS NOT NULL"),
        ),
        sa.Index(
            "ix_stories_lane",
            "lane",
            "due_at",
            "id",
            sqlite_where=sa.text("waiting_number IS NOT NULL"),
            postgresql_where=sa.text("waiting_number IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[str | None] = mapped_column(sa.String(10), unique=True)
    state: Mapped[State]
    version: Mapped[int] = mapped_column()
    waiting_number: Mapped[int | None]
    published_number: Mapped[int | None]
    lane: Mapped[Lane | None]
    due_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    first_published_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    key_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="SET NULL"), unique=True)
    filed_condition: Mapped[str | None] = mapped_column(sa.String(80))
    filed_agent: Mapped[str | None] = mapped_column(sa.String(80))

    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="story", foreign_keys="Revision.story_id", order_by="Revision.number"
    )

    @property
    def waiting_revision(self) -> "Revision | None":
        """The undecided revision, if there is one: the queue is every story that has one."""
        return self._revision(self.waiting_number)

    @property
    def published_revision(self) -> "Revision | None":
        """The revision that is public, or was until the story was taken down."""
        return self._revision(self.published_number)

    def _revision(self, number: int | None) -> "Revision | None":
        session = sa.orm.object_session(self)
        if number is None or session is None:
            return None
        wanted = sa.select(Revision).where(Revision.story_id == self.id, Revision.number == number)
        return session.scalars(wanted).one()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)


class Revision(Model):
    """All that moderators judge, at one moment. Written once: a listener and a trigger refuse updates."""

    __tablename__ = "revisions"
    __table_args__ = (sa.UniqueConstraint("story_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    number: Mapped[int]
    by_kind: Mapped[ActorKind]
    by_id: Mapped[int | None]
    created_at: Mapped[datetime]
    salt: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64), index=True)

    condition: Mapped[str | None] = mapped_column(sa.String(80))
    condition_other: Mapped[str | None] = mapped_column(sa.Text)
    agent: Mapped[str | None] = mapped_column(sa.String(80))
    agent_other: Mapped[str | None] = mapped_column(sa.Text)
    combined: Mapped[list[Any]]
    combined_other: Mapped[str | None] = mapped_column(sa.Text)
    outcome: Mapped[str | None] = mapped_column(sa.String(40))
    time_to_improvement: Mapped[str | None] = mapped_column(sa.String(40))
    duration: Mapped[str | None] = mapped_column(sa.String(40))
    schedule: Mapped[str | None] = mapped_column(sa.Text)
    reactions: Mapped[list[Any]]
    serious: Mapped[list[Any]]
    stopped_because: Mapped[str | None] = mapped_column(sa.String(40))
    recurrence: Mapped[str | None] = mapped_column(sa.String(40))
    choose_again: Mapped[str | None] = mapped_column(sa.String(40))
    body_site: Mapped[str | None] = mapped_column(sa.Text)
    treated_when: Mapped[str | None] = mapped_column(sa.String(40))
    age_band: Mapped[str | None] = mapped_column(sa.String(40))
    writer: Mapped[str | None] = mapped_column(sa.String(40))
    ties: Mapped[str | None] = mapped_column(sa.Text)
    title: Mapped[str | None] = mapped_column(sa.Text)
    narrative: Mapped[str] = mapped_column(sa.Text)
    display_name: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(35))
    redactions: Mapped[list[Any]]
    cleaned: Mapped[dict[str, Clean]] = mapped_column(CleanTexts)

    story: Mapped[Story] = relationship(back_populates="revisions", foreign_keys=[story_id])
    check_run: Mapped["CheckRun | None"] = relationship(back_populates="revision")
    findings: Mapped[list["Finding"]] = relationship(back_populates="revision", order_by="Finding.id")
    sketch: Mapped[list["SketchBand"]] = relationship()

    @property
    def content(self) -> Content:
        """What was judged, as the value that was submitted or redacted."""
        values = {name: getattr(self, name) for name in Content.__dataclass_fields__}
        for name in ("combined", "reactions", "serious"):
            values[name] = tuple(values[name])
        values["redactions"] = tuple(
            Redaction(spot["field"], spot["start"], spot["end"], RedactionKind(spot["kind"]))
            for spot in self.redactions
        )
        return Content(**values)

    @property
    def is_checked(self) -> bool:
        """Whether every check has read this revision without failing."""
        return self.check_run is not None and not self.check_run.failed


class SketchBand(Model):
    """A band of the sketch of a revision's words; revisions that share one are compared. Gone with the revision."""

    __tablename__ = "sketch_bands"

    band: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CheckRun(Model):
    """That the checks ran on a revision, and which of them failed. No row: not checked yet."""

    __tablename__ = "check_runs"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    ran_at: Mapped[datetime]
    failed: Mapped[list[Any]]

    revision: Mapped[Revision] = relationship(back_populates="check_run")


class Finding(Model):
    """What a check noticed in a revision: code points `start` to `end` of the normalised `field`."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FindingKind]
    severity: Mapped[Severity]
    rule: Mapped[str] = mapped_column(sa.String(80))
    rule_version: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(40))
    start: Mapped[int]
    end: Mapped[int]
    why: Mapped[str] = mapped_column(sa.Text)
    redact_as: Mapped[RedactionKind | None]
    judgement: Mapped[Judgement | None]

    revision: Mapped[Revision] = relationship(back_populates="findings")


class Mark(Model):
    """A warning on a story, opened by a finding or a person, closed only by a judgement of its own.

    `judged_root` is the digest of the patient's revision that the judgement was about.
    """

    __tablename__ = "marks"
    __table_args__ = (
        sa.Index(
            "ix_marks_open",
            "story_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("judged_at IS NULL"),
            postgresql_where=sa.text("judged_at IS NULL"),
        ),
        sa.CheckConstraint(
            "(judged_at IS NULL) = (judged_by_id IS NULL) AND (judged_at IS NULL) = (judgement IS NULL) "
            "AND (judged_at IS NULL) = (judged_root IS NULL)",
            name="judged_by_somebody",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    kind: Mapped[MarkKind]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None]
    judged_root: Mapped[str | None] = mapped_column(sa.String(64))
    judgement: Mapped[Judgement | None]


class Reading(Model):
    """What somebody would decide who read a patient's words as one of two; hidden from the other.

    `root` is the digest of the patient's revision. Nobody reads the same words twice.
    """

    __tablename__ = "readings"
    __table_args__ = (sa.UniqueConstraint("root", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    root: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[DecisionKind]
    by_id: Mapped[int]
    at: Mapped[datetime]


class Claim(Model):
    """A moderator's lease on a story until `ends_at` by the database's clock. The decision locks it first."""

    __tablename__ = "claims"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    holder_id: Mapped[int] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(sa.String(43))
    taken_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Decision(Model):
    """What was decided about one revision. It names the revision by digest, and so outlives its words.

    `root` is the digest of the patient's revision, `before` what undoing it brings back, `version_after` the
    story's version that no later move has changed. `is_alone` where one person of a small team did both parts.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        sa.Index(
            "ix_decisions_standing",
            "revision_digest",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    revision_digest: Mapped[str] = mapped_column(sa.String(64))
    root: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[DecisionKind]
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    notes: Mapped[list[Any]]
    decided_by_kind: Mapped[ActorKind]
    decided_by_id: Mapped[int]
    decided_at: Mapped[datetime]
    is_alone: Mapped[bool]
    before: Mapped[dict[str, Any]]
    version_after: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None]


class Message(Model):
    """What the moderators wrote to the patient: about a decision, or why a story was taken down."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(sa.Text)
    cleaned: Mapped[dict[str, Clean]] = mapped_column(CleanTexts)


class Contact(Model):
    """The patient's e-mail address, encrypted; gone with the story."""

    __tablename__ = "contacts"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    sealed_email: Mapped[bytes]


class Consent(Model):
    """What the patient agreed to, to which wording, and since when."""

    __tablename__ = "consents"
    __table_args__ = (sa.UniqueConstraint("story_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    purpose: Mapped[Purpose]
    version: Mapped[str] = mapped_column(sa.String(40))
    given_at: Mapped[datetime]


class ImportIdentity(Model):
    """That a row of an import file was taken once: a keyed hash that outlives the story, and nothing else."""

    __tablename__ = "import_identities"

    identity: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    taken_at: Mapped[datetime]


class Event(Model):
    """One entry in the history of the site. Append-only by trigger; each carries the hash of the one before."""

    __tablename__ = "events"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    story_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    by_kind: Mapped[ActorKind]
    by_id: Mapped[int | None]
    at: Mapped[datetime]
    about: Mapped[str | None] = mapped_column(sa.String(64))
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class EventHead(Model):
    """The end of the chain: how many events there are and the hash of the last. Locked last in every move."""

    __tablename__ = "event_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))


class WrittenOnce(RuntimeError):
    """An attempt to change a revision; what changes is a new revision."""


@event.listens_for(Revision, "before_update")
def _refuse_update(_mapper: Mapper[Revision], _connection: sa.Connection, target: Revision) -> None:
    if sa.orm.object_session(target).is_modified(target, include_collections=False):  # type: ignore[union-attr]
        raise WrittenOnce("a revision is written once")
