"""Texts in passages, and redactions: what was taken out never shows, and nothing else is lost."""

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from stories.cleaning import Clean, normalise
from stories.content import Redaction, RedactionKind
from stories.passages import (
    EXCERPT_CHARS,
    excerpt,
    label,
    paragraphs,
    passages,
    passages_by_paragraph,
    shown_line,
    shown_paragraphs,
    words_of,
)
from stories.redacting import carried_over, with_redactions
from stories.refusal import BadRedaction
from tests.factories import CONTENT

TEXTS = st.text("ab <>&\n\u00a0é😀[]'", min_size=1, max_size=400).map(normalise).filter(bool)
KINDS = st.sampled_from(RedactionKind)
SECRET = "\u2603"
"""A letter that stands nowhere but in words that are taken out."""


@dataclass(frozen=True)
class Found:
    """A finding, as far as passages look at one."""

    start: int
    end: int


@st.composite
def texts_with_redactions(draw: st.DrawFn) -> tuple[str, list[Redaction]]:
    """A text and spans of it that do not overlap, all of whose letters are SECRET; some letters stay."""
    text = draw(TEXTS)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    spans = [
        Redaction("narrative", start, end, draw(KINDS)) for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    letters = list(text)
    for span in spans:
        for place in range(span.start, span.end):
            letters[place] = letters[place] if letters[place] == "\n" else SECRET
    return "".join(letters), spans


@given(texts_with_redactions(), st.lists(st.tuples(st.integers(0, 450), st.integers(0, 450)), max_size=5))
@settings(max_examples=200, deadline=None)
def test_passages_put_together_are_the_text(
    told: tuple[str, list[Redaction]], places: list[tuple[int, int]]
) -> None:
    text, spans = told
    found = [(number, Found(min(place), max(place))) for number, place in enumerate(places)]
    cut = passages(Clean.of(text), spans, found)
    assert "".join(passage.html.words for passage in cut) == text
    assert [(passage.start, passage.end) for passage in cut] == [
        (passage.start, passage.start + len(passage.html.words)) for passage in cut
    ]
    for passage in cut:
        covering = [span.kind for span in spans if span.start <= passage.start and passage.end <= span.end]
        assert passage.redacted_as == (covering[0] if covering else None)
        touching = [
            (number, spot) for number, spot in found if spot.start < passage.end and passage.start < spot.end
        ]
        assert passage.findings == tuple(
            number
            for number, spot in touching
            if covering or (spot.start <= passage.start and passage.end <= spot.end)
        )


@given(texts_with_redactions())
@example(("aa \u2603\n\n\u2603 b", [Redaction("narrative", 3, 7, RedactionKind.NAME)]))
@settings(max_examples=300, deadline=None)
def test_readers_never_see_what_was_taken_out(told: tuple[str, list[Redaction]]) -> None:
    text, spans = told
    clean = Clean.of(text)
    for shown in (*shown_paragraphs(clean, spans), shown_line(clean, spans), excerpt(clean, spans)):
        assert SECRET not in shown.words
        assert SECRET not in shown.html
        assert SECRET not in shown.html.words


@given(texts_with_redactions())
@settings(max_examples=200, deadline=None)
def test_readers_see_everything_else(told: tuple[str, list[Redaction]]) -> None:
    text, spans = told
    shown = shown_line(Clean.of(text), spans).words
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + label(span.kind) + text[span.end :]
    assert shown == text
    by_paragraph = "".join(paragraph.words for paragraph in shown_paragraphs(Clean.of(text)))
    assert [letter for letter in by_paragraph if not letter.isspace()] == [
        letter for letter in text if not letter.isspace()
    ]


def test_a_word_in_brackets_that_the_patient_wrote_is_not_marked_as_ours() -> None:
    text = "I live in [place] near Lindholm."
    start = text.index("Lindholm")
    shown = shown_line(Clean.of(text), [Redaction("narrative", start, start + 8, RedactionKind.PLACE)])
    assert shown.words == "I live in [place] near [place]."
    assert shown.html == 'I live in [place] near <span class="fh-redaction">[place]</span>.'


@given(texts_with_redactions())
@settings(max_examples=200, deadline=None)
def test_every_redaction_is_marked_as_ours_and_nothing_else_is(told: tuple[str, list[Redaction]]) -> None:
    text, spans = told
    html = str(shown_line(Clean.of(text), spans).html)
    assert re.findall(r'<span class="fh-redaction">\[(\w+)\]</span>', html) == [span.kind.value for span in spans]
    assert html.count("<span") == len(spans)


@given(texts_with_redactions(), st.integers(200, EXCERPT_CHARS + 20))
@settings(max_examples=200, deadline=None)
def test_an_excerpt_never_cuts_inside_a_redaction(told: tuple[str, list[Redaction]], before: int) -> None:
    text, spans = told
    moved = [replace(span, start=span.start + before, end=span.end + before) for span in spans]
    shown = excerpt(Clean.of("x" * before + text + " z" * 200), moved)
    assert SECRET not in shown.words
    bare = shown.words
    for kind in RedactionKind:
        bare = bare.replace(label(kind), "")
    assert str(shown.html).count("<span") == str(shown.html).count("</span>")
    assert shown.words.endswith(" …")
    assert len(bare) <= EXCERPT_CHARS + len(" …")


def test_an_excerpt_ends_between_words_and_a_short_text_is_whole() -> None:
    assert excerpt(Clean.of("Short\n\nand whole.")).words == "Short  and whole."
    long = "word " * 100
    assert excerpt(Clean.of(long)).words == ("word " * 56).rstrip() + " …"
    assert len(excerpt(Clean.of("x" * 1_000)).words) <= EXCERPT_CHARS + 2


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_paragraphs_leave_out_blank_lines_only(text: str) -> None:
    spans = paragraphs(text)
    assert spans == sorted(spans)
    assert all(text[start:end].strip() for start, end in spans)
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in inside)
    assert not any(re.search(r"\n[ \u00a0]*\n", text[start:end].strip()) for start, end in spans)


