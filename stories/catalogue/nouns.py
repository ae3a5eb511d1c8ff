"""What pages and rules get from the catalogue: small frozen values, which know what of them may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How sure the catalogue is of a statement: read at the source, read second-hand, or not read at all."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ClaimKind(StrEnum):
    """A fact carries citations; a product statement is this site speaking and carries none."""

    FACT = "fact"
    PRODUCT = "product"


class TopicKind(StrEnum):
    """What a topic is a page of, and so what it gathers stories by."""

    CONDITION = "condition"
    TREATMENT = "treatment"
    CLASS = "class"
    COMPARISON = "comparison"


@dataclass(frozen=True)
class Claim:
    """One statement with the ids of its sources."""

    text: str
    citations: tuple[str, ...]
    confidence: Confidence
    kind: ClaimKind = ClaimKind.FACT

    def is_shown(self, *, is_reviewed: bool) -> bool:
        """Whether readers may see it.

        Product statements always; facts with a citation when they were read at the source, and second-hand ones
        once a clinician has reviewed the page; low ones never.
        """
        if self.kind is ClaimKind.PRODUCT:
            return True
        shown = (Confidence.HIGH, Confidence.MEDIUM) if is_reviewed else (Confidence.HIGH,)
        return bool(self.citations) and self.confidence in shown


@dataclass(frozen=True)
class Section:
    """A part of a topic's introduction."""

    id: str
    heading: str
    claims: tuple[Claim, ...]

    def shown_claims(self, *, is_reviewed: bool) -> tuple[Claim, ...]:
        """The claims that readers may see."""
        return tuple(claim for claim in self.claims if claim.is_shown(is_reviewed=is_reviewed))


@dataclass(frozen=True)
class Result:
    """One figure from one trial; the claim's text is the figure. Never sorted by, never subtracted from another."""

    condition: str
    metric: str
    claim: Claim
    comparator: str
    note: str


@dataclass(frozen=True)
class Row:
    """What a comparison says about one agent."""

    agent: str
    where_used: str
    conditions: tuple[str, ...]
    results: tuple[Result, ...]
    reactions: tuple[str, ...]
    course: Claim | None
    recurrence: Claim | None
    availability: Claim | None

    def shown(self, *, is_reviewed: bool) -> "Row":
        """The row with only what readers may see."""

        def cut(claim: Claim | None) -> Claim | None:
            return claim if claim is not None and claim.is_shown(is_reviewed=is_reviewed) else None

        return replace(
            self,
            results=tuple(result for result in self.results if cut(result.claim)),
            course=cut(self.course),
            recurrence=cut(self.recurrence),
            availability=cut(self.availability),
        )


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A page that readers browse. `conditions` and `agents` are slugs; those it gathers by depend on its kind."""

    slug: str
    title: str
    tagline: str
    kind: TopicKind
    conditions: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    rows: tuple[Row, ...] = ()
    table_note: str | None = None
    links_title: str | None = None
    links: tuple[str, ...] = ()
    comment_policy: str | None = None
    is_reviewed: bool = False
    is_plain: bool = False
    is_retired: bool = False

    @property
    def shown_sections(self) -> tuple[Section, ...]:
        """The introduction as readers may see it; a section that has nothing left is left out."""
        shown = (
            replace(section, claims=section.shown_claims(is_reviewed=self.is_reviewed)) for section in self.sections
        )
        return tuple(section for section in shown if section.claims)

    @property
    def shown_rows(self) -> tuple[Row, ...]:
        """The comparison as readers may see it: every agent, with what may be shown of it."""
        return tuple(row.shown(is_reviewed=self.is_reviewed) for row in self.rows)

    def gathers(self, condition: str | None, agent: str | None) -> bool:
        """Whether a story about this condition and agent stands on this topic."""
        if self.kind is TopicKind.CONDITION:
            return condition in self.conditions
        if self.kind in (TopicKind.CLASS, TopicKind.TREATMENT):
            return agent in self.agents
        return False


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition that stories are about."""

    slug: str
    name: str
    plain_name: str
    group: str
    group_label: str
    is_serious: bool
    summary: str
    summary_sources: tuple[str, ...]
    synonyms: tuple[str, ...]
    is_retired: bool


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A treatment that stories are about. `brands` has the names read at a source; finding knows them all.

    `immune_direction` is up, down, none or unknown; `where_used` is home or clinic; `reactions` are ids.
    """

    slug: str
    name: str
    generic: str
    group: str
    group_label: str
    kind: str
    kind_label: str
    immune_direction: str
    route: str
    where_used: str
    brands: tuple[str, ...]
    mechanism: Claim
    warnings: tuple[Claim, ...]
    reactions: tuple[str, ...]
    synonyms: tuple[str, ...]
    is_historic: bool
    is_retired: bool


@dataclass(frozen=True, kw_only=True)
class Therapy:
    """Something used before, together with or after the agent."""

    slug: str
    name: str
    description: str
    kind: str
    agent: str | None
    caution: Claim | None
    synonyms: tuple[str, ...]
    is_retired: bool


@dataclass(frozen=True)
class Choice:
    """One answer of a scale."""

    id: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class Reaction:
    """A reaction that a patient can report, with what each severity of it is like in everyday words."""

    id: str
    label: str
    systemic: bool
    grades: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """Where a fact was read. Without `url` only title, publisher and year are shown."""

    id: str
    title: str
    publisher: str
    year: int | None
    url: str | None


@dataclass(frozen=True)
class IdentifierClass:
    """A class of detail that can identify a person (45 CFR 164.514(b)(2))."""

    number: int
    id: str
    label: str


@dataclass(frozen=True)
class Helpline:
    """Where someone in a crisis finds a person to talk to. `country` is an ISO 3166-1 code, `*` for everywhere."""

    country: str
    name: str
    phone: str
    text: str | None
    hours: str
    web: str | None
    confidence: Confidence
    checked_on: date | None
