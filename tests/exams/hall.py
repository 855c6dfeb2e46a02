"""The hall of a whole session: 30 candidates, four people of the staff, the clock on the wall, and a judge of PDFs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.accounts.models import Person
from app.accounts.services import people
from app.cohorts.models import Cohort
from app.exams.models import ServiceBeat, Sitting
from app.exams.services.downtime import WEB
from app.store import db, writing
from tests.exams import rooms
from tests.exams.crowd import PASSWORD, Candidate, Visitor
from tests.exams.pools import bank

BELL = rooms.NOW
MINUTE = timedelta(minutes=1)
EASED, ABSENT, OFFLINE, TOO_LATE, MOVED, EXTENDED, PAPER, FORCED, LEAVER, PHONE, SLEEPER = range(11)
"""The numbers of those candidates to whom something happens."""
STAFF = {"officer": "exam-officer", "second": "exam-officer", "watch": "invigilator", "other": "invigilator"}


@dataclass
class Hall:
    """Everybody of the session, and the clock on the wall."""

    app: Flask
    folder: Path
    staff: dict[str, Visitor]
    crowd: list[Candidate]
    invigilators: list[int]
    cohort: int
    ref: str = ""
    code: str = ""
    wall: ExitStack = field(default_factory=ExitStack)

    def at(self, minutes: float) -> None:
        """It is so many minutes after the bell, and the site has been alive all the time."""
        self.wall.close()
        self.wall.enter_context(clock.frozen(BELL + minutes * MINUTE))
        with writing():
            db.session.merge(ServiceBeat(name=WEB, at=clock.now()))

    @property
    def came(self) -> list[Candidate]:
        """All but the one who never comes."""
        return [one for number, one in enumerate(self.crowd) if number != ABSENT]

    def those(self, *but: int) -> list[Candidate]:
        """All who came but these."""
        return [one for number, one in enumerate(self.crowd) if number not in {ABSENT, *but}]

    @property
    def page(self) -> str:
        """The address of the session."""
        return f"/exam-sessions/{self.ref}"

    def counts(self) -> dict[str, int]:
        """What the desk says."""
        found: dict[str, int] = json.loads(self.staff["watch"].get(f"{self.page}/desk/seats").text)["counts"]
        return found

    def row(self, number: int) -> Sitting:
        """The sitting of a candidate as it is stored."""
        return db.session.scalars(select(Sitting).where(Sitting.ref == self.crowd[number].ref)).one()

    def pdf(self, response: TestResponse, *words: str) -> None:
        """A PDF that qpdf has nothing to say against and that holds these words."""
        file = self.folder / "printed.pdf"
        file.write_bytes(response.data)
        subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
        said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
        for word in words:
            assert word in said, (word, said[:2000])


@pytest.fixture
def hall(db_app: Flask, tmp_path: Path) -> Iterator[Hall]:
    with clock.frozen(BELL - timedelta(days=1)):
        with writing():
            base = rooms.base()
            cohort = rooms.cohort(rooms.programme(base.id))
            rooms.specification()
            rooms.stock(bank(120))
            staff = {}
            for name, role in STAFF.items():
                staff[name] = people.add_person(account=name, name=f"Staff {name}", password=PASSWORD)
                people.grant(person_id=staff[name], role=role, base_id=base.id, by=None)
            for number in range(30):
                who = people.add_person(account=f"p{number:02d}", name=f"Candidate p{number:02d}", password=PASSWORD)
                people.grant(person_id=who, role="trainee", base_id=base.id, by=None)
                rooms.enrol(
                    db.session.get_one(Cohort, cohort.id),
                    db.session.get_one(Person, who),
                    f"2026-01-{number:04d}",
                )
            cohort_id = cohort.id
        made = Hall(
            db_app, tmp_path, {name: Visitor(db_app, name) for name in STAFF},
            [Candidate(db_app, f"p{number:02d}") for number in range(30)], [staff["watch"], staff["other"]], cohort_id,
        )  # fmt: skip
        with made.wall:
            yield made
