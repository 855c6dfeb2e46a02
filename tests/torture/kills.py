"""kill -9 at random moments, of web processes, the web server, a database process and the database server."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.site import free_port
from tests.torture import world
from tests.torture.audit import Count, audit, by_sitting
from tests.torture.clients import Pulse, Rival, Writer, finish, start
from tests.torture.servers import Cluster, Site, url_of

Fault = Callable[[random.Random], None]
BARS = {"web process": 5.0, "web server": 5.0, "database process": 10.0, "database server": 10.0, "failover": 15.0}
"""Seconds in which pages must be acknowledged again."""
PAGES = 8


@dataclass
class Outcome:
    """What a run did, what it counted, and how long each kind of fault held the pages up."""

    name: str
    count: Count
    faults: int = 0
    recovery: dict[str, list[float]] = field(default_factory=dict)
    notes: str = ""
    unmeasured: tuple[str, ...] = ()

    def slow(self) -> list[str]:
        """Kinds of fault whose slowest recovery misses its bar."""
        return [kind for kind, times in self.recovery.items() if max(times) > BARS[kind]]


def kills(folder: Path, engine: str, *, faults: int, acks: int, seed: str, minutes: float = 60) -> Outcome:
    """At least so many kills and acknowledged answers, unless the minutes are over first."""
    cluster = Cluster.make() if engine == "postgresql" else None
    if cluster:
        cluster.fresh()
    port = free_port()
    here = world.make(folder, port, url_of(cluster) if cluster else None, PAGES)
    site = Site(here.app, port)
    ways: dict[str, Fault] = {"web process": site.kill_worker, "web server": site.crash}
    if cluster:
        ways |= {"database process": cluster.kill_backend, "database server": cluster.crash}
    pulse = Pulse()
    writers = _pages(port, here, pulse, seed)
    site.start()
    try:
        start(writers)
        recovery = _inject(ways, pulse, writers, faults, acks, random.Random(seed), time.monotonic() + minutes * 60)
        finish(writers)
        count = audit(here.app, by_sitting(writers))
    finally:
        site.kill()
        if cluster:
            cluster.remove()
    done = sum(len(times) for times in recovery.values())
    return Outcome(f"kill -9 ({engine})", count, done, recovery, _anomalies(writers))


def _pages(port: int, here: world.World, pulse: Pulse, seed: str) -> list[Writer]:
    """One page for each seat, and a second device beside the first one, which takes over again and again."""
    pages: list[Writer] = [Writer(port, seat, pulse, f"{seed}{seat.sitting}") for seat in here.seats[1:]]
    shared = here.seats[0]
    return [*pages, Rival(port, shared, pulse, f"{seed}r"), Rival(port, shared, pulse, f"{seed}s", "b" * 32)]


def _inject(
    ways: Mapping[str, Fault], pulse: Pulse, writers: list[Writer], faults: int, acks: int, dice: random.Random,
    until: float,
) -> dict[str, list[float]]:  # fmt: skip
    recovery: dict[str, list[float]] = {}
    done = 0
    while time.monotonic() < until and (done < faults or sum(len(one.acked) for one in writers) < acks):
        time.sleep(dice.uniform(0.1, 0.6))
        if done >= faults:
            continue
        kind = list(ways)[done % len(ways)]
        began = time.monotonic()
        ways[kind](dice)
        recovery.setdefault(kind, []).append(pulse.recovery(began, 60))
        done += 1
    return recovery


def _anomalies(writers: list[Writer]) -> str:
    forgotten = sum(one.said["forgotten by the server"] for one in writers)
    return f"{forgotten} numbers forgotten" if forgotten else ""


def failover(folder: Path, *, rounds: int, acks: int, seed: str, synchronous: bool = True) -> Outcome:
    """The primary is killed for good and the standby promoted; the site finds it by the address of both."""
    total, times, dice = Count(), [], random.Random(seed)
    for turn in range(rounds):
        primary = Cluster.make()
        primary.fresh()
        other = primary.standby(synchronous=synchronous)
        port, pulse = free_port(), Pulse()
        here = world.make(folder / str(turn), port, url_of(primary, other), PAGES)
        site = Site(here.app, port)
        site.start()
        writers = [Writer(port, seat, pulse, f"{seed}{turn}{seat.sitting}") for seat in here.seats]
        try:
            start(writers)
            while sum(len(one.acked) for one in writers) < acks // rounds:
                time.sleep(0.05)
            time.sleep(dice.uniform(0, 0.5))
            began = time.monotonic()
            primary.kill()
            other.promote()
            times.append(pulse.recovery(began, 60))
            finish(writers)
            total += audit(here.app, by_sitting(writers))
        finally:
            site.kill()
            primary.remove()
            other.remove()
    return Outcome("failover to the standby (postgresql)", total, rounds, {"failover": times})
