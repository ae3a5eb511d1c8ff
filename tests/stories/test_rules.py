"""What is right and wrong about a submission, the same for the form and for import files."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from extensions import db, transaction
from stories import catalogue, importing, intake, rules
from stories.catalogue import Catalogue
from stories.content import MAX_CHARS, Content
from stories.models import IMPORT, PATIENT, Story
from stories.telling.forms import submission_of
from tests.factories import CONTENT, TOLD, a_submission

FORM, FILE = None, "a file"
ONE_LINE = [name for name in MAX_CHARS if name != "narrative"]


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return Catalogue.from_files(catalogue.read_folder(catalogue.FOLDER))


def wrong(known: Catalogue, **answers: Any) -> dict[str, str]:
    """What is said of a submission with `answers`, by field."""
    return {problem.field: problem.message for problem in rules.problems(a_submission(**answers), known)}


def kept(known: Catalogue, **answers: Any) -> Content:
    """What is kept of a submission with `answers`."""
    sent = a_submission(**answers)
    assert rules.problems(sent, known) == []
    return rules.prepared(sent, known).content


@pytest.mark.parametrize("source", [FORM, FILE])
@pytest.mark.parametrize(
    ("field", "typed", "slug"),
    [
        ("agent", "Aldara", "imiquimod-5"),
        ("agent", "ALDARA ", "imiquimod-5"),
        ("agent", "DPCP", "diphencyprone"),
        ("agent", "efudix", "fluorouracil"),
        ("condition", "verruca", "plantar-warts"),
        ("condition", "Verrucas", "plantar-warts"),
        ("condition", "sun spots", "actinic-keratosis"),
        ("condition", "bowen’s disease", "bowens-disease"),
    ],
)
def test_lay_words_find_the_entry(known: Catalogue, source: str | None, field: str, typed: str, slug: str) -> None:
    assert getattr(kept(known, source=source, **{field: typed}), field) == slug


@pytest.mark.parametrize("source", [FORM, FILE])
@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("light therapy", "nb-uvb:together"),
        ("Light Therapy:before", "nb-uvb:before"),
        ("nb-uvb:after", "nb-uvb:after"),
        ("nb-uvb:together", "nb-uvb:together"),
        ("nothing else", "none"),
        ("none:before", "none"),
    ],
)
def test_another_therapy_is_kept_with_its_time(
    known: Catalogue, source: str | None, typed: str, choice: str
) -> None:
    assert kept(known, source=source, combined=(typed,)).combined == (choice,)


@pytest.mark.parametrize("source", [FORM, FILE])
@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("condition", "verucca", "“verucca” can mean Common warts or Plantar warts. Write which one"),
        ("condition", "glow", "We do not know “glow” yet"),
        ("condition", "imiquimod-5", "We do not know “imiquimod-5” yet"),
        ("agent", "unicorn balm", "We do not know “unicorn balm” yet"),
        ("agent", "!!!", "We do not know “!!!” yet"),
        ("combined", "moon light", "We do not know “moon light” yet"),
        ("combined", "nb-uvb:during", "We do not know “nb-uvb:during” yet"),
    ],
)
def test_a_name_that_is_not_understood_is_named(
    known: Catalogue, source: str | None, field: str, typed: str, told: str
) -> None:
    found = wrong(known, source=source, **{field: (typed,) if field == "combined" else typed})
    assert list(found) == [field]
    assert found[field].startswith(told)


@pytest.mark.parametrize("null", ["", " ", "unknown", "not_stated", " not_stated\r\n", None])
@pytest.mark.parametrize("source", [FORM, FILE])
def test_words_for_nothing_are_read_as_left_out(known: Catalogue, source: str | None, null: str | None) -> None:
    skipped = [
        *(name for name in (*rules.SCALES, *rules.OWN_CHOICES) if name != "outcome"),
        *ONE_LINE,
    ]
    content = kept(
        known,
        source=source,
        **dict.fromkeys(skipped, null),
        **dict.fromkeys(("combined", "reactions", "serious"), (null or "",)),
        language=null,
    )
    assert content == Content(
        condition=CONTENT.condition, agent=CONTENT.agent, outcome=CONTENT.outcome, narrative=TOLD, language="en"
    )


@pytest.mark.parametrize("null", ["", "unknown", "not_stated", None])
def test_words_for_nothing_are_no_answer_to_what_is_needed(known: Catalogue, null: str | None) -> None:
    found = wrong(
        known, condition=null, condition_other=null, agent=null, agent_other=null, outcome=null, narrative=""
    )
    assert set(found) == {"condition", "agent", "outcome", "narrative"}


@pytest.mark.parametrize("source", [FORM, FILE])
@pytest.mark.parametrize(
    ("field", "chosen", "is_right"),
    [
        ("reactions", ("none",), True),
        ("reactions", ("none", "redness"), False),
        ("reactions", ("none:mild",), False),
        ("reactions", ("redness", "itching:mild", "fever:severe"), True),
        ("reactions", ("redness:extreme",), False),
        ("reactions", ("redness:", "itching:not_stated"), True),
        ("reactions", ("redness:mild", "redness:severe"), False),
        ("combined", ("nb-uvb:before", "nb-uvb:after"), False),
        ("reactions", ("sneezing",), False),
        ("combined", ("none",), True),
        ("combined", ("none", "nb-uvb"), False),
        ("combined", ("nb-uvb:before", "occlusion"), True),
        ("serious", ("hospital", "disability"), True),
        ("serious", ("bored",), False),
    ],
)
def test_none_stands_alone_and_every_other_choice_is_in_its_list(
    known: Catalogue, source: str | None, field: str, chosen: tuple[str, ...], is_right: bool
) -> None:
    assert list(wrong(known, source=source, **{field: chosen})) == ([] if is_right else [field])


def test_the_same_choice_twice_is_one_choice(known: Catalogue) -> None:
    content = kept(known, combined=("nb-uvb", "light therapy", "nb-uvb:together"), serious=("hospital",) * 3)
    assert (content.combined, content.serious) == (("nb-uvb:together",), ("hospital",))


@pytest.mark.parametrize("field", [*rules.SCALES, *rules.OWN_CHOICES])
@pytest.mark.parametrize("typed", ["nonsense", "stopped_side_effects", "YES", "0"])
def test_a_coded_answer_is_one_of_its_list(known: Catalogue, field: str, typed: str) -> None:
    assert list(wrong(known, **{field: typed})) == [field]


def test_a_file_may_say_that_it_was_stopped_for_side_effects(known: Catalogue) -> None:
    content = kept(known, source=FILE, outcome="stopped_side_effects")
    assert (content.outcome, content.stopped_because) == (None, "side_effects")
    said = kept(known, source=FILE, outcome="stopped_side_effects", stopped_because="cost")
    assert said.stopped_because == "cost"


def test_a_file_may_leave_out_outcome_and_consents(known: Catalogue) -> None:
    assert wrong(known, source=FILE, outcome=None, consent_publish=False) == {}
    assert set(wrong(known, outcome=None, consent_publish=False)) == {"outcome", "consent_publish"}


@pytest.mark.parametrize("field", ONE_LINE)
@pytest.mark.parametrize("letter", ["x", "<", "é", "💥", "\r\n"])
def test_a_line_has_a_limit_in_characters_as_typed(known: Catalogue, field: str, letter: str) -> None:
    most = MAX_CHARS[field]
    fits = letter * (most - 1) + "x"
    assert wrong(known, **{field: fits}) == {}
    found = wrong(known, **{field: fits + letter})
    assert list(found) == [field]
    assert "1 character shorter" in found[field]
    assert "20 characters shorter" in wrong(known, **{field: fits + "x" * 20})[field]


def test_the_limits_are_those_of_the_contract() -> None:
    others = ("condition_other", "agent_other", "combined_other")
    assert (MAX_CHARS["title"], MAX_CHARS["display_name"], MAX_CHARS["narrative"]) == (120, 40, 20_000)
    assert {MAX_CHARS[name] for name in ("schedule", "ties")} == {200}
    assert {MAX_CHARS[name] for name in others} == {80}


@pytest.mark.parametrize("letter", ["x", "<", "é", "💥", "語"])
@pytest.mark.parametrize("source", [FORM, FILE])
def test_a_narrative_has_120_to_20000_characters(known: Catalogue, source: str | None, letter: str) -> None:
    assert "1 more character " in wrong(known, source=source, narrative=letter * 119)["narrative"]
    assert wrong(known, source=source, narrative=letter * 120) == {}
    assert wrong(known, source=source, narrative=letter * 20_000) == {}
    assert "1 character shorter" in wrong(known, source=source, narrative=letter * 20_001)["narrative"]


def test_a_line_end_of_a_browser_is_one_character(known: Catalogue) -> None:
    lines = "x\r\n" * 9_999 + "xx"
    assert len(lines) > 20_000
    assert kept(known, narrative=lines).narrative == lines.replace("\r\n", "\n")
    assert list(wrong(known, narrative=f"{lines}x")) == ["narrative"]
    assert "2 more characters" in wrong(known, narrative="x\r\n" * 58 + "xx")["narrative"]


@pytest.mark.parametrize("blank", [" ", "\r\n", "\t", "\u00a0", "\ufeff", "\x00"])
def test_a_narrative_of_nothing_is_none(known: Catalogue, blank: str) -> None:
    assert "in your own words" in wrong(known, narrative=blank * 500)["narrative"]
    assert "119" in wrong(known, narrative=blank * 500 + "x" + blank * 500)["narrative"]


@pytest.mark.parametrize(
    ("email", "is_right"),
    [
        ("wren@example.org", True),
        (" Wren.Smith+skin@example.co.uk ", True),
        ("wren", False),
        ("wren@", False),
        ("wren@example.org, jo@example.org", False),
        ("wren@example.org\r\nBcc: jo@example.org", False),
        (f"{'w' * 60}@{'.'.join(['x' * 60] * 3)}.{'y' * 6}.org", True),
        (f"{'w' * 60}@{'.'.join(['x' * 60] * 3)}.{'y' * 7}.org", False),
    ],
)
def test_an_address_can_be_written_to(known: Catalogue, email: str, is_right: bool) -> None:
    assert list(wrong(known, email=email)) == ([] if is_right else ["email"])


@pytest.mark.parametrize(
    ("language", "is_right"), [("de", True), ("pt-BR", True), ("English", False), ("e", False)]
)
def test_the_language_is_a_code_and_english_when_left_out(known: Catalogue, language: str, is_right: bool) -> None:
    assert list(wrong(known, language=language)) == ([] if is_right else ["language"])
    assert submission_of({}).content.language == "en"
    assert importing.submission({}, source=FILE).content.language == "en"


def test_everything_wrong_is_said_at_once_in_the_order_of_the_form(known: Catalogue) -> None:
    found = wrong(known, condition=None, combined=("x",), title="x" * 121, narrative="", email="x")
    assert list(found) == ["condition", "combined", "title", "narrative", "email"]


def test_form_and_file_read_the_same_answers_alike(known: Catalogue) -> None:
    row = {
        "condition": "verruca",
        "agent": "Aldara",
        "combined": "light therapy:before; tape",
        "reactions": "redness:severe, itching",
        "outcome": "worse",
        "narrative": TOLD,
        "title": " Nine weeks ",
    }
    typed = {
        **{name: [value] for name, value in row.items()},
        "combined": ["light therapy:before", "tape"],
        "reactions": ["redness:severe", "itching"],
    }
    of_file = rules.prepared(importing.submission(row, source=FILE), known).content
    assert of_file == rules.prepared(submission_of(typed), known).content
    assert of_file.combined == ("nb-uvb:before", "occlusion:together")


@pytest.mark.usefixtures("database")
def test_what_breaks_a_rule_does_not_come_in_by_any_way() -> None:
    bad = a_submission(narrative="Too short.")
    for sent, by in ((bad, PATIENT), (replace(bad, source=FILE), IMPORT)):
        with pytest.raises(intake.BadSubmission) as refused, transaction():
            intake.submit(sent, by=by)
        assert [problem.field for problem in refused.value.problems] == ["narrative"]
    assert db.session.scalars(select(Story)).all() == []
