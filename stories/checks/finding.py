"""What a check is given and what it answers: `Known`, `Finding`, and the kinds of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from stories.content import TEXT_FIELDS, Content, Redaction, RedactionKind

MAX_FINDINGS = 500
"""What one check may answer for one revision; nobody reads more."""

ANSWER_FIELDS = tuple(answer.name for answer in fields(Content) if answer.name not in (*TEXT_FIELDS, "redactions"))
"""Coded answers; a finding about one has start and end 0."""


class FindingKind(StrEnum):
    """What was noticed: first the classes of the catalogue's `identifier_classes`, then what concerns the story."""

    NAME = "name"
    PLACE = "place"
    ADDRESS = "address"
    POSTCODE = "postcode"
    DATE = "date"
    AGE = "age"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    NATIONAL_NUMBER = "national_number"
    RECORD_NUMBER = "record_number"
    INSURANCE_NUMBER = "insurance_number"
    ACCOUNT_NUMBER = "account_number"
    LICENCE_NUMBER = "licence_number"
    PLATE = "plate"
    DEVICE_NUMBER = "device_number"
    URL = "url"
    IP_ADDRESS = "ip_address"
    BIOMETRIC = "biometric"
    PICTURE = "picture"
    HANDLE = "handle"
    NUMBER = "number"
    DETAIL = "detail"
    CRISIS = "crisis"
    SERIOUS_REACTION = "serious_reaction"
    MINOR = "minor"
    THIRD_PARTY = "third_party"
    ADVICE = "advice"
    SELLING = "selling"
    REPEAT = "repeat"
    NEAR_REPEAT = "near_repeat"
    LANGUAGE = "language"
    UNREADABLE = "unreadable"


class Severity(StrEnum):
    """How sure the check is that a moderator must look: strong may open a mark, weak never does."""

    STRONG = "strong"
    WEAK = "weak"


