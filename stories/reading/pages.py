"""What reader pages print: publications and catalogue entries turned into ready values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from stories import wording
from stories.catalogue import Catalogue, Claim, Source, Topic, TopicKind
from stories.cleaning import Clean
from stories.reading import queries
from stories.reading.figures import OutcomeRow, outcome_rows
from stories.reading.models import NOT_STATED
from stories.wording import QUESTIONS, RIGHT_TO_LEFT, in_words

OTHERS = ("condition", "agent", "combined")
"""Answers beside which patients may write one of their own."""

ASK_FIRST = "ask_doctor_first"
WHAT_IT_IS = "what_it_is"
SHOWN = tuple(field for field in QUESTIONS if field not in ("body_site", "writer", "age_band"))


@dataclass(frozen=True)
class Card:
    """A story in a list."""

    public_id: str
    href: str
    title: Clean | None
    outcome: str | None
    outcome_label: str | None
    notes: list[str]
    mentions: str | None
    excerpt: list[Clean]
    signature: str | None
    language: str


@dataclass(frozen=True)
class Answer:
    """One answer on a story's page: its question, what it is called, and the values it was published with."""

    field: str
    question: str
    words: list[str]
    value: str | None
    other: Clean | None


@dataclass(frozen=True)
class StoryPage:
    """Everything that a story's page prints."""

    card: Card
    digest: str
    told_in: str
    narrative: Clean
    answers: list[Answer]
    content_notes: list[str]
    filed: list[str]
    topics: list[Topic]
    direction: str


@dataclass(frozen=True)
class Statement:
    """One sentence of an introduction, with the numbers of its sources."""

    text: str
    numbers: list[int]


@dataclass(frozen=True)
class Part:
    """A part of an introduction."""

    id: str
    heading: str
    statements: list[Statement]


@dataclass(frozen=True)
class TrialResult:
    """One figure of one trial: what it counted, in which condition, with the numbers of its sources."""

    figure: str
    counted: str
    condition: str
    note: str
    numbers: list[int]


@dataclass(frozen=True)
class Trials:
    """What trials found for one agent of a comparison."""

    agent: str
    where_used: str
    results: list[TrialResult]


@dataclass(frozen=True)
class Introduction:
    """A topic's checked introduction: what may be shown of it, and the sources in the order of their numbers."""

    parts: list[Part]
    trials: list[Trials]
    trials_note: str | None
    sources: Sequence[Source]
    is_reviewed: bool

    def part(self, part_id: str) -> Part | None:
        """The part of this id, if anything of it may be shown."""
        return next((part for part in self.parts if part.id == part_id), None)


@dataclass(frozen=True)
class Option:
    """One way to filter: a link, how many stories it leads to, whether it is chosen now."""

    label: str
    href: str
    stories: int
    is_chosen: bool
    outcome: str | None = None


@dataclass(frozen=True)
class FilterMenu:
    """The ways to filter by one answer."""

    name: str
    chosen: str
    options: list[Option]


def cards(stories: Sequence[queries.Story], known: Catalogue) -> list[Card]:
    """Stories as cards of a list."""
    return [_card(story, known) for story in stories]


def story_page(story: queries.Story, known: Catalogue) -> StoryPage:
    """One story as its page prints it."""
    shown = story.shown
    topics = (known.topic(slug) for slug in known.gathering_topics(shown["condition"], shown["agent"]))
    return StoryPage(
        card=_card(story, known),
        digest=story.digest,
        told_in=shown["told_in"],
        narrative=story.cleaned["narrative"],
        answers=[answer for field in SHOWN if (answer := _answer(field, story, known)) is not None],
        content_notes=shown.get("content_notes", []),
        filed=shown.get("filed", []),
        topics=sorted(
            (topic for topic in topics if topic is not None and not topic.is_retired),
            key=lambda topic: (topic.kind is not TopicKind.CONDITION, topic.is_plain),
        ),
        direction="rtl" if shown["language"] in RIGHT_TO_LEFT else "ltr",
    )


def introduction(topic: Topic, known: Catalogue) -> Introduction:
    """The introduction by the rule for unreviewed entries, every fact with its sources numbered."""
    claims = [claim for section in topic.shown_sections for claim in section.claims]
    claims += [result.claim for row in topic.shown_rows for result in row.results]
    cited = dict.fromkeys(name for claim in claims for name in claim.citations)
    sources = [source for name in cited if (source := known.source(name)) is not None]
    number = {source.id: index for index, source in enumerate(sources, start=1)}

    def numbers(claim: Claim) -> list[int]:
        return [number[name] for name in claim.citations if name in number]

    parts = [
        Part(section.id, section.heading, [Statement(claim.text, numbers(claim)) for claim in section.claims])
        for section in topic.shown_sections
    ]
    trials = [
        Trials(
            agent=agent.name if (agent := known.agent(row.agent)) else row.agent,
            where_used=row.where_used,
            results=[
                TrialResult(
                    figure=result.claim.text,
                    counted=result.metric,
                    condition=" ".join(in_words("condition", result.condition, known)),
                    note=result.note,
                    numbers=numbers(result.claim),
                )
                for result in row.results
            ],
        )
        for row in topic.shown_rows
    ]
    return Introduction(parts, trials, topic.table_note, sources, topic.is_reviewed)