def test_a_line_end_inside_a_paragraph_is_shown_as_one() -> None:
    shown = shown_paragraphs(Clean.of("One\ntwo\n \n\nthree"))
    assert [paragraph.words for paragraph in shown] == ["One\ntwo", "three"]
    assert [str(paragraph.html) for paragraph in shown] == ["One<br>two", "three"]


def test_a_redaction_over_a_blank_line_joins_its_paragraphs() -> None:
    text = "We met in Lindholm\n\nand in Aske, twice."
    start, end = text.index("Lindholm"), text.index("Aske") + 4
    shown = shown_paragraphs(Clean.of(text), [Redaction("narrative", start, end, RedactionKind.PLACE)])
    assert [paragraph.words for paragraph in shown] == ["We met in [place], twice."]


@given(texts_with_redactions())
@settings(max_examples=200, deadline=None)
def test_those_who_judge_see_each_paragraph_in_passages(told: tuple[str, list[Redaction]]) -> None:
    text, spans = told
    by_paragraph = passages_by_paragraph(Clean.of(text), spans)
    assert ["".join(passage.html.words for passage in cut) for cut in by_paragraph] == [
        text[start:end] for start, end in paragraphs(text)
    ]


def test_the_words_of_a_paragraph_are_places_in_the_text() -> None:
    text = "One two.\n\n“Three  four’s a-b@c.org.”"
    words = words_of(Clean.of(text), paragraphs(text)[1])
    assert [text[word.start : word.end] for word in words] == ["Three", "four’s", "a-b@c.org"]
    shown = "".join(f"{word.before}{word.html}{word.after}" for word in words)
    assert shown == str(Clean.of(text.partition("\n\n")[2]))


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [
        ("narrative", 3, 3),
        ("narrative", -1, 2),
        ("narrative", 0, 10_000),
        ("outcome", 0, 2),
        ("ties", 0, 1),
        ("", 0, 1),
    ],
)
def test_a_span_that_does_not_lie_in_words_is_refused(field: str, start: int, end: int) -> None:
    with pytest.raises(BadRedaction):
        with_redactions(CONTENT, [Redaction(field, start, end, RedactionKind.NAME)])


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), KINDS), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_redactions_never_overlap_and_never_give_back_what_was_taken_out(
    chosen: list[tuple[int, int, RedactionKind]],
) -> None:
    spans = [Redaction("narrative", start, start + length, kind) for start, length, kind in chosen]
    content = CONTENT
    for span in spans:
        content = with_redactions(content, [span])
    taken = {place for span in spans for place in range(span.start, span.end)}
    kept = content.redactions
    assert {place for span in kept for place in range(span.start, span.end)} == taken
    assert sum(span.end - span.start for span in kept) == len(taken)


