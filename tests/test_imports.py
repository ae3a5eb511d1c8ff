"""Who may know whom: the imports of every file, those inside functions and for types only included."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("stories.telling", "stories.reading", "stories.responding", "moderation", "stories")
"""Rooms with a door; the first that fits is a module's room."""

DOOR_FILES = frozenset({"views", "forms", "feeds", "api", "commands", "my_story", "access", "throttle"})
"""Names of files, or of packages grown from them, that see requests or the command line."""

DOORS_OF_THE_HOUSE = frozenset({"app", "errors", "health", "serving", "web"})
GROUND = frozenset({"extensions", "config"})
NOUNS = frozenset(
    {
        "moderation.models",
        "moderation.reasons",
        "stories.cleaning",
        "stories.content",
        "stories.keys",
        "stories.models",
        "stories.passages",
        "stories.reading.models",
        "stories.refusal",
        "stories.rules",
        "stories.triggers",
        "stories.wording",
    }
)
NOUN_PACKAGES = ("stories.catalogue", "stories.checks")
VERBS_IN_NOUN_PACKAGES = frozenset(
    {"stories.catalogue.load", "stories.checks.runner", "stories.checks.child", "stories.checks.evaluating"}
)
FACES = frozenset({"stories.catalogue", "stories.checks"})
"""Packages whose `__init__` hands out what is in them: it may import all of the package."""

READING_MAY_KNOW = GROUND | {
    "stories",
    "stories.cleaning",
    "stories.content",
    "stories.keys",
    "stories.passages",
    "stories.refusal",
    "stories.rules",
    "stories.wording",
    "web",
}
"""What the reader's room may import beside itself, the catalogue and what these import in turn."""

OF_REQUESTS = frozenset(
    {
        "abort",
        "flash",
        "g",
        "make_response",
        "redirect",
        "render_template",
        "render_template_string",
        "request",
        "session",
        "url_for",
    }
)


def python_files() -> Iterator[Path]:
    """Every Python file of the product."""
    yield from sorted(ROOT.glob("*.py"))
    for folder in ("stories", "moderation", "migrations"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in python_files()}
OURS = frozenset(name for name in TREES if not name.startswith("migrations"))


