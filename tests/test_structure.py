"""What the files of the product are made of, and that reader pages are made of the read side alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from extensions import db, read_session, utcnow
from stories.reading.models import GonePublication, Publication
from tests.client import PageClient
from tests.factories import a_published_story, a_waiting_story, the_story, withdraw
from tests.statements import sent_to
from tests.test_imports import ROOT, TREES, name_of, python_files
from web import has_session

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMELESS = frozenset({"common", "helper", "helpers", "manager", "misc", "tools", "util", "utils"})
READ_SIDE = frozenset({"generations", "gone_publications", "listings", "publications", "tallies"})
CATALOGUE = frozenset({"catalogue_entries", "catalogue_state"})
FROM_WHERE = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(.*?)(?=\b(?:WHERE|GROUP|ORDER|LIMIT|SET|VALUES|ON|JOIN|FROM)\b|$)",
    re.DOTALL | re.IGNORECASE,
)
"""What follows the words of SQL after which tables are named."""


def every_file() -> Iterator[Path]:
    yield from python_files()
    yield from sorted((ROOT / "tests").rglob("*.py"))


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    for module, tree in TREES.items():
        yield from ((module, node) for node in ast.walk(tree) if isinstance(node, kind))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_file_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in every_file()
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_every_file_has_a_name_of_its_own() -> None:
    templates = [path.with_name(path.stem.lstrip("_")) for path in TEMPLATES]
    parts = {part for path in (*every_file(), *templates) for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & NAMELESS == set()


def test_only_the_life_of_a_story_changes_its_state() -> None:
    written = {
        f"{module}:{node.lineno}"
        for module, node in nodes(ast.Attribute)
        if node.attr == "state" and isinstance(node.ctx, (ast.Store, ast.Del))
    }
    passed = {
        f"{module}:{call.lineno}"
        for module, call in nodes(ast.Call)
        if called(call) in ("Story", "values") and any(word.arg == "state" for word in call.keywords)
    }
    named = {f"{module}:{call.lineno}" for module, call in nodes(ast.Call) if called(call) == "setattr"}
    places = written | passed | named
    assert places
    assert {place.partition(":")[0] for place in places} == {"stories.life.moves"}


def test_markup_is_made_by_cleaning_and_by_those_who_cut_what_it_made() -> None:
    made = {module for module, call in nodes(ast.Call) if called(call) in ("Markup", "Clean") and call.args}
    assert made == {"stories.cleaning", "stories.passages", "stories.showing"}
    assert [module for module, call in nodes(ast.Call) if called(call) == "Markup"] == []


def test_no_template_calls_text_safe() -> None:
    unsafe = re.compile(r"\|\s*safe\b|\bMarkup\b|autoescape|\|\s*tojson\b")
    assert len(TEMPLATES) > 20
    assert [path.name for path in TEMPLATES if unsafe.search(path.read_text(encoding="utf-8"))] == []


def test_templates_neither_query_nor_know_a_request() -> None:
    knowing = re.compile(r"\{[{%][^}]*\b(?:request|session|db|config)\s*[.\[(]")
    assert [path.name for path in TEMPLATES if knowing.search(path.read_text(encoding="utf-8"))] == []


def test_pages_are_made_from_files_and_never_from_strings() -> None:
    assert [
        module for module, call in nodes(ast.Call) if called(call) in ("render_template_string", "from_string")
    ] == []


def test_no_verb_swallows_what_it_does_not_know() -> None:
    wide = {
        f"{module}:{node.lineno}"
        for module, node in nodes(ast.ExceptHandler)
        if node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
        if not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    }
    assert {place.partition(":")[0] for place in wide} <= {"stories.checks.child"}


def tables_in(statement: str) -> set[str]:
    named = {word for part in FROM_WHERE.findall(statement) for word in re.findall(r"\w+", part)}
    return named & set(db.metadata.tables)


def reader_paths(app: Flask, **values: str) -> list[str]:
    """The address of every reader page, with these values in the place of its parts."""
    binding = app.url_map.bind("localhost")
    return sorted(
        binding.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not has_session(rule.rule)
        if rule.endpoint != "static" and not rule.endpoint.startswith("health.")
    )


def public_id(number: int) -> str:
    found = the_story(number).public_id
    assert found is not None
    return found


def paths_with_stories(app: Flask) -> list[str]:
    """Reader pages of a site with published, waiting and withdrawn stories; and of a gone and an unknown one."""
    a_waiting_story()
    gone = public_id(a_published_story())
    withdraw(1)
    withdraw(2)
    shown = public_id(a_published_story(title="One of them"))
    paths = reader_paths(app, slug="actinic-keratosis", public_id=shown)
    return [
        *paths,
        "/topics/actinic-keratosis?agent=imiquimod-5&outcome=much_better",
        f"/stories/{gone}",
        "/stories/x",
    ]


def test_the_recording_names_the_tables_of_a_statement() -> None:
    joined = "SELECT a.stories FROM tallies, listings JOIN publications ON a = b WHERE c IN (SELECT d FROM drafts)"
    assert tables_in(joined) == {"tallies", "listings", "publications", "drafts"}
    assert tables_in("INSERT INTO drafts (id) VALUES (1)") == {"drafts"}
    assert tables_in('UPDATE "events" SET a = 1') == {"events"}


def test_reader_pages_touch_the_read_side_and_the_catalogue_only(app: Flask, client: PageClient) -> None:
    paths = paths_with_stories(app)
    reader: sa.Engine = app.extensions["firsthand_reader"]
    touched: set[str] = set()
    for path in paths:
        with sent_to(db.engine) as written_side, sent_to(reader) as read_side:
            client.get(path)
        assert written_side == [], f"{path} asks through the writing engine"
        assert [sql for sql in read_side if not sql.startswith(("SELECT", "BEGIN", "SAVEPOINT"))] == [], path
        beyond = set().union(*map(tables_in, read_side)) - READ_SIDE - CATALOGUE
        assert beyond == set(), f"{path} touches {beyond}"
        touched |= set().union(*map(tables_in, read_side))
    assert touched >= {"publications", "listings", "tallies", "gone_publications"}, "nothing was recorded"


def test_a_reader_page_asks_as_often_for_thirty_stories_as_for_three(app: Flask, client: PageClient) -> None:
    first = public_id(a_published_story())
    for number in range(2):
        a_published_story(title=f"Story {number}")
    paths = reader_paths(app, slug="actinic-keratosis", public_id=first)
    with_three = questions(app, client, paths)
    for number in range(27):
        a_published_story(title=f"Another story {number}")
    assert questions(app, client, paths) == with_three
    assert max(with_three.values()) <= 12


def questions(app: Flask, client: PageClient, paths: list[str]) -> dict[str, int]:
    reader: sa.Engine = app.extensions["firsthand_reader"]
    counted = {}
    for path in paths:
        client.get(path)
        with sent_to(reader) as statements:
            assert client.get(path).status_code == 200, path
        counted[path] = sum(1 for sql in statements if sql.startswith("SELECT"))
    return counted


@pytest.mark.parametrize(
    "write",
    [
        sa.insert(GonePublication).values(public_id="0123456789", gone_at=utcnow()),
        sa.update(Publication).values(digest="0" * 64),
        sa.delete(Publication),
        sa.text("CREATE TABLE more (id INTEGER)"),
        sa.text("DROP TABLE tallies"),
    ],
    ids=["insert", "update", "delete", "create", "drop"],
)
def test_the_readers_engine_refuses_to_write(app: Flask, write: sa.Executable) -> None:
    public = public_id(a_published_story())
    with read_session() as session, pytest.raises(DatabaseError, match=r"(?i)read-?only"):
        session.execute(write)
    db.session.rollback()
    assert db.session.get(Publication, public, populate_existing=True) is not None


def test_a_reader_session_cannot_be_talked_into_writing(app: Flask) -> None:
    a_published_story()
    with read_session() as session:
        assert session.scalars(sa.select(Publication)).all()
        session.add(GonePublication(public_id="0123456789", gone_at=utcnow()))
        with pytest.raises(DatabaseError, match=r"(?i)read-?only"):
            session.commit()


def test_the_walk_has_read_the_product() -> None:
    assert {name_of(path) for path in python_files()} == set(TREES)
    assert len(TREES) > 60
