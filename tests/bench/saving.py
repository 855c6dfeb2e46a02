"""Saving at saturation: pages that save without a pause, and what a save costs site and database."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench.browser import Browser
from tests.bench.figures import percentile
from tests.bench.processes import all_stats, cpu_of
from tests.bench.report import NAMES
from tests.journeys.site import free_port
from tests.torture import world
from tests.torture.servers import Cluster, Site, url_of
from tests.torture.world import WRITER, Seat, value

HEAD = [
    "Database", "Pages", "Answers each", "Saves", "Saves/s", "CPU ms site", "CPU ms database", "p50 ms", "p99 ms",
]  # fmt: skip


def measure(folder: Path, engine: str, count: int, length: float, answers: int) -> list[str]:
    """One engine; the client's own work is not counted, but it shares the cores."""
    cluster = Cluster.make() if engine == "postgresql" else None
    if cluster:
        cluster.fresh()
    port = free_port()
    here = world.make(folder, port, url_of(cluster) if cluster else None, count)
    site = Site(here.app, port)
    site.start()
    try:
        pages = [Page(port, seat) for seat in here.seats]
        for page in pages:  # each web process has seen each sitting
            page.warm()
        before, began = _cpu(site, cluster), time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            took = sum(pool.map(lambda page: page.run(length, answers), pages), list[float]())
        spent = time.monotonic() - began
        web, database = (now - then for then, now in zip(before, _cpu(site, cluster), strict=True))
    finally:
        site.kill()
        if cluster:
            cluster.remove()
    done = len(took)
    p50, p99 = (f"{percentile(took, share) * 1000:.0f}" for share in (0.5, 0.99))
    each = [f"{1000 * web / done:.2f}", f"{1000 * database / done:.2f}" if cluster else "–"]
    return [NAMES[engine], str(count), str(answers), f"{done:,}", f"{done / spent:.0f}", *each, p50, p99]


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
