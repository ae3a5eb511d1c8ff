"""Commands about stories: import, rebuilding the read side, verifying the chain, what is over its time."""

from pathlib import Path

import click
from flask.cli import AppGroup

from extensions import transaction, utcnow
from stories import drafts, events, life
from stories.importing import COLUMNS, ImportReport, import_file

stories = AppGroup("stories", help="Stories, in bulk.")
publications = AppGroup("publications", help="The read side.")
audit = AppGroup("audit", help="The chain of events.")
retention = AppGroup("retention", help="What is kept only for a time.")


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
def verify() -> None:
    """Check the chain of events; names the first bad entry and exits 1 if there is one."""
    fault = events.fault()
    if fault is None:
        click.echo("The chain of events is whole.")
        return
    click.echo(f"Event {fault.position} {fault.what}.", err=True)
    raise SystemExit(1)


@retention.command("run")
def run_retention() -> None:
    """Erase unsent drafts and sealed keys whose time is over."""
    with transaction():
        erased, unsealed = drafts.erase_old(utcnow())
    click.echo(f"{erased} drafts erased, {unsealed} sealed keys erased.")


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
