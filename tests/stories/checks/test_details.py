"""Pictures, prints of the body and callings that few people have are pointed out; everyday talk of them is not."""

import pytest

from stories.checks.finding import FindingKind, Known
from stories.checks.identity import identity
from stories.content import Content

SAID = {FindingKind.PICTURE, FindingKind.BIOMETRIC, FindingKind.DETAIL}


def details(text: str) -> list[tuple[str, str]]:
    return [
        (finding.kind.value, text[finding.start : finding.end])
        for finding in identity(Content(narrative=text), Known())
        if finding.kind in SAID
    ]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("There is a photo of my face in it", "picture", "photo of my face"),
        ("For the size, see attached", "picture", "see attached"),
        ("It is in IMG_20210304.jpg too", "picture", "IMG_20210304.jpg"),
        ("They keep my fingerprint there", "biometric", "fingerprint"),
        ("They took a voice print", "biometric", "voice print"),
        ("I was the mayor of Ambridge then", "detail", "mayor of Ambridge"),
        ("I am the only blacksmith in Ambleside", "detail", "the only blacksmith in Ambleside"),
        ("I work as a lighthouse keeper", "detail", "lighthouse keeper"),
    ],
)
def test_a_detail_that_may_show_who_it_is_is_found(text: str, kind: str, words: str) -> None:
    assert (kind, words) in [(found, said.removeprefix("am ")) for found, said in details(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Photos of warts online scared me. A picture shows more than words. Photodynamic therapy.",
        "My fingertips cracked and the fingerprint reader did not know me. Print the leaflet.",
        "I am the only one in my family with it. The only thing that helped was ice.",
        "My brother is a nurse, I drive a bus, and the head of my penis was sore.",
        "The first week was hard, the last one easy. The chief problem was itching.",
    ],
)
def test_everyday_talk_is_left_alone(text: str) -> None:
    assert details(text) == []
