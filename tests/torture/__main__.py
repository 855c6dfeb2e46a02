"""`make torture`: all faults on SQLite and PostgreSQL; prints a table and fails when an acknowledgement was worth nothing.

`make torture ARGS="--kills 200 --acks 100000 --cuts 1000"` is the long form.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from app.settings import ROOT
from app.store import db
from tests.bench import machine
from tests.bench.figures import table
from tests.torture import network, power, races, steps, world
from tests.torture.kills import Outcome, failover, kills
from tests.torture.servers import Cluster, url_of
from tests.torture.world import World

PAGE = ROOT / "docs" / "reliability.md"
ENGINES = ("sqlite", "postgresql")
HEAD = [
    "Fault",
    "Times",
    "Acknowledged",
    "Lost",
    "Doubled",
    "Stale",
    "Not scored",
    "Broken",
    "Back after (median / most)",
    "Notes",
]


def main() -> None:
    """Run, print, judge."""
    options = _options()
    began, troubles = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="ip-auditorium-torture-") as made:
        outcomes = []
        for control, work in _runs(Path(made), options):
            outcome = work()
            outcomes.append(outcome)
            if control != bool(outcome.count.harm):
                troubles.append(
                    f"{outcome.name}: {'a negative control that lost nothing' if control else outcome.count}"
                )
            click.echo(f"{outcome.name}: {outcome.count}", err=True)
            troubles += [f"{outcome.name}: slow after {kind}" for kind in outcome.slow() if options.strict]
    text = report(outcomes, time.monotonic() - began, options.markdown)
    click.echo(text)
    if options.write:
        PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    for trouble in troubles:
        click.echo(trouble, err=True)
    sys.exit(1 if troubles else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make torture", description="Faults while answers are saved.")
    parser.add_argument("--kills", type=int, default=12, help="kill -9 in all, half on each engine")
    parser.add_argument(
        "--acks", type=int, default=3000, help="acknowledged answers in all under kills, network, failover"
    )
    parser.add_argument("--cuts", type=int, default=60, help="power cuts")
    parser.add_argument("--minutes", type=float, default=60, help="the most that one run of kills may take")
    parser.add_argument("--seed", default="29490")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--strict", action="store_true", help="also fail when recovery misses its bar")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--write", action="store_true", help="also put the report into docs/reliability.md")
    options = parser.parse_args()
    options.markdown |= options.write
    return options


def _runs(root: Path, options: argparse.Namespace) -> Iterator[tuple[bool, Callable[[], Outcome]]]:
    """(whether it is a negative control, what to run), one after another."""
    seed, some = options.seed, max(300, options.acks // 20)
    share = (options.kills // len(options.engines), options.acks * 4 // 5 // len(options.engines))
    for engine in options.engines:
        folder = root / engine
        yield (
            False,
            lambda e=engine, f=folder: kills(  # type: ignore[misc]
                f / "kills", e, faults=share[0], acks=share[1], seed=seed, minutes=options.minutes
            ),
        )
        yield False, lambda e=engine, f=folder: network.network(f / "network", e, acks=some, seed=seed)  # type: ignore[misc]
        with _room(folder / "races", engine, options) as here:
            yield from _races(here, engine, min(150, max(6, options.cuts // 10)), seed)
        with _hall(folder / "clock", engine, minutes=30) as here:
            yield from _steps(here, engine, min(200, max(10, options.cuts // 5)), seed)
    if "sqlite" in options.engines:
        here = world.make(root / "power", 8000, None, 4)
        yield False, lambda: power.power_cuts(root / "cuts", here, cuts=options.cuts, seed=seed)
        yield True, lambda: power.power_cuts(root / "weak", here, cuts=20, seed=seed, synchronous=1)
        yield False, lambda: power.io_errors(root / "errors", here, saves=max(400, options.cuts * 5), seed=seed)
        yield False, lambda: power.full_disk(root / "full", here, seed=seed)
    if "postgresql" in options.engines:
        rounds = 1 if options.kills < 50 else 3
        yield False, lambda: failover(root / "failover", rounds=rounds, acks=some * rounds, seed=seed)


def _room(folder: Path, engine: str, options: argparse.Namespace) -> AbstractContextManager[World]:
    return _hall(folder, engine, seats=min(150, max(6, options.cuts // 10)) + 14, attempts=races.ALLOWED)


@contextmanager
def _hall(folder: Path, engine: str, *, seats: int = 8, **session: Any) -> Iterator[World]:
    """An exam room on a database of its own."""
    cluster = Cluster.make() if engine == "postgresql" else None
    try:
        if cluster:
            cluster.fresh()
        here = world.make(folder, 8000, url_of(cluster) if cluster else None, seats, **session)
        yield here
        with here.app.app_context():
            db.engine.dispose()
    finally:
        if cluster:
            cluster.remove()


def _races(here: World, engine: str, rounds: int, seed: str) -> Iterator[tuple[bool, Callable[[], Outcome]]]:
    seats = list(here.seats)
    here.seats = seats[:rounds]
    store = races.store_of(here)
    yield False, lambda: races.hand_ins(here, store, rounds=rounds, seed=seed, name=f"hand-in against saves ({engine})")
    store.close()
    here.seats = seats[rounds : rounds + 8]
    with races.without_lock(here) as weak:
        yield (
            True,
            lambda: races.hand_ins(here, weak, rounds=8, seed=seed, name=f"the same without the lock ({engine})"),
        )
    here.seats = seats[rounds + 8 :]
    yield False, lambda: races.starts(here, engine)


def _steps(here: World, engine: str, count: int, seed: str) -> Iterator[tuple[bool, Callable[[], Outcome]]]:
    seats, store = list(here.seats), races.store_of(here)
    run = partial(steps.clock_steps, seed=seed)
    here.seats = seats[:4]
    yield False, lambda: run(here, store, steps=count, name=f"clock steps ({engine})")
    here.seats = seats[4:8]
    yield True, lambda: run(here, store, steps=10, name=f"clock steps, believed ({engine})", steady=False)
    store.close()


def report(outcomes: list[Outcome], seconds: float, markdown: bool) -> str:
    """The table, with machine and versions above it."""
    lines = [*machine.describe(), f"Load {machine.load()} at the end; took {seconds / 60:.0f} minutes."]
    head = "\n".join(f"- {line}" if markdown else line for line in lines)
    return f"{head}\n\n{table(HEAD, [row(one) for one in outcomes], markdown=markdown)}"


def row(one: Outcome) -> list[str]:
    """One outcome as it stands in the table."""
    c = one.count
    back = "; ".join(f"{kind} {statistics.median(t):.1f} / {max(t):.1f} s" for kind, t in one.recovery.items())
    counted = ("acknowledged", "lost", "doubled", "stale", "unscored", "broken")
    numbers = ["–" if name in one.unmeasured else f"{getattr(c, name):,}" for name in counted]
    return [one.name, f"{one.faults:,}", *numbers, back, one.notes]


def between_marks(page: str, text: str) -> str:
    """The page with the text between its two marks instead of what stood there."""
    found = re.fullmatch(r"(.*<!-- begin: make torture -->\n).*(\n<!-- end: make torture -->.*)", page, re.S)
    if found is None:
        raise ValueError("the page has no marks to write between")
    return f"{found[1]}\n{text}\n{found[2]}"


if __name__ == "__main__":
    main()
