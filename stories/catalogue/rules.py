"""What must hold between the catalogue's entries, and a schema cannot say."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stories.catalogue.entries import Entry, EntryKind

CLASS_TOPICS = frozenset({"topical-immunotherapy"})
"""Topics that gather stories by their agents; others of kind `topic` gather by their conditions."""

REFERENCES = (
    (EntryKind.CONDITION, "group", EntryKind.CONDITION_GROUP),
    (EntryKind.CONDITION, "evidence.agent", EntryKind.AGENT),
    (EntryKind.CONDITION, "evidence.level", EntryKind.EVIDENCE_LEVEL),
    (EntryKind.AGENT, "group", EntryKind.AGENT_GROUP),
    (EntryKind.AGENT, "kind", EntryKind.AGENT_KIND),
    (EntryKind.AGENT, "regulatory.status", EntryKind.REGULATORY_STATUS),
    (EntryKind.AGENT, "regulatory.uses", EntryKind.CONDITION),
    (EntryKind.AGENT, "courses.condition", EntryKind.CONDITION),
    (EntryKind.AGENT, "local_reactions", EntryKind.REACTION),
    (EntryKind.THERAPY, "agent", EntryKind.AGENT),
    (EntryKind.TOPIC, "conditions", EntryKind.CONDITION),
    (EntryKind.TOPIC, "agents", EntryKind.AGENT),
    (EntryKind.TOPIC, "listing.links", EntryKind.TOPIC),
    (EntryKind.TOPIC, "rows.agent", EntryKind.AGENT),
    (EntryKind.TOPIC, "rows.conditions", EntryKind.CONDITION),
    (EntryKind.TOPIC, "rows.results.condition", EntryKind.CONDITION),
    (EntryKind.TOPIC, "rows.local_reactions", EntryKind.REACTION),
    (EntryKind.SAFETY, "terms.maps_to", EntryKind.REACTION),
)
"""Which part of an entry names an entry of which kind."""

_CITING = re.compile(r"(.+_)?(sources|citations)|source")
_CITED_FACTS = ("sources", "citations")
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MACHINE_PATH = re.compile(r"(^|[\s\"'(])/\w+/")

Kinds = Mapping[EntryKind, Mapping[str, Entry]]


def check(entries: Iterable[Entry]) -> None:
    """Nothing, when these entries make a catalogue. Raises BrokenCatalogue for the first that does not fit."""
    kinds: dict[EntryKind, dict[str, Entry]] = {kind: {} for kind in EntryKind}
    for entry in entries:
        if entry.slug in kinds[entry.kind]:
            raise entry.refused("stands twice in the file")
        kinds[entry.kind][entry.slug] = entry
    for kind in EntryKind:
        for entry in kinds[kind].values():
            for fault in _faults(entry, kinds):
                raise entry.refused(fault)


def _faults(entry: Entry, kinds: Kinds) -> Iterator[str]:
    yield from _text_faults(entry.body)
    yield from _reference_faults(entry, kinds)
    if entry.kind is not EntryKind.SOURCE:
        yield from _citation_faults(entry.body, kinds[EntryKind.SOURCE])
    rule = _RULES.get(entry.kind)
    if rule is not None:
        yield from rule(entry, kinds)


def _text_faults(body: Mapping[str, Any]) -> Iterator[str]:
    for node in _nodes(body):
        if isinstance(node, str) and _ODD.search(node):
            yield "has a control character or half a character in a text"
        if isinstance(node, str) and _MACHINE_PATH.search(node):
            yield "names a path of a machine"


def _reference_faults(entry: Entry, kinds: Kinds) -> Iterator[str]:
    for kind, path, meant in REFERENCES:
        if kind is entry.kind:
            for slug in _named(entry.body, path.split(".")):
                if slug not in kinds[meant]:
                    yield f"{path}: there is no {meant.value.replace('_', ' ')} “{slug}”"


def _citation_faults(body: Mapping[str, Any], sources: Mapping[str, Entry]) -> Iterator[str]:
    for node in _nodes(body):
        if not isinstance(node, dict):
            continue
        for key, cited in node.items():
            if _CITING.fullmatch(key):
                unknown = [name for name in ([cited] if isinstance(cited, str) else cited) if name not in sources]
                yield from (f"{key}: there is no source “{name}”" for name in unknown)
        if node is not body:
            yield from _claim_faults(node)


def _claim_faults(node: Mapping[str, Any]) -> Iterator[str]:
    """Of a statement inside an entry: a fact names its source or is marked low, and a product statement has none.

    Codes, evidence, warnings and the like may be medium without a source; nobody sees them so.
    """
    cited = [node[key] for key in _CITED_FACTS if key in node]
    if not cited or "confidence" not in node:
        return
    uncited_faults = ("high", "medium") if node.get("kind") == "fact" else ("high",)
    about = str(node.get("text") or node.get("note") or node.get("code") or "")[:50]
    if node.get("kind") == "product":
        if any(cited):
            yield f"a product statement has a citation: “{about}”"
    elif not any(cited) and node["confidence"] in uncited_faults:
        yield f"a fact has no citation and is not marked low: “{about}”"


def _condition_faults(entry: Entry, kinds: Kinds) -> Iterator[str]:
    if entry.slug in kinds[EntryKind.AGENT]:
        yield "has the slug of an agent"
    for code in entry.body["codes"]:
        if code["system"] == "SNOMED CT" and not has_check_digit(code["code"]):
            yield f"SNOMED CT code {code['code']} has a wrong check digit"
    for evidence in entry.body["evidence"]:
        agent = kinds[EntryKind.AGENT].get(evidence["agent"])
        if evidence["level"] == "label" and agent is not None and entry.slug not in _approved(agent):
            yield f"evidence says that {agent.slug} is approved for it, and the agent does not"


def _approved(agent: Entry) -> set[str]:
    approvals = (part for part in agent.body["regulatory"] if part["status"] == "approved")
    return {use for approval in approvals for use in approval["uses"]}


def _agent_faults(entry: Entry, _kinds: Kinds) -> Iterator[str]:
    for course in entry.body["courses"]:
        low, high = course["weeks_min"], course["weeks_max"]
        if low is not None and high is not None and low > high:
            yield f"courses: {low} to {high} weeks"
    for part in ("mechanism", "local_reactions", "regulatory_note"):
        is_high = entry.body.get(f"{part}_confidence", "high") == "high"
        if entry.body[part] and is_high and not entry.body[f"{part}_sources"]:
            yield f"{part} has no source and is not marked low"


def _topic_faults(entry: Entry, kinds: Kinds) -> Iterator[str]:
    """One slug space: a topic may have the slug of a condition only in its stead, and never that of an agent."""
    body = entry.body
    gathers = body["kind"] == "topic" and entry.slug not in CLASS_TOPICS
    if entry.slug in kinds[EntryKind.AGENT]:
        yield "has the slug of an agent"
    if entry.slug in kinds[EntryKind.CONDITION] and not (gathers and entry.slug in body["conditions"]):
        yield "has the slug of a condition whose stories it does not gather"


def _scale_faults(entry: Entry, _kinds: Kinds) -> Iterator[str]:
    yield from _twice(item["id"] for item in entry.body["items"])


def _safety_faults(entry: Entry, _kinds: Kinds) -> Iterator[str]:
    yield from _twice(item["id"] for item in entry.body.get("classes", ()))
    yield from _twice(item["n"] for item in entry.body.get("classes", ()))
    yield from _twice(item["id"] for item in entry.body.get("criteria", ()))


def _twice(names: Iterable[object]) -> Iterator[str]:
    seen = set()
    for name in names:
        if name in seen:
            yield f"“{name}” stands twice in it"
        seen.add(name)


_RULES: Mapping[EntryKind, Callable[[Entry, Kinds], Iterator[str]]] = {
    EntryKind.CONDITION: _condition_faults,
    EntryKind.AGENT: _agent_faults,
    EntryKind.TOPIC: _topic_faults,
    EntryKind.SCALE: _scale_faults,
    EntryKind.SAFETY: _safety_faults,
}


def _nodes(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, dict):
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


def _named(node: object, path: list[str]) -> Iterator[str]:
    """The slugs at `path`; lists on the way are looked into, and what is absent names nothing."""
    if isinstance(node, list):
        for value in node:
            yield from _named(value, path)
    elif isinstance(node, dict) and path:
        yield from _named(node.get(path[0]), path[1:])
    elif isinstance(node, str) and not path:
        yield node


def has_check_digit(code: str) -> bool:
    """Whether the last digit of a SNOMED CT identifier is the right one.

    The Verhoeff check over the dihedral group of order 10 (J. Verhoeff, 1969), which the SNOMED CT Release File
    Specification asks for.
    """
    if not re.fullmatch(r"[0-9]{6,18}", code):
        return False
    checked = 0
    for place, digit in enumerate(reversed(code)):
        turned = int(digit)
        for _again in range(place % 8):
            turned = _TURN[turned]
        checked = _product(checked, turned)
    return checked == 0


_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _product(left: int, right: int) -> int:
    sign = -1 if left >= 5 else 1
    flipped = 5 if (left >= 5) != (right >= 5) else 0
    return (left + sign * right) % 5 + flipped
