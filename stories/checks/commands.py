"""`flask checks`: measuring the automatic checks on labelled texts, and making such texts of real messages."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from extensions import db
from stories import catalogue
from stories.checks.evaluating import Evaluation, Share, evaluate
from stories.checks.filling import filled
from stories.checks.finding import Known
from stories.checks.labelled import LabelledText, Split, read_labelled
from stories.refusal import Refusal

checks = AppGroup("checks", help="The automatic checks, and how well they notice.")

_NOTHING = "–"


@checks.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--split", type=click.Choice([split.value for split in Split]), help="Only the texts of this split.")
@click.option("--misses", is_flag=True, help="Print missed and false passages too. For invented texts only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def evaluate_file(file: Path, *, split: str | None, misses: bool, as_json: bool) -> None:
    """Measure the checks on the labelled texts of FILE (see docs/labelled-texts.md)."""
    try:
        listed = catalogue.current(db.session)
        known = Known(safety=listed.safety_lists, terms=listed.terms)
        texts = [text for text in read_labelled(file) if split in (None, text.split)]
    except Refusal as refused:
        raise click.ClickException(str(refused)) from refused
    if not texts:
        raise click.ClickException("There is no such text in the file.")
    found = evaluate(texts, known)
    if as_json:
        passages = {"misses": [miss.as_json() for miss in found.misses]} if misses else {}
        click.echo(json.dumps(found.as_json() | passages, ensure_ascii=False, indent=2))
        return
    click.echo("\n".join([*_lines(found), *(_miss_lines(found) if misses else ())]))


@checks.command("fill")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--column", default="text", show_default=True, help="In which column the messages stand.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed fills in the same details.")
def fill(file: Path, out: Path, *, column: str, seed: int) -> None:
    """Fill the marks such as [NAME] in the messages of FILE with invented details; labelled texts go to OUT.

    OUT is made for its owner alone, since it holds real wording, and must not be there yet.
    """
    try:
        result = filled(file, column=column, seed=seed)
    except Refusal as refused:
        raise click.ClickException(str(refused)) from refused
    try:
        _write(out, result.texts)
    except FileExistsError as exists:
        raise click.ClickException(f"{out} is there already.") from exists
    click.echo(f"{len(result.texts)} texts, {result.filled} marks filled, {result.left} not known and left.")


def _write(out: Path, texts: Sequence[LabelledText]) -> None:
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.writelines(f"{text.as_line()}\n" for text in texts)


def _lines(found: Evaluation) -> Iterator[str]:
    yield f"{found.texts} texts, {found.words} words."
    yield ""
    yield "Recall: a span counts as found when findings of its class cover half of it; as noticed, of any class."
    yield "Precision: a finding is right when it touches a span of its class."
    yield ""
    yield from _table(
        ("class", "texts", "spans", "found", "95 %", "noticed", "95 %", "findings", "right", "95 %", "other class"),
        [
            (
                figures.of_class,
                str(figures.texts),
                str(figures.found.total),
                *_cells(figures.found),
                *_cells(figures.noticed),
                str(figures.right.total),
                *_cells(figures.right),
                str(figures.misnamed.count),
            )
            for figures in found.classes
        ],
    )
    yield ""
    yield from _table(
        ("kind", "texts", "found", "95 %", "other texts", "there too"),
        [
            (
                figures.kind,
                str(figures.found.total),
                *_cells(figures.found),
                str(figures.elsewhere.total),
                str(figures.elsewhere.count),
            )
            for figures in found.kinds
        ],
    )
    yield ""
    yield f"False alarms on hard negatives: {found.false_alarms} in {found.hard_words} words, " + (
        _NOTHING if found.false_alarm_rate is None else f"{found.false_alarm_rate:.2f} in 1,000."
    )
    missed = found.missed_stories
    share, interval = _cells(missed)
    yield f"Stories with a direct identifier missed: {missed.count} of {missed.total}, {share} ({interval})."
    time = found.cpu_milliseconds
    yield f"Processor time for 250 words: {_NOTHING if time is None else f'{time:.2f} ms'}."


def _cells(share: Share) -> tuple[str, str]:
    """The share and its interval."""
    if share.value is None or share.interval is None:
        return _NOTHING, _NOTHING
    low, high = share.interval
    return f"{share.value:.3f}", f"{low:.3f}-{high:.3f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Aligned lines, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for first, *others in (heads, *rows):
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells))


def _miss_lines(found: Evaluation) -> Iterator[str]:
    yield ""
    for miss in found.misses:
        yield f"{miss.what}  {miss.of_class}  {miss.text_id}  {json.dumps(miss.words, ensure_ascii=False)}"
