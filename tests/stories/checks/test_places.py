"""Places smaller than a state are found; countries, states and words that are towns as well are left alone."""

import pytest

from stories.checks.finding import FindingKind, Known
from stories.checks.identity import identity
from stories.content import Content

WHERE = {FindingKind.PLACE, FindingKind.ADDRESS, FindingKind.POSTCODE}


def places(text: str) -> list[tuple[str, str]]:
    return [
        (finding.kind.value, text[finding.start : finding.end])
        for finding in identity(Content(narrative=text), Known())
        if finding.kind in WHERE
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I live in Leeds", "Leeds"),
        ("my doctor in leeds", "leeds"),
        ("I moved to Milton Keynes", "Milton Keynes"),
        ("I live in Reading now", "Reading"),
        ("we drove to Bath", "Bath"),
        ("I come from Yorkshire", "Yorkshire"),
        ("I was in Kraków", "Kraków"),
        ("treated in izmir", "izmir"),
        ("I live in Zzybrook with a cat", "Zzybrook"),
        ("born near Ashby-de-la-Zouch", "Ashby-de-la-Zouch"),
    ],
)
def test_a_town_or_county_is_found(text: str, place: str) -> None:
    assert places(text) == [("place", place)]


def test_each_town_of_a_list_is_found() -> None:
    assert places("from Cork, Galway and Sligo") == [("place", "Cork"), ("place", "Galway"), ("place", "Sligo")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("at the Northwick Park Hospital they said no", "Northwick Park Hospital"),
        ("at leeds general infirmary they said no", "leeds general infirmary"),
        ("I went to St Mary's Hospital", "St Mary's Hospital"),
        ("the Royal Victoria Infirmary was full", "Royal Victoria Infirmary"),
        ("I teach at Hillcrest Primary School", "Hillcrest Primary School"),
        ("treated at Addenbrooke's for it", "Addenbrooke's"),
        ("I work for Tesco these days", "Tesco"),
    ],
)
def test_a_hospital_school_or_employer_is_found_by_name(text: str, place: str) -> None:
    assert [(words.removesuffix("'s"), kind) for kind, words in places(text)] == [
        (place.removesuffix("'s"), "place")
    ]


@pytest.mark.parametrize(
    "address",
    [
        "12 Acacia Avenue",
        "221b Baker Street",
        "4500 N Oak Park Blvd",
        "Lindenstraße 12",
        "12 rue de la Paix",
        "Calle Mayor 5",
        "ul. Długa 5",
        "PO Box 123",
        "Elm Street",
    ],
)
def test_an_address_is_found(address: str) -> None:
    assert places(f"write to me, I am on {address}, any day") == [("address", address)]


@pytest.mark.parametrize(
    "text",
    [
        "I live in England, my sister in Texas, and we met in Germany and New South Wales.",
        "The skin clinic was busy, the day hospital was full, the General Hospital was clean.",
        "Reading the leaflet in the bath, I was in a deal of pain for a while.",
        "In week 3, in May, in Vitro, from Aldara, in Imiquimod and at the Clinic.",
        "I am British and Polish, from the North and from Europe; I speak German.",
        "It came from HPV, in ICU, near my Achilles, at A&E. From Tesco and Amazon.",
        "2 weeks in, 12 days later on the road to recovery, 3 times a day.",
        "I work at night, at home, for myself and with children.",
    ],
)
def test_what_is_not_a_small_place_is_left_alone(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the nurse at willowbank surgery was kind", "willowbank surgery"),
        ("they saw me at riverside skin clinic twice", "riverside skin clinic"),
        ("NOBODY AT KESTREL PARK HOSPITAL RANG", "KESTREL PARK HOSPITAL"),
        ("the consultant in Ashcombe General agreed", "Ashcombe General"),
        ("she was born at St Bride's that year", "St Bride"),
        ("I live in a village called Quennet with a cat", "Quennet"),
        ("it is the town of Quennet that I mean", "Quennet"),
        ("i live in quennet with a cat", "quennet"),
        ("Ik ben geboren en woon in Quennet nu", "Quennet"),
        ("j'habite à Tours depuis dix ans", "Tours"),
    ],
)
def test_a_place_is_found_by_the_words_before_it(text: str, place: str) -> None:
    assert [found for _kind, found in places(text)] == [place]


def test_a_street_in_small_letters_is_found_and_a_road_is_not() -> None:
    assert places("i lived on mill lane then") == [("address", "mill lane")]
    assert places("i walked on country road in the cold") == []


def test_a_state_with_its_postcode_is_no_number_of_a_record() -> None:
    assert places("I drove to Boise, ID 83704 again") == [("place", "Boise"), ("postcode", "83704")]


@pytest.mark.parametrize(
    "text",
    [
        "they saw me at my clinic",
        "the nurses at every hospital say so",
        "I was told at private clinic rates",
        "I learnt it at medical school",
        "I recovered from major surgery",
        "the Surgeon said General things",
    ],
)
def test_an_institution_without_a_name_is_left_alone(text: str) -> None:
    assert places(text) == []
