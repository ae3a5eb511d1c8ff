"""Minors, other people, advice, selling, language and unreadable text are noticed; one's own account is not."""

import pytest

from stories.catalogue.files import FOLDER, read_folder
from stories.catalogue.snapshot import Catalogue
from stories.checks.advice import advice
from stories.checks.finding import Check, Finding, Known, MarkKind, Severity
from stories.checks.languages import language
from stories.checks.minors import minors
from stories.checks.others import third_parties
from stories.checks.selling import selling
from stories.checks.unreadable import unreadable
from stories.content import Content

KNOWN = Known(safety=Catalogue.from_files(read_folder(FOLDER)).safety_lists)


def found(check: Check, text: str, **answers: str) -> list[Finding]:
    return list(check(Content(narrative=text, **answers), KNOWN))  # type: ignore[arg-type]


def strongly(check: Check, text: str, **answers: str) -> list[str]:
    """The words that are noticed strongly."""
    return [text[one.start : one.end] for one in found(check, text, **answers) if one.severity is Severity.STRONG]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We used it on my 6 year old for a month.", "my 6 year old"),
        ("My six-year-old had them behind the knees.", "My six-year-old"),
        ("My daughter (7) called it the cold stick.", "My daughter (7"),
        ("our son, aged 9, was brave", "our son, aged 9"),
        ("My son in year 4 was teased about it.", "My son in year 4"),
        ("I am 15 and I hate them.", "I am 15"),
        ("im in year 10 and everyone sees it", "im in year 10"),
        ("for a 7 yr old boy it was too much", "7 yr old boy"),
        ("Meine 6-jährige Tochter weinte.", "Meine 6-jährige"),
        ("Ma fille de 6 ans a pleuré.", "Ma fille de 6 ans"),
        ("Mi hija de 6 años lloró.", "Mi hija de 6 años"),
    ],
)
def test_words_about_a_child_who_is_the_patient_open_the_mark(text: str, words: str) -> None:
    (finding,) = [one for one in found(minors, text) if one.severity is Severity.STRONG]
    assert text[finding.start : finding.end] == words
    assert finding.mark is MarkKind.MINOR


@pytest.mark.parametrize(
    "text",
    [
        "When I was 8 years old I had warts too.",
        "As a child I had eczema.",
        "The paediatric ward was next door.",
        "Her school was kind about the plaster.",
    ],
)
def test_ones_own_childhood_and_what_only_mentions_children_is_weak(text: str) -> None:
    assert {one.severity for one in found(minors, text)} == {Severity.WEAK}
    assert {one.mark for one in found(minors, text)} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "I am 12 weeks in and it is red.",
        "My 6 year old prescription had run out.",
        "My son is 12 stone now and drove me there.",
        "I'm 45, my son is 23 and drives.",
        "On day 6 it was red; week 10 was worse.",
    ],
)
def test_figures_that_are_no_childs_age_are_left_alone(text: str) -> None:
    assert found(minors, text) == []


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"age_band": "under_12"}, "age_band"),
        ({"age_band": "12_17", "writer": "patient"}, "age_band"),
        ({"writer": "parent"}, "writer"),
    ],
)
def test_answers_that_say_that_the_patient_is_a_child_open_the_mark(answers: dict[str, str], field: str) -> None:
    (finding,) = found(minors, "It healed.", **answers)
    assert (finding.field, finding.mark) == (field, MarkKind.MINOR)


def test_a_parent_of_an_adult_and_a_carer_open_no_mark() -> None:
    assert found(minors, "It healed.", writer="parent", age_band="30_44") == []
    assert found(minors, "It healed.", writer="carer") == []


@pytest.mark.parametrize(
    "text",
    [
        "Dr Wren was drunk when she froze it.",
        "The receptionist stole my file.",
        "My boss is an alcoholic.",
        "My neighbour has psoriasis and uses it as well.",
        "My friend Wren has HIV, so he asked first.",
    ],
)
def test_what_tells_recognisably_of_another_person_is_found_strongly(text: str) -> None:
    assert len(strongly(third_parties, text)) == 1


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Dr Wren was clearly drunk.", MarkKind.LEGAL),
        ("My surgeon forged the notes.", MarkKind.LEGAL),
        ("Dr Wren was rude.", None),
        ("My neighbour has psoriasis.", None),
    ],
)
def test_only_a_grave_accusation_opens_the_legal_mark(text: str, mark: MarkKind | None) -> None:
    assert [one.mark for one in found(third_parties, text)] == [mark]


@pytest.mark.parametrize(
    "text",
    [
        "Dr Wren was not drunk, only tired.",
        "The nurse killed the wart with one spray.",
        "My doctor thought I was drunk.",
        "The doctor was kind and the nurse was lovely.",
        "If my surgeon was drunk I would have left.",
    ],
)
def test_a_person_who_is_not_accused_is_no_finding(text: str) -> None:
    assert found(third_parties, text) == []


