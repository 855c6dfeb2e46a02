"""What was measured, said on the terminal and put between the marks of docs/performance.md."""

from __future__ import annotations

import argparse
import re

import click

from app.settings import ROOT
from tests.bench import machine
from tests.bench.figures import table

PAGE = ROOT / "docs" / "performance.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Report:
    """The lines of one part, under its name."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self.name, self.options, self.lines = name, options, list[str]()
        click.echo(f"\n== {name}\n")

    def say(self, text: str) -> None:
        """One line or paragraph."""
        click.echo(text)
        self.lines.append(text)

    def tell(self, head: list[str], rows: list[list[str]]) -> None:
        """A table: in columns here, as Markdown on the page."""
        click.echo(table(head, rows, markdown=False))
        self.lines.append(table(head, rows, markdown=True))

    def keep(self, command: str) -> None:
        """Put the part on the page, with the command that made it and the machine, if that was asked for."""
        if self.options.write:
            made = [f"Made on {machine.today()} with `{command}`.", "", *(f"- {line}" for line in machine.describe())]
            text = "\n".join([*made, "", *self.lines])
            PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), self.name, text), encoding="utf-8")


def between_marks(page: str, name: str, text: str) -> str:
    """The page with the text between the two marks of this name instead of what stood there."""
    found = re.fullmatch(rf"(.*<!-- begin: {name} -->).*(<!-- end: {name} -->.*)", page, re.S)
    if found is None:
        raise ValueError(f"the page has no marks for {name} to write between")
    return f"{found[1]}\n\n{text}\n\n{found[2]}"
