"""The word lists are in the form that the checks look words up in, and each says where it comes from."""

from pathlib import Path

import pytest

from stories.checks.words import FOLDER, Sense, folded, phrases, senses

LISTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_is_in_small_letters_without_accents(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if line != folded(line.lower()) or line != line.strip() or not line] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_read_me_names_the_source_of_a_list(path: Path) -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert path.name in told or (path.name.startswith("more_") and "more_*.txt" in told)


def test_a_word_has_every_sense_of_its_lists() -> None:
    assert senses()["rose"] & Sense.EVERYDAY
    assert senses()["rose"] & Sense.GIVEN
    assert senses()["leeds"] & Sense.BIG_TOWN
    assert not senses()["sarah"] & Sense.EVERYDAY


def test_a_name_of_several_words_is_known_by_its_first_two() -> None:
    (words, sense) = phrases()["milton", "keynes"][0]
    assert words == ("milton", "keynes")
    assert sense & Sense.TOWN


def test_the_lists_stay_small() -> None:
    assert sum(path.stat().st_size for path in LISTS) < 1_500_000
