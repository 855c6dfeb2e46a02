"""Commands of the assembly: flask setup."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

cli = AppGroup("site", help="The installation as a whole.")


@cli.command("setup")
@click.option("--demo/--no-demo", default=False, help="Make the demonstration training base.")
def setup(demo: bool) -> None:
    """Migrate the database, load content, make keys; doing it again changes nothing."""
    from app.web import setup as assembly

    assembly.prepare(current_app._get_current_object(), click.echo, demo=demo)  # type: ignore[attr-defined]
