"""The whole catalogue in memory, for pages and rules: what may be chosen, what it is called, what it says."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date

from stories.catalogue import shaping
from stories.catalogue.entries import Entry, EntryKind, digest
from stories.catalogue.files import CatalogueFiles
from stories.catalogue.lookup import Index
from stories.catalogue.nouns import (
    Agent,
    Condition,
    Helpline,
    Source,
    Therapy,
    Topic,
)
from stories.catalogue.topics import all_topics
from stories.checks.finding import SafetyLists

NOT_CHOSEN = frozenset({"not_stated", "unknown", "stopped_side_effects"})
"""Answers of scales that nobody chooses: left out, or (a stop) two answers in the contract of a story."""

SCALES = {
    "outcomes": "self_rated_change",
    "times_to_improvement": "time_to_first_improvement",
    "durations": "treatment_duration",
    "severities": "reaction_severity",
    "serious_criteria": "serious_criteria",
    "stop_reasons": "stop_reasons",
    "recurrences": "recurrence",
}
"""Names of the scales here, and in the files."""

EVERYWHERE = "*"


class Catalogue:
    """One state of the catalogue. Nothing in it changes; another state is another `Catalogue`.

    What may be chosen is in the tuples, in the order of the files. What is retired is in none of them, but is
    still looked up by slug, for the stories that name it.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        kept: dict[EntryKind, dict[str, Entry]] = {kind: {} for kind in EntryKind}
        for entry in sorted(entries, key=lambda entry: (entry.position, entry.slug)):
            kept[entry.kind][entry.slug] = entry
        self.digest = digest(entry for of_kind in kept.values() for entry in of_kind.values())
        self._read_choices(kept)
        self._read_terms()
        self._read_scales(kept)
        self._read_safety(kept)
        self._read_topics(kept)

    @classmethod
    def from_files(cls, files: CatalogueFiles) -> "Catalogue":
        """The catalogue as it is when these files are loaded into an empty database."""
        return cls(files.entries)

    def _read_choices(self, kept: dict[EntryKind, dict[str, Entry]]) -> None:
        groups, agent_groups = kept[EntryKind.CONDITION_GROUP], kept[EntryKind.AGENT_GROUP]
        conditions, agents = kept[EntryKind.CONDITION], kept[EntryKind.AGENT]
        therapies = kept[EntryKind.THERAPY]
        self._conditions = {slug: shaping.condition(entry, groups) for slug, entry in conditions.items()}
        self._agents = {
            slug: shaping.agent(entry, agent_groups, kept[EntryKind.AGENT_KIND]) for slug, entry in agents.items()
        }
        self._therapies = {slug: shaping.therapy(entry) for slug, entry in therapies.items()}
        self._sources = {slug: shaping.source(entry) for slug, entry in kept[EntryKind.SOURCE].items()}
        self.conditions = tuple(one for one in self._conditions.values() if not one.is_retired)
        self.agents = tuple(one for one in self._agents.values() if not one.is_retired)
        self.therapies = tuple(one for one in self._therapies.values() if not one.is_retired)
        self._condition_index = Index(conditions.values())
        self._agent_index = Index(agents.values())
        self._therapy_index = Index(therapies.values())

    def _read_terms(self) -> None:
        conditions, agents = self._conditions.values(), self._agents.values()
        found = {name for one in conditions for name in (one.name, one.plain_name, *one.synonyms)}
        found |= {name for one in agents for name in (one.name, one.generic, *one.brands, *one.synonyms)}
        found |= {one.name for one in self._therapies.values()}
        self.terms = tuple(sorted(found))

    def _read_scales(self, kept: dict[EntryKind, dict[str, Entry]]) -> None:
        scales = {
            name: tuple(shaping.choice(item) for item in kept[EntryKind.SCALE][slug].body["items"])
            for name, slug in SCALES.items()
        }
        chosen = {
            name: tuple(choice for choice in choices if choice.id not in NOT_CHOSEN)
            for name, choices in scales.items()
        }
        self.outcomes = chosen["outcomes"]
        self.times_to_improvement = chosen["times_to_improvement"]
        self.durations = chosen["durations"]
        self.severities = chosen["severities"]
        self.serious_criteria = chosen["serious_criteria"]
        self.stop_reasons = chosen["stop_reasons"]
        self.recurrences = chosen["recurrences"]
        reactions = kept[EntryKind.REACTION].values()
        self.reactions = tuple(shaping.reaction(entry) for entry in reactions if not entry.is_retired)
        self._labels = {name: {choice.id: choice.label for choice in all_} for name, all_ in scales.items()}
        self._labels["reactions"] = {entry.slug: entry.body["label"] for entry in reactions}

    def _read_safety(self, kept: dict[EntryKind, dict[str, Entry]]) -> None:
        safety, scales = kept[EntryKind.SAFETY], kept[EntryKind.SCALE]
        self.safety_lists = SafetyLists.from_json(
            {
                "crisis": safety["crisis"].body,
                "adverse_event_terms": safety["adverse_event_terms"].body,
                "medical_advice_phrases": safety["medical_advice_phrases"].body,
                "promotional_phrases": safety["promotional_phrases"].body,
                "serious_criteria": scales["serious_criteria"].body,
            }
        )
        classes = safety["identifier_classes"].body["classes"]
        self.identifier_classes = tuple(shaping.identifier_class(body) for body in classes)
        rules = safety["helpline_rules"].body
        self._shown_confidences = frozenset(rules["default_show"])
        self._hide_after_months: int = rules["hide_after_months"]
        self._helplines = tuple(shaping.helpline(entry) for entry in _active(kept[EntryKind.HELPLINE]))

    def _read_topics(self, kept: dict[EntryKind, dict[str, Entry]]) -> None:
        topics = all_topics(kept, self._conditions.values(), self._agents.values())
        self._topics = {topic.slug: topic for topic in topics}
        self.topics = tuple(topic for topic in self._topics.values() if not topic.is_retired)

    def condition(self, slug: str | None) -> Condition | None:
        """The condition of this slug, a retired one too."""
        return self._conditions.get(slug or "")

    def agent(self, slug: str | None) -> Agent | None:
        """The agent of this slug, a retired one too."""
        return self._agents.get(slug or "")

    def therapy(self, slug: str | None) -> Therapy | None:
        """The combined therapy of this slug, a retired one too."""
        return self._therapies.get(slug or "")

    def topic(self, slug: str) -> Topic | None:
        """The topic at this address, a retired one too."""
        return self._topics.get(slug)

    def source(self, source_id: str) -> Source | None:
        """The source of this id, a retired one too."""
        return self._sources.get(source_id)

    def label(self, scale: str, choice_id: str) -> str:
        """What an answer is called; `scale` is a name of SCALES, or `reactions`.

        An answer that has left its scale is called by its id, in words. Raises KeyError for an unknown scale.
        """
        return self._labels[scale].get(choice_id, choice_id.replace("_", " "))

    def find_condition(self, text: str) -> tuple[Condition, ...]:
        """The conditions that `text` can mean, best rank only; see `lookup.Rank`."""
        return tuple(self._conditions[slug] for slug in self._condition_index.find(text))

    def find_agent(self, text: str) -> tuple[Agent, ...]:
        """The agents that `text` can mean, likewise."""
        return tuple(self._agents[slug] for slug in self._agent_index.find(text))

    def find_therapy(self, text: str) -> tuple[Therapy, ...]:
        """The combined therapies that `text` can mean, likewise."""
        return tuple(self._therapies[slug] for slug in self._therapy_index.find(text))

    def gathering_topics(self, condition: str | None, agent: str | None) -> tuple[str, ...]:
        """Slugs of all topics on which a story about this condition and agent stands, retired ones too."""
        return tuple(slug for slug, topic in self._topics.items() if topic.gathers(condition, agent))

    def helplines_shown(self, country: str | None, today: date) -> tuple[Helpline, ...]:
        """The helplines of a country (ISO 3166-1), then those for everywhere; without a country only the latter.

        Only those whose confidence the safety rules show, and that were checked within the months that they give.
        """
        shown = [line for line in self._helplines if self._is_shown(line, today)]
        wanted = (country.strip().upper(), EVERYWHERE) if country else (EVERYWHERE,)
        return tuple(line for name in dict.fromkeys(wanted) for line in shown if line.country == name)

    def every_helpline_shown(self, today: date) -> tuple[Helpline, ...]:
        """The helplines of all countries that `helplines_shown` would show for one of them, in the files' order."""
        return tuple(line for line in self._helplines if self._is_shown(line, today))

    def _is_shown(self, line: Helpline, today: date) -> bool:
        if line.confidence not in self._shown_confidences or line.checked_on is None:
            return False
        return today <= _months_after(line.checked_on, self._hide_after_months)


def _active(entries: dict[str, Entry]) -> Iterator[Entry]:
    return (entry for entry in entries.values() if not entry.is_retired)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
