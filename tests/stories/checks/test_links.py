"""What leads out of the site is found once, to the letter, and a full stop without a space is not an address."""

import pytest

from stories.checks.finding import Known, Severity
from stories.checks.links import links
from stories.content import Content


def found(text: str) -> list[tuple[str, str]]:
    content = Content(narrative=text)
    return [(finding.kind.value, text[finding.start : finding.end]) for finding in links(content, Known())]


@pytest.mark.parametrize(
    "address",
    [
        "jo.warts+skin@example.org",
        "JO@EXAMPLE.CO.UK",
        "o'neil@example.ie",
        "jö@müller.example",
        "jo@gmail",
        "jo @ example . com",
        "jo (at) example (dot) org",
        "jo[at]example[.]org",
        "jo at gmail dot com",
        "jo dot bloggs at example dot com",
        "ｊｏ＠example.org",
        "jo\u200b@example.org",
    ],
)
def test_an_email_address_is_found_once_and_whole(address: str) -> None:
    assert found(f"My rash is back, so {address}, please, any of you.") == [("email", address)]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=1#c",
        "HTTP://EXAMPLE.ORG",
        "hxxps://example.test/x",
        "https://example.org/?who=jo@example.org",
        "www.example.org",
        "www.skin.example/diary",
        "example.com/wart-diary",
        "my-warts.co.uk",
        "warts.example.de",
        "example.it/diary",
        "example dot com",
        "example[.]com",
        "www dot example dot org",
    ],
)
def test_a_web_address_is_found_once_and_whole(address: str) -> None:
    assert found(f"The pictures are on {address}. They are not pretty.") == [("url", address)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I am @warty_jo over there", "@warty_jo"),
        ("I am @jo@social.example.org there", "@jo@social.example.org"),
        ("ask u/warty-jo about it", "u/warty-jo"),
        ("Insta: wartyjo.", "wartyjo"),
        ("my instagram name is warty.jo!", "warty.jo"),
        ("I am on TikTok as warty_jo and post", "warty_jo"),
    ],
)
def test_a_name_on_another_service_is_found(text: str, name: str) -> None:
    assert found(text) == [("handle", name)]


def test_a_name_that_could_be_an_everyday_word_is_found_weakly() -> None:
    (sure, unsure) = links(Content(narrative="insta: warty_jo or facebook: everyone says so"), Known())
    assert (sure.severity, unsure.severity) == (Severity.STRONG, Severity.WEAK)


@pytest.mark.parametrize(
    "text",
    [
        "It healed.It was sore.In the end I stopped.So there.Me too.No more.",
        "I put it on at 5 a.m. and 9 p.m., i.e. twice, e.g. before work.",
        "Cream @ night, tablets @home, nothing @ work and one @bedtime.",
        "A small red dot came up; the dot in the middle was white.",
        "I look at pictures at home and at work.",
        "10 u/day and then 5 u/kg, or 20 u/week, n/a, and/or w/o.",
        "People on Facebook and Instagram said so. Twitter is no better.",
        "About 3.5/10 at best, 0.05% and 1.5ml.",
        "The doc.The nurse.Then the clinic at 3.",
    ],
)
def test_everyday_writing_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_every_text_field_is_read_and_named() -> None:
    content = Content(title="See example.com", display_name="jo@example.org", narrative="Nothing here.")
    places = [(finding.field, finding.start, finding.end) for finding in links(content, Known())]
    assert places == [("title", 4, 15), ("display_name", 0, 14)]