def outcome_table(counts: Mapping[str, int], known: Catalogue) -> list[OutcomeRow]:
    """Stories by outcome, in the order of the scale; those that state none come last."""
    named = [(choice.id, choice.label, counts.get(choice.id, 0)) for choice in known.outcomes]
    if counts.get(NOT_STATED):
        named.append((NOT_STATED, "Not stated", counts[NOT_STATED]))
    return outcome_rows(named, few=queries.FEW)


def condition_topics(known: Catalogue) -> list[Topic]:
    """The topics of conditions that have an introduction of their own."""
    return [topic for topic in known.topics if topic.kind is TopicKind.CONDITION and not topic.is_plain]


def topic_groups(known: Catalogue) -> list[tuple[str, list[Topic]]]:
    """All topics in groups, each with its heading."""

    def of(*kinds: TopicKind, is_plain: bool | None = None) -> list[Topic]:
        return [t for t in known.topics if t.kind in kinds and (is_plain is None or t.is_plain is is_plain)]

    groups = [
        ("Conditions", of(TopicKind.CONDITION, is_plain=False)),
        ("More conditions", of(TopicKind.CONDITION, is_plain=True)),
        ("Treatments", of(TopicKind.CLASS, TopicKind.TREATMENT)),
        ("Comparisons", of(TopicKind.COMPARISON)),
    ]
    return [(heading, topics) for heading, topics in groups if topics]


def address(slug: str, chosen: queries.Filter, after: queries.PageKey | None = None) -> str:
    """The address of a topic's stories, filtered; catalogue words and a page key only."""
    values = {"agent": chosen.agent, "combined": chosen.combined, "outcome": chosen.outcome}
    values |= {"language": chosen.language, "after": str(after) if after else None}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"/topics/{slug}{'?' if query else ''}{query}#stories"


def filters(session: Session, slug: str, chosen: queries.Filter, known: Catalogue) -> list[FilterMenu]:
    """The ways to filter a topic's stories, with how many stories each leads to; none that leads to nothing."""

    def menu(field: str, name: str, any_: str, counts: Mapping[str, int], labels: Mapping[str, str]) -> FilterMenu:
        now = getattr(chosen, field)
        everything = Option(any_, _with(slug, chosen, field, None), 0, now is None)
        options = [
            Option(
                label,
                _with(slug, chosen, field, value),
                counts[value],
                now == value,
                value if field == "outcome" else None,
            )
            for value, label in labels.items()
            if counts.get(value)
        ]
        return FilterMenu(name, labels.get(now, now) if now else any_, [everything, *options])

    agents = {agent.slug: agent.name for agent in known.agents}
    therapies = {therapy.slug: therapy.name for therapy in known.therapies}
    outcomes = {outcome.id: outcome.label for outcome in known.outcomes} | {NOT_STATED: "Not stated"}
    return [
        menu("agent", "Treatment", "All treatments", queries.agent_counts(session, slug, chosen), agents),
        menu("outcome", "How it ended", "All outcomes", queries.outcome_counts(session, slug, chosen), outcomes),
        menu("combined", "Also used", "Anything", queries.combined_counts(session, slug, chosen), therapies),
    ]


def _with(slug: str, chosen: queries.Filter, field: str, value: str | None) -> str:
    values = {"agent": chosen.agent, "combined": chosen.combined, "outcome": chosen.outcome}
    return address(slug, queries.Filter(**{**values, field: value}, language=chosen.language))


def _card(story: queries.Story, known: Catalogue) -> Card:
    shown = story.shown
    return Card(
        public_id=story.public_id,
        href=f"/stories/{story.public_id}",
        title=story.cleaned.get("title"),
        outcome=shown["outcome"],
        outcome_label="".join(in_words("outcome", shown["outcome"], known)) or None,
        notes=[note for note in _notes(story, known) if note],
        mentions=_mentions(shown.get("content_notes", [])),
        excerpt=[story.cleaned["excerpt"]],
        signature=story.cleaned.get("display_name"),
        language=shown["language"],
    )


def _mentions(notes: Sequence[str]) -> str | None:
    """What a story mentions that may be hard to read, in words."""
    words = [wording.CONTENT_NOTES[note] for note in notes]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:]))) or None


def _notes(story: queries.Story, known: Catalogue) -> list[str | Clean]:
    shown, cleaned = story.shown, story.cleaned
    agent = " ".join(in_words("agent", shown["agent"], known)) or cleaned.get("agent_other", "")
    condition = known.condition(shown["condition"])
    about = condition.plain_name.partition(":")[0] if condition else cleaned.get("condition_other", "")
    return [agent, about, " ".join(in_words("duration", shown["duration"], known))]


def _answer(field: str, story: queries.Story, known: Catalogue) -> Answer | None:
    shown = story.shown
    value = shown.get(field)
    other = story.cleaned.get(f"{field}_other") if field in OTHERS else None
    if field in ("schedule", "ties"):
        value, other = None, story.cleaned.get(field)
    if not value and other is None:
        return None
    values = [value] if isinstance(value, str) else list(value or ())
    return Answer(field, QUESTIONS[field], in_words(field, values, known), " ".join(values) or None, other)
