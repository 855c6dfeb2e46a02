"""Commands of the banks 题库: flask banks check | load."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import click
from flask.cli import AppGroup

from app.banks import content, services
from app.banks.items import POOLS
from app.banks.lint import draw, is_drawn, margins_of
from app.banks.specification import Specification
from app.store import writing

cli = AppGroup("banks", help="Item banks: check the files, load them.")

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.command("check")
@click.argument("path", type=_FOLDER, default=content.BANKS)
def check(path: Path) -> None:
    """Hold the files of every bank under PATH to the rules; exit 1 if one is broken."""
    reports = services.check_folders(path)
    if not reports:
        raise click.ClickException(f"There is no bank.yaml in {path} or in a folder of it. Name the folder of a bank.")
    broken = 0
    for report in reports:
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
    """Load every bank under PATH into the database; where one breaks a rule, nothing is taken of any."""
    try:
        with writing():
            loaded = [services.load_bank(folder) for folder in content.find_banks(path)]
    except services.BrokenBank as refusal:
        for finding in refusal.findings:
            click.echo(str(finding), err=True)
        count = len(refusal.findings)
        raise click.ClickException(f"{refusal.parameters['bank']}: nothing was loaded, {count} findings.") from None
    for one in loaded:
        click.echo(str(one))


def _print_counts(report: services.Report) -> None:
    items = [entry.item for entry in report.folder.items]
    drawn = {pool: sum(is_drawn(item, pool) for item in items) for pool in POOLS}
    click.echo(
        f"{report.folder.bank.code}: {len(items)} items, {drawn['exam']} of them approved for exams,"
        f" {drawn['practice']} for practice"
    )
    for name in ("kind", "topic", "level", "group"):
        counts = sorted(Counter(item.value(name) for item in items).items())
        click.echo(f"  {name}: " + ", ".join(f"{value} {count}" for value, count in counts))
    for paper in report.folder.specifications:
        specification = paper.specification
        click.echo(
            f"  {specification.code}: {specification.count} items, {specification.max_marks} marks,"
            f" {specification.minutes} minutes, passed from {specification.cut}"
        )
        exam, practice = (margins_of(specification, report.stock(specification, pool)) for pool in POOLS)
        for margin in exam:
            click.echo(f"    {margin.dimension} {margin.value}: {margin.asked} of {margin.stock}")
        short = [
            f"{margin.dimension} {margin.value} {margin.stock} of {margin.asked}" for margin in practice if margin.short
        ]
        click.echo(f"    mock exam from practice items: {_mock(report, specification, short)}")


def _mock(report: services.Report, specification: Specification, short: list[str]) -> str:
    """Whether a mock exam can be drawn: margins that are met one by one may still not be met together."""
    if short:
        return f"short of {', '.join(short)}"
    drawn = draw(specification, report.stock(specification, "practice"), Random(specification.hash))  # noqa: S311 -- see banks.services.load
    return "can be filled" if drawn else "no paper meets all margins at once"
