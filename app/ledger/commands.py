"""Commands of the ledger 账本: flask ledger check."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.ledger import services
from app.store import writing

cli = AppGroup("ledger", help="The append-only journal and its Merkle tree.")


@cli.command("check")
def check() -> None:
    """Recompute every leaf, node and signed head; exit 1 if anything was changed or removed."""
    size, findings = services.check()
    for finding in findings:
        click.echo(f"entry {finding.position}: {finding.what}", err=True)
    click.echo(f"{size} entries checked, {len(findings)} findings")
    sys.exit(1 if findings else 0)


@cli.command("integrate")
def integrate() -> None:
    """Place what waits (the worker does this every second)."""
    placed = 0
    while services.waiting():
        with writing():
            placed += services.integrate()
    click.echo(f"{placed} entries placed")
