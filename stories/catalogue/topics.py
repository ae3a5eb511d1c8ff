"""Topics: those of the files, and a plain one for every condition and agent that has none of its own."""

from collections.abc import Iterable, Iterator, Mapping

from stories.catalogue.entries import Entry, EntryKind
from stories.catalogue.nouns import Agent, Condition, Section, Topic, TopicKind
from stories.catalogue.rules import CLASS_TOPICS
from stories.catalogue.shaping import fact, row, section

REVIEWED = "clinically_reviewed"

Entries = Mapping[EntryKind, Mapping[str, Entry]]


def written_topic(entry: Entry) -> Topic:
    """A topic of the files."""
    body = entry.body
    listing = body.get("listing", {"title": None, "links": ()})
    return Topic(
        slug=entry.slug,
        title=body["title"],
        tagline=body["tagline"],
        kind=_kind(entry),
        conditions=tuple(body["conditions"]),
        agents=tuple(body["agents"]),
        sections=tuple(section(part) for part in body["sections"]),
        rows=tuple(row(part) for part in body.get("rows", ())),
        table_note=body.get("table_note"),
        links_title=listing["title"],
        links=tuple(listing["links"]),
        comment_policy=body.get("comment_policy"),
        is_reviewed=body["review_status"] == REVIEWED,
        is_retired=entry.is_retired,
    )


def _kind(entry: Entry) -> TopicKind:
    if entry.body["kind"] == "comparison":
        return TopicKind.COMPARISON
    return TopicKind.CLASS if entry.slug in CLASS_TOPICS else TopicKind.CONDITION


def all_topics(entries: Entries, conditions: Iterable[Condition], agents: Iterable[Agent]) -> Iterator[Topic]:
    """Every topic under a slug of its own, in the order of the files, plain ones after them, retired ones last.

    A retired topic makes way for the plain one of its condition.
    """
    written = [written_topic(entry) for entry in entries[EntryKind.TOPIC].values()]
    plain = [
        *(_plain_condition(condition, entries) for condition in conditions),
        *(_plain_agent(agent, entries) for agent in agents),
    ]
    taken: set[str] = set()
    for topic in sorted([*written, *plain], key=lambda topic: topic.is_retired):
        if topic.slug not in taken:
            taken.add(topic.slug)
            yield topic


def _plain_condition(condition: Condition, entries: Entries) -> Topic:
    evidence = entries[EntryKind.CONDITION][condition.slug].body["evidence"]
    levels, agents = entries[EntryKind.EVIDENCE_LEVEL], entries[EntryKind.AGENT]
    treatments = (
        fact(
            f"{_capital(agents[part['agent']].body['name'])}: {levels[part['level']].body['label'].lower()}."
            f" {part['note']}",
            part["sources"],
            part["confidence"],
        )
        for part in evidence
    )
    return Topic(
        slug=condition.slug,
        title=condition.plain_name,
        tagline=condition.name,
        kind=TopicKind.CONDITION,
        conditions=(condition.slug,),
        sections=(
            Section("what_it_is", "What it is", (fact(condition.summary, condition.summary_sources),)),
            Section("treatments", "What sources say about treatments", tuple(treatments)),
        ),
        is_plain=True,
        is_retired=condition.is_retired,
    )


def _plain_agent(agent: Agent, entries: Entries) -> Topic:
    # Courses stay out: in running text a course length reads like an instruction.
    body = entries[EntryKind.AGENT][agent.slug].body
    names = [entries[EntryKind.REACTION][slug].body["label"].lower() for slug in agent.reactions]
    listed = f"Reactions that sources list: {', '.join(names)}."
    reactions = fact(listed, body["local_reactions_sources"], body["local_reactions_confidence"])
    approvals = [fact(_approval(part, entries), part["sources"], part["confidence"]) for part in body["regulatory"]]
    if body["regulatory_note"]:
        approvals.append(fact(body["regulatory_note"], body["regulatory_note_sources"]))
    return Topic(
        slug=agent.slug,
        title=_capital(agent.name),
        tagline=agent.group_label,
        kind=TopicKind.TREATMENT,
        agents=(agent.slug,),
        sections=(
            Section("how_it_works", "How it works", (agent.mechanism,)),
            Section("approvals", "Approvals", tuple(approvals)),
            Section("what_to_expect", "What to expect", (reactions,) if names else ()),
            Section("warnings", "What sources warn about", agent.warnings),
        ),
        is_plain=True,
        is_retired=agent.is_retired,
    )


def _approval(part: Mapping[str, object], entries: Entries) -> str:
    status = entries[EntryKind.REGULATORY_STATUS][str(part["status"])].body["label"]
    uses = part["uses"] if isinstance(part["uses"], list) else []
    names = ", ".join(entries[EntryKind.CONDITION][use].body["name"] for use in uses)
    region = "Any region" if part["region"] == "any" else part["region"]
    return f"{region}. {status}{f' ({names})' if names else ''}."


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
