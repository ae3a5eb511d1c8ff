"""Marks in messages are filled with invented details at known places; every other word stays."""

import csv
import json
import stat
from pathlib import Path

import pytest
from flask import Flask

from stories.checks.filling import PLACEHOLDER, CannotFill, Filled, filled
from stories.checks.labelled import Split, TextKind, read_labelled


def messages(folder: Path, *texts: str) -> Path:
    path = folder / "messages.jsonl"
    path.write_text("".join(f"{json.dumps({'text': text})}\n" for text in texts), encoding="utf-8")
    return path


def filled_in(folder: Path, *texts: str, seed: int = 1) -> Filled:
    return filled(messages(folder, *texts), column="text", seed=seed)


@pytest.mark.parametrize(
    ("mark", "of_class"),
    [
        ("[NAME]", "names"),
        ("[name]", "names"),
        ("[Name Redacted]", "names"),
        ("[doctor's name removed]", "names"),
        ("<NAME>", "names"),
        ("{{name}}", "names"),
        ("{{ first_name }}", "names"),
        ("___NAME___", "names"),
        ("[redacted: place]", "geography"),
        ("<LOCATION>", "geography"),
        ("[DATE]", "dates"),
        ("[AGE]", "dates"),
        ("[phone number]", "phone"),
        ("[EMAIL]", "email"),
        ("[URL]", "url"),
        ("[ID]", "mrn"),
    ],
)
def test_a_mark_is_filled_and_labelled_and_the_words_around_it_stay(
    tmp_path: Path, mark: str, of_class: str
) -> None:
    found = filled_in(tmp_path, f"It was {mark} who, or what, helped.")
    (text,) = found.texts
    (span,) = text.spans
    assert (text.text[: span.start], text.text[span.end :]) == ("It was ", " who, or what, helped.")
    assert (span.of_class, text.kind, text.split) == (of_class, TextKind.IDENTIFYING, Split.HELD_OUT)
    assert not PLACEHOLDER.search(text.text)
    assert (found.filled, found.left) == (1, 0)


def test_a_contact_is_a_telephone_number_or_an_email_address(tmp_path: Path) -> None:
    found = filled_in(tmp_path, *["Write to [CONTACT] please."] * 20)
    assert {span.of_class for text in found.texts for span in text.spans} == {"phone", "email"}


def test_a_job_is_filled_and_not_labelled(tmp_path: Path) -> None:
    found = filled_in(tmp_path, "I am a [PROFESSION] by trade.")
    (text,) = found.texts
    assert (text.spans, text.kind, found.filled) == ((), TextKind.PLAIN, 1)
    assert "[" not in text.text


@pytest.mark.parametrize(
    "words", ["[unreadable]", "[a wart]", "<5 mg>", "it was *** awful", "[the patient]", "a __ b"]
)
def test_what_says_something_else_stays(tmp_path: Path, words: str) -> None:
    found = filled_in(tmp_path, f"So, {words}, and that was it.")
    assert found.texts[0].text == f"So, {words}, and that was it."
    assert found.filled == 0


def test_details_are_written_in_the_manner_of_the_message(tmp_path: Path) -> None:
    low, high = filled_in(tmp_path, "ask [NAME] in [LOCATION]", "ASK [name] IN [location]").texts
    assert low.text.islower()
    assert high.text.isupper()


def test_the_same_seed_fills_in_the_same_details_and_another_others(tmp_path: Path) -> None:
    texts = ["[NAME], [LOCATION], [DATE], [CONTACT]"] * 5
    assert filled_in(tmp_path, *texts) == filled_in(tmp_path, *texts)
    assert filled_in(tmp_path, *texts) != filled_in(tmp_path, *texts, seed=2)


def test_messages_without_words_are_left_out_and_counted_lines_name_the_others(tmp_path: Path) -> None:
    assert [text.id for text in filled_in(tmp_path, "One.", " ", "Three.").texts] == ["messages-1", "messages-3"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"text": "One."}\n{', "Line 2: this is not JSON"),
        (b"[]", "Line 1: this is not a JSON object"),
        (b'{"message": "One."}', "Line 1: there is no text. Name another with --column"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(content)
    with pytest.raises(CannotFill, match=fault):
        filled(path, column="text", seed=1)


def test_the_command_writes_labelled_texts_for_their_owner_alone(app: Flask, tmp_path: Path) -> None:
    path, out = tmp_path / "messages.csv", tmp_path / "labelled.jsonl"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["no", "message"], ["1", "Ask [NAME],\nor [NB]."], ["2", "Nobody."]])
    fill = ["checks", "fill", str(path), str(out), "--column", "message"]
    answer = app.test_cli_runner().invoke(args=fill)
    assert (answer.exit_code, answer.output) == (0, "2 texts, 1 marks filled, 1 not known and left.\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [len(text.spans) for text in read_labelled(out)] == [1, 0]
    again = app.test_cli_runner().invoke(args=fill)
    assert (again.exit_code, again.output) == (1, f"Error: {out} is there already.\n")


def test_the_command_says_why_a_file_cannot_be_read(app: Flask, tmp_path: Path) -> None:
    path = messages(tmp_path, "One.")
    answer = app.test_cli_runner().invoke(
        args=["checks", "fill", str(path), str(tmp_path / "out"), "--column", "words"]
    )
    assert (answer.exit_code, answer.output) == (
        1,
        "Error: Line 1: there is no words. Name another with --column.\n",
    )
