"""Words of crisis and of serious reactions are found whole; what they open depends on the list and on denial."""

import pytest

from stories.catalogue.files import FOLDER, read_folder
from stories.catalogue.snapshot import Catalogue
from stories.checks.finding import (
    Finding,
    FindingKind,
    Known,
    MarkKind,
    PhraseGroup,
    SafetyLists,
    Severity,
)
from stories.checks.safety import crisis, reactions, serious_answers
from stories.content import Content

LISTS = SafetyLists(
    crisis=(
        PhraseGroup("suicide", is_held=True, phrases=("want to die", "can't go on", "suicide", "end my life")),
        PhraseGroup("self-harm", is_held=True, phrases=("self-harm", "hurt myself")),
        PhraseGroup("despair", is_held=False, phrases=("hopeless", "cannot cope")),
    ),
    false_friends=("dead skin", "suicide gene (a term of research)", "want to die down"),
    reactions=(
        PhraseGroup("emergency", is_held=True, phrases=("can't breathe", "collapsed", "999")),
        PhraseGroup("hospital", is_held=True, phrases=("hospital", "admitted", "a&e", "drip")),
        PhraseGroup("lasting-damage", is_held=True, phrases=("blind",)),
        PhraseGroup("pregnancy", is_held=True, phrases=("pregnant", "pregnancy")),
        PhraseGroup("whole-body", is_held=False, phrases=("fever",)),
    ),
    advice=(PhraseGroup("dosing", is_held=False, phrases=("twice a day for",)),),
    selling=(PhraseGroup("offer", is_held=True, phrases=("for sale",)),),
    serious_labels=(("hospital", "Hospital stay"),),
)
KNOWN = Known(safety=LISTS)


def in_crisis(text: str) -> list[Finding]:
    return list(crisis(Content(narrative=text), KNOWN))


def in_reactions(text: str) -> list[Finding]:
    return list(reactions(Content(narrative=text), KNOWN))


@pytest.mark.parametrize(
    ("text", "words", "rule"),
    [
        ("Some nights I want to die.", "want to die", "crisis.suicide"),
        ("SOME NIGHTS I WANT TO DIE", "WANT TO DIE", "crisis.suicide"),
        ("Last year I wanted to  die.", "wanted to  die", "crisis.suicide"),
        ("I was ending\nmy life in my head", "ending\nmy life", "crisis.suicide"),
        ("I can’t go on", "can’t go on", "crisis.suicide"),
        ("I cant go on", "cant go on", "crisis.suicide"),
        ("then sui\u200bcide came up", "sui\u200bcide", "crisis.suicide"),
        ("about self\u2011harm, yes", "self\u2011harm", "crisis.self-harm"),
        ("I was hurting myself", "hurting myself", "crisis.self-harm"),
        ("I never thought of suicide before", "suicide", "crisis.suicide"),
    ],
)
def test_words_of_crisis_open_the_safeguarding_mark(text: str, words: str, rule: str) -> None:
    (finding,) = in_crisis(text)
    assert text[finding.start : finding.end] == words
    assert (finding.rule, finding.severity, finding.mark) == (rule, Severity.STRONG, MarkKind.SAFEGUARDING)


def test_words_that_are_only_to_be_reviewed_open_no_mark() -> None:
    (finding,) = in_crisis("It felt hopeless by week six.")
    assert (finding.severity, finding.mark) == (Severity.WEAK, None)


@pytest.mark.parametrize(
    "text",
    [
        "The dead skin came off and the suicide gene is a term of research.",
        "The redness seemed to want to die down.",
        "Suicidewatch, unsuicide and wanting are other words.",
        "I want to. Die-hard fans of this cream may differ.",
    ],
)
def test_false_friends_and_parts_of_words_are_left_alone(text: str) -> None:
    assert in_crisis(text) == []


def test_a_false_friend_does_not_hide_what_stands_beside_it() -> None:
    (finding,) = in_crisis("The dead skin is everywhere and I want to die.")
    assert finding.rule == "crisis.suicide"


@pytest.mark.parametrize(
    "text",
    [
        "On day nine my throat swelled and I can’t breathe",
        "I collapsed in the kitchen.",
        "My wife called 999 at once.",
        "I ended up in hospital for three nights.",
        "It did not work and I landed in hospital.",
        "I could not sleep was in hospital by Friday",
        "I was admitted the same evening.",
        "They admitted him to a ward.",
        "We went to A & E in the night.",
        "They put me on a drip.",
        "I nearly went blind in that eye.",
        "I was pregnant when I used it.",
    ],
)
def test_a_serious_reaction_opens_its_mark(text: str) -> None:
    assert MarkKind.SERIOUS_REACTION in {finding.mark for finding in in_reactions(text)}


@pytest.mark.parametrize(
    "text",
    [
        "I was not pregnant.",
        "I never had to go to hospital.",
        "It cleared without a trip to a&e.",
        "Do not use it if pregnant.",
        "The leaflet says pregnancy is a reason not to.",
        "I had a pregnancy test first.",
        "My appointment at the hospital was on Monday.",
        "The hospital dermatologist gave me the cream.",
        "He admitted that it might scar.",
        "Do not let the lotion drip.",
        "It was a double-blind study.",
        "It took 999 days.",
    ],
)
def test_a_denied_supposed_or_everyday_sense_is_found_weakly(text: str) -> None:
    findings = in_reactions(text)
    assert [finding.severity for finding in findings] == [Severity.WEAK]
    assert findings[0].mark is None


