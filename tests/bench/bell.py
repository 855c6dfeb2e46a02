"""The bell: everybody of a session, waiting and ready, begins in the same second and wants the first page.

`python -m tests.bench.bell` serves the site as `make run` does and says how long each of them waited.
"""

from __future__ import annotations

import argparse
import random
import secrets
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import click
from sqlalchemy import update

from app import clock
from app.accounts.services import people, sessions
from app.cohorts import services as cohorts
from app.exams import services as exams
from app.exams.models import ExamSession
from app.office.services.demonstration import CODE
from app.store import db, scope_to, writing
from tests.bench import machine, world
from tests.bench.processes import all_stats, cpu_of
from tests.bench.site import served
from tests.bench.steps import Candidate, candidates
from tests.bench.world import World
from tests.journeys.site import free_port
from tests.postgres import Server, server

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Rung:
    """One start: seconds from each candidate's own click to the whole first page, and the CPU that it took in all."""

    took: list[float]
    cpu: float
    size: int

    def says(self) -> str:
        """The figures in words."""
        ordered = sorted(self.took)
        return (
            f"{len(ordered)} candidates: median {median(ordered):.2f} s, 95 % within {ordered[len(ordered) * 95 // 100]:.2f} s, "
            f"the last {ordered[-1]:.2f} s; {1000 * self.cpu / len(ordered):.1f} ms CPU of the site for each, "
            f"page of {self.size / 1000:.0f} kB as it travels"
        )


def announce(here: World) -> str:
    """A session for the running class that opens in an hour; its waiting room is open. Returns its reference."""
    with here.app.app_context():
        scope_to(None)
        base = people.find_base_by_code(CODE)
        running = max(cohorts.list_cohorts(), key=lambda row: row.people)
        assert base is not None
        with writing():
            return exams.create_session(
                key=secrets.token_hex(16), cohort_id=running.cohort.id, specification=running.programme.specification,
                title_zh="齐开", title_en="All at once", opens_at=clock.now() + timedelta(minutes=50),
                closes_at=clock.now() + timedelta(hours=5), by=None,
            ).ref  # fmt: skip


def wait_for_the_bell(here: World, session: str, ready: Sequence[Candidate]) -> None:
    """Sign everybody in, into the waiting room, and give what is asked there."""
    with here.app.app_context():
        scope_to(None)
        for one in ready:
            person = people.find_person_id(one.account)
            assert person is not None
            with writing():
                one.browser.cookies["auditorium"] = sessions.open_session(person, agent="bench")
    for one in ready:
        page = one.browser.get("/exams")
        came = one.browser.post(page.form(rf"/exams/{session}/sitting$"), nonce=secrets.token_hex(16))
        one.ref = came.location.split("/")[2]
        page = one.browser.get(f"/sittings/{one.ref}/notice")
        one.browser.post(page.form("/begin$"), accept="y", mine="y")
        one.browser.get(f"/sittings/{one.ref}/notice")


def ring(here: World, session: str, web: int, ready: Sequence[Candidate], jitter: float) -> Rung:
    """Open the session, and let everybody begin within `jitter` seconds."""
    at = clock.now() + timedelta(seconds=3)
    with here.app.app_context(), writing():
        scope_to(None)

        db.session.execute(update(ExamSession).where(ExamSession.ref == session).values(opens_at=at))
    took: list[float] = [0.0] * len(ready)
    forms = [one.browser.page.form("/begin$") for one in ready]
    dice, bell = random.Random(1), time.monotonic() + 3.05

    def begin(place: int, late: float) -> None:
        one = ready[place]
        time.sleep(max(0.0, bell + late - time.monotonic()))
        began = time.monotonic()
        moved = one.browser.post(forms[place])
        page = one.browser.get(moved.location)
        took[place] = time.monotonic() - began
        assert page.text.count('data-kind="') > 10, page.text[:300]

    threads = [threading.Thread(target=begin, args=(place, dice.random() * jitter)) for place in range(len(ready))]
    before = cpu_of({web}, all_stats())
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Rung(took, cpu_of({web}, all_stats()) - before, len(ready[0].browser.page.text))


def measure(instance: Path, database: Server | None, count: int, jitter: float, workers: int) -> Rung:
    """Everything for one engine."""
    port = free_port()
    here = world.make(instance, port, database.fresh_database() if database else None, count)
    session, ready = announce(here), candidates(port, here.accounts, room=3)
    with served(here.app, port, workers) as web:
        wait_for_the_bell(here, session, ready)
        return ring(here, session, web, ready, jitter)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bell", description="Everybody begins at the bell.")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument(
        "--jitter", type=float, default=0.8, help="seconds within which the pages begin, as the waiting room does"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    options = parser.parse_args()
    for line in machine.describe():
        click.echo(line)
    with tempfile.TemporaryDirectory(prefix="ip-auditorium-bell-") as made:
        for engine in options.engines:
            load = machine.load()
            if engine == "sqlite":
                rung = measure(Path(made) / engine, None, options.people, options.jitter, options.workers)
            else:
                with server(Path(made)) as running:
                    rung = measure(Path(made) / engine, running, options.people, options.jitter, options.workers)
            click.echo(f"{NAMES[engine]}: {rung.says()}; load {load} before")


if __name__ == "__main__":
    main()
