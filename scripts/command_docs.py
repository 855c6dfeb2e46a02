"""The help of all commands as a page: `python scripts/command_docs.py` writes docs/commands.md, `--check` compares.

Only the site's own groups are shown; `flask run`, `shell`, `routes` and `db` are explained by Flask and Flask-Migrate.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.md"
WIDTH = 96
FOREIGN = {"db", "routes", "run", "shell"}
HEAD = """\
# Commands

Written by `python scripts/command_docs.py` from the help of the commands; do not edit by hand.

Each command works from the root of the checkout as `.venv/bin/flask --app app …` with no setting, and reads the same
settings as the site (docs/settings.md). `make help` lists the make targets.
"""


def page() -> str:
    """The whole page as text."""
    sys.path.insert(0, str(ROOT))
    from app import create_app

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(instance_path=Path(folder), TESTING=True, origin="http://localhost")
        own = {name: command for name, command in app.cli.commands.items() if name not in FOREIGN}
    sections = [HEAD]
    for name, command in sorted(own.items()):
        sections.append(f"## flask {name}\n\n{(command.help or '').strip()}\n")
        sections += [f"### flask {path}\n\n```text\n{text}\n```\n" for path, text in helps(command, name)]
    return "\n".join(sections)


def helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Path and help of a command, or of every command below a group."""
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from helps(below, f"{path} {name}")
        return
    context = click.Context(command, info_name=f"flask --app app {path}", terminal_width=WIDTH, max_content_width=WIDTH)
    yield path, command.get_help(context).rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the page is out of date")
    options = parser.parse_args()
    made = page()
    if not options.check:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print("docs/commands.md is out of date: run python scripts/command_docs.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
