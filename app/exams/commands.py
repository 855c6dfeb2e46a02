"""Commands of the exam room: announce a session, and hold sealed minutes to the journals."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup

from app import clock
from app.exams import services
from app.exams.services.minutes import check_minutes, get_minutes
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


@cli.command("minutes")
@click.argument("session")
@click.option("--check", is_flag=True, help="Work the root out anew from every answer, and say equal or where not.")
def minutes(session: str, check: bool) -> None:
    """Say who signed the minutes of a session (its reference), and with --check whether they still hold."""
    found = services.get_session(session)
    signed = get_minutes(found).signed
    if signed is None or signed.second_by is None:
        raise click.ClickException("These minutes are not sealed: a signature is missing.")
    click.echo(f"signed by {signed.first_name} at {signed.first_at.isoformat()}")
    click.echo(f"signed by {signed.second_name} at {signed.second_at.isoformat() if signed.second_at else ''}")
    click.echo(f"root   {signed.root}")
    if check:
        _check(found)


def _check(session: Any) -> None:
    done = check_minutes(session)
    click.echo(f"today  {done.root}")
    for one in done.differences:
        click.echo(f"sitting {one.ref}: {one.what}" + (f" at line {one.line}" if one.line else ""))
    if not done.digest_holds:
        click.echo("the minutes are not what was sealed")
    if not done.in_ledger:
        click.echo("the journal of the site has no such seal")
    click.echo(f"equal: {done.sittings} journals" if done.holds else "not equal")
    if not done.holds:
        raise click.exceptions.Exit(1)
