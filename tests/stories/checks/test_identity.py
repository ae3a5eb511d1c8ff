"""What says who or where a person is is found once, to the letter; figures about the treatment are not."""

import pytest

from stories.checks.finding import Known, Severity
from stories.checks.identity import identity
from stories.content import Content, RedactionKind


def found(text: str) -> list[tuple[str, str]]:
    content = Content(narrative=text)
    return [(finding.kind.value, text[finding.start : finding.end]) for finding in identity(content, Known())]


@pytest.mark.parametrize(
    "number",
    [
        "+44 7700 900123",
        "+44\u00a07700\u00a0900123",
        "+1 (415) 555-0123",
        "+49 (0)30 1234567",
        "0049 30 1234567",
        "07700 900123",
        "07700900123",
        "(020) 7946 0958",
        "020 7946 0958",
        "0161 496 0000",
        "415-555-0123",
        "(415) 555-0123",
        "415.555.0123",
        "1-800-555-0199",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "030/1234567",
        "0176 12345678",
        "087 123 4567",
        "020-123 4567",
        "612 345 678",
    ],
)
def test_a_phone_number_is_found_once_and_whole(number: str) -> None:
    assert found(f"If it helps anyone, {number}, I am home most days.") == [("phone", number)]


def test_a_short_number_is_a_phone_number_when_the_words_say_so() -> None:
    text = "call me on 555 0123 any day, but not 12 of 345"
    assert found(text) == [("phone", "555 0123")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ring 020 7946 0958 2 days before", "020 7946 0958"),
        ("it was 07700 900123 x", "07700 900123"),
        ("Home:07700 900123", "07700 900123"),
        ("mailto:(415) 555-0123", "(415) 555-0123"),
        ("mobile07700 900123", "07700 900123"),
        ("ask me+44 7700 900123", "+44 7700 900123"),
        ("07700 900123 2021 was the year", "07700 900123"),
    ],
)
def test_a_phone_number_ends_where_the_next_words_begin(text: str, number: str) -> None:
    assert ("phone", number) in found(text)
    assert len([kind for kind, _words in found(text) if kind == "phone"]) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I live near SW1A 1AA now", "SW1A 1AA"),
        ("I live near M1 1AE.", "M1 1AE"),
        ("we moved to ne1 4lp", "ne1 4lp"),
        ("from K1A 0B1 in the snow", "K1A 0B1"),
        ("the 1012 AB Amstelland door", "1012 AB"),
        ("at 1012AB, third floor", "1012AB"),
        ("zip code 30303 or so", "30303"),
        ("somewhere, CA 90210-1234.", "90210-1234"),
        ("PLZ 10115, second floor", "10115"),
        ("in D-10115, near the park", "10115"),
        ("my postcode is NE4", "NE4"),
    ],
)
def test_a_postcode_is_found(text: str, code: str) -> None:
    assert found(text) == [("postcode", code)]


@pytest.mark.parametrize("number", ["4471902", "44-71-90", "AB1234567"])
def test_a_long_number_without_a_cue_is_found(number: str) -> None:
    assert found(f"it said {number} on the wristband") == [("number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "Imiquimod 5% for 12 weeks, 2-3 times a day, then 3.75% on day 12 and 0.05% after.",
        "The years 2019-2021, 2019 2020 2021 and 1998/1999, at 10:30:15.",
        "Lot 4567890, batch no AB123456, NDC 0069-4190-30, ISBN 9780000000000, NCT01234567.",
        "150 000 platelets, 150000 platelets, £250000, 1,000,000 cells, 20.000 units, 1200-1500 calories.",
        "Week 8 12 16 24, then 10 15 20 25 and 100 200 300, and 2 4 6 8 10 after that.",
        "Blood pressure 120/80, 37.5 degrees, 1.5 x 2, 08:30-09:45, 100-200 mg, 5000 IU, 1000 - 1500 steps.",
        "Vitamin B12 5ug, B6 2nd, T4 N1 M0, HPV 16 and 18, E45 cream, level L4 5th.",
        "I am 45, she is 12, it cost 400 and the GP took 20 minutes; in 2019 IU were given, 1500 MG a day.",
        "Stage 3, grade 2, 999, 111, 24/7, 50/50, 9 to 5, 100 per cent and 1000 times.",
        "The gap was 2010-2015, about 1000-2000 at most.",
    ],
)
def test_doses_years_prices_and_pack_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_what_is_in_an_address_is_left_to_the_check_for_links() -> None:
    assert found("see https://example.org/07700900123 or write to jo07700900123@example.org") == []


def test_a_finding_says_what_a_redaction_would_be_and_opens_no_mark() -> None:
    text = "07700 900123, SW1A 1AA, MRN 1234567"
    findings = list(identity(Content(narrative=text), Known()))
    assert [finding.redact_as for finding in findings] == [
        RedactionKind.CONTACT,
        RedactionKind.PLACE,
        RedactionKind.NUMBER,
    ]
    assert {finding.mark for finding in findings} == {None}


def test_a_number_of_few_digits_without_a_cue_is_found_weakly() -> None:
    few, many = identity(Content(narrative="it said 447190 and 44719023 on it"), Known())
    assert (few.severity, many.severity) == (Severity.WEAK, Severity.STRONG)
