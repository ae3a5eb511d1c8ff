"""Cleaning: no word is eaten, and nothing of what comes out is live."""

import html
import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape
from sqlalchemy import JSON
from sqlalchemy.dialects import sqlite

from stories.cleaning import PIECE_CHARS, Clean, CleanTexts, _pieces, normalise

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=2_500)
"""Any text at all: lone surrogates, nulls and noncharacters too."""

HOSTILE = (
    *("<", ">", "&", '"', "'", "&lt;", "&amp;lt;", "&#60;", "&#x3c;", "&lt", "<!--", "-->", "<![CDATA[", "]]>"),
    *("<script>", "</script>", "<b onclick=x()>", "<!3 days>", "<?php", "javascript:", "\\", "a", " ", "\n"),
    *("&notin;", "&;", "&#0;", "é", "e\u0301", "😀", "\u200d"),
)
MARKUP_LIKE = st.lists(st.sampled_from(HOSTILE), max_size=300).map("".join)
NONCHARACTERS = {
    *range(0xFDD0, 0xFDF0),
    *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
}
REMOVED = (
    ({point for point in range(0xA0) if unicodedata.category(chr(point)) == "Cc"} - {0x09, 0x0A, 0x0D})
    | {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}
    | {*range(0xD800, 0xE000)}
    | NONCHARACTERS
)
"""Exactly the code points that the contract takes out; tab and line ends are turned into others."""


def as_seen(piece: str) -> str:
    """The text that a browser shows of a run of HTML; raises if there is anything but text in it."""

    class Text(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

        def handle_starttag(self, tag: str, attrs: object) -> None:
            raise AssertionError(f"a tag: {tag}")

        handle_endtag = handle_comment = handle_decl = handle_pi = unknown_decl = handle_starttag  # type: ignore[assignment]

    parser = Text()
    parser.feed(piece)
    parser.close()
    return parser.text


@given(ANY_TEXT | MARKUP_LIKE)
@example("pain <!3 days> gone")
@example("<" * 1_500)
@example("&" * 999 + "lt;")
@example("x" * 999 + "&amp;")
@example("\ud800<\x00b>")
@settings(max_examples=300, deadline=None)
def test_no_word_is_eaten(typed: str) -> None:
    text = normalise(typed)
    assert Clean.of(text).words == text
    assert html.unescape(str(Clean.of(text))) == text


@given(ANY_TEXT | MARKUP_LIKE)
@settings(max_examples=200, deadline=None)
def test_what_comes_out_is_text_and_nothing_else(typed: str) -> None:
    cleaned = str(Clean.of(normalise(typed)))
    assert not set(cleaned) & set("<>\"'")
    assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt|#34|#39);)*", cleaned)
    assert as_seen(cleaned) == normalise(typed)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = normalise(typed)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_exactly_the_characters_of_the_contract_are_removed() -> None:
    gone = {point for point in range(sys.maxunicode + 1) if normalise(f"a{chr(point)}b") == "ab"}
    assert gone == REMOVED


def test_line_ends_are_line_feeds_and_tabs_are_spaces() -> None:
    assert normalise("a\r\nb\rc\nd\te\r\r\nf") == "a\nb\nc\nd e\n\nf"


def test_letters_are_composed() -> None:
    assert normalise("e\u0301 A\u030a") == "é Å"
    assert normalise("e\x00\u0301") == "é", "composed after the removal, or a second time would change it"


@pytest.mark.parametrize("kept", ["\u200c", "\u200d", "\u200e", "\u200f", "\u00ad", "\u00a0", "\u2028", "\u061c"])
def test_joiners_and_direction_marks_stay(kept: str) -> None:
    text = f"می{kept}خواهم 👩{kept}🔬"
    assert normalise(text) == text
    assert Clean.of(text).words == text


@given(ANY_TEXT | MARKUP_LIKE)
@settings(max_examples=200, deadline=None)
def test_each_code_point_of_the_text_is_one_piece_of_the_html(typed: str) -> None:
    text = normalise(typed)
    points = Clean.of(text).points()
    assert [html.unescape(point) for point in points] == list(text)


@given(ANY_TEXT | MARKUP_LIKE, st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_a_cut_shows_the_same_code_points_as_of_the_text(typed: str, start: int, end: int) -> None:
    text = normalise(typed)
    cut = Clean.of(text).cut(start, end)
    assert isinstance(cut, Clean)
    assert cut.words == text[start:end]


def test_clean_text_is_shown_by_templates_as_it_is_and_everything_else_is_escaped() -> None:
    assert escape(Clean.of("1 < 2")) == Markup("1 &lt; 2")
    assert Clean.of("a") + "<b>" == "a&lt;b&gt;"


def test_two_threads_never_mix_their_texts() -> None:
    def cleaned(who: str) -> set[str]:
        return {Clean.of(f"<{who}> & {count} {who * 50}").words.replace(str(count), "#") for count in range(2_000)}

    with ThreadPoolExecutor(4) as pool:
        found = dict(zip("abcd", pool.map(cleaned, "abcd"), strict=True))
    assert found == {who: {f"<{who}> & # {who * 50}"} for who in "abcd"}


def test_bleach_gets_short_pieces_whatever_the_length_of_the_text() -> None:
    text = "<" * 20_001
    pieces = list(_pieces(text))
    assert "".join(pieces) == text
    assert {len(piece) for piece in pieces} == {PIECE_CHARS, 1}
    assert PIECE_CHARS <= 1_000


@pytest.mark.timeout(30)
@pytest.mark.parametrize("hostile", ["<", "<a ", "&", "<!--", "</", "<a href='", "&lt", "]]>", '"'])
def test_hostile_input_costs_no_more_than_any_other(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    assert Clean.of(text).words == text


@given(ANY_TEXT | MARKUP_LIKE)
@settings(max_examples=300, deadline=None)
def test_another_cleaner_shows_the_same_text(typed: str) -> None:
    text = normalise(typed)
    other = nh3.clean(str(escape(text)), tags=set())
    assert as_seen(other) == as_seen(str(Clean.of(text)))


def test_the_column_of_cleaned_texts_takes_nothing_that_was_not_cleaned() -> None:
    column, dialect = CleanTexts(), sqlite.dialect()
    for refused in ("plain", Markup("<b>marked up</b>"), None):
        with pytest.raises(TypeError, match="only cleaned text"):
            column.process_bind_param({"title": Clean.of("fine"), "narrative": refused}, dialect)  # type: ignore[dict-item]
    assert isinstance(column.impl_instance, JSON)


def test_the_column_of_cleaned_texts_gives_back_what_it_was_given() -> None:
    column, dialect = CleanTexts(), sqlite.dialect()
    kept = column.process_bind_param({"title": Clean.of("1 < 2")}, dialect)
    assert kept == {"title": "1 &lt; 2"}
    assert type(kept["title"]) is str
    back = column.process_result_value(kept, dialect)
    assert isinstance(back["title"], Clean)
    assert back["title"].words == "1 < 2"
