"""Dates beyond the year and ages over 89 are found; weeks, weekdays and other ages are left alone."""

import pytest

from stories.checks.finding import FindingKind, Known, Severity
from stories.checks.identity import identity
from stories.content import Content


def dates(text: str) -> list[tuple[str, str]]:
    return [
        (finding.kind.value, text[finding.start : finding.end])
        for finding in identity(Content(narrative=text), Known())
        if finding.kind in {FindingKind.DATE, FindingKind.AGE}
    ]


@pytest.mark.parametrize(
    "date",
    [
        "12/03/21",
        "12/03/2021",
        "12.3.2021",
        "2021-05-06",
        "03/2021",
        "3rd of May",
        "3 March 2020",
        "14 feb",
        "7-Jun-2022",
        "May 3rd, 2019",
        "December 25th",
        "March 2020",
        "Sept 4",
        "12. März 2021",
        "5 de mayo de 2020",
        "12 stycznia 2020",
        "third of May",
        "Christmas Day 2019",
    ],
)
def test_a_date_is_found_once_and_whole(date: str) -> None:
    assert dates(f"It began {date}, as far as I know") == [("date", date)]


def test_a_month_alone_is_found_weakly() -> None:
    (month,) = identity(Content(narrative="It came back last October or so"), Known())
    assert (month.kind, month.severity) == (FindingKind.DATE, Severity.WEAK)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("My mother is 92 years old", "92 years old"),
        ("My mother is ninety-two years old", "ninety-two years old"),
        ("a 97-year-old man", "97-year-old"),
        ("He is aged 94, and well", "94"),
        ("I turned 90 last year", "90"),
        ("she is ninety-one now", "ninety-one"),
        ("He is in his nineties", "in his nineties"),
        ("after my 90th birthday", "90th"),
    ],
)
def test_an_age_over_89_is_found(text: str, age: str) -> None:
    assert dates(text) == [("age", age)]


@pytest.mark.parametrize(
    "text",
    [
        "On day 12 of week 3, on Monday at 10:30, in 2019 and in 2020-2021.",
        "I am 45, she is 89, he was 71 years old, a 12-year-old.",
        "I weigh 95 kg, it was 98 degrees, 90 % gone, 99 times, 92 days.",
        "I may stop. You may 3 times. The first of many. 20/12/10 mg, 1/2 a sachet.",
        "The third day was worst, the second week better, on the 3rd day of it.",
    ],
)
def test_what_is_no_date_and_no_great_age_is_left_alone(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Since March I have used it", "March"),
        ("it was October when it broke", "October"),
        ("i stopped in june", "june"),
        ("since may it has been gone", "may"),
        ("I was seen on Tuesday the 14th", "Tuesday the 14th"),
        ("it went on the 3rd of last month", "the 3rd of last month"),
        ("seit dem 3.8. ist alles gut", "dem 3.8."),
        ("le 1er mars 2021 c'était fini", "1er mars 2021"),
    ],
)
def test_a_month_or_a_day_alone_is_found(text: str, date: str) -> None:
    assert dates(text) == [("date", date)]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("at 93 she is lively", "93"),
        ("he is pushing ninety-five, he says", "ninety-five"),
        ("my aunt is a nonagenarian", "nonagenarian"),
    ],
)
def test_an_old_age_is_found_in_other_words(text: str, age: str) -> None:
    assert dates(text) == [("age", age)]


@pytest.mark.parametrize(
    "text",
    ["it may sting", "this may hurt", "I had to march on", "a score of 98 percent", "level 3 of the scale"],
)
def test_a_word_that_is_a_month_as_well_is_left_alone(text: str) -> None:
    assert dates(text) == []
