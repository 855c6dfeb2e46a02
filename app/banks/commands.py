"""Commands of the banks 题库: flask banks check | load."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from flask.cli import AppGroup

from app.banks import content, services
from app.banks.lint import is_drawn, margins_of
from app.store import writing

cli = AppGroup("banks", help="Item banks: check the files, load them.")

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.command("check")
@click.argument("path", type=_FOLDER, default=content.BANKS)
def check(path: Path) -> None:
    """Hold the files of every bank under PATH to the rules; exit 1 if one is broken."""
    folders = content.find_banks(path)
    if not folders:
        raise click.ClickException(f"There is no bank.yaml in {path} or in a folder of it. Name the folder of a bank.")
    broken = 0
    for folder in folders:
        report = services.check_folder(folder)
        _print_counts(report)
        for finding in report.findings:
            click.echo(str(finding))
        broken += len(report.findings)
    click.echo("No finding." if not broken else f"{broken} findings.")
    if broken:
        raise SystemExit(1)


@cli.command("load")
@click.argument("path", type=_FOLDER, default=content.BANKS)
def load(path: Path) -> None:
    """Load every bank under PATH into the database; nothing is taken of a bank that breaks a rule."""
    for folder in content.find_banks(path):
        try:
            with writing():
                loaded = services.load_bank(folder)
        except services.BrokenBank as refusal:
            for finding in refusal.findings:
                click.echo(str(finding), err=True)
            count = len(refusal.findings)
            raise click.ClickException(f"{folder.name}: nothing was loaded, {count} findings.") from None
        click.echo(str(loaded))


def _print_counts(report: services.Report) -> None:
    items = [entry.item for entry in report.folder.items]
    drawn = [item for item in items if is_drawn(item)]
    click.echo(f"{report.folder.bank.code}: {len(items)} items, {len(drawn)} of them approved for exams")
    for name in ("kind", "topic", "level", "group"):
        counts = sorted(Counter(item.value(name) for item in items).items())
        click.echo(f"  {name}: " + ", ".join(f"{value} {count}" for value, count in counts))
    for paper in report.folder.specifications:
        specification = paper.specification
        click.echo(
            f"  {specification.code}: {specification.count} items, {specification.max_marks} marks,"
            f" {specification.minutes} minutes, passed from {specification.cut}"
        )
        for margin in margins_of(specification, drawn):
            click.echo(f"    {margin.dimension} {margin.value}: {margin.asked} of {margin.stock}")
