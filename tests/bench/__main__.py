"""`make bench`: measure the main steps on SQLite and PostgreSQL and print a table for each."""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from app.settings import ROOT
from tests.bench import issuing, machine, parts, steps, world
from tests.bench.figures import table
from tests.bench.measure import Meter
from tests.bench.site import served
from tests.journeys.site import free_port
from tests.postgres import Server, server

PAGE = ROOT / "docs" / "performance.md"
HEAD = ["Step", "Times", "CPU ms site", "CPU ms database", "p50 ms", "p95 ms"]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> None:
    """Measure and print."""
    options, said = _options(), []

    def say(text: str) -> None:
        click.echo(text)
        said.append(text)

    for line in machine.describe():
        say(f"- {line}" if options.markdown else line)
    with tempfile.TemporaryDirectory(prefix="ip-auditorium-bench-") as made:
        folder = Path(made)
        for engine in options.engines:
            began = time.monotonic()
            say(f"\n{'###' if options.markdown else '=='} {NAMES[engine]}\n")
            if engine == "sqlite":
                _measure(folder / engine, None, options, say)
            else:
                with server(folder) as running:
                    _measure(folder / engine, running, options, say)
            click.echo(f"Took {time.monotonic() - began:.0f} seconds with setting up.", err=True)
    if options.write:
        PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), "\n".join(said)), encoding="utf-8")


def between_marks(page: str, text: str) -> str:
    """The page with the text between its two marks instead of what stood there."""
    found = re.fullmatch(r"(.*<!-- begin: make bench -->\n).*(\n<!-- end: make bench -->.*)", page, re.S)
    if found is None:
        raise ValueError("the page has no marks to write between")
    return f"{found[1]}\n{text}\n{found[2]}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="CPU and latency of the main steps.")
    parser.add_argument("--quick", action="store_true", help="a few times only, to see that it runs")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--write", action="store_true", help="also put it into docs/performance.md")
    parser.add_argument("--people", type=int, default=60, help="how many sit the exam")
    parser.add_argument("--clients", type=int, default=2, help="requests at the same time")
    parser.add_argument("--workers", type=int, default=2, help="web processes, as make run starts")
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    options = parser.parse_args()
    options.people = 6 if options.quick else options.people
    options.markdown |= options.write
    options.warm = 2 if options.quick else 8
    return options


def _measure(instance: Path, database: Server | None, options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """One engine, from an empty folder to its tables."""
    port, sitting = free_port(), options.people + options.warm
    url = database.fresh_database() if database else None
    here = world.make(instance, port, url, sitting + parts.PEOPLE)
    people = steps.candidates(port, here.accounts[:sitting], room=1)
    load = machine.load()
    with served(here.app, port, options.workers) as web:
        meter = Meter(web, database, options.clients, options.warm)
        steps.plain(meter, port, options.people * 5)
        steps.learn(meter, people, options.people * 4)
        steps.sit(meter, here, people, saves=5)
        refs = [one.ref for one in people]
        world.mark_and_decide(here, refs)
        issuing.issue(meter, here.app, len(refs))
        steps.verify(meter, port, world.issued(here), times=options.people * 2, files=options.people // 2)
    say(table(HEAD, [figure.row() for figure in meter.figures], markdown=options.markdown))
    say(
        f"\n{options.workers} web processes with 4 threads, {options.clients} requests at once, worker not running; "
        f"load {load} before and {machine.load()} after; other programs used {meter.others_share:.0%} of the "
        "machine while the site was measured."
    )
    say("\nWhere the time of a request goes (one at a time in this process; the request in the middle, CPU ms):\n")
    rows = parts.measure(here, here.accounts[sitting:])
    say(table(parts.HEAD, rows, markdown=options.markdown))


if __name__ == "__main__":
    main()
