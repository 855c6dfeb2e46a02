"""Doing a step many times, a few people at once, and reading what it cost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.processes import all_stats, busy, cpu_of
from tests.postgres import Server

Work = Callable[[], object]


@dataclass
class Meter:
    """Measures steps of the site with process id `web`, over the database server if there is one.

    The first `warm` pieces of work of each step are done and not counted.
    """

    web: int
    database: Server | None
    clients: int
    warm: int
    figures: list[Figure] = field(default_factory=list)
    others: float = 0.0
    seconds: float = 0.0

    def prepare(self, work: Sequence[Work]) -> None:
        """Do what is not measured."""
        done(work, self.clients)

    def step(self, name: str, work: Sequence[Work]) -> Figure:
        """Measure a step that the site does."""
        done(work[: self.warm], self.clients)
        before, machine, began = self.read(), sum(busy()), time.monotonic()
        took = done(work[self.warm :], self.clients)
        after, seconds = self.read(), time.monotonic() - began
        self._others(sum(busy()) - machine - sum(now - then for now, then in zip(after, before, strict=True)), seconds)
        return self._keep(name, after[0] - before[0], after[1] - before[1], took)

    def here(self, name: str, work: Sequence[Work]) -> Figure:
        """Measure a step that this process does by itself, one after another, as the worker does."""
        done(work[: self.warm], 1)
        before = self.read()
        took = done(work[self.warm :], 1)
        after = self.read()
        return self._keep(name, after[2] - before[2], after[1] - before[1], took)

    def _keep(self, name: str, cpu: float, database: float, took: list[float]) -> Figure:
        figure = Figure(name, cpu, database if self.database else None, took)
        self.figures.append(figure)
        return figure

    def read(self) -> tuple[float, float, float]:
        """CPU seconds of the site, the database server, and this process, which plays the people."""
        stats = all_stats()
        database = cpu_of({_postmaster(self.database)}, stats) if self.database else 0.0
        return cpu_of({self.web}, stats), database, stats[os.getpid()].cpu

    def _others(self, used: float, seconds: float) -> None:
        self.others += max(0.0, used)
        self.seconds += seconds

    @property
    def others_share(self) -> float:
        """The share of the machine that was busy with something else, or taken away, while the site was measured."""
        return self.others / (self.seconds * (os.cpu_count() or 1)) if self.seconds else 0.0


def done(work: Sequence[Work], clients: int) -> list[float]:
    """Do all pieces of work, at most `clients` at once, in their order; seconds that each took."""

    def one(piece: Work) -> float:
        began = time.perf_counter()
        piece()
        return time.perf_counter() - began

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, work))


def _postmaster(server: Server) -> int:
    return int((Path(server.folder) / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
