"""What a patient tells: `Content` (all that moderators judge) and `Submission` (content and what goes with it)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class RedactionKind(StrEnum):
    """What a redaction stands for; readers see the word in brackets."""

    NAME = "name"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    CONTACT = "contact"
    DETAIL = "detail"


@dataclass(frozen=True, order=True)
class Redaction:
    """A span of one text field that a moderator took out: code points `start` to `end` of the normalised field."""

    field: str
    start: int
    end: int
    kind: RedactionKind


MAX_CHARS = {
    "condition_other": 80,
    "agent_other": 80,
    "combined_other": 80,
    "body_site": 80,
    "schedule": 200,
    "ties": 200,
    "title": 120,
    "display_name": 40,
    "narrative": 20_000,
}
"""Free text fields and their limits in characters as typed, a line feed as one."""

TEXT_FIELDS = tuple(MAX_CHARS)
NARRATIVE_MIN_CHARS = 120
EMAIL_MAX_CHARS = 254


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that moderators judge, normalised. Coded answers are catalogue slugs and ids; absent is None or ().

    `combined` holds `slug:before`, `slug:together` or `slug:after`; `reactions` holds `id:mild`,
    `id:moderate`, `id:severe` or `id`, and `none` alone when the patient said there were none.
    """

    condition: str | None = None
    condition_other: str | None = None
    agent: str | None = None
    agent_other: str | None = None
    combined: tuple[str, ...] = ()
    combined_other: str | None = None
    outcome: str | None = None
    time_to_improvement: str | None = None
    duration: str | None = None
    schedule: str | None = None
    reactions: tuple[str, ...] = ()
    serious: tuple[str, ...] = ()
    stopped_because: str | None = None
    recurrence: str | None = None
    choose_again: str | None = None
    body_site: str | None = None
    treated_when: str | None = None
    age_band: str | None = None
    writer: str | None = None
    ties: str | None = None
    title: str | None = None
    narrative: str = ""
    display_name: str | None = None
    language: str = "en"
    redactions: tuple[Redaction, ...] = ()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Each free text field that has words, with its words."""
        for name in TEXT_FIELDS:
            words = getattr(self, name)
            if words:
                yield name, words

    def as_json(self) -> dict[str, Any]:
        """The content as plain JSON values; absent is null."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What was sent, by form or import file: the content as typed, and what moderators never judge."""

    content: Content = field(default_factory=Content)
    email: str | None = None
    consent_publish: bool = False
    consent_research: bool = False
    consent_contact: bool = False
    consent_version: str | None = None
    source: str | None = None
    source_id: str | None = None
    submitted_at: datetime | None = None
