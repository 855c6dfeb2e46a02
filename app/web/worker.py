"""The worker 后台进程: runs what was asked for in `jobs` and what is due every second; `python -m app.web.worker`.

The queue library (huey) spreads jobs over threads; the rows of `jobs` remain the truth, so a killed worker delays
work but neither skips nor doubles it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import IO

from flask import Flask
from huey import SqliteHuey

from app import clock, create_app
from app.accounts.services import sessions, throttle
from app.jobs import services as jobs
from app.jobs.registry import TICKS, every
from app.store import db, is_sqlite, settings, writing
from app.web import logs

log = logging.getLogger("app.worker")
PAUSE = 0.25  # seconds between looks at what is due


def queue(app: Flask) -> SqliteHuey:
    """The embedded queue of this installation."""
    path = app.extensions["settings"].instance_path / "queue.sqlite3"
    return SqliteHuey("auditorium", filename=str(path), results=False)


def main() -> None:
    """Run until told to stop."""
    app = create_app()
    lock = _only_one(app)
    huey = queue(app)
    huey.flush()  # rows of `jobs` are the truth; what was queued when the last worker died is handed over anew

    @huey.task()  # type: ignore[untyped-decorator]  # huey ships no types
    def run_job(job_id: int) -> None:
        _guarded(app, "job", lambda: jobs.run(job_id))

    def hand_over() -> None:
        if jobs.anything_due():
            with writing():
                ids = jobs.claim()
            for job_id in ids:
                run_job(job_id)

    with app.app_context():
        if is_sqlite():  # the embedded database has this one worker, so what is marked as running is nobody's
            with writing():
                jobs.resume()
    threading.Thread(target=_tick, args=(app, [(0, hand_over), *TICKS]), daemon=True).start()
    consumer = huey.create_consumer(workers=2, worker_type="thread", periodic=False, initial_delay=0.1, max_delay=0.3)
    consumer.run()
    lock.close()


def _only_one(app: Flask) -> IO[str]:
    """Hold the lock of this instance as long as the process lives; a second worker here ends at once."""
    lock: IO[str] = (app.extensions["settings"].instance_path / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.error("another worker runs on this instance")
        sys.exit(75)
    return lock


def _tick(app: Flask, ticks: list[tuple[int, Callable[[], None]]]) -> None:
    """Do each tick when its time has come; one that fails is logged and tried again, the others go on.

    Should the loop itself end, the process ends with it, and the supervisor starts another.
    """
    due = [0.0] * len(ticks)
    try:
        while True:
            for number, (seconds, tick) in enumerate(ticks):
                if time.monotonic() >= due[number]:
                    _guarded(app, "tick", tick)
                    due[number] = time.monotonic() + seconds
            time.sleep(PAUSE)
    finally:
        os._exit(70)


def _guarded(app: Flask, kind: str, work: Callable[[], None]) -> None:
    """Do the work in a context of its own; whatever fails, giving the connection back included, is logged."""
    try:
        with app.app_context():
            try:
                work()
            finally:
                db.session.remove()
    except Exception:
        log.exception("%s failed", kind, extra={"kind": kind})


@every(seconds=3600)
def sweep() -> None:
    """Forget ended sessions, old tries and logs that need not be kept."""
    with writing():
        sessions.sweep()
        throttle.sweep()
    here = settings()
    logs.sweep(here.instance_path / "logs", clock.now().date(), here.log_days)


if __name__ == "__main__":
    main()
