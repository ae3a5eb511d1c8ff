"""What the catalogue gives pages and rules: what is found in it, what gathers where, what may be shown."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stories.catalogue import (
    FOLDER,
    Catalogue,
    ClaimKind,
    Confidence,
    EntryKind,
    TopicKind,
    read_folder,
)
from stories.catalogue.entries import Entry
from tests.catalogue_folder import a_folder, change


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.from_files(read_folder(FOLDER))


def _slugs(found: tuple[Any, ...]) -> list[str]:
    return [one.slug for one in found]


def test_the_files_that_come_with_the_release_are_a_whole_catalogue(shipped: Catalogue) -> None:
    assert len(shipped.conditions) == 17
    assert len(shipped.agents) == 28
    assert len(shipped.therapies) == 18
    assert len(shipped.reactions) == 30
    assert len(shipped.identifier_classes) == 18
    assert len([topic for topic in shipped.topics if not topic.is_plain]) == 13
    assert shipped.safety_lists.crisis
    assert shipped.safety_lists.reactions
    assert any("Aldara" in term for term in shipped.terms)


FOUND = [
    ("agent", "Aldara", ["imiquimod-5"]),
    ("agent", "imiquimod", ["imiquimod-5"]),
    ("agent", "IMIQUIMOD 5 % Cream", ["imiquimod-5"]),
    ("agent", "aldera", ["imiquimod-5"]),
    ("agent", "DPCP", ["diphencyprone"]),
    ("agent", "5-FU", ["fluorouracil"]),
    ("agent", "efudix", ["fluorouracil"]),
    ("agent", "freezing", ["cryotherapy"]),
    ("agent", "steroid creams", ["topical-corticosteroids"]),
    ("condition", "verruca", ["plantar-warts"]),
    ("condition", "verrucas", ["plantar-warts"]),
    ("condition", "wart", ["common-warts"]),
    ("condition", " Warts ", ["common-warts"]),
    ("condition", "eczema", ["atopic-eczema"]),
    ("condition", "sun spots", ["actinic-keratosis"]),
    ("condition", "Sunspots", ["actinic-keratosis"]),
    ("condition", "Bowen’s disease", ["bowens-disease"]),
    ("condition", "plane-warts", ["plane-warts"]),
    ("condition", "verucca", ["common-warts", "plantar-warts"]),
    ("condition", "broken heart", []),
    ("condition", " - ", []),
    ("condition", "", []),
    ("therapy", "light therapy", ["nb-uvb"]),
    ("therapy", "moisturiser", ["emollients"]),
    ("therapy", "none", ["none"]),
]


@pytest.mark.parametrize(("kind", "typed", "slugs"), FOUND)
def test_what_a_patient_typed_finds_what_they_mean(
    shipped: Catalogue, kind: str, typed: str, slugs: list[str]
) -> None:
    assert _slugs(getattr(shipped, f"find_{kind}")(typed)) == slugs


def test_every_slug_and_name_finds_its_entry_alone(shipped: Catalogue) -> None:
    for find, entries in (
        (shipped.find_condition, shipped.conditions),
        (shipped.find_agent, shipped.agents),
        (shipped.find_therapy, shipped.therapies),
    ):
        for entry in entries:
            assert _slugs(find(entry.slug)) == _slugs(find(entry.name)) == [entry.slug]


def test_a_wart_story_treated_with_imiquimod_stands_on_its_own_topics_only(shipped: Catalogue) -> None:
    assert set(shipped.gathering_topics("common-warts", "imiquimod-5")) == {
        "warts",
        "common-warts",
        "imiquimod-5",
        "topical-immunotherapy",
    }
    assert shipped.gathering_topics("psoriasis", None) == ("psoriasis",)
    assert shipped.gathering_topics(None, "tacrolimus") == ("tacrolimus",)
    assert shipped.gathering_topics(None, None) == ()
    assert shipped.gathering_topics("no-such-condition", "no-such-agent") == ()


def test_every_condition_and_agent_has_a_topic_and_comparisons_gather_nothing(shipped: Catalogue) -> None:
    addresses = [topic.slug for topic in shipped.topics]

    assert len(addresses) == len(set(addresses))
    for condition in shipped.conditions:
        assert condition.slug in shipped.gathering_topics(condition.slug, None)
    for agent in shipped.agents:
        assert agent.slug in shipped.gathering_topics(None, agent.slug)
    comparisons = {topic.slug for topic in shipped.topics if topic.kind is TopicKind.COMPARISON}
    gathered = {
        slug
        for condition in shipped.conditions
        for agent in shipped.agents
        for slug in shipped.gathering_topics(condition.slug, agent.slug)
    }
    assert comparisons == {"compare-imiquimod-5fu-cryo-pdt-surgery"}
    assert not comparisons & gathered


def test_until_a_page_is_reviewed_only_cited_facts_read_at_the_source_are_shown(shipped: Catalogue) -> None:
    shown = [claim for topic in shipped.topics for section in topic.shown_sections for claim in section.claims]
    facts = [claim for claim in shown if claim.kind is ClaimKind.FACT]

    assert len(facts) > 300
    assert all(claim.citations and claim.confidence is Confidence.HIGH for claim in facts)
    assert all(shipped.source(name) for claim in facts for name in claim.citations)
    assert any(claim.kind is ClaimKind.PRODUCT for claim in shown)
    assert not any(topic.is_reviewed for topic in shipped.topics)


def test_a_section_with_nothing_to_show_is_left_out(shipped: Catalogue) -> None:
    berdazimer = shipped.topic("berdazimer")

    assert berdazimer is not None
    assert berdazimer.sections[0].claims[0].confidence is Confidence.LOW
    assert "how_it_works" not in [section.id for section in berdazimer.shown_sections]
    assert all(section.claims for topic in shipped.topics for section in topic.shown_sections)


def test_once_a_page_is_reviewed_second_hand_facts_are_shown_and_low_ones_still_not(tmp_path: Path) -> None:
    def review(document: dict[str, Any]) -> None:
        for topic in document["topics"]:
            topic |= {"review_status": "clinically_reviewed", "last_reviewed": "2026-12-01"}

    folder = a_folder(tmp_path)
    change(folder, "topics.json", review)
    reviewed = Catalogue.from_files(read_folder(folder))

    marks = {
        claim.confidence
        for topic in reviewed.topics
        if topic.is_reviewed
        for section in topic.shown_sections
        for claim in section.claims
    }
    assert marks == {Confidence.HIGH, Confidence.MEDIUM}


def test_a_comparison_shows_every_agent_and_no_figure_that_is_not_high(shipped: Catalogue) -> None:
    comparison = shipped.topic("compare-imiquimod-5fu-cryo-pdt-surgery")

    assert comparison is not None
    assert [row.agent for row in comparison.shown_rows] == list(comparison.agents)
    marks = {result.claim.confidence for row in comparison.rows for result in row.results}
    shown = {result.claim.confidence for row in comparison.shown_rows for result in row.results}
    assert Confidence.MEDIUM in marks
    assert shown == {Confidence.HIGH}


def test_plain_topics_never_turn_a_course_into_an_instruction(shipped: Catalogue) -> None:
    courses = [
        course["text"]
        for entry in read_folder(FOLDER).entries
        if entry.kind is EntryKind.AGENT
        for course in entry.body["courses"]
    ]
    said = " ".join(
        claim.text
        for topic in shipped.topics
        if topic.is_plain
        for section in topic.sections
        for claim in section.claims
    )

    assert courses
    assert not any(course in said for course in courses)


def test_a_source_that_may_not_be_a_link_has_no_address(shipped: Catalogue) -> None:
    linkless = [
        entry.slug
        for entry in read_folder(FOLDER).entries
        if entry.kind is EntryKind.SOURCE and not entry.body["reader_link"]
    ]

    assert linkless
    for name in linkless:
        source = shipped.source(name)
        assert source is not None
        assert (source.url, bool(source.title)) == (None, True)


def test_scales_leave_out_what_nobody_chooses_and_still_name_it(shipped: Catalogue) -> None:
    ids = [choice.id for choice in shipped.outcomes]

    assert ids == ["cleared", "much_better", "better", "no_change", "worse", "too_early"]
    assert "unknown" not in {choice.id for choice in (*shipped.durations, *shipped.recurrences)}
    assert [choice.id for choice in shipped.severities] == ["mild", "moderate", "severe"]
    assert shipped.label("outcomes", "stopped_side_effects") == "Stopped because of side effects"
    assert shipped.label("reactions", "redness") == "Redness"
    assert shipped.label("outcomes", "an_old_answer") == "an old answer"


def test_helplines_are_those_of_the_country_then_the_directory(shipped: Catalogue) -> None:
    day = date(2026, 12, 1)

    assert [line.name for line in shipped.helplines_shown("gb", day)][:2] == ["Samaritans", "Shout"]
    assert [line.country for line in shipped.helplines_shown("GB", day)] == ["GB", "GB", "*"]
    assert [line.country for line in shipped.helplines_shown(None, day)] == ["*"]
    assert [line.country for line in shipped.helplines_shown("NL", day)] == ["*"], "a number nobody confirmed"


def test_a_helpline_that_was_not_checked_for_twelve_months_is_hidden(shipped: Catalogue) -> None:
    assert shipped.helplines_shown("US", date(2027, 11, 23))
    assert shipped.helplines_shown("US", date(2027, 11, 24)) == ()


def test_a_retired_entry_is_no_choice_and_still_has_its_name_and_page() -> None:
    def retire(entry: Entry) -> Entry:
        return replace(entry, is_retired=entry.slug in {"sadbe", "vitiligo", "puva"})

    catalogue = Catalogue(retire(entry) for entry in read_folder(FOLDER).entries)

    assert "sadbe" not in _slugs(catalogue.agents)
    assert "puva" not in _slugs(catalogue.therapies)
    assert catalogue.find_agent("squaric acid") == catalogue.find_agent("sadbe") == ()
    assert "vitiligo" not in _slugs(catalogue.topics)
    agent, therapy, topic = catalogue.agent("sadbe"), catalogue.therapy("puva"), catalogue.topic("vitiligo")
    assert agent is not None
    assert agent.name == "squaric acid dibutyl ester (SADBE)"
    assert therapy is not None
    assert topic is not None
    assert topic.is_retired
    assert catalogue.gathering_topics("vitiligo", "sadbe") == ("topical-immunotherapy", "vitiligo", "sadbe")


def test_a_retired_topic_makes_way_for_the_plain_one_of_its_condition() -> None:
    def retire(entry: Entry) -> Entry:
        return replace(entry, is_retired=(entry.kind, entry.slug) == (EntryKind.TOPIC, "psoriasis"))

    topic = Catalogue(retire(entry) for entry in read_folder(FOLDER).entries).topic("psoriasis")

    assert topic is not None
    assert (topic.is_plain, topic.is_retired) == (True, False)
