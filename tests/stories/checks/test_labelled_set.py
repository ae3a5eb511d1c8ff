"""The invented set is what it says it is, and the checks find in it at least as much as they did."""

import re
from collections import Counter, defaultdict

import pytest

from stories import catalogue
from stories.checks.evaluating import Evaluation, Share, evaluate
from stories.checks.finding import FindingKind, Known
from stories.checks.labelled import CLASSES, OTHER_KINDS, Split, TextKind, read_labelled
from stories.cleaning import normalise
from tests.stories.checks.labelled.inventing import FILE, invented, templates

TEXTS = read_labelled(FILE)

FOUND_AT_LEAST = {
    "names": 0.94,
    "geography": 0.78,
    "dates": 0.81,
    "phone": 0.95,
    "ssn": 0.91,
    "email": 0.99,
    "url": 0.99,
    "ip": 0.99,
}
"""The least recall of a class, on the held-out texts, by findings of the class."""

NOTICED_AT_LEAST = {
    "names": 0.98,
    "geography": 0.8,
    "ssn": 0.99,
    "fax": 0.99,
    "mrn": 0.99,
    "device": 0.99,
    "account": 0.99,
}
"""The least recall of a class, likewise, by findings of any class."""

RIGHT_AT_LEAST = {
    "names": 0.84,
    "geography": 0.78,
    "phone": 0.9,
    "email": 0.99,
    "url": 0.99,
}
"""The least precision of a class."""

TEXTS_FOUND_AT_LEAST = {
    FindingKind.CRISIS: 0.99,
    FindingKind.SERIOUS_REACTION: 0.99,
}
"""The least recall of a kind, by text."""

FALSE_ALARMS_AT_MOST = 6.0
"""In 1,000 words of the hard negatives, on both splits."""


@pytest.fixture(scope="module")
def known() -> Known:
    listed = catalogue.Catalogue.from_files(catalogue.read_folder(catalogue.FOLDER))
    return Known(safety=listed.safety_lists, terms=listed.terms)


@pytest.fixture(scope="module")
def held_out(known: Known) -> Evaluation:
    return evaluate([text for text in TEXTS if text.split is Split.HELD_OUT], known)


def share(share: Share) -> float:
    assert share.value is not None
    return share.value


def test_the_set_is_what_its_templates_make() -> None:
    assert tuple(invented()) == TEXTS


def test_every_text_is_normalised_and_every_value_was_filled_in() -> None:
    assert [text.id for text in TEXTS if text.text != normalise(text.text)] == []
    assert [text.id for text in TEXTS if re.search("{[a-z-]*[:=]", text.text)] == []
    words = {text.text[span.start : span.end] for text in TEXTS for span in text.spans}
    assert {each for each in words if each != each.strip()} == set()


def test_the_set_has_every_class_on_both_sides_and_no_template_is_on_both() -> None:
    sides = defaultdict(set)
    for text in TEXTS:
        sides[text.template].add(text.split)
    assert set(map(len, sides.values())) == {1}
    for split in Split:
        spans = Counter(span.of_class for text in TEXTS if text.split is split for span in text.spans)
        assert set(spans) == set(CLASSES)


def test_the_set_is_large_and_varied_enough() -> None:
    assert len(TEXTS) >= 400
    per_split = Counter(template.split for template in templates())
    assert per_split.total() >= 120
    assert per_split[Split.HELD_OUT] >= 60
    assert {text.language for text in TEXTS} == {"en", "es", "de", "fr", "pl", "tr", "pt", "nl"}
    assert {text.kind for text in TEXTS} == set(TextKind)
    expected = {kind for text in TEXTS for kind in text.kinds}
    assert expected == set(OTHER_KINDS) - {FindingKind.REPEAT, FindingKind.NEAR_REPEAT}
    assert len({text.text for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize("of_class", FOUND_AT_LEAST)
def test_as_many_details_of_a_class_are_found_as_were(held_out: Evaluation, of_class: str) -> None:
    (figures,) = (figures for figures in held_out.classes if figures.of_class == of_class)
    assert share(figures.found) >= FOUND_AT_LEAST[of_class]


@pytest.mark.parametrize("of_class", NOTICED_AT_LEAST)
def test_as_many_details_of_a_class_are_noticed_as_were(held_out: Evaluation, of_class: str) -> None:
    (figures,) = (figures for figures in held_out.classes if figures.of_class == of_class)
    assert share(figures.noticed) >= NOTICED_AT_LEAST[of_class]


@pytest.mark.parametrize("of_class", RIGHT_AT_LEAST)
def test_findings_of_a_class_are_right_as_often_as_they_were(held_out: Evaluation, of_class: str) -> None:
    (figures,) = (figures for figures in held_out.classes if figures.of_class == of_class)
    assert share(figures.right) >= RIGHT_AT_LEAST[of_class]


@pytest.mark.parametrize("kind", TEXTS_FOUND_AT_LEAST)
def test_as_many_texts_of_a_kind_are_found_as_were(held_out: Evaluation, kind: FindingKind) -> None:
    (figures,) = (figures for figures in held_out.kinds if figures.kind is kind)
    assert share(figures.found) >= TEXTS_FOUND_AT_LEAST[kind]


def test_hard_negatives_are_left_alone(known: Known) -> None:
    rate = evaluate(TEXTS, known).false_alarm_rate
    assert rate is not None
    assert rate <= FALSE_ALARMS_AT_MOST
