"""`flask catalogue load`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from extensions import transaction
from stories.catalogue.entries import BrokenCatalogue
from stories.catalogue.files import FOLDER
from stories.catalogue.load import LoadReport, load_folder

cli = AppGroup("catalogue", help="The conditions, treatments and topics that stories are filed under.")


@cli.command("load")
@click.argument("folder", metavar="[DIR]", default=FOLDER, type=click.Path(path_type=Path))
def load_command(folder: Path) -> None:
    """Load the catalogue from the files in DIR, or from those that come with this release.

    What was edited in the browser is kept; what is missing from the files is retired. Broken files change nothing.
    """
    try:
        with transaction():
            report = load_folder(folder)
    except BrokenCatalogue as broken:
        click.echo(str(broken), err=True)
        raise SystemExit(1) from broken
    click.echo("\n".join(_lines(report)))


def _lines(report: LoadReport) -> list[str]:
    counts = {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "retired": report.retired,
        "skipped": report.skipped,
    }
    return [
        "Catalogue loaded: " + ", ".join(f"{len(names)} {what}" for what, names in counts.items()) + ".",
        *(f"Changed: {name}" for name in report.changed),
        *(f"Retired, no longer in the files: {name}" for name in report.retired),
        *(f"Skipped, edited in the browser: {name}" for name in report.skipped),
    ]
