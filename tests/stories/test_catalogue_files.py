"""Files that make a catalogue, and files that are refused by file, entry and fault."""

from pathlib import Path
from typing import Any

import pytest

from stories.catalogue import FOLDER, BrokenCatalogue, Catalogue, read_folder
from stories.catalogue.entries import FILES
from stories.catalogue.rules import has_check_digit
from tests.catalogue_folder import Change, a_folder, change, drop, put, repeat


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def test_files_are_read_in_whatever_layout_they_are_written(folder: Path) -> None:
    for file in FILES:
        change(folder, file, lambda _document: None)
    (folder / "agents.json").write_bytes(b"\xef\xbb\xbf" + (folder / "agents.json").read_bytes())

    assert Catalogue.from_files(read_folder(folder)).digest == Catalogue.from_files(read_folder(FOLDER)).digest


AGENTS, CONDITIONS, THERAPIES = "agents.json", "conditions.json", "combined_therapies.json"
OUTCOMES, TOPICS, SAFETY, SOURCES = "outcomes.json", "topics.json", "safety.json", "sources.json"

AGENT = ("agents", 0)
CONDITION = ("conditions", 0)
CLASS_TOPIC = ("topics", 0)
FACT = (*CLASS_TOPIC, "sections", 0, "claims", 0)
PRODUCT = (*CLASS_TOPIC, "sections", 5, "claims", 0)

BREAKS: list[tuple[str, Change, str | None, str]] = [
    (AGENTS, put("magic", *AGENT, "kind"), "imiquimod-5", "there is no agent kind “magic”"),
    (AGENTS, put("magic", *AGENT, "group"), "imiquimod-5", "there is no agent group “magic”"),
    (AGENTS, put(["sneezing"], *AGENT, "local_reactions"), "imiquimod-5", "no reaction “sneezing”"),
    (AGENTS, put("maybe", *AGENT, "regulatory", 0, "status"), "imiquimod-5", "no regulatory status"),
    (AGENTS, put(["flu"], *AGENT, "regulatory", 0, "uses"), "imiquimod-5", "no condition “flu”"),
    (AGENTS, put(99, *AGENT, "courses", 0, "weeks_min"), "imiquimod-5", "99 to 16 weeks"),
    (AGENTS, put([], *AGENT, "mechanism_sources"), "imiquimod-5", "mechanism has no source"),
    (AGENTS, put([], *AGENT, "warnings", 0, "sources"), "imiquimod-5", "a fact has no citation"),
    (AGENTS, put("imiquimod-9", *AGENT, "slug"), None, "there is no agent “imiquimod-5”"),
    (AGENTS, repeat("agents"), "imiquimod-5", "stands twice"),
    (AGENTS, put("", *AGENT, "name"), "imiquimod-5", "name: "),
    (AGENTS, put("Imi 5", *AGENT, "slug"), "Imi 5", "slug: "),
    (AGENTS, put(7, *AGENT), "agents 1", "is not of type 'object'"),
    (AGENTS, drop(*AGENT, "generic"), "imiquimod-5", "'generic' is a required"),
    (AGENTS, put("See /where/it/lies", *AGENT, "route"), "imiquimod-5", "path of a machine"),
    (AGENTS, put("cream\x07", *AGENT, "route"), "imiquimod-5", "control character"),
    (AGENTS, put("cream\ud800", *AGENT, "route"), "imiquimod-5", "half a character"),
    (CONDITIONS, put("magic", *CONDITION, "group"), "common-warts", "no condition group"),
    (CONDITIONS, put("magic", *CONDITION, "evidence", 0, "level"), "common-warts", "no evidence level"),
    (CONDITIONS, put("magic", *CONDITION, "evidence", 0, "agent"), "common-warts", "no agent “magic”"),
    (CONDITIONS, put("label", *CONDITION, "evidence", 2, "level"), "common-warts", "is approved for it"),
    (CONDITIONS, put([], *CONDITION, "evidence", 2, "sources"), "common-warts", "a fact has no citation"),
    (CONDITIONS, put("1296960003", *CONDITION, "codes", 3, "code"), "common-warts", "wrong check digit"),
    (CONDITIONS, put(["no-such"], *CONDITION, "summary_sources"), "common-warts", "no source “no-such”"),
    (THERAPIES, put("magic", "combined_therapies", 0, "agent"), "nb-uvb", "no agent “magic”"),
    (OUTCOMES, drop("local_reactions", 0), None, "no reaction “redness”"),
    (OUTCOMES, drop("recurrence"), None, "'recurrence' is a required property"),
    (TOPICS, put([], *FACT, "citations"), "topical-immunotherapy", "a fact has no citation"),
    (TOPICS, put(["cgi-scale"], *PRODUCT, "citations"), "topical-immunotherapy", "a product statement has"),
    (TOPICS, put(["magic"], *CLASS_TOPIC, "listing", "links"), "topical-immunotherapy", "no topic “magic”"),
    (TOPICS, put("clinically_reviewed", *CLASS_TOPIC, "review_status"), "topical-immunotherapy", "last_reviewed"),
    (TOPICS, put("imiquimod-5", "topics", 1, "slug"), "imiquimod-5", "has the slug of an agent"),
    (TOPICS, put("plane-warts", "topics", 2, "slug"), "plane-warts", "slug of a condition"),
    (TOPICS, put("comparison", "topics", 2, "kind"), "anogenital-warts", "slug of a condition"),
    (TOPICS, put("nobody", "_meta", "notice"), "_meta", "notice: "),
    (SAFETY, drop("identifier_classes", "classes", 17), "identifier_classes", "minItems: 18"),
    (SAFETY, drop("case_report_criteria", "criteria", 3), "case_report_criteria", "minItems: 4"),
    (SAFETY, put("tomorrow", "helplines", 0, "checked_on"), "gb-samaritans", "checked_on: "),
    (SOURCES, repeat("sources"), "aad-ad-2023", "stands twice"),
    (SOURCES, put("javascript:alert(1)", "sources", 0, "url"), "aad-ad-2023", "url: "),
]


