"""Commands about stories: import, rebuilding the read side, the chain of events, what is over its time."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from extensions import transaction, utcnow
from stories import checkpoints, drafts, events, life
from stories.importing import COLUMNS, ImportReport, import_file

stories = AppGroup("stories", help="Stories, in bulk.")
publications = AppGroup("publications", help="The read side.")
audit = AppGroup("audit", help="The chain of events.")
retention = AppGroup("retention", help="What is kept only for a time.")

KEPT = click.Path(exists=True, dir_okay=False, path_type=Path)


@stories.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys", type=click.Path(dir_okay=False, path_type=Path), help="Make story keys, and write them here."
)
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="In which column a field stands.")
@click.option("--value", "values", multiple=True, metavar="FIELD=VALUE", help="What rows say that say nothing.")
def import_stories(file: Path, keys: Path | None, columns: tuple[str, ...], values: tuple[str, ...]) -> None:
    """Take the stories of FILE (CSV or JSON Lines) through the same intake as the form."""
    report = import_file(file, keys_file=keys, columns=_pairs(columns), values=_pairs(values))
    click.echo("\n".join(_lines(report)))
    if report.refused and not report.taken:
        raise SystemExit(1)


@publications.command("rebuild")
def rebuild() -> None:
    """Make the read side again from the write side."""
    with transaction():
        count = life.rebuild_publications()
    click.echo(f"{count} publications.")


@audit.command("verify")
@click.option("--checkpoint", "kept", multiple=True, type=KEPT, help="A checkpoint that was kept elsewhere.")
@click.argument("more", nargs=-1, type=KEPT, metavar="[FILE …]")
@click.option("--key", "fingerprint", metavar="FINGERPRINT", help="The key that signed the checkpoints.")
def verify(kept: tuple[Path, ...], more: tuple[Path, ...], fingerprint: str | None) -> None:
    """Check the chain of events, and that it still has its checkpoints; names the first bad entry and exits 1."""
    read = _read_checkpoints((*kept, *more), fingerprint)
    _whole(events.verified(*(each.head for each in read)))
    click.echo("The chain of events is whole.")
    if read:
        last = max(read, key=lambda each: each.position)
        click.echo(f"It fits every checkpoint, the last of event {last.position}, signed at {last.at}.")


@audit.command("checkpoint")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def checkpoint(file: Path | None) -> None:
    """Verify the chain of events and write where it ends, signed, to FILE (never over one) or to the screen."""
    head = _whole(events.verified())
    if not head.count:
        raise click.ClickException("There is no event yet, so there is nothing to sign.")
    made = checkpoints.sign(head)
    if file is None:
        click.echo(made.to_json(), nl=False)
    else:
        _write_new(file, made.to_json())
    click.echo(f"Event {made.position}, signed by the key with the fingerprint {made.fingerprint}.", err=True)


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_events(file: Path) -> None:
    """Write every event as it stands to FILE (JSON Lines), for `verify_events.py`. Nothing is verified here."""
    count = 0
    with file.open("w", encoding="ascii") as lines:
        for said in events.exported():
            lines.write(json.dumps(said, separators=(",", ":")) + "\n")
            count += 1
    click.echo(f"{count} events.")


@retention.command("run")
def run_retention() -> None:
    """Erase unsent drafts and sealed keys whose time is over."""
    with transaction():
        erased, unsealed = drafts.erase_old(utcnow())
    click.echo(f"{erased} drafts erased, {unsealed} sealed keys erased.")


def _whole(found: events.Head | events.Fault) -> events.Head:
    if isinstance(found, events.Fault):
        click.echo(f"Event {found.position} {found.what}.", err=True)
        raise SystemExit(1)
    return found


def _read_checkpoints(files: Sequence[Path], fingerprint: str | None) -> list[checkpoints.Checkpoint]:
    by = fingerprint.strip().lower() if fingerprint else checkpoints.own_fingerprint()
    if files and by is None:
        raise click.ClickException("This site has signed nothing yet. Say with --key whose checkpoints these are.")
    read = []
    for file in files:
        try:
            read.append(checkpoints.read(file.read_bytes(), fingerprint=by or ""))
        except checkpoints.BadCheckpoint as bad:
            raise click.ClickException(f"{file} {bad}.") from bad
    return read


def _write_new(file: Path, words: str) -> None:
    try:
        with file.open("x", encoding="ascii") as new:
            new.write(words)
    except FileExistsError as error:
        raise click.ClickException(f"{file} is there already, and a checkpoint is never written over.") from error


def _pairs(told: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(each.partition("=")[::2] for each in told)
    if unknown := sorted(set(pairs) - COLUMNS):
        raise click.ClickException(f"No field is called {', '.join(unknown)}.")
    return pairs


def _lines(report: ImportReport) -> list[str]:
    return [
        f"{report.taken} taken, {len(report.refused)} refused, {report.before} taken before.",
        f"{report.unchecked} unchecked; findings: "
        + (", ".join(f"{kind} {count}" for kind, count in sorted(report.findings.items())) or "none")
        + ".",
        *([f"Columns not read: {', '.join(sorted(report.unread))}."] if report.unread else []),
        *(f"Line {line}: {why}" for line, why in report.refused),
    ]


COMMANDS = (stories, publications, audit, retention)
