"""Import files: good rows taken, bad rows named, nothing twice, and no word lost or told."""

import csv
import io
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from stories import intake
from stories.content import Content
from stories.importing import COLUMNS, ImportReport, import_file
from stories.models import Consent, Contact, Event, ImportIdentity, Purpose, Revision, State, Story
from stories.refusal import NoConsent
from tests.factories import LEAD, TOLD, approve, seen, the_story, withdraw

pytestmark = pytest.mark.usefixtures("database")

ROW = {
    "condition": "actinic-keratosis",
    "agent": "imiquimod-5",
    "outcome": "much_better",
    "title": "Four weeks",
    "narrative": TOLD,
    "consent_publish": "yes",
    "source": "clinic",
    "source_id": "1",
}


def a_row(**answers: Any) -> dict[str, Any]:
    return {**ROW, **answers}


def a_csv(path: Path, *rows: dict[str, Any], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def lines(path: Path, *rows: object) -> Path:
    path.write_text(
        "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8"
    )
    return path


@pytest.fixture
def as_csv(tmp_path: Path) -> Path:
    return tmp_path / "stories.csv"


@pytest.fixture
def as_lines(tmp_path: Path) -> Path:
    return tmp_path / "stories.jsonl"


def stories() -> list[Story]:
    db.session.rollback()
    return list(db.session.scalars(select(Story).order_by(Story.id)))


def words() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Revision.narrative).order_by(Revision.id)))


def rows_in(*models: type) -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_good_rows_are_taken_and_bad_ones_named_with_their_line_and_why(as_csv: Path) -> None:
    a_csv(
        as_csv,
        a_row(),
        a_row(source_id="2", condition="a-rash-of-words"),
        a_row(source_id="3", narrative="Too short."),
        a_row(source_id="4", outcome="marvellous"),
        a_row(source_id="5", consent_publish="perhaps"),
        a_row(source_id="6"),
    )
    report = import_file(as_csv)
    assert (report.taken, report.before) == (2, 0)
    assert [line for line, _why in report.refused] == [3, 4, 5, 6]
    whys = [why.partition(":")[0] for _line, why in report.refused]
    assert whys == ["condition", "narrative", "outcome", "consent_publish"]
    assert [story.state for story in stories()] == [State.WAITING] * 2


def test_an_imported_story_is_what_the_row_said(as_lines: Path) -> None:
    lines(
        as_lines,
        a_row(
            combined=["sun-protection:before"],
            reactions=["redness:severe", "itching"],
            narrative=f"  {TOLD}\r\nDone\t– e\u0301 <b>!",
            consent_research=True,
            consent_version="2025-01",
            submitted_at="2025-03-02T10:00:00+02:00",
        ),
    )
    assert import_file(as_lines).refused == []
    (story,) = stories()
    content = the_story(story.id).waiting_revision.content  # type: ignore[union-attr]
    assert content.combined == ("sun-protection:before",)
    assert content.reactions == ("redness:severe", "itching")
    assert content.narrative.strip() == f"{TOLD}\nDone – é <b>!"
    assert story.submitted_at.isoformat() == "2025-03-02T08:00:00+00:00"
    consents = db.session.execute(select(Consent.purpose, Consent.version)).tuples().all()
    assert sorted(consents) == [(Purpose.PUBLISH, "2025-01"), (Purpose.RESEARCH, "2025-01")]
    assert story.key_hash is None


def test_csv_and_json_lines_make_the_same_story(as_csv: Path, as_lines: Path) -> None:
    row = a_row(
        combined="sun-protection:before; petrolatum",
        reactions="redness:mild,itching",
        narrative=f'{TOLD}\n\n"Yes", she said; no.',
    )
    assert import_file(a_csv(as_csv, row)).refused == []
    as_list = {
        **row,
        "combined": ["sun-protection:before", "petrolatum"],
        "reactions": ["redness:mild", "itching"],
    }
    assert import_file(lines(as_lines, {**as_list, "source_id": "2"})).refused == []
    first, second = (the_story(story.id).waiting_revision for story in stories())
    assert first is not None
    assert second is not None
    assert first.content == second.content


def test_running_it_twice_takes_nothing_twice(as_csv: Path, as_lines: Path) -> None:
    rows = [a_row(source_id=str(number)) for number in range(3)]
    assert import_file(a_csv(as_csv, *rows, rows[0])).taken == 3
    again = import_file(as_csv)
    assert (again.taken, again.before, again.refused) == (0, 4, [])
    assert import_file(lines(as_lines, *rows)).before == 3, "another form of the same file"
    assert import_file(lines(as_lines, a_row(source="elsewhere"))).taken == 1, "the same id of another source"
    assert len(stories()) == 4


