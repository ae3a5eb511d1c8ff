"""What the catalogue is made of: entries, each of a kind and with a slug, cut from seven files."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class EntryKind(StrEnum):
    """What an entry describes. Slugs are unique within a kind."""

    CONDITION = "condition"
    CONDITION_GROUP = "condition_group"
    EVIDENCE_LEVEL = "evidence_level"
    AGENT = "agent"
    AGENT_GROUP = "agent_group"
    AGENT_KIND = "agent_kind"
    REGULATORY_STATUS = "regulatory_status"
    THERAPY = "therapy"
    SCALE = "scale"
    REACTION = "reaction"
    TOPIC = "topic"
    SAFETY = "safety"
    HELPLINE = "helpline"
    REPORTING_PLACE = "reporting_place"
    SOURCE = "source"


LISTS = (
    (EntryKind.CONDITION_GROUP, "conditions.json", "groups"),
    (EntryKind.EVIDENCE_LEVEL, "conditions.json", "evidence_levels"),
    (EntryKind.CONDITION, "conditions.json", "conditions"),
    (EntryKind.AGENT_GROUP, "agents.json", "groups"),
    (EntryKind.AGENT_KIND, "agents.json", "kinds"),
    (EntryKind.REGULATORY_STATUS, "agents.json", "regulatory_statuses"),
    (EntryKind.AGENT, "agents.json", "agents"),
    (EntryKind.THERAPY, "combined_therapies.json", "combined_therapies"),
    (EntryKind.REACTION, "outcomes.json", "local_reactions"),
    (EntryKind.TOPIC, "topics.json", "topics"),
    (EntryKind.HELPLINE, "safety.json", "helplines"),
    (EntryKind.REPORTING_PLACE, "safety.json", "side_effect_reporting"),
    (EntryKind.SOURCE, "sources.json", "sources"),
)
"""Where a file has a list of entries of one kind."""

SINGLES = ((EntryKind.SCALE, "outcomes.json"), (EntryKind.SAFETY, "safety.json"))
"""Where what a file has under a name, and is no list, is one entry of that name."""

FILES = tuple(dict.fromkeys(file for _kind, file, _key in LISTS))
FILE_OF = {kind: file for kind, file, _key in LISTS} | dict(SINGLES)

_NO_LETTER = re.compile(r"[\W_]+")
_SLUG_MAX_CHARS = 80


class BrokenCatalogue(Exception):
    """Files that cannot be loaded. Its message is one line: file, entry where one is known, and the fault."""

    def __init__(self, file: str, entry: str | None, fault: str) -> None:
        self.file, self.entry, self.fault = file, entry, " ".join(fault.split())
        super().__init__(f"{file}, {entry}: {self.fault}" if entry else f"{file}: {self.fault}")


@dataclass(frozen=True)
class Entry:
    """One entry: its body as in the file, and its place among those of its kind, from 0."""

    kind: EntryKind
    slug: str
    position: int
    body: Mapping[str, Any]
    is_retired: bool = False

    @property
    def name(self) -> str:
        """How a report names it."""
        return f"{self.kind} {self.slug}"

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of the body; the order of keys and the layout of the file do not matter."""
        written = json.dumps(self.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()

    def refused(self, fault: str) -> BrokenCatalogue:
        """The error that names this entry."""
        return BrokenCatalogue(FILE_OF[self.kind], self.slug, fault)


def cut(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[Entry]:
    """The entries of seven documents that fit their schemas, by file name."""
    for kind, file, key in LISTS:
        for position, body in enumerate(documents[file][key]):
            yield Entry(kind, slug_of(body), position, body)
    for kind, file in SINGLES:
        singles = {name: body for name, body in documents[file].items() if isinstance(body, dict)}
        singles.pop("_meta")
        for position, (name, body) in enumerate(singles.items()):
            yield Entry(kind, name, position, body)


def slug_of(body: Mapping[str, Any]) -> str:
    """The slug or id of an entry; of one with neither, such as a helpline, country and name in its stead."""
    named = body.get("slug") or body.get("id")
    if isinstance(named, str):
        return named
    words = f"{body.get('country', '')} {body.get('name', '')}".casefold()
    return _NO_LETTER.sub("-", words).strip("-")[:_SLUG_MAX_CHARS]


def digest(entries: Iterator[Entry]) -> str:
    """SHA-256, in hex, of everything in the catalogue; another one whenever an entry or its place changes."""
    lines = sorted(
        f"{entry.kind} {entry.slug} {entry.position} {entry.is_retired} {entry.hash}" for entry in entries
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