def test_terms_that_are_only_to_be_reviewed_open_no_mark() -> None:
    (finding,) = in_reactions("I had a fever for two days.")
    assert (finding.rule, finding.severity, finding.mark) == ("reaction.whole-body", Severity.WEAK, None)


def test_a_ticked_serious_outcome_opens_the_mark_whatever_the_words_say() -> None:
    content = Content(narrative="All fine.", serious=("hospital", "unlisted"))
    first, second = serious_answers(content, KNOWN)
    assert (first.kind, first.mark) == (FindingKind.SERIOUS_REACTION, MarkKind.SERIOUS_REACTION)
    assert (first.field, first.start, first.end) == ("serious", 0, 0)
    assert "Hospital stay" in first.why
    assert second.rule == "serious.unlisted"


def test_without_lists_nothing_is_found_and_nothing_raised() -> None:
    content = Content(narrative="I want to die and I am in hospital.")
    assert [*crisis(content, Known()), *reactions(content, Known())] == []


def test_the_mark_is_opened_even_behind_more_weak_words_than_are_kept() -> None:
    findings = in_reactions("fever " * 3_000 + "and I collapsed")
    assert findings[-1].mark is MarkKind.SERIOUS_REACTION
    assert len(findings) == 500


def test_the_lists_come_from_the_shape_of_the_catalogue_and_go_back_into_it() -> None:
    assert Known.from_json(KNOWN.as_json()) == KNOWN
    body = {
        "crisis": {
            "phrase_groups": [{"id": "despair", "weight": "review", "phrases": ["hopeless"]}],
            "false_friends": [],
            "note": "more than is read",
        },
        "adverse_event_terms": {"terms": [{"group": "hospital", "weight": "hold", "terms": ["icu"]}]},
    }
    lists = SafetyLists.from_json(body)
    assert (lists.advice, lists.selling) == ((), ())
    assert lists.crisis == (PhraseGroup("despair", is_held=False, phrases=("hopeless",)),)
    assert lists.reactions == (PhraseGroup("hospital", is_held=True, phrases=("icu",)),)


@pytest.mark.parametrize(
    "text",
    [
        "I was never suicidal.",
        "I have not had any thoughts of suicide.",
        "At no time did I feel that, never once suicide.",
        "I don't want to die.",
    ],
)
def test_words_of_crisis_that_are_denied_outright_are_found_weakly(text: str) -> None:
    (finding,) = in_crisis(text) or in_suicidal(text)
    assert (finding.severity, finding.mark) == (Severity.WEAK, None)


@pytest.mark.parametrize(
    "text",
    [
        "I was never suicidal before this.",
        "I was not suicidal until the third week.",
        "I am not sure whether I want to die.",
        "My brother never knew that I want to die.",
        "My wife is worried about suicide.",
    ],
)
def test_a_denial_that_is_none_leaves_the_mark(text: str) -> None:
    assert MarkKind.SAFEGUARDING in {finding.mark for finding in (*in_crisis(text), *in_suicidal(text))}


def in_suicidal(text: str) -> list[Finding]:
    lists = SafetyLists(crisis=(PhraseGroup("suicide", is_held=True, phrases=("suicidal",)),))
    return list(crisis(Content(narrative=text), Known(safety=lists)))


@pytest.mark.parametrize(
    "text",
    [
        "It was sore, no hospital needed.",
        "A hospital stay was not needed.",
        "Hospital wasn't necessary in the end.",
        "At the time my mother was in hospital for her hip.",
        "My friend went into hospital with a broken leg.",
    ],
)
def test_a_hospital_that_was_not_needed_or_was_for_another_person_opens_no_mark(text: str) -> None:
    assert [finding.mark for finding in in_reactions(text)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "My wife rang and my mother went to hospital with me.",
        "My husband took me to hospital.",
        "My mother was in hospital for three nights after the second dose.",
    ],
)
def test_a_relative_beside_the_bed_does_not_hide_a_serious_reaction(text: str) -> None:
    assert MarkKind.SERIOUS_REACTION in {finding.mark for finding in in_reactions(text)}


def test_the_relative_of_a_parent_or_carer_is_the_patient() -> None:
    told = "My mother was in hospital for a week, and my sister sat with her."
    for writer, mark in (("carer", MarkKind.SERIOUS_REACTION), ("patient", None)):
        (finding,) = reactions(Content(narrative=told, writer=writer), KNOWN)
        assert finding.mark is mark


@pytest.mark.parametrize(
    "text",
    [
        "He died after the treatment.",
        "I nearly died that night.",
        "I was kept in hospital for a week.",
        "I lost the use of two fingers.",
        "My daughter was stillborn in May.",
        "I needed emergency surgery on the wound.",
        "They gave me adrenaline, it was an anaphylactic shock, treated at the scene.",
    ],
)
def test_each_official_criterion_of_a_serious_outcome_is_found_in_plain_words(text: str) -> None:
    findings = reactions(Content(narrative=text), shipped())
    assert MarkKind.SERIOUS_REACTION in {finding.mark for finding in findings}


@pytest.mark.parametrize(
    "text",
    [
        "Manchmal wollte ich nicht mehr leben wollen.",
        "J’avais envie de mourir.",
        "Pensé en quitarme la vida.",
        "Ik wil niet meer leven.",
        "Myślałam o tym, żeby zabić się.",
        "فكرت في الانتحار",
    ],
)
def test_words_of_crisis_in_other_languages_open_the_mark(text: str) -> None:
    assert MarkKind.SAFEGUARDING in {finding.mark for finding in crisis(Content(narrative=text), shipped())}


def shipped() -> Known:
    """The lists that come with the product."""
    return Known(safety=Catalogue.from_files(read_folder(FOLDER)).safety_lists)