def test_rows_without_an_id_are_known_by_their_words(as_lines: Path) -> None:
    row = {name: value for name, value in ROW.items() if name not in ("source", "source_id")}
    assert import_file(lines(as_lines, row, row)).taken == 1
    assert import_file(lines(as_lines, row, {**row, "narrative": f"{TOLD} More."})).taken == 1


def test_a_withdrawn_story_does_not_come_back(as_lines: Path) -> None:
    import_file(lines(as_lines, a_row()))
    withdraw(stories()[0].id)
    report = import_file(as_lines)
    assert (report.taken, report.before) == (0, 1)
    assert [story.state for story in stories()] == [State.WITHDRAWN]
    assert words() == []


def test_what_is_kept_of_a_row_says_nothing_of_it(as_lines: Path) -> None:
    import_file(lines(as_lines, a_row(source="clinic", source_id="patient-4711")))
    (identity,) = db.session.scalars(select(ImportIdentity.identity))
    assert re.fullmatch("[0-9a-f]{64}", identity)


@pytest.mark.parametrize("consent", ["", "no", "false", "0", None])
def test_a_story_without_consent_waits_and_cannot_be_approved(as_lines: Path, consent: object) -> None:
    assert import_file(lines(as_lines, a_row(consent_publish=consent))).taken == 1
    number = stories()[0].id
    with pytest.raises(NoConsent):
        approve(number, seen(number), by=LEAD)


def test_stopped_because_of_side_effects_is_no_outcome_but_a_reason(as_lines: Path) -> None:
    import_file(
        lines(
            as_lines,
            a_row(outcome="stopped_side_effects"),
            a_row(source_id="2", outcome="stopped_side_effects", stopped_because="cost"),
        )
    )
    found = [(revision.outcome, revision.stopped_because) for revision in db.session.scalars(select(Revision))]
    assert found == [(None, "side_effects"), (None, "cost")]


def test_columns_that_are_no_field_are_not_read_and_named(as_csv: Path, as_lines: Path) -> None:
    report = import_file(a_csv(as_csv, a_row(diagnosis="x", age="40", **{"y" * 90: "z"})))
    assert (report.taken, report.unread) == (1, {"age", "diagnosis", "(a very long name)"})
    spot = {"field": "narrative", "start": 0, "end": 9, "kind": "name"}
    report = import_file(lines(as_lines, a_row(source_id="2", redactions=[spot])))
    assert (report.taken, report.unread) == (1, {"redactions"})
    assert db.session.scalars(select(Revision.redactions)).all() == [[], []]


def test_a_field_is_read_from_the_column_that_is_named_for_it(as_csv: Path) -> None:
    row = a_row(subject="Dry hands", message=ROW["narrative"], summary="not ours")
    del row["narrative"], row["condition"]
    report = import_file(
        a_csv(as_csv, row),
        columns={"title": "subject", "narrative": "message"},
        values={"condition_other": "not stated", "agent": "unused"},
    )
    assert (report.taken, report.unread) == (1, {"summary"})
    told = db.session.scalars(select(Revision)).one()
    assert (told.title, told.narrative, told.condition_other) == ("Dry hands", ROW["narrative"], "not stated")
    assert told.agent == ROW["agent"]


def test_no_e_mail_address_is_taken(as_csv: Path) -> None:
    report = import_file(a_csv(as_csv, a_row(email="wren@example.org")))
    assert (report.taken, report.unread) == (1, {"email"})
    assert rows_in(Story, Contact) == [1, 0]


def test_the_columns_are_the_fields_of_the_contract() -> None:
    extra = {"source", "source_id", "submitted_at", "consent_publish", "consent_research", "consent_contact"}
    assert (set(Content.__dataclass_fields__) - {"redactions"}) | extra | {"consent_version"} == COLUMNS


def test_keys_are_made_only_for_a_file_that_nobody_else_reads(app: Flask, tmp_path: Path, as_lines: Path) -> None:
    kept = tmp_path / "keys.csv"
    kept.write_text("old")
    kept.chmod(0o644)
    lines(as_lines, a_row(), "{", a_row(source_id="2"))
    answer = app.test_cli_runner().invoke(args=["stories", "import", str(as_lines), "--keys", str(kept)])
    assert answer.exit_code == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    made = list(csv.DictReader(io.StringIO(kept.read_text(encoding="utf-8"))))
    assert [row["line"] for row in made] == ["1", "3"]
    assert [intake.story_of_key(row["key"]) for row in made] == [story.id for story in stories()]
    assert not any(row["key"] in answer.output for row in made)


