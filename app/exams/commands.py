"""Commands of the exam room: announce a session."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click
from flask.cli import AppGroup

from app import clock
from app.exams import services
from app.store import writing

cli = AppGroup("exams", help="Exam sessions and their papers.")


@cli.command("open-session")
@click.argument("cohort", type=int)
@click.argument("specification")
@click.option("--title-zh", default="结业考试", show_default=True)
@click.option("--title-en", default="Final exam", show_default=True)
@click.option("--hours", default=8, show_default=True, help="How long the window stays open from now.")
def open_session(cohort: int, specification: str, title_zh: str, title_en: str, hours: int) -> None:
    """Announce a session of a specification for the cohort with this id; its window opens now."""
    opens_at = clock.now().replace(microsecond=0)
    with writing():
        session = services.create_session(
            key=secrets.token_hex(16), cohort_id=cohort, specification=specification, title_zh=title_zh,
            title_en=title_en, opens_at=opens_at, closes_at=opens_at + timedelta(hours=hours), by=None,
        )  # fmt: skip
        click.echo(session.ref)
