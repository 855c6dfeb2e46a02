"""Making an installation ready: database, content, keys and, for a trial, a demonstration; a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.config import Config
from flask import Flask

from app.banks import services as banks
from app.courses import services as courses
from app.courses.services import exercises
from app.jobs import services as jobs
from app.ledger import services as ledger
from app.office.services import demonstration
from app.refusals import N_, Refusal
from app.settings import ROOT
from app.store import db, scope_to, settings, writing
from app.web import readiness

Say = Callable[[str], Any]


class DemonstrationInProduction(Refusal):
    """The published accounts of the demonstration would be open to everybody."""

    message = N_("This installation holds the demonstration, whose accounts and password are published.")
    todo = N_("Start production with an instance folder and a database of its own.")


def prepare(app: Flask, say: Say, *, demo: bool) -> None:
    """Bring the installation to the present state, saying what is done. Content with a finding stops it unchanged."""
    with app.app_context():
        scope_to(None)
        if "migrations" in readiness.missing():
            say("database: migrating")
            migrate()
        if settings().production and demonstration.exists():
            raise DemonstrationInProduction
        say("question banks: " + load_banks())
        say("courses: " + load_courses())
        if demo and not settings().production and not demonstration.exists():
            say("demonstration: making a training base with 30 trainees")
            demonstration.make(say)
        finish()


def migrate() -> None:
    """Apply the migrations that are missing."""
    db.session.remove()
    config = Config()
    config.set_main_option("script_location", str(ROOT / "app" / "migrations"))
    command.upgrade(config, "head")


def load_banks() -> str:
    """Load every bank under question_banks/."""
    with writing():
        return str(banks.load_all(ROOT / "question_banks"))


def load_courses() -> str:
    """Load every course and every practical audit under courses/."""
    with writing():
        said = [
            f"{one.course}: {one.lessons} lessons, {'new' if one.new else 'unchanged'}"
            for one in courses.load_courses(ROOT / "courses")
        ]
        said += [
            f"{one.exercise}: {one.tasks} tasks, {'new' if one.new else 'unchanged'}"
            for one in exercises.load_exercises(ROOT / "courses")
        ]
        return "; ".join(said)


def finish() -> None:
    """Run what was asked for and give every ledger entry its place."""
    jobs.run_everything_due()
    while ledger.waiting():
        with writing():
            ledger.integrate()