@pytest.mark.parametrize(("file", "how", "entry", "fault"), BREAKS)
def test_files_that_do_not_fit_are_refused_by_file_entry_and_fault(
    folder: Path, file: str, how: Change, entry: str | None, fault: str
) -> None:
    change(folder, file, how)

    with pytest.raises(BrokenCatalogue) as refused:
        read_folder(folder)

    assert fault in refused.value.fault
    assert "\n" not in str(refused.value)
    assert entry is None or (refused.value.file, refused.value.entry) == (file, entry)


def test_a_condition_with_the_slug_of_an_agent_is_refused(folder: Path) -> None:
    def add(document: dict[str, Any]) -> None:
        document["conditions"].append({**document["conditions"][0], "slug": "cryotherapy"})

    change(folder, "conditions.json", add)

    with pytest.raises(BrokenCatalogue, match=r"conditions.json, cryotherapy: has the slug of an agent"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{\n"_meta": {},\n"agents": [,]}', "agents.json, line 3: is not JSON (Expecting value)"),
        (b'{\n"_meta": "\xff"}', "agents.json, line 2: is not UTF-8"),
        (b'{"_meta": {}, "_meta": {}}', "agents.json: is not JSON (“_meta” stands twice"),
        (b"[" * 100_000, "agents.json: is nested too deep"),
        (b'{"_meta": NaN}', "agents.json: is not JSON (NaN is no number)"),
        (b"", "agents.json, line 1: is not JSON"),
        (b"[]", "agents.json: [] is not of type 'object'"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(folder: Path, content: bytes, message: str) -> None:
    (folder / "agents.json").write_bytes(content)

    with pytest.raises(BrokenCatalogue) as refused:
        read_folder(folder)

    assert str(refused.value).startswith(message)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "topics.json").unlink()

    with pytest.raises(BrokenCatalogue, match=r"^topics.json: is missing$"):
        read_folder(folder)


def test_the_check_digit_finds_every_wrong_digit_and_every_swap() -> None:
    code = "73211009"

    assert has_check_digit(code)
    wrong = {code[:place] + digit + code[place + 1 :] for place in range(len(code)) for digit in "0123456789"}
    wrong |= {code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(len(code) - 1)}
    assert not any(has_check_digit(other) for other in wrong - {code})
    assert not has_check_digit("B07")