class MarkKind(StrEnum):
    """The marks of the design. Findings open all but *identifiable* and *escalated*; a person may open each."""

    SAFEGUARDING = "safeguarding"
    SERIOUS_REACTION = "serious_reaction"
    IDENTIFIABLE = "identifiable"
    MINOR = "minor"
    LEGAL = "legal"
    ESCALATED = "escalated"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check noticed: code points `start` to `end` of the normalised `field`, and why, for a moderator.

    `field` is one of TEXT_FIELDS, or one of ANSWER_FIELDS with start and end 0. `why` is one plain sentence
    without words of the story. `mark` is what the finding opens, `redact_as` what a redaction would be.
    """

    kind: FindingKind
    severity: Severity
    rule: str
    rule_version: int
    field: str
    start: int
    end: int
    why: str
    mark: MarkKind | None = None
    redact_as: RedactionKind | None = None


@dataclass(frozen=True)
class PhraseGroup:
    """Phrases that mean the same to a moderator; `is_held` when the group's weight is *hold*."""

    id: str
    is_held: bool
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class SafetyLists:
    """The catalogue's lists for the safety checks.

    `serious_labels` are the answers to `serious`, as pairs of id and label.
    """

    crisis: tuple[PhraseGroup, ...] = ()
    false_friends: tuple[str, ...] = ()
    reactions: tuple[PhraseGroup, ...] = ()
    advice: tuple[PhraseGroup, ...] = ()
    selling: tuple[PhraseGroup, ...] = ()
    serious_labels: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The lists of the catalogue's entries that are named here; only the first two must be there.

        Raises KeyError, TypeError or AttributeError when the shape is another.
        """
        return cls(
            crisis=tuple(_group(group, "id", "phrases") for group in body["crisis"]["phrase_groups"]),
            false_friends=tuple(body["crisis"]["false_friends"]),
            reactions=tuple(_group(group, "group", "terms") for group in body["adverse_event_terms"]["terms"]),
            advice=_groups(body.get("medical_advice_phrases", {})),
            selling=_groups(body.get("promotional_phrases", {})),
            serious_labels=tuple(
                (item["id"], item["label"]) for item in body.get("serious_criteria", {}).get("items", ())
            ),
        )

    def as_json(self) -> dict[str, Any]:
        """The lists in the shape that `from_json` reads."""
        return {
            "crisis": {
                "phrase_groups": [_group_json(group, "id", "phrases") for group in self.crisis],
                "false_friends": list(self.false_friends),
            },
            "adverse_event_terms": {"terms": [_group_json(group, "group", "terms") for group in self.reactions]},
            "medical_advice_phrases": {"groups": [_group_json(group, "id", "phrases") for group in self.advice]},
            "promotional_phrases": {"groups": [_group_json(group, "id", "phrases") for group in self.selling]},
            "serious_criteria": {"items": [{"id": slug, "label": label} for slug, label in self.serious_labels]},
        }


@dataclass(frozen=True)
class NearRepeat:
    """An earlier story that is nearly the same: its number, and how alike they are in per cent."""

    number: int
    percent: int


@dataclass(frozen=True)
class Known:
    """What intake looked up before the checks run.

    `repeats` are the numbers of earlier stories with the same words, found by the keyed hash of
    `fingerprint_text`; `near_repeats` are earlier ones that share passages, found by their sketches; `terms` are
    what the catalogue calls conditions, agents and therapies, which are nobody's names.
    """

    safety: SafetyLists = SafetyLists()
    repeats: tuple[int, ...] = ()
    near_repeats: tuple[NearRepeat, ...] = ()
    terms: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """What `as_json` was called on."""
        return cls(
            safety=SafetyLists.from_json(body["safety"]),
            repeats=tuple(body["repeats"]),
            near_repeats=tuple(NearRepeat(**near) for near in body["near_repeats"]),
            terms=tuple(body["terms"]),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "safety": self.safety.as_json(),
            "repeats": list(self.repeats),
            "near_repeats": [asdict(near) for near in self.near_repeats],
            "terms": list(self.terms),
        }


Check = Callable[[Content, Known], Iterator[Finding]]


def content_from_json(body: Mapping[str, Any]) -> Content:
    """The content that `Content.as_json` was called on."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in body.items()
    }
    values["redactions"] = tuple(
        Redaction(**{**spot, "kind": RedactionKind(spot["kind"])}) for spot in body["redactions"]
    )
    return Content(**values)


def finding_from_json(body: Mapping[str, Any]) -> Finding:
    """The finding that `asdict` was called on. Raises KeyError, TypeError or ValueError when it is none."""
    mark, redact_as = body["mark"], body["redact_as"]
    return Finding(
        **{
            **body,
            "kind": FindingKind(body["kind"]),
            "severity": Severity(body["severity"]),
            "mark": None if mark is None else MarkKind(mark),
            "redact_as": None if redact_as is None else RedactionKind(redact_as),
        }
    )


def most_telling(findings: Iterable[Finding]) -> list[Finding]:
    """At most MAX_FINDINGS of them, in the order of the text; of too many, weak ones go first, then later ones."""
    kept = sorted(findings, key=lambda finding: finding.severity is Severity.WEAK)[:MAX_FINDINGS]
    return sorted(kept, key=lambda finding: (TEXT_FIELDS.index(finding.field), finding.start))


def _groups(body: Mapping[str, Any]) -> tuple[PhraseGroup, ...]:
    return tuple(_group(group, "id", "phrases") for group in body.get("groups", ()))


def _group(body: Mapping[str, Any], name: str, phrases: str) -> PhraseGroup:
    return PhraseGroup(body[name], body["weight"] == "hold", tuple(body[phrases]))


def _group_json(group: PhraseGroup, name: str, phrases: str) -> dict[str, Any]:
    return {name: group.id, "weight": "hold" if group.is_held else "review", phrases: list(group.phrases)}
