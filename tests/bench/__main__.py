"""`make bench`: what drawing, saving, the bell, a whole attempt and the main steps cost, on SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tests.bench import assembly, attempt, bell, issuing, machine, parts, saving, steps, world
from tests.bench.measure import Meter
from tests.bench.report import NAMES, Report
from tests.bench.site import served
from tests.bench.steps import Candidate
from tests.bench.world import World
from tests.journeys.site import free_port
from tests.postgres import Server, server

HEAD = ["Step", "Times", "CPU ms site", "CPU ms database", "p50 ms", "p95 ms"]
PARTS = ("assembly", "saving", "attempt", "bell", "steps")


@dataclass
class Engine:
    """An installation on one engine with its people, and its web server."""

    name: str
    here: World
    port: int
    meter: Meter
    database: Server | None
    crowd: Iterator[str]
    rooms: Iterator[int]

    def people(self, count: int) -> list[Candidate]:
        """So many people whom nobody has had yet, each at an address of the own."""
        return steps.candidates(self.port, [next(self.crowd) for _ in range(count)], next(self.rooms))


def main() -> None:
    """Measure and print; a part is put on the page when it is done."""
    options = _options()
    for line in machine.describe():
        click.echo(line)
    with tempfile.TemporaryDirectory(prefix="ip-auditorium-bench-") as made:
        if "assembly" in options.parts:
            _assembly(options)
        if "saving" in options.parts:
            _saving(Path(made), options)
        told = {name: Report(name, options) for name in ("attempt", "bell", "steps") if name in options.parts}
        for engine in options.engines if told else ():
            with _running(Path(made), engine, options) as running:
                if "steps" in told:  # first, for a session that is announced leaves jobs, and the steps run jobs
                    _steps(running, options, told["steps"])
                if "attempt" in told:
                    _attempt(running, options, told["attempt"])
                if "bell" in told:
                    _bell(running, options, told["bell"])
        for report in told.values():
            report.keep(_command())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="CPU and waiting times of what matters.")
    parser.add_argument("--quick", action="store_true", help="a few times only, to see that it runs")
    parser.add_argument("--write", action="store_true", help="also put it into docs/performance.md")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--people", type=int, default=40, help="how many sit the exam")
    parser.add_argument("--bell", type=int, default=100, help="how many begin in the same second")
    parser.add_argument("--jitter", type=float, default=0.8, help="seconds within which their pages begin")
    parser.add_argument("--clients", type=int, default=2, help="requests at the same time")
    parser.add_argument("--workers", type=int, default=2, help="web processes, as make run starts")
    parser.add_argument("--pages", type=int, default=16, help="pages that save without a pause")
    parser.add_argument("--seconds", type=float, default=8, help="for how long they save")
    parser.add_argument("--draws", type=int, default=1_000, help="papers drawn from each bank")
    options = parser.parse_args()
    if options.quick:
        options.people, options.bell, options.pages, options.seconds, options.draws = 4, 6, 4, 1, 20
    options.warm = 2 if options.quick else 12
    return options


def _command() -> str:
    return shlex.join([".venv/bin/python", "-m", "tests.bench", *sys.argv[1:]])


def _assembly(options: argparse.Namespace) -> None:
    report = Report("assembly", options)
    report.tell(assembly.HEAD, [assembly.row(*case, options.draws) for case in assembly.cases()])
    report.say(f"\n{options.draws:,} draws from each bank; load {machine.load()}.")
    report.keep(_command())


def _saving(folder: Path, options: argparse.Namespace) -> None:
    report, load = Report("saving", options), machine.load()
    rows = [
        saving.measure(folder / f"saving-{engine}-{answers}", engine, options.pages, options.seconds, answers)
        for engine in options.engines
        for answers in (1, 2)
    ]
    report.tell(saving.HEAD, rows)
    report.say(f"\nLoad {load} before and {machine.load()} after.")
    report.keep(_command())


@contextmanager
def _running(folder: Path, engine: str, options: argparse.Namespace) -> Iterator[Engine]:
    """Make an installation with everybody who is needed, and serve it."""
    if engine == "postgresql":
        with server(folder) as database, _served(folder, engine, database, options) as found:
            yield found
    else:
        with _served(folder, engine, None, options) as found:
            yield found


@contextmanager
def _served(folder: Path, engine: str, database: Server | None, options: argparse.Namespace) -> Iterator[Engine]:
    began, port = time.monotonic(), free_port()
    count = 2 * (options.people + options.warm) + options.bell + parts.PEOPLE
    here = world.make(folder / engine, port, database.fresh_database() if database else None, count)
    with served(here.app, port, options.workers) as web:
        meter = Meter(web, database, options.clients, options.warm)
        click.echo(f"{NAMES[engine]} was set up in {time.monotonic() - began:.0f} seconds.", err=True)
        yield Engine(NAMES[engine], here, port, meter, database, iter(here.accounts), iter(range(1, 200)))


def _attempt(on: Engine, options: argparse.Namespace, report: Report) -> None:
    load, session = machine.load(), bell.announce(on.here)
    rows = attempt.measure(on.meter, on.here, session, on.people(options.people + options.warm))
    report.say(f"\n### {on.name}\n")
    report.tell(attempt.HEAD, rows)
    report.say(
        f"\n{options.people} people, {options.clients} requests at once, {options.workers} web processes; "
        f"load {load} before and {machine.load()} after."
    )


def _bell(on: Engine, options: argparse.Namespace, report: Report) -> None:
    session, ready = bell.announce(on.here), on.people(options.bell)
    bell.signed_in(on.here, ready)
    on.meter.prepare([lambda one=one: bell.come_in(one, session) for one in ready])  # type: ignore[misc]
    load = machine.load()
    rung = bell.ring(on.meter, on.here, session, ready, options.jitter)
    report.tell(bell.HEAD, [rung.row(on.name)])
    report.say(f"\nWithin {options.jitter} seconds; load {load} before.\n")


def _steps(on: Engine, options: argparse.Namespace, report: Report) -> None:
    people, load, kept = on.people(options.people + options.warm), machine.load(), len(on.meter.figures)
    steps.plain(on.meter, on.port, options.people * 5)
    steps.learn(on.meter, people, options.people * 4)
    steps.sit(on.meter, on.here, people, saves=5)
    refs = [one.ref for one in people]
    world.mark_and_decide(on.here, refs)
    issuing.issue(on.meter, on.here.app, len(refs))
    steps.verify(on.meter, on.port, world.issued(on.here), times=options.people * 2, files=options.people // 2)
    report.say(f"\n### {on.name}\n")
    report.tell(HEAD, [figure.row() for figure in on.meter.figures[kept:]])
    report.say(
        f"\n{options.workers} web processes with 4 threads, {options.clients} requests at once, worker not running; "
        f"load {load} before and {machine.load()} after; other programs used {on.meter.others_share:.0%} of the "
        "machine while the site was measured."
    )
    report.say(
        "\nWhere the time of a request goes (one at a time in this process; the request in the middle, CPU ms):\n"
    )
    report.tell(parts.HEAD, parts.measure(on.here, [next(on.crowd) for _ in range(parts.PEOPLE)]))


if __name__ == "__main__":
    main()
