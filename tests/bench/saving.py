"""Saving at saturation: pages that save without a pause, and what a save costs site and database; `python -m tests.bench.saving`."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from tests.bench import machine
from tests.bench.browser import Browser
from tests.bench.figures import table
from tests.bench.processes import all_stats, cpu_of
from tests.journeys.site import free_port
from tests.torture import world
from tests.torture.servers import Cluster, Site, url_of
from tests.torture.world import WRITER, Seat, value

HEAD = ["Database", "Pages", "Saves", "Saves/s", "CPU ms site", "CPU ms database", "p50 ms", "p99 ms"]


def main() -> None:
    """Measure both engines and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.saving")
    parser.add_argument("--pages", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--answers", type=int, default=1, help="answers in one request")
    options = parser.parse_args()
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="ip-auditorium-saving-") as made:
        rows.extend(measure(Path(made) / engine, engine, options) for engine in ("sqlite", "postgresql"))
    for line in machine.describe():
        click.echo(line)
    click.echo(f"Load {machine.load()}\n")
    click.echo(table(HEAD, rows, markdown=True))


def measure(folder: Path, engine: str, options: argparse.Namespace) -> list[str]:
    """One engine; the client's own work is not counted, but it shares the cores."""
    cluster = Cluster.make() if engine == "postgresql" else None
    if cluster:
        cluster.fresh()
    port = free_port()
    here = world.make(folder, port, url_of(cluster) if cluster else None, options.pages)
    site = Site(here.app, port)
    site.start()
    try:
        pages = [Page(port, seat) for seat in here.seats]
        for page in pages:  # each web process has seen each sitting
            page.warm()
        before, began = _cpu(site, cluster), time.monotonic()
        with ThreadPoolExecutor(options.pages) as pool:
            took = [
                one
                for times in pool.map(lambda page: page.run(options.seconds, options.answers), pages)
                for one in times
            ]
        seconds, after = time.monotonic() - began, _cpu(site, cluster)
    finally:
        site.kill()
        if cluster:
            cluster.remove()
    took.sort()
    web, database = ((now - then) / len(took) * 1000 for then, now in zip(before, after, strict=True))
    return [
        engine, str(options.pages), f"{len(took):,}", f"{len(took) / seconds:.0f}", f"{web:.2f}",
        f"{database:.2f}" if cluster else "–", f"{took[len(took) // 2] * 1000:.0f}", f"{took[len(took) * 99 // 100] * 1000:.0f}",
    ]  # fmt: skip


class Page:
    """An exam page that does nothing but save."""

    def __init__(self, port: int, seat: Seat) -> None:
        self.seat, self.browser, self.last = seat, Browser(port, "127.0.0.1", {"auditorium": seat.token}), 0
        self.token = self.browser.get(f"/sittings/{seat.ref}").token()

    def warm(self) -> None:
        """Save a few times on fresh connections, so that each process has gone the usual way once."""
        for _ in range(6):
            self.save(1)
            self.browser.close()

    def save(self, count: int) -> None:
        """One request with so many answers."""
        numbers = range(self.last + 1, self.last + 1 + count)
        entries = [self._entry(number) for number in numbers]
        said = self.browser.post_json(
            f"/sittings/{self.seat.ref}/answers", self.token, {"epoch": 1, "writer": WRITER, "entries": entries}
        )
        assert json.dumps(said["acked"]) == json.dumps(list(numbers))
        self.last += count

    def _entry(self, number: int) -> dict[str, Any]:
        slot = number % len(self.seat.kinds) + 1
        return {"seq": number, "slot": slot, "value": value(self.seat.kinds[slot - 1], str(number)), "ms": 1}

    def run(self, seconds: float, count: int) -> list[float]:
        """Save until the time is over; seconds that each took."""
        took, until = [], time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            self.save(count)
            took.append(time.monotonic() - began)
        return took


def _cpu(site: Site, cluster: Cluster | None) -> tuple[float, float]:
    stats = all_stats()
    assert site.process is not None
    database = cpu_of({cluster.process.pid}, stats) if cluster and cluster.process else 0.0
    return cpu_of({site.process.pid}, stats), database


if __name__ == "__main__":
    main()