WORDS = st.lists(st.sampled_from(["Wren", "Aske", "we", "met", "in", "Lindholm,", "twice.", "\n\n"]), min_size=1)


@given(WORDS, st.data())
@settings(max_examples=300, deadline=None)
def test_words_taken_out_stay_out_when_the_patient_amends_around_them(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    spans = [(word.start, word.end) for word in words_of(Clean.of(text), (0, len(text)))]
    assume(spans)
    start, end = data.draw(st.sampled_from(spans))
    taken = text[start:end]
    every = [Redaction("narrative", *span, RedactionKind.NAME) for span in spans if text[slice(*span)] == taken]
    before = replace(CONTENT, narrative=text, redactions=tuple(every))
    after = replace(CONTENT, narrative=" ".join(data.draw(st.permutations([*words, "More", taken]))))
    places = carried_over(before, after)
    kept = [after.narrative[span.start : span.end] for span in places]
    assert kept == [taken] * sum(word.rstrip(",.") == taken for word in after.narrative.split())


def test_of_words_taken_out_once_the_same_place_in_the_order_stays_out() -> None:
    before = replace(
        CONTENT, narrative="Wren told Wren.", redactions=(Redaction("narrative", 10, 14, RedactionKind.NAME),)
    )
    after = replace(before, narrative="In May Wren told Wren.", redactions=())
    assert carried_over(before, after) == (Redaction("narrative", 17, 21, RedactionKind.NAME),)


def test_words_that_are_gone_leave_no_redaction() -> None:
    before = replace(
        CONTENT, narrative="Seen in Aske.", redactions=(Redaction("narrative", 8, 12, RedactionKind.PLACE),)
    )
    assert carried_over(before, replace(before, narrative="Seen somewhere.", redactions=())) == ()
    assert carried_over(before, replace(before, narrative="Asked elsewhere.", redactions=())) == ()


@pytest.mark.parametrize(
    ("told", "taken", "retold"),
    [
        ("我在北京看医生。", "北京", "去年我在北京看医生,好了。"),
        ("北京的医生很好。", "北京", "我去了北京。"),
        ("東京で治療した。", "東京", "その後も東京で治療した。"),
        ("ไปหาหมอที่เชียงใหม่ครับ", "เชียงใหม่", "ผมไปหาหมอที่เชียงใหม่ครับ"),
        ("Call Tel0123 first.", "0123", "Please call Tel0123 first."),
        ("Lindholm-Aske, in May", "Lindholm", "In May at Lindholm-Aske"),
    ],
)
def test_words_without_spaces_around_them_stay_out_too(told: str, taken: str, retold: str) -> None:
    start = told.index(taken)
    span = Redaction("narrative", start, start + len(taken), RedactionKind.PLACE)
    before = replace(CONTENT, narrative=told, redactions=(span,))
    places = carried_over(before, replace(before, narrative=retold, redactions=()))
    assert [retold[place.start : place.end] for place in places] == [taken]


def test_a_name_that_was_taken_out_takes_no_longer_word_with_it() -> None:
    before = replace(CONTENT, narrative="Al came.", redactions=(Redaction("narrative", 0, 2, RedactionKind.NAME),))
    after = replace(before, narrative="Also, Al came. Alas!", redactions=())
    assert carried_over(before, after) == (Redaction("narrative", 6, 8, RedactionKind.NAME),)


def test_what_was_taken_out_is_one_run_whatever_was_found_in_it() -> None:
    text = Clean.of("as the nurse at Marlow House had said")
    taken_out = Redaction("narrative", 16, 28, RedactionKind.PLACE)
    names = [
        (1, Redaction("narrative", 16, 22, RedactionKind.NAME)),
        (2, Redaction("narrative", 7, 19, RedactionKind.NAME)),
    ]
    runs = passages(text, [taken_out], names)
    assert [(run.html.words, run.redacted_as) for run in runs if run.redacted_as] == [
        ("Marlow House", RedactionKind.PLACE)
    ]
    begun = [number for run in runs for number in run.begins]
    assert sorted(begun) == sorted(number for run in runs for number in run.ends) == [1, 2]
