"""The worker closes sittings whose time is up, without any browser; killing it delays a closing and skips none."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from datetime import UTC, datetime, timedelta

from tests.journeys.site import Site


def _database(site: Site) -> sqlite3.Connection:
    return sqlite3.connect(site.instance / "auditorium.sqlite3", timeout=10, isolation_level=None)


def _workers(site: Site) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,sess=,args="], capture_output=True, text=True, check=True).stdout
    assert site.process is not None
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if "app.web.worker" in line and os.getsid(int(line.split()[0])) == site.process.pid
    ]


def _end_time_of(site: Site, seconds: float) -> str:
    """Let the open sitting's time be up in so many seconds; returns its reference."""
    link = _database(site)
    (ref,) = link.execute("SELECT ref FROM sittings WHERE state = 'open'").fetchone()
    due = datetime.now(UTC) + timedelta(seconds=seconds)
    link.execute("UPDATE sittings SET deadline_at = ? WHERE ref = ?", (due.strftime("%Y-%m-%d %H:%M:%S.%f"), ref))
    link.close()
    return str(ref)


def _wait_until_closed(site: Site, ref: str) -> tuple[str, str]:
    link = _database(site)
    until = time.monotonic() + 120  # a busy machine takes long to start the worker again
    while time.monotonic() < until:
        state, by = link.execute("SELECT state, closed_by FROM sittings WHERE ref = ?", (ref,)).fetchone()
        if state == "closed":
            link.close()
            return state, by
        time.sleep(0.1)
    raise AssertionError(f"the sitting was not closed:\n{site.trouble()}")


def test_a_killed_worker_comes_back_and_closes_what_was_due(site: Site) -> None:
    before = _workers(site)
    assert len(before) == 1
    os.kill(before[0], signal.SIGKILL)
    ref = _end_time_of(site, 0.5)
    assert _wait_until_closed(site, ref) == ("closed", "deadline")
    after = _workers(site)
    assert len(after) == 1 and after != before
    link = _database(site)
    (results,) = link.execute(
        "SELECT count(*) FROM results r JOIN sittings s ON s.id = r.sitting_id WHERE s.ref = ?", (ref,)
    ).fetchone()
    (entries,) = link.execute(
        "SELECT count(*) FROM ledger_entries WHERE subject = ? AND kind = 'sitting.closed'", (f"sitting:{ref}",)
    ).fetchone()
    link.close()
    assert results >= 1 and entries == 1, "closed once, and scored"