def test_a_relatives_health_is_weak_and_for_a_carer_it_is_the_story() -> None:
    text = "My mother has psoriasis."
    assert [one.severity for one in found(third_parties, text)] == [Severity.WEAK]
    assert found(third_parties, text, writer="carer") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You should use it twice a day.", "You should use"),
        ("Everyone with warts must take zinc.", "Everyone with warts must take"),
        ("Please stop taking your tablets.", "stop taking"),
        ("Double the dose if nothing happens.", "Double the dose"),
        ("It hurt. Never use it near the eye.", "Never use"),
        ("It works for everyone.", "works for everyone"),
        ("Use it daily for six weeks.", "Use it daily"),
    ],
)
def test_telling_readers_what_to_do_is_found(text: str, words: str) -> None:
    assert strongly(advice, text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The doctor told me to use it daily.",
        "The leaflet says you should use it at night.",
        "My dermatologist said: double the dose.",
        "I had to stop taking it in week four.",
        "I used it twice a day for six weeks, 50 mg at first.",
        "Do you think I should use it? Should you use it daily?",
        "I am not saying you should use it.",
        "I just use it when it itches.",
        "Is there a cure for warts? There is no cure for it.",
    ],
)
def test_what_one_did_or_was_told_or_asks_is_no_advice(text: str) -> None:
    assert found(advice, text) == []


@pytest.mark.parametrize("text", ["I had no side effects at all.", "For me it was a small miracle."])
def test_a_claim_about_ones_own_case_is_weak(text: str) -> None:
    assert [one.severity for one in found(advice, text)] == [Severity.WEAK]


@pytest.mark.parametrize(
    "text",
    [
        "I have two tubes for sale.",
        "Use my code at the till.",
        "No prescription needed, order here.",
        "They gave me a voucher for this review.",
        "Message me on Telegram.",
    ],
)
def test_selling_and_rewards_are_found(text: str) -> None:
    assert strongly(selling, text)


@pytest.mark.parametrize(
    "text",
    [
        "It was never for sale here.",
        "Nobody sponsored this, it is not sponsored.",
        "I paid for the cream myself and post this freely.",
        "I used Aldara, which cost nine pounds.",
    ],
)
def test_what_is_denied_or_bought_is_not_selling(text: str) -> None:
    assert strongly(selling, text) == []


IN = {
    "en": (
        "It was red in the second week and my skin was sore, but it healed and I was glad that I "
        "had gone on with it."
    ),
    "de": (
        "Die Haut war in der zweiten Woche sehr rot und ich hatte Angst, aber es ist dann doch "
        "nicht schlimm geworden."
    ),
    "fr": (
        "La peau était très rouge dans la deuxième semaine et j'ai eu peur, mais ce n'est pas "
        "resté et je suis contente."
    ),
    "es": (
        "La piel se me puso muy roja en la segunda semana y tenía miedo, pero no fue para tanto y "
        "estoy contenta con la crema."
    ),
    "nl": (
        "De huid was in de tweede week erg rood en ik was bang, maar het is niet erg geworden en "
        "ik ben er blij mee."
    ),
    "ru": (
        "Кожа была очень красной на второй неделе, но потом всё прошло, и я рада, что не бросила "
        "лечение раньше времени."
    ),
    "ar": "كان الجلد أحمر جدا في الأسبوع الثاني ولكنه شفي بعد ذلك وأنا سعيدة لأنني لم أتوقف عن العلاج",
}


@pytest.mark.parametrize("written", IN)
@pytest.mark.parametrize("declared", IN)
def test_another_language_than_the_one_chosen_is_a_weak_finding(written: str, declared: str) -> None:
    findings = found(language, IN[written], language=declared)
    assert [(one.field, one.severity) for one in findings] == (
        [] if written == declared else [("language", Severity.WEAK)]
    )


def test_the_reason_names_both_languages_and_a_variant_is_the_same_language() -> None:
    (finding,) = found(language, IN["de"], language="en-GB")
    assert finding.why == "These words look like German, not English."
    assert found(language, IN["de"], language="de-AT") == []


@pytest.mark.parametrize("declared", ["eo", "ca", "x-own"])
def test_a_language_that_is_not_known_here_is_taken_as_said(declared: str) -> None:
    assert found(language, IN["es"], language=declared) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It healed asdfghjkl sdfjkl in the end", "unreadable.keys"),
        ("xkcdfg bvnmtr plkjhg", "unreadable.keys"),
        ("It itched " + "a" * 40 + "rgh for a week", "unreadable.repeated"),
        ("bla bla bla bla bla bla bla bla", "unreadable.word"),
        ("It didn\u00e2\u20ac\u2122t itch", "unreadable.broken"),
        ("caf\u00c3\u00a9", "unreadable.broken"),
        ("I\u0300\u0301\u0302\u0303\u0304t hurt", "unreadable.piled"),
    ],
)
def test_text_that_nobody_can_read_is_found(text: str, rule: str) -> None:
    assert rule in {one.rule for one in found(unreadable, text)}


@pytest.mark.parametrize(
    "text",
    [
        "IT ITCHED FOR NINE WEEKS AND THEN IT HEALED!!!",
        "The rhythm of the lengths and strengths was a property of liberty.",
        "Angstschweiß, Rechtsschutz, Wertvoll. Šťastně čtvrtek, zmrzl.",
        "Đường huyết của tôi rất ổn. ทำได้ดีมาก שָׁלוֹם",
        "----------------------- 1000000000000000000 ....................",
        "NÃO, SENHORA. Âge, âme.",
    ],
)
def test_capitals_long_words_and_other_scripts_can_be_read(text: str) -> None:
    assert found(unreadable, text) == []


def test_a_story_that_is_mostly_unreadable_is_found_strongly() -> None:
    text = "sdfghjk dfgh lkjhgf " * 10
    assert strongly(unreadable, text) == [text]
