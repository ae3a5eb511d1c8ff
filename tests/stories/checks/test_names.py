"""Names of people are found in any spelling; words that are names as well are left alone where they are words."""

import pytest

from stories.checks.finding import FindingKind, Known, Severity
from stories.checks.identity import identity
from stories.content import Content, RedactionKind


def names(text: str) -> list[str]:
    return [
        text[finding.start : finding.end]
        for finding in identity(Content(narrative=text), Known())
        if finding.kind is FindingKind.NAME
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I saw Dr Okonkwo twice", "Okonkwo"),
        ("then dr. patel gave me a cream", "patel"),
        ("Prof. Dr. Müller was kind", "Müller"),
        ("The consultant, Mr J. R. Featherstone, agreed", "J. R. Featherstone"),
        ("Mrs van der Berg rang", "van der Berg"),
        ("a nurse called Siobhan helped", "Siobhan"),
        ("Nurse Agnieszka was there", "Agnieszka"),
        ("My name is Zbigniew Kowalski", "Zbigniew Kowalski"),
        ("the doctor's name was Bhattacharya", "Bhattacharya"),
        ("I'm Priya and it burned", "Priya"),
        ("im mehmet and it burned", "mehmet"),
    ],
)
def test_a_name_that_a_word_announces_is_found(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My husband Tom put it on", "Tom"),
        ("my wife linda put it on", "linda"),
        ("My daughter, Chloe, is twelve", "Chloe"),
        ("It got better. Regards, Margaret Hill", "Margaret Hill"),
        ("It got better, thanks for reading\n\nDave", "Dave"),
    ],
)
def test_the_name_of_who_is_close_or_signs_is_found(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("so Sarah Jones told me", "Sarah Jones"),
        ("so sarah jones told me", "sarah jones"),
        ("so KAREN WILLIAMS told me", "KAREN WILLIAMS"),
        ("a letter that J. Smith wrote", "J. Smith"),
        ("and Fatima Al-Hassan told me", "Fatima Al-Hassan"),
        ("and Oisín told me", "Oisín"),
        ("Mohammed told me", "Mohammed"),
    ],
)
def test_a_name_of_the_lists_is_found(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize("name", ["Will", "Rose", "Mark", "Grace", "Hope"])
def test_a_word_that_is_a_name_as_well_is_one_where_people_stand(name: str) -> None:
    assert names(f"I asked {name} about it") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "The mark on my face will go, I hope, and I may rose-water it with grace.",
        "Will it heal? May I stop? Hope is all. Mark the spot. Rose petals.",
        "Bowen's disease, Paget's disease, Mohs surgery, Merkel cells and Wood's lamp.",
        "Thank God. Dr Google. Sister said no, the Doctor was late, Nurse was great.",
        "My husband is kind. My Mum had it. My wife and I. The doctor rang.",
        "im fine, ive had it, dont do it, doc said ok, dr said wait",
        "Sent from my iPhone. Best wishes to all. Love and light.",
        "Efudex, Aldara and Picato. Then Vaseline, E45 and Aloe Vera from Boots.",
        "What They Never Tell You About This Cream Before You Start Using It",
    ],
)
def test_words_that_are_nobodys_name_are_left_alone(text: str) -> None:
    assert names(text) == []


def test_what_the_catalogue_names_is_nobodys_name() -> None:
    text = "It was Quillanta Jones cream that helped"
    known = Known(terms=("Quillanta Jones cream",))
    assert list(identity(Content(narrative=text), known)) == []


def test_a_name_in_a_place_of_a_town_is_a_town() -> None:
    assert names("I live in Victoria and in Charlotte") == []


def test_only_a_sure_name_is_found_strongly() -> None:
    sure, unsure = identity(Content(narrative="so Sarah came, and I asked Rose"), Known())
    assert (sure.severity, unsure.severity) == (Severity.STRONG, Severity.WEAK)
    assert {sure.redact_as, unsure.redact_as} == {RedactionKind.NAME}


@pytest.mark.parametrize(
    "text",
    [
        "it ran along Langer's lines on my back",
        "it was a Baker's cyst, they said",
        "it was a patch of Bowen's on my leg",
        "by Murphy's law it came on a Sunday",
        "a lump near the Adam's apple",
        "then Virchow's node was felt for",
        "her nurse Irish, her doctor Greek",
    ],
)
def test_what_is_called_after_somebody_is_left_alone(text: str) -> None:
    assert names(text) == []


def test_what_a_person_has_is_no_eponym() -> None:
    assert names("they said that Anna's rash came first") == ["Anna"]


@pytest.mark.parametrize(
    "text",
    [
        "La crema picaba. Pero la cara quedó lisa.",
        "Na twee weken was het weg. De zalf hielp.",
        "Mein Mann hat gesagt, es dauert vier Wochen lang.",
        "The wart is still tere. It will not go away.",
    ],
)
def test_words_of_other_languages_and_slips_of_the_pen_are_no_names(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Je m'appelle Éloïse Vauquelin et", "Éloïse Vauquelin"),
        ("Nazywam się Wojciech Zawada i", "Wojciech Zawada"),
        ("Le docteur Vauquelin était gentil", "Vauquelin"),
        ("Ik ben Sarah Vauquelin uit", "Sarah Vauquelin"),
        ("I was seen by Kevin van der Meer", "Kevin van der Meer"),
        ("I WAS TOLD BY MR YOUNG TO STOP", "YOUNG"),
    ],
)
def test_a_name_is_found_in_other_languages_and_in_capitals(text: str, name: str) -> None:
    assert names(text) == [name]
