"""Loading the catalogue: what follows the files, what stays as people edited it, what is retired or refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import delete, select

from extensions import db, transaction, utcnow
from stories.catalogue import (
    FOLDER,
    BrokenCatalogue,
    Catalogue,
    CatalogueEntry,
    CatalogueNotLoaded,
    CatalogueState,
    EntryKind,
    LoadReport,
    current,
    load,
    load_folder,
    read_folder,
    stamp,
)
from stories.catalogue.commands import cli
from tests.catalogue_folder import a_folder, change, drop, put


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.from_files(read_folder(FOLDER))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


@pytest.fixture
def no_catalogue(database: object) -> Iterator[None]:
    """A database without a catalogue; the shipped one is put back for the tests that follow."""
    _forget()
    yield
    db.session.rollback()
    _forget()
    _load(FOLDER)


def _forget() -> None:
    with transaction():
        db.session.execute(delete(CatalogueEntry))
        db.session.execute(delete(CatalogueState))


def _load(folder: Path) -> LoadReport:
    with transaction():
        return load_folder(folder)


def _edit(kind: EntryKind, slug: str, **changes: Any) -> None:
    """What editing in the browser does to an entry."""
    with transaction():
        row = db.session.get_one(CatalogueEntry, (kind, slug))
        row.body, row.edited_at = {**row.body, **changes}, utcnow()
        stamp()


def test_loading_twice_adds_everything_once(no_catalogue: None) -> None:
    first = _load(FOLDER)
    digest = db.session.scalar(select(CatalogueState.digest))
    with transaction():
        again = load(read_folder(FOLDER))

    assert len(first.added) == len(again.unchanged) == len(read_folder(FOLDER).entries)
    assert again == LoadReport(unchanged=again.unchanged)
    assert db.session.scalar(select(CatalogueState.digest)) == digest


def test_a_load_without_news_takes_under_a_tenth_of_a_second(no_catalogue: None) -> None:
    first = _load(FOLDER)
    seconds = []
    for _again in range(3):
        began = perf_counter()
        report = _load(FOLDER)
        seconds.append(perf_counter() - began)

    assert set(report.unchanged) == set(first.added)
    assert min(seconds) < 0.1


def test_a_catalogue_from_the_database_is_the_one_from_its_files(no_catalogue: None, shipped: Catalogue) -> None:
    _load(FOLDER)

    assert current(db.session).digest == shipped.digest
    assert current(db.session).topics == shipped.topics


def test_without_a_catalogue_nothing_pretends_to_have_one(no_catalogue: None) -> None:
    with pytest.raises(CatalogueNotLoaded):
        current(db.session)


def test_what_changed_in_the_files_follows_and_a_running_process_notices(no_catalogue: None, folder: Path) -> None:
    _load(folder)
    before = current(db.session)
    assert current(db.session) is before

    change(folder, "agents.json", put("imiquimod cream, 5%", "agents", 0, "name"))
    report = _load(folder)

    assert report.changed == ("agent imiquimod-5",)
    after = current(db.session).agent("imiquimod-5")
    assert after is not None
    assert after.name == "imiquimod cream, 5%"


def test_what_was_edited_in_the_browser_is_never_overwritten_nor_retired(no_catalogue: None, folder: Path) -> None:
    _load(folder)
    _edit(EntryKind.AGENT, "imiquimod-5", name="our own name")
    _edit(EntryKind.HELPLINE, "gb-shout", phone="85258")
    change(folder, "agents.json", put("theirs", "agents", 0, "name"))
    change(folder, "safety.json", drop("helplines", 1))

    report = _load(folder)
    again = _load(folder)

    assert set(report.skipped) == set(again.skipped) == {"agent imiquimod-5", "helpline gb-shout"}
    assert (report.changed, report.retired) == ((), ())
    agent = current(db.session).agent("imiquimod-5")
    assert agent is not None
    assert agent.name == "our own name"
    assert "85258" in [line.phone for line in current(db.session).helplines_shown("GB", date(2026, 12, 1))]


def test_what_left_the_files_is_retired_and_may_come_back(no_catalogue: None, folder: Path) -> None:
    _load(folder)
    kept = (folder / "combined_therapies.json").read_bytes()
    change(folder, "combined_therapies.json", drop("combined_therapies", 1))

    assert _load(folder).retired == ("therapy puva",)
    catalogue = current(db.session)
    assert "puva" not in {therapy.slug for therapy in catalogue.therapies}
    assert catalogue.therapy("puva") is not None
    assert not _load(folder).retired

    (folder / "combined_therapies.json").write_bytes(kept)
    assert _load(folder).changed == ("therapy puva",)
    assert "puva" in {therapy.slug for therapy in current(db.session).therapies}


def test_broken_files_change_nothing(no_catalogue: None, folder: Path) -> None:
    _load(folder)
    digest = current(db.session).digest
    change(folder, "agents.json", put("a new name", "agents", 0, "name"))
    change(folder, "topics.json", put([], "topics", 0, "sections", 0, "claims", 0, "citations"))

    with pytest.raises(BrokenCatalogue):
        _load(folder)

    assert current(db.session).digest == digest
    assert not db.session.scalars(select(CatalogueEntry).where(CatalogueEntry.retired_at.is_not(None))).all()


def test_servers_that_start_together_load_one_catalogue(no_catalogue: None, shipped: Catalogue) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def start(_server: int) -> LoadReport:
        with app.app_context():
            return _load(FOLDER)

    with ThreadPoolExecutor(4) as servers:
        reports = list(servers.map(start, range(4)))

    assert sorted(len(report.added) for report in reports) == [0, 0, 0, len(read_folder(FOLDER).entries)]
    assert current(db.session).digest == shipped.digest


def test_the_command_says_what_it_did(no_catalogue: None, folder: Path) -> None:
    runner = current_app.test_cli_runner()

    first = runner.invoke(cli, ["load"])
    _edit(EntryKind.TOPIC, "warts", tagline="All kinds")
    change(folder, "combined_therapies.json", drop("combined_therapies", 1))
    second = runner.invoke(cli, ["load", str(folder)])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("Catalogue loaded: 329 added, 0 changed")
    assert "Retired, no longer in the files: therapy puva" in second.output
    assert "Skipped, edited in the browser: topic warts" in second.output


def test_the_command_refuses_broken_files_in_one_line(no_catalogue: None, folder: Path) -> None:
    _load(FOLDER)
    digest = current(db.session).digest
    change(folder, "agents.json", put("magic", "agents", 0, "kind"))

    result = current_app.test_cli_runner().invoke(cli, ["load", str(folder)])

    assert result.exit_code == 1
    assert result.stderr == "agents.json, imiquimod-5: kind: there is no agent kind “magic”\n"
    assert current(db.session).digest == digest
