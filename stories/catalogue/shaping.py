"""Entries shaped into nouns."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from stories.catalogue.entries import Entry
from stories.catalogue.nouns import (
    Agent,
    Choice,
    Claim,
    ClaimKind,
    Condition,
    Confidence,
    Helpline,
    IdentifierClass,
    Reaction,
    Result,
    Row,
    Section,
    Source,
    Therapy,
)

Body = Mapping[str, Any]
Labels = Mapping[str, Entry]


def claim(body: Body) -> Claim:
    """A statement that has a text, its sources or citations, and a mark; it is a fact unless it says otherwise."""
    cited = body["citations"] if "citations" in body else body["sources"]
    kind = ClaimKind(body.get("kind", ClaimKind.FACT))
    return Claim(body["text"], tuple(cited), Confidence(body["confidence"]), kind)


def fact(text: str, citations: Iterable[str], confidence: str | None = None) -> Claim:
    """A fact. Where the files give no mark, it is high with a citation and low without."""
    cited = tuple(citations)
    unmarked = Confidence.HIGH if cited else Confidence.LOW
    return Claim(text, cited, Confidence(confidence) if confidence else unmarked)


def condition(entry: Entry, groups: Labels) -> Condition:
    """A condition, with the label of its group."""
    body = entry.body
    return Condition(
        slug=entry.slug,
        name=body["name"],
        plain_name=body["plain_name"],
        group=body["group"],
        group_label=groups[body["group"]].body["label"],
        is_serious=body["serious_group"],
        summary=body["summary"],
        summary_sources=tuple(body["summary_sources"]),
        synonyms=tuple(body["synonyms"]),
        is_retired=entry.is_retired,
    )


def agent(entry: Entry, groups: Labels, kinds: Labels) -> Agent:
    """An agent, with the labels of its group and kind."""
    body = entry.body
    kind = kinds[body["kind"]].body
    return Agent(
        slug=entry.slug,
        name=body["name"],
        generic=body["generic"],
        group=body["group"],
        group_label=groups[body["group"]].body["label"],
        kind=body["kind"],
        kind_label=kind["label"],
        immune_direction=kind["immune_direction"],
        route=body["route"],
        where_used=body["where_used"],
        brands=tuple(brand["name"] for brand in body["brands"] if brand["confidence"] == Confidence.HIGH),
        mechanism=fact(body["mechanism"], body["mechanism_sources"], body["mechanism_confidence"]),
        warnings=tuple(claim(warning) for warning in body["warnings"]),
        reactions=tuple(body["local_reactions"]),
        synonyms=tuple(body["synonyms"]),
        is_historic=body["historic"],
        is_retired=entry.is_retired,
    )


def therapy(entry: Entry) -> Therapy:
    """A combined therapy."""
    body = entry.body
    return Therapy(
        slug=entry.slug,
        name=body["name"],
        description=body["plain_description"],
        kind=body["kind"],
        agent=body["agent"],
        caution=claim(body["caution"]) if body["caution"] else None,
        synonyms=tuple(body["synonyms"]),
        is_retired=entry.is_retired,
    )


def section(body: Body) -> Section:
    """A section of an introduction."""
    return Section(body["id"], body["heading"], tuple(claim(part) for part in body["claims"]))


def row(body: Body) -> Row:
    """A row of a comparison."""
    return Row(
        agent=body["agent"],
        where_used=body["where_used"],
        conditions=tuple(body["conditions"]),
        results=tuple(_result(result) for result in body["results"]),
        reactions=tuple(body["local_reactions"]),
        course=fact(body["course_text"], body["course_citations"]),
        recurrence=claim(body["recurrence"]) if body["recurrence"] else None,
        availability=fact(body["availability"], body["availability_citations"]),
    )


def _result(body: Body) -> Result:
    figure = fact(body["value"], body["citations"], body["confidence"])
    return Result(body["condition"], body["metric"], figure, body["comparator"], body["note"])


def choice(body: Body) -> Choice:
    """One answer of a scale."""
    return Choice(body["id"], body["label"], body.get("description", ""))


def reaction(entry: Entry) -> Reaction:
    """A reaction."""
    body = entry.body
    return Reaction(body["id"], body["label"], body["systemic"], dict(body["lay_grades"]))


def source(entry: Entry) -> Source:
    """A source; its address only where it may be a link."""
    body = entry.body
    url = body["url"] if body["reader_link"] else None
    return Source(body["id"], body["title"], body["publisher"], body["year"], url)


def helpline(entry: Entry) -> Helpline:
    """A helpline."""
    body = entry.body
    checked_on = date.fromisoformat(body["checked_on"]) if body["checked_on"] else None
    return Helpline(
        country=body["country"],
        name=body["name"],
        phone=body["phone"],
        text=body["text"],
        hours=body["hours"],
        web=body["web"],
        confidence=Confidence(body["confidence"]),
        checked_on=checked_on,
    )


def identifier_class(body: Body) -> IdentifierClass:
    """A class of identifying detail."""
    return IdentifierClass(body["n"], body["id"], body["label"])
