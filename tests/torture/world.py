"""An exam room that is tortured: real papers from a made-up bank, candidates signed in, the clock running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from app import clock, create_app
from app.accounts.services import people, sessions
from app.exams import services
from app.exams.models import Sitting
from app.store import db, scope_to, writing
from tests.exams import rooms

WRITER = "a" * 32


@dataclass(frozen=True)
class Seat:
    """One candidate's sitting; `kinds` are those of its slots in order."""

    ref: str
    sitting: int
    person: int
    token: str
    kinds: tuple[str, ...]


@dataclass
class World:
    """An installation with its application in this process and the seats of its one session."""

    app: Flask
    room: rooms.Room
    seats: list[Seat]

    @property
    def database(self) -> str:
        """The file of the embedded database."""
        with self.app.app_context():
            return db.engine.url.database or ""


def make(folder: Path, port: int, url: str | None, count: int, **session: Any) -> World:
    """Tables from the models, one session that is open for hours, and `count` candidates who have begun."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"database_url": url} if url else {}
    app = create_app(instance_path=folder, origin=f"http://127.0.0.1:{port}", **options)
    with app.app_context():
        db.create_all()
        scope_to(None)
        at = clock.now()
        times = {"opens_at": at - timedelta(hours=1), "closes_at": at + timedelta(hours=12), "minutes": 600}
        room = rooms.whole_room(people=count, **{**times, **session})
        with writing():
            for person in room.people:
                people.grant(person_id=person, role="trainee", base_id=room.base, by=None)
        seats = [begin(room, person) for person in room.people]
        db.session.remove()
        db.engine.dispose()
    return World(app, room, seats)


def begin(room: rooms.Room, person: int) -> Seat:
    """The person's sitting, begun, with the pen given to WRITER and a signed-in session."""
    with writing():
        ref = services.prepare_sitting(room.session, person).ref
    with writing():
        services.open_sitting(ref, person, "zh_CN")
        services.lease(ref, person, WRITER, take_over=False)
        token = sessions.open_session(person, agent="torture")
    sitting: Sitting = services.get_sitting(ref, person)
    return Seat(ref, sitting.id, person, token, tuple(row["kind"] for row in sitting.form))


def value(kind: str, word: str) -> Any:
    """An answer of the kind that is like no other where the kind allows it."""
    if kind == "short":
        return f"答案 {word}"
    if kind == "case":
        return {"facts": f"事实 {word}", "grade": "minor"}
    if kind == "blank":
        return [word]
    number = sum(word.encode())
    if kind == "judge":
        return ("correct", "incorrect")[number % 2]
    return ["ABC"[number % 3]] if kind == "multiple" else "ABC"[number % 3]
