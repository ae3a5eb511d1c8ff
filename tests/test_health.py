"""What a machine that watches the site is told."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import delete

from app import create_app
from config import Settings
from extensions import db, transaction
from stories.catalogue import FOLDER, CatalogueState, load_folder
from tests.client import PageClient
from tests.conftest import Database


def test_the_process_is_up(client: PageClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "up\n", "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_ready_with_the_newest_migration_and_a_catalogue(client: PageClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("revision", ["0001", "base"])
def test_it_is_not_ready_while_a_migration_is_missing(app: Flask, client: PageClient, revision: str) -> None:
    stamp(revision=revision)
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "not ready\n")
        assert client.get("/healthz").status_code == 200
    finally:
        stamp(revision="head")
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_without_a_catalogue(database: Database, client: PageClient) -> None:
    with transaction():
        db.session.execute(delete(CatalogueState))
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/topics/").status_code == 503
        assert client.get("/share").status_code == 503
    finally:
        with transaction():
            load_folder(FOLDER)
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_when_the_database_is_not_there(tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path,
        secret_keys=("secret for tests " * 3,),
        data_key="data key for tests " * 3,
        database_url=f"sqlite:///{tmp_path / 'nowhere' / 'firsthand.sqlite3'}",
    )
    browser = create_app(settings).test_client()
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503
