"""The same words told again are noticed, however they are spaced and written."""

from stories.checks import fingerprint_text
from stories.checks.finding import FindingKind, Known
from stories.checks.repeats import repeats
from stories.content import Content


def test_spaces_capitals_and_punctuation_do_not_make_other_words() -> None:
    told = Content(narrative="It healed after nine weeks!\n\nI was glad.")
    again = Content(narrative="it  healed, after nine weeks. I WAS GLAD", title="Another title")
    assert fingerprint_text(told) == fingerprint_text(again) == "ithealedafternineweeksiwasglad"


def test_other_words_and_other_figures_differ() -> None:
    assert fingerprint_text(Content(narrative="9 weeks")) != fingerprint_text(Content(narrative="8 weeks"))


def test_each_earlier_story_with_the_same_words_is_named() -> None:
    content = Content(narrative="It healed.")
    findings = list(repeats(content, Known(repeats=(3, 12))))
    assert [finding.kind for finding in findings] == [FindingKind.REPEAT] * 2
    assert ["3" in findings[0].why, "12" in findings[1].why] == [True, True]
    assert {(finding.start, finding.end) for finding in findings} == {(0, 10)}


def test_words_told_for_the_first_time_are_no_finding() -> None:
    assert list(repeats(Content(narrative="It healed."), Known())) == []
