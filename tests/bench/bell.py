"""The bell: everybody of a session, waiting and ready, begins in the same second and wants the first page."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from app import clock
from app.accounts.services import people, sessions
from app.cohorts import services as cohorts
from app.exams import services as exams
from app.exams.models import ExamSession
from app.office.services.demonstration import CODE
from app.store import db, scope_to, writing
from tests.bench.figures import percentile
from tests.bench.measure import Meter
from tests.bench.steps import Candidate
from tests.bench.world import World

HEAD = [
    "Database",
    "Candidates",
    "Refused",
    "Median s",
    "95 % s",
    "Last s",
    "CPU ms site",
    "CPU ms database",
    "Page kB as it travels",
]
SPECIFICATION = "ccaa2025-practice"  # 65 questions, so that nobody can say that the paper was short


@dataclass(frozen=True)
class Rung:
    """One start: seconds from each candidate's own click to the whole first page, how many got none at the first
    click, and the CPU that it took in all.
    """

    took: list[float]
    refused: int
    cpu: float
    database: float
    size: int

    def row(self, name: str) -> list[str]:
        """The figures of one engine."""
        count = len(self.took) + self.refused
        waits = [f"{percentile(self.took, share):.2f}" for share in (0.5, 0.95, 1)]
        each = [f"{1000 * cpu / count:.1f}" for cpu in (self.cpu, self.database)]
        return [name, str(count), str(self.refused), *waits, *each, f"{self.size / 1000:.1f}"]


def announce(here: World) -> str:
    """A session for the running class that opens in an hour; its waiting room is open. Returns its reference."""
    with here.app.app_context():
        scope_to(None)
        base = people.find_base_by_code(CODE)
        running = max(cohorts.list_cohorts(), key=lambda row: row.people)
        assert base is not None
        with writing():
            return exams.create_session(
                key=secrets.token_hex(16), cohort_id=running.cohort.id, specification=SPECIFICATION,
                title_zh="齐开", title_en="All at once", opens_at=clock.now() + timedelta(minutes=50),
                closes_at=clock.now() + timedelta(hours=5), by=None,
            ).ref  # fmt: skip


def signed_in(here: World, ready: Sequence[Candidate]) -> None:
    """Give everybody a session, without the price of a password."""
    with here.app.app_context():
        scope_to(None)
        for one in ready:
            person = people.find_person_id(one.account)
            assert person is not None
            with writing():
                one.browser.cookies["auditorium"] = sessions.open_session(person, agent="bench")


def come_in(one: Candidate, session: str) -> None:
    """Come into the waiting room, where the paper is made, and give what is asked there."""
    page = one.browser.get("/exams")
    came = one.browser.post(page.form(rf"/exams/{session}/sitting$"), nonce=secrets.token_hex(16))
    one.ref = came.location.split("/")[2]
    page = one.browser.get(f"/sittings/{one.ref}/notice")
    one.browser.post(page.form("/begin$"), accept="y", mine="y")
    one.browser.get(f"/sittings/{one.ref}/notice")


def open_at(here: World, session: str, seconds: float) -> None:
    """Let the session open in so many seconds."""
    with here.app.app_context(), writing():
        scope_to(None)
        at = clock.now() + timedelta(seconds=seconds)
        db.session.execute(update(ExamSession).where(ExamSession.ref == session).values(opens_at=at))


def ring(meter: Meter, here: World, session: str, ready: Sequence[Candidate], jitter: float) -> Rung:
    """Open the session, and let everybody begin within `jitter` seconds, as the script of the waiting room does."""
    open_at(here, session, 3)
    took: list[float] = [0.0] * len(ready)
    forms = [one.browser.page.form("/begin$") for one in ready]
    dice, bell = random.Random(1), time.monotonic() + 3.05

    def begin(place: int, late: float) -> None:
        one = ready[place]
        time.sleep(max(0.0, bell + late - time.monotonic()))
        began = time.monotonic()
        with suppress(RuntimeError, OSError):  # an answer of another status, or none: counted below
            page = one.browser.get(one.browser.post(forms[place]).location)
            took[place] = time.monotonic() - began if page.text.count('data-kind="') > 10 else 0.0

    threads = [threading.Thread(target=begin, args=(place, dice.random() * jitter)) for place in range(len(ready))]
    before = meter.read()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = meter.read()
    served = [seconds for seconds in took if seconds]
    return Rung(
        served,
        len(took) - len(served),
        after[0] - before[0],
        after[1] - before[1],
        max(one.browser.page.travelled for one in ready),
    )