def test_rows_taken_before_get_no_key(tmp_path: Path, as_lines: Path) -> None:
    import_file(lines(as_lines, a_row()))
    import_file(as_lines, keys_file=tmp_path / "keys.csv")
    assert (tmp_path / "keys.csv").read_text() == "line,key\n"
    assert stories()[0].key_hash is None


def test_a_row_that_breaks_half_way_leaves_nothing(as_lines: Path) -> None:
    report = import_file(lines(as_lines, a_row(), a_row(source_id="2", narrative="short"), a_row(source_id="3")))
    assert (report.taken, len(report.refused)) == (2, 1)
    assert rows_in(Story, Revision, ImportIdentity) == [2, 2, 2]
    corrected = import_file(lines(as_lines, a_row(source_id="2")))
    assert corrected.taken == 1, "the refused row can be sent again, corrected"


@pytest.mark.parametrize(
    "answers",
    [
        {"consent_version": "x" * 100},
        {"language": "en-" + "-".join(["abcdefgh"] * 8)},
        {"submitted_at": "0001-01-01T00:00:00+14:00"},
        {"submitted_at": "9999-12-31T23:59:59-14:00"},
        {"submitted_at": "2199-01-01"},
        {"submitted_at": "yesterday"},
        {"submitted_at": {"at": 1}},
        {"source_id": "\ud800", "condition": "nothing-we-know"},
        {"condition": {"slug": "actinic-keratosis"}},
        {"combined": [["sun-protection"]]},
        {"combined": {"a": 1}},
        {"narrative": ["a", "b"]},
        {"narrative": None},
        {"narrative": True},
        {"title": "t" * 1_000},
        {"consent_publish": {}},
        {"consent_publish": 7},
        {"reactions": "none,redness"},
        {"outcome": "\x00"},
        {"condition": "\x00"},
        {"agent": "9" * 5_000},
    ],
    ids=repr,
)
def test_nonsense_in_a_row_refuses_that_row_alone(as_lines: Path, answers: dict[str, Any]) -> None:
    report = import_file(lines(as_lines, a_row(), a_row(source_id="2") | answers, a_row(source_id="3")))
    assert (report.taken, [line for line, _why in report.refused]) == (2, [2])
    assert rows_in(Story, Revision, ImportIdentity) == [2, 2, 2]


@pytest.mark.parametrize("odd", ["\ud800", "a\x00b", "x" * 10_000, "🦠" * 100])
def test_any_text_may_be_the_id_of_a_row(as_lines: Path, odd: str) -> None:
    lines(as_lines, a_row(source_id=odd, source=odd, ties=odd[:10]))
    assert import_file(as_lines).taken == 1
    assert import_file(as_lines).before == 1


@pytest.mark.parametrize(
    "line", ["{", "null", "[]", '"text"', "7", "NaN", "[" * 100_000, "{}", '{"a": 1}', "1" * 5_000]
)
def test_a_line_that_is_no_story_is_refused(as_lines: Path, line: str) -> None:
    report = import_file(lines(as_lines, a_row(), line, "", "   ", a_row(source_id="3")))
    assert (report.taken, [number for number, _why in report.refused]) == (2, [2])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_as_programs_write_it(as_csv: Path, encoding: str, line_end: str) -> None:
    told = f'{TOLD} She said "no", then; yes, maybe.\n\nA new paragraph – é.'
    a_csv(as_csv, a_row(narrative=told), encoding=encoding)
    as_csv.write_bytes(as_csv.read_bytes().replace(b"\n", line_end.encode()))
    assert import_file(as_csv).refused == []
    assert words() == [told]


def test_a_file_parted_by_semicolons_takes_nothing(as_csv: Path) -> None:
    report = import_file(a_csv(as_csv, a_row(), delimiter=";"))
    assert (report.taken, len(report.refused)) == (0, 1)


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", ",".join(ROW), ",".join(ROW) + "\n"])
def test_a_file_without_rows_takes_nothing(as_csv: Path, as_lines: Path, text: str) -> None:
    as_csv.write_text(text, encoding="utf-8")
    assert import_file(as_csv) == ImportReport()
    as_lines.write_text("\n", encoding="utf-8")
    assert import_file(as_lines) == ImportReport()


@pytest.mark.parametrize("chars", [140_000, 1_100_000])
def test_a_field_that_is_far_too_long_refuses_its_row_alone(as_csv: Path, as_lines: Path, chars: int) -> None:
    rows = a_row(), a_row(source_id="2", narrative="x" * chars), a_row(source_id="3")
    report = import_file(a_csv(as_csv, *rows))
    assert (report.taken, [line for line, _why in report.refused]) == (2, [3])
    assert import_file(lines(as_lines, *rows)).before == 2
    assert all(len(why) < 300 for _line, why in report.refused)