def imports_of(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each imported module with the name taken from it (empty for the module itself), wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            yield from ((node.module or "", alias.name) for alias in node.names)


def known_by(module: str) -> set[str]:
    """The modules of ours that `module` imports; `from stories import life` is `stories.life`."""
    found = set()
    for source, name in imports_of(TREES[module]):
        full = f"{source}.{name}" if f"{source}.{name}" in OURS else source
        if full in OURS:
            found.add(full)
    return found


def reached_from(module: str) -> set[str]:
    """All modules of ours that are loaded, at once or later, when `module` is."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        name = waiting.pop()
        found.add(name)
        parents = {name.rsplit(".", depth)[0] for depth in range(1, name.count(".") + 1)}
        waiting |= ((known_by(name) | parents) & OURS) - found
    return found


def is_door(module: str) -> bool:
    return module in DOORS_OF_THE_HOUSE or any(part in DOOR_FILES for part in module.split("."))


def is_noun(module: str) -> bool:
    if module in VERBS_IN_NOUN_PACKAGES or module in FACES or is_door(module):
        return False
    return module in NOUNS or module.startswith(tuple(f"{package}." for package in NOUN_PACKAGES))


def room_of(module: str) -> str:
    return next((room for room in ROOMS if module == room or module.startswith(f"{room}.")), "")


def breaches(modules: set[str], is_forbidden: Callable[[str, str], bool]) -> list[str]:
    return [
        f"{module} → {known}"
        for module in sorted(modules)
        for known in sorted(known_by(module))
        if is_forbidden(module, known)
    ]


def test_the_walk_sees_imports_in_functions_and_for_types_only() -> None:
    source = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from stories import life\n"
        "def late():\n    import stories.models\n"
    )
    assert {("stories", "life"), ("stories.models", "")} <= set(imports_of(ast.parse(source)))
    assert "stories.models" in known_by("moderation.models"), "it is imported for types only"


def test_a_door_imports_no_door_of_another_room() -> None:
    def other_door(module: str, known: str) -> bool:
        is_of_a_room = is_door(known) and known not in DOORS_OF_THE_HOUSE and room_of(known) != ""
        return is_of_a_room and room_of(known) != room_of(module)

    doors = {module for module in OURS if is_door(module)} - {"app"}
    assert breaches(doors, other_door) == []


def test_stories_do_not_know_the_moderators_room() -> None:
    stories = {module for module in OURS if room_of(module).startswith("stories")}
    assert breaches(stories, lambda _module, known: known.split(".")[0] == "moderation") == []


def test_nouns_import_nouns_only() -> None:
    nouns = {module for module in OURS if is_noun(module)}
    assert nouns >= NOUNS, "a noun was renamed: say so here"
    allowed = nouns | GROUND | FACES
    assert breaches(nouns, lambda _module, known: known not in allowed) == []


def test_verbs_and_nouns_import_no_door() -> None:
    # Queries read what their own door shows; `moderation.accounts` binds its door to the app.
    inner = {module for module in OURS if not is_door(module) and not module.endswith(".queries")}
    assert (
        breaches(inner - {"moderation.accounts"}, lambda _module, known: is_door(known) and known != "forms") == []
    )


def test_queries_import_no_door_but_the_forms_of_their_own_room() -> None:
    def is_other(module: str, known: str) -> bool:
        return is_door(known) and known != module.replace(".queries", ".forms")

    assert breaches({module for module in OURS if module.endswith(".queries")}, is_other) == []


def test_the_readers_room_imports_nothing_of_the_write_side() -> None:
    def is_foreign(_module: str, known: str) -> bool:
        return known not in READING_MAY_KNOW and not known.startswith(("stories.reading", "stories.catalogue"))

    reading = {module for module in OURS if module.startswith("stories.reading")}
    assert len(reading) > 5
    assert breaches(reading, is_foreign) == []


def test_nothing_that_the_readers_room_imports_leads_to_the_write_side() -> None:
    may_reach = ("stories.reading", "stories.catalogue", "stories.checks")
    reading = {module for module in OURS if module.startswith("stories.reading")}
    reached = set().union(*(reached_from(module) for module in reading))
    beyond = {module for module in reached if module not in READING_MAY_KNOW and not module.startswith(may_reach)}
    assert beyond == set()


def test_the_app_alone_imports_every_door() -> None:
    doors = {module for module in OURS if module.endswith((".views", ".my_story"))}
    assert doors <= reached_from("app")


def test_only_doors_see_requests() -> None:
    seen = {
        f"{module}: {name}"
        for module in OURS
        if not is_door(module)
        for source, name in imports_of(TREES[module])
        if source == "flask" and name in OF_REQUESTS | {""}
    }
    assert seen == set()


def test_flask_is_imported_by_name_so_that_these_tests_can_see_what_is_used() -> None:
    assert [module for module in sorted(TREES) if ("flask", "") in imports_of(TREES[module])] == []


@pytest.mark.parametrize(("foreign", "alone"), [("bleach", "stories.cleaning"), ("markupsafe", "stories.cleaning")])
def test_one_file_alone_imports(foreign: str, alone: str) -> None:
    found = {
        module for module in TREES for source, _name in imports_of(TREES[module]) if source.split(".")[0] == foreign
    }
    assert found == {alone}


def test_only_the_readers_room_imports_the_models_of_the_read_side() -> None:
    outside = {module for module in OURS if not module.startswith("stories.reading")}
    assert breaches(outside, lambda _module, known: known == "stories.reading.models") == []


def test_in_the_readers_room_publish_alone_can_write() -> None:
    writing = {
        "sqlalchemy": {"insert", "update", "delete", "text"},
        "extensions": {"db", "transaction", "transact", "upsert"},
    }
    found = {
        f"{module}: {source}.{name}"
        for module in OURS
        if module.startswith("stories.reading")
        and module not in ("stories.reading.publish", "stories.reading.models")
        for source, name in imports_of(TREES[module])
        if name in writing.get(source, set()) or (source in writing and not name)
    }
    assert found == set()


def test_a_migration_imports_nothing_of_ours() -> None:
    migrations = {module: tree for module, tree in TREES.items() if module.startswith("migrations.versions")}
    assert len(migrations) >= 2
    tops = {name.split(".")[0] for name in OURS}
    found = {
        f"{module}: {source}"
        for module, tree in migrations.items()
        for source, _name in imports_of(tree)
        if source.split(".")[0] in tops
    }
    assert found == set()
