"""The figures say what the checks found, missed, misnamed and took for something that it is not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from stories.checks.evaluating import ClassFigures, Evaluation, Miss, Share, evaluate
from stories.checks.finding import Check, Finding, FindingKind, Known, Severity
from stories.checks.labelled import LabelledText, Span, Split, TextKind
from stories.content import Content


def that_notices(**kinds: str) -> Check:
    """A check that notices these words, as findings of the kinds they are given for."""

    def check(content: Content, known: Known) -> Iterator[Finding]:
        for kind, words in kinds.items():
            for match in re.finditer(words, content.narrative):
                yield Finding(
                    kind=FindingKind(kind),
                    severity=Severity.WEAK,
                    rule="listed",
                    rule_version=1,
                    field="narrative",
                    start=match.start(),
                    end=match.end(),
                    why="These words are listed.",
                )

    return check


def a_text(text: str, kind: TextKind = TextKind.IDENTIFYING, *kinds: FindingKind, **classes: str) -> LabelledText:
    """A text in which these words are labelled with the classes they are given for."""
    places = sorted((text.index(words), words, of_class) for of_class, words in classes.items())
    spans = (Span.of(start, start + len(words), of_class) for start, words, of_class in places)
    return LabelledText(
        id="a",
        text=text,
        language="en",
        template="a",
        split=Split.TUNING,
        kind=kind,
        spans=tuple(spans),
        kinds=kinds,
    )


def measured(*texts: LabelledText, **kinds: str) -> Evaluation:
    return evaluate(texts, Known(), (that_notices(**kinds),))


def of_class(found: Evaluation, name: str) -> ClassFigures:
    return next(figures for figures in found.classes if figures.of_class == name)


@pytest.mark.parametrize(("noticed", "is_found"), [("Wren Teal", True), ("en Te", True), ("Wren", False)])
def test_a_detail_is_found_when_half_of_it_is_covered(noticed: str, is_found: bool) -> None:
    found = measured(a_text("Ask Wren Teal.", names="Wren Teal"), name=noticed)
    assert of_class(found, "names").found == Share(int(is_found), 1)


def test_findings_cover_a_detail_together() -> None:
    found = measured(a_text("Ask Wren B. Teal now.", names="Wren B. Teal"), name="Wren|Teal")
    assert of_class(found, "names").found == Share(1, 1)


def test_a_name_taken_for_a_place_is_noticed_but_not_found() -> None:
    found = measured(a_text("Ask Wren in Tarn.", names="Wren", geography="Tarn"), place="Wren|Tarn")
    names, places = of_class(found, "names"), of_class(found, "geography")
    assert (names.found, names.noticed) == (Share(0, 1), Share(1, 1))
    assert (places.found, places.right, places.misnamed) == (Share(1, 1), Share(1, 2), Share(1, 2))
    assert found.misses == (Miss("a", "names", "misnamed", "Wren"),)


def test_what_identifies_nobody_is_no_way_to_notice_a_name() -> None:
    found = measured(a_text("Ask Wren.", names="Wren"), crisis="Wren")
    assert of_class(found, "names").noticed == Share(0, 1)


def test_false_alarms_are_counted_on_the_hard_negatives_alone() -> None:
    hard = a_text("Will it mark? It will not, said Will.", TextKind.HARD_NEGATIVE)
    found = measured(hard, a_text("Will came.", TextKind.PLAIN), name="Will")
    assert (found.false_alarms, found.hard_words, found.false_alarm_rate) == (2, 8, 250)
    assert (of_class(found, "names").right, of_class(found, "names").misnamed) == (Share(0, 3), Share(0, 3))


def test_a_story_is_missed_when_one_direct_detail_is_noticed_by_nothing() -> None:
    both = a_text("Ask Wren in Tarn on 5550100.", names="Wren", geography="Tarn", phone="5550100")
    place = a_text("It was in Tarn.", geography="Tarn")
    assert measured(both, place, phone="5550100").missed_stories == Share(1, 1)
    assert measured(both, place, phone="5550100", place="Wren").missed_stories == Share(0, 1)


def test_kinds_that_identify_nobody_are_counted_by_text() -> None:
    expected = a_text("I want out. I want out.", TextKind.PLAIN, FindingKind.CRISIS)
    found = measured(
        expected, a_text("No, I want out.", TextKind.PLAIN), a_text("Fine.", TextKind.PLAIN), crisis="out"
    )
    (crisis,) = (figures for figures in found.kinds if figures.kind is FindingKind.CRISIS)
    assert (crisis.found, crisis.elsewhere) == (Share(1, 1), Share(1, 2))


def test_a_share_has_its_interval_and_a_share_of_nothing_none() -> None:
    low, high = Share(9, 10).interval or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_without_words_there_is_no_rate() -> None:
    found = measured()
    assert (found.false_alarm_rate, found.cpu_milliseconds) == (None, None)


TUNED = a_text("Write to wren@example.org or to Wren.", email="wren@example.org")
HELD_OUT = LabelledText(
    id="b",
    text="Nothing here.",
    language="en",
    template="b",
    split=Split.HELD_OUT,
    kind=TextKind.PLAIN,
)


def run(app: Flask, folder: Path, *options: str) -> Result:
    """What `flask checks evaluate` answers for two texts."""
    path = folder / "texts.jsonl"
    path.write_text(f"{TUNED.as_line()}\n{HELD_OUT.as_line()}\n", encoding="utf-8")
    return app.test_cli_runner().invoke(args=["checks", "evaluate", str(path), *options])


def test_the_command_prints_aligned_figures_without_words_of_a_text(app: Flask, tmp_path: Path) -> None:
    answer = run(app, tmp_path)
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()
    assert lines[0] == "2 texts, 8 words."
    table = [line for line in lines if line.startswith(("class ", "names ", "email ", "other "))]
    assert len({len(line) for line in table}) == 1
    assert "wren" not in answer.output.casefold()


def test_the_command_takes_one_split_and_speaks_json(app: Flask, tmp_path: Path) -> None:
    tuned = json.loads(run(app, tmp_path, "--split", "tuning", "--json").output)
    emails = next(row for row in tuned["classes"] if row["class"] == "email")
    assert (tuned["texts"], emails["found"]["count"], emails["found"]["of"]) == (1, 1, 1)
    assert "misses" not in tuned


def test_the_command_prints_what_went_wrong_when_asked_to(app: Flask, tmp_path: Path) -> None:
    wrong = a_text("It was Wren, not 07700 900123.", names="Wren")
    path = tmp_path / "wrong.jsonl"
    path.write_text(wrong.as_line(), encoding="utf-8")
    answer = app.test_cli_runner().invoke(args=["checks", "evaluate", str(path), "--misses"])
    assert answer.output.endswith('false alarm  phone  a  "07700 900123"\n')
    as_json = app.test_cli_runner().invoke(args=["checks", "evaluate", str(path), "--misses", "--json"])
    assert Miss("a", "phone", "false alarm", "07700 900123").as_json() in json.loads(as_json.output)["misses"]


def test_the_command_refuses_a_broken_file_and_one_without_such_texts(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("{\n", encoding="utf-8")
    broken = app.test_cli_runner().invoke(args=["checks", "evaluate", str(path)])
    assert (broken.exit_code, broken.output) == (1, "Error: Line 1: this is not JSON.\n")
    path.write_text(f"{HELD_OUT.as_line()}\n", encoding="utf-8")
    empty = app.test_cli_runner().invoke(args=["checks", "evaluate", str(path), "--split", "tuning"])
    assert (empty.exit_code, empty.output) == (1, "Error: There is no such text in the file.\n")