def test_a_quote_that_is_never_closed_takes_nothing_of_what_follows(as_csv: Path) -> None:
    text = a_csv(as_csv, a_row()).read_text(encoding="utf-8")
    as_csv.write_text(text + '"actinic-keratosis' + "\nand so on" * 50, encoding="utf-8")
    report = import_file(as_csv)
    assert (report.taken, len(report.refused)) == (1, 1)


def test_a_row_with_too_many_columns_is_refused(as_csv: Path) -> None:
    text = a_csv(as_csv, a_row(), a_row(source_id="2")).read_text(encoding="utf-8")
    as_csv.write_text(text.rstrip("\n") + ",more,columns\n", encoding="utf-8")
    report = import_file(as_csv)
    assert report.taken == 1
    assert report.refused == [(3, "this line has more columns than the first")]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_bytes_that_are_not_utf_8_refuse_their_row_and_lose_no_letter(tmp_path: Path, kind: str) -> None:
    rows = a_row(), a_row(source_id="2", narrative=f"{TOLD} Über Nacht."), a_row(source_id="3", title="Weiß")
    path = tmp_path / f"stories.{kind}"
    if kind == "csv":
        a_csv(path, *rows, encoding="latin-1")
    else:
        path.write_bytes("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("latin-1"))
    report = import_file(path)
    first = 2 if kind == "csv" else 1
    assert report.taken == 1
    assert report.refused == [(first + 1, "this line is not UTF-8"), (first + 2, "this line is not UTF-8")]
    assert "\ufffd" not in "".join(words())


def test_words_of_a_story_are_in_no_refusal(app: Flask, as_csv: Path, as_lines: Path) -> None:
    secret = "Cobalt herons stood in Lindholm every single evening of that summer. " * 5
    rows = [
        a_row(source_id=str(n), narrative="Cobalt herons.", **{field: secret})
        for n, field in enumerate(
            (
                "title",
                "display_name",
                "ties",
                "schedule",
                "condition",
                "agent",
                "combined",
                "reactions",
                "serious",
                "outcome",
                "language",
                "submitted_at",
                "consent_publish",
                "writer",
                "age_band",
            )
        )
    ]
    lines(as_lines, *rows, {secret: secret}, f'{{"{secret}')
    headless = as_csv
    headless.write_text("\n".join(f'"{secret}{n}",yes,imiquimod-5' for n in range(3)), encoding="utf-8")
    for path in (as_lines, headless):
        answer = app.test_cli_runner().invoke(args=["stories", "import", str(path)])
        assert answer.exit_code == 1
        assert "refused" in answer.output
        assert "herons" not in answer.output.lower()


def test_the_command_says_what_it_did(app: Flask, as_csv: Path) -> None:
    a_csv(as_csv, a_row(), a_row(), a_row(source_id="2", age_band="old"))
    answer = app.test_cli_runner().invoke(args=["stories", "import", str(as_csv)])
    assert answer.exit_code == 0
    assert answer.output.splitlines()[0] == "1 taken, 1 refused, 1 taken before."
    assert answer.output.splitlines()[-1] == "Line 4: age_band: Choose one of the answers in the list"
    again = app.test_cli_runner().invoke(args=["stories", "import", str(as_csv)])
    assert again.output.splitlines()[0] == "0 taken, 1 refused, 2 taken before."
    assert again.exit_code == 1
    missing = app.test_cli_runner().invoke(args=["stories", "import", str(as_csv.with_name("none.csv"))])
    assert missing.exit_code == 2


def test_an_import_is_checked_and_its_events_name_no_person(as_lines: Path) -> None:
    report = import_file(lines(as_lines, a_row(), a_row(source_id="2", narrative=f"{TOLD} Call 020 7946 0018.")))
    assert report.unchecked == 0
    assert sum(report.findings.values()) >= 1
    kinds = [(event.kind, event.by_kind.value, event.by_id) for event in db.session.scalars(select(Event))]
    assert sorted(kinds) == [("check", "system", None)] * 2 + [("submit", "import", None)] * 2


def test_more_rows_than_one_transaction_holds_are_all_taken(as_lines: Path) -> None:
    report = import_file(lines(as_lines, *(a_row(source_id=str(number)) for number in range(205))))
    assert (report.taken, report.refused) == (205, [])
    assert rows_in(Story, ImportIdentity) == [205, 205]
