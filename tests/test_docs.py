"""The documents say what there is: every setting, every command, nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from config import Settings
from tests.test_config import PREFIX, Recorded, settings_asked_for

ROOT = Path(__file__).parent.parent
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
EVERY_DOCUMENT = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md")
OURS = ("stories", "moderation", "serving")


def commands(app: Flask) -> dict[str, click.Command]:
    """Every command of ours, by its words after `flask`."""
    found = dict(_commands("", app.cli))
    return {name: command for name, command in found.items() if _module(command).split(".")[0] in OURS}


def _commands(before: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        full = f"{before} {name}".strip()
        if isinstance(command, click.Group):
            yield from _commands(full, command)
        else:
            yield full, command


def _module(command: click.Command) -> str:
    made_of = command.callback
    return getattr(getattr(made_of, "__wrapped__", made_of), "__module__", "")


def test_every_setting_is_documented_and_no_other(tmp_path: Path) -> None:
    documented = re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \|", SETTINGS, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == settings_asked_for(tmp_path)


def test_documented_defaults_are_the_true_ones(tmp_path: Path) -> None:
    found = Settings.from_environment(Recorded(INSTANCE=str(tmp_path)))
    rows = re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| `([^`]+)` \| ([^|]+)\|$", SETTINGS, re.MULTILINE)
    told = {name.lower(): default for name, default, _what in rows if name != "BASE_URL"}
    assert len(told) >= 8
    assert told.pop("instance") == "instance"
    assert told == {name: str(getattr(found, name)) for name in told}


@pytest.mark.parametrize("name", ["PROXIES", "CHECK_SECONDS", "CHECK_WORKERS", "DRAFT_DAYS", "SEALED_KEY_HOURS"])
def test_documented_bounds_are_the_true_ones(tmp_path: Path, name: str) -> None:
    row = re.search(rf"^\| `{PREFIX}{name}` \|.*; ([\d.]+) to ([\d.]+)", SETTINGS, re.MULTILINE)
    assert row is not None
    for bound in row.groups():
        bound = bound.rstrip(".")
        Settings.from_environment(Recorded(**{"INSTANCE": str(tmp_path), name: bound}))
    for beyond in (str(int(float(row[2].rstrip("."))) + 1), str(int(float(row[1])) - 1)):
        with pytest.raises(ValueError, match=name):
            Settings.from_environment(Recorded(**{"INSTANCE": str(tmp_path), name: beyond}))


def test_every_command_is_documented_and_no_other(app: Flask) -> None:
    known = commands(app)
    assert len(known) > 7
    documented = {name for name in re.findall(r"`flask ([a-z ]+?)(?= [A-Z-]|`)", COMMANDS) if name != "db upgrade"}
    assert documented == set(known)


def test_every_option_of_a_command_is_documented_beside_it(app: Flask) -> None:
    for name, command in commands(app).items():
        paragraph = COMMANDS[COMMANDS.index(f"`flask {name}") :].partition("\n\n")[0]
        for parameter in command.params:
            told = (
                max(parameter.opts, key=len)
                if isinstance(parameter, click.Option)
                else parameter.make_metavar(click.Context(command)).strip("[]")
            )
            assert told in paragraph, f"flask {name}: {told}"


def test_every_target_of_make_is_documented_and_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    assert targets == set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert targets == set(re.findall(r"^\| `make ([a-z-]+)` \|", COMMANDS, re.MULTILINE))


def test_every_document_links_to_what_is_there_and_names_commands_that_are() -> None:
    for document in EVERY_DOCUMENT:
        if not document.exists():
            continue
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"(?<!!)\[[^\]]+\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
