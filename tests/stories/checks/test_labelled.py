"""A labelled text is read as it was written; a broken file is refused by line and fault, without its words."""

import json
from pathlib import Path
from typing import Any

import pytest

from stories import catalogue
from stories.checks.finding import FindingKind
from stories.checks.labelled import CLASSES, BrokenLabels, LabelledText, Span, Split, TextKind, read_labelled

TEXT: dict[str, Any] = {
    "id": "a",
    "text": "Ask Wren about it.",
    "language": "en",
    "template": "asking",
    "split": "tuning",
    "kind": "identifying",
    "spans": [{"start": 4, "end": 8, "class": "names"}],
}


def a_file(folder: Path, *bodies: object) -> Path:
    path = folder / "texts.jsonl"
    path.write_text("".join(f"{json.dumps(body)}\n" for body in bodies), encoding="utf-8")
    return path


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in TEXT.items() if name != key}


def with_spans(*spans: dict[str, Any]) -> dict[str, Any]:
    return TEXT | {"spans": list(spans)}


def test_a_labelled_text_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = LabelledText(
        id="a",
        text="Ask Wren, or the lighthouse, or @wren_j.",
        language="en",
        template="asking",
        split=Split.HELD_OUT,
        kind=TextKind.IDENTIFYING,
        spans=(
            Span.of(4, 8, "names"),
            Span.of(17, 27, "other", is_direct=False),
            Span.of(32, 39, "other"),
        ),
        kinds=(FindingKind.THIRD_PARTY,),
    )
    path = tmp_path / "texts.jsonl"
    path.write_text(f"{text.as_line()}\n\n", encoding="utf-8")
    assert read_labelled(path) == (text,)
    assert [span.is_direct for span in text.spans] == [True, False, True]


def test_offsets_count_in_the_normalised_text(tmp_path: Path) -> None:
    spans = [{"start": 4, "end": 8, "class": "names"}]
    (text,) = read_labelled(a_file(tmp_path, TEXT | {"text": "Ask\u202e Zoe\u0308s\r\nplease", "spans": spans}))
    (span,) = text.spans
    assert text.text[span.start : span.end] == "Zo\u00ebs"


def test_what_leads_to_one_person_by_itself_is_direct_and_a_place_is_not() -> None:
    assert Span.of(0, 1, "phone").is_direct
    assert not Span.of(0, 1, "geography").is_direct


def test_the_classes_are_those_of_the_catalogue_and_each_has_a_kind_of_finding() -> None:
    known = catalogue.Catalogue.from_files(catalogue.read_folder(catalogue.FOLDER))
    assert tuple(each.id for each in known.identifier_classes) == CLASSES


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ([], "not a JSON object"),
        (without("split"), "split is missing"),
        (TEXT | {"text": " "}, "text is not a text with words"),
        (TEXT | {"id": 7}, "id is not a text with words"),
        (TEXT | {"splt": "tuning"}, "a key that is none of"),
        (TEXT | {"split": "test"}, "split is none of tuning, held_out"),
        (TEXT | {"kind": ["plain"]}, "kind is none of identifying"),
        (TEXT | {"kind": "plain"}, "spans exactly when"),
        (TEXT | {"spans": []}, "spans exactly when"),
        (TEXT | {"spans": {}}, "spans is not a list"),
        (with_spans({"start": 4, "end": 8}), "start, end and class"),
        (with_spans({"start": 4, "end": 19, "class": "names"}), "which has 18 characters"),
        (with_spans({"start": 4, "end": 4, "class": "names"}), "does not lie in the text"),
        (with_spans({"start": True, "end": 4, "class": "names"}), "does not lie in the text"),
        (with_spans({"start": 4, "end": 8, "class": "name"}), "the class of the span at 4 is none of names"),
        (with_spans({"start": 4, "end": 8, "class": "names", "is_direct": False}), "only for the class other"),
        (with_spans(*TEXT["spans"], {"start": 6, "end": 9, "class": "other"}), "the span at 6 begins inside"),
        (TEXT | {"kinds": ["phone"]}, "kinds is not a list of crisis"),
        (TEXT | {"kinds": "crisis"}, "kinds is not a list of crisis"),
        (TEXT, "a line before has the same id"),
        (TEXT | {"id": "b", "split": "held_out"}, "the same template and another split"),
    ],
)
def test_a_broken_line_is_refused_naming_line_and_fault(tmp_path: Path, body: object, fault: str) -> None:
    path = a_file(tmp_path, TEXT, body)
    with pytest.raises(BrokenLabels, match=f"Line 2: .*{fault}") as refused:
        read_labelled(path)
    assert "Wren" not in str(refused.value)


@pytest.mark.parametrize("line", [b"{", b'{"id": ', b"[" * 100_000])
def test_a_line_that_is_not_json_is_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"\n" + line)
    with pytest.raises(BrokenLabels, match="Line 2: this is not JSON"):
        read_labelled(path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"\xff")
    with pytest.raises(BrokenLabels, match="UTF-8"):
        read_labelled(path)
