"""Pages behind a bad network, with two devices on one of the sittings; the server itself is well."""

from __future__ import annotations

import time
from pathlib import Path

from tests.journeys.site import free_port
from tests.torture import world
from tests.torture.audit import audit, by_sitting
from tests.torture.clients import Pulse, finish, start
from tests.torture.kills import PAGES, Outcome, _anomalies, _pages
from tests.torture.proxy import Proxy
from tests.torture.servers import Cluster, Site, url_of


def network(folder: Path, engine: str, *, acks: int, seed: str, minutes: float = 10) -> Outcome:
    """Until so many answers are acknowledged through a network that delays, cuts, drops replies, resets and is silent."""
    cluster = Cluster.make() if engine == "postgresql" else None
    if cluster:
        cluster.fresh()
    port = free_port()
    here = world.make(folder, port, url_of(cluster) if cluster else None, PAGES)
    site, proxy = Site(here.app, port), Proxy(port, seed)
    writers = _pages(proxy.port, here, Pulse(), seed)
    try:
        site.start()
        start(writers)
        until = time.monotonic() + minutes * 60
        while sum(len(one.acked) for one in writers) < acks and time.monotonic() < until:
            time.sleep(0.1)
        finish(writers)
        count = audit(here.app, by_sitting(writers))
    finally:
        site.kill()
        proxy.stop()
        if cluster:
            cluster.remove()
    bad = {kind: times for kind, times in sorted(proxy.done.items()) if kind != "pass"}
    notes = ", ".join(f"{kind} {times}" for kind, times in bad.items())
    return Outcome(
        f"bad network ({engine})", count, sum(bad.values()), notes=", ".join(filter(None, [notes, _anomalies(writers)]))
    )
