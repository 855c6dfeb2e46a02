"""Commands of cohorts 培训班: flask cohorts add-programme | open | enrol | appoint-teacher | set-rules | rules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import click
from flask.cli import AppGroup

from app.accounts.commands import base_id_of, person_id_of
from app.cohorts import services
from app.cohorts.study_rules import ORDERS, TRIES, Rules, to_content
from app.standards.editions import editions
from app.store import writing

cli = AppGroup("cohorts", help="Programmes, classes and who is enrolled.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@cli.command("add-programme")
@click.argument("base")
@click.argument("code")
@click.option("--kind", type=click.Choice(["internal-auditor", "auditor-trainee"]), required=True)
@click.option("--title-zh", required=True)
@click.option("--title-en", required=True)
@click.option("--edition", type=click.Choice(sorted(editions())), default="gbt29490-2013", show_default=True)
@click.option("--course", required=True, help="Code of a loaded course, e.g. internal-auditor.")
@click.option("--bank", required=True, help="Code of a loaded bank, e.g. gbt29490-2013.")
@click.option("--specification", required=True, help="Code of a specification of the bank, e.g. internal-auditor.")
@click.option("--hours", type=click.IntRange(1), required=True, help="Class hours that the certificate states.")
@click.option(
    "--hours-required", type=click.IntRange(0), default=0, help="Class hours of study before the certificate."
)
@click.option("--validity-months", type=click.IntRange(1), default=36, show_default=True)
@click.option("--attempts", type=click.IntRange(1), default=2, show_default=True)
def add_programme(base: str, **facts: object) -> None:
    """Add a programme to a training base."""
    if facts["hours_required"] is None:  # a certificate states no hours that nobody had to study
        facts["hours_required"] = facts["hours"]
    with writing():
        made = services.add_programme(base_id=base_id_of(base), by=None, **facts)  # type: ignore[arg-type]
    click.echo(f"programme {made} added")


@cli.command("open")
@click.argument("programme", type=int)
@click.argument("code")
@click.option("--title-zh", required=True)
@click.option("--title-en", required=True)
@click.option("--starts", type=DAY, required=True)
@click.option("--ends", type=DAY, required=True)
def open_cohort(programme: int, code: str, title_zh: str, title_en: str, starts: date, ends: date) -> None:
    """Open a class of a programme, given by its id."""
    first, last = (day.date() for day in (starts, ends))  # type: ignore[attr-defined]
    if last < first:
        raise click.ClickException("The class ends before it starts.")
    with writing():
        made = services.open_cohort(
            programme_id=programme,
            code=code,
            title_zh=title_zh,
            title_en=title_en,
            starts_on=first,
            ends_on=last,
            by=None,
        )
    click.echo(f"class {made} opened")


@cli.command("enrol")
@click.argument("cohort", type=int)
@click.argument("account")
@click.option("--number", required=True, help="Admission number.")
@click.option("--employer", default="")
def enrol(cohort: int, account: str, number: str, employer: str) -> None:
    """Enrol a person in a class; again changes nothing."""
    with writing():
        made = services.enrol(
            cohort_id=cohort, person_id=person_id_of(account), number=number, employer=employer, by=None
        )
    click.echo(f"enrolment {made}")


@cli.command("appoint-teacher")
@click.argument("cohort", type=int)
@click.argument("account")
def appoint_teacher(cohort: int, account: str) -> None:
    """Let a person teach a class; from then on he examines none of its members."""
    with writing():
        services.appoint_teacher(cohort_id=cohort, person_id=person_id_of(account), by=None)
    click.echo("appointed")


@cli.command("set-rules")
@click.argument("cohort", type=int)
@click.option("--order", type=click.Choice(list(ORDERS)), default="free", show_default=True)
@click.option("--lessons/--no-lessons", default=False, help="All lessons are done before the exam.")
@click.option("--hours", type=click.IntRange(0, 500), default=0, help="Class hours at least, 0 for none.")
@click.option("--live-counts/--no-live-counts", default=False, help="Live sessions attended count towards them.")
@click.option("--quiz", type=click.IntRange(1, 100), default=None, help="Percent right to pass each module's quiz.")
@click.option("--tries", type=click.IntRange(1, 20), default=TRIES, show_default=True, help="Tries at a quiz in a day.")
@click.option("--attendance", type=click.IntRange(0, 100), default=0, help="Percent of the live sessions' minutes.")
@click.option("--exercise/--no-exercise", default=False, help="The practical audit is handed in.")
def set_rules(cohort: int, quiz: int | None, **facts: object) -> None:
    """Put study rules in force for a class: what is left out is not asked for; the same rules change nothing."""
    share = None if quiz is None else Fraction(quiz, 100)
    with writing():
        version = services.set_rules(cohort, Rules(quiz=share, **facts), by=None).version  # type: ignore[arg-type]
    click.echo(f"rules of class {cohort}: version {version}")


@cli.command("rules")
@click.argument("cohort", type=int)
def rules(cohort: int) -> None:
    """Print the study rules of a class."""
    services.get_cohort(cohort)
    found = services.get_rules(cohort)
    click.echo(f"version: {found.version}")
    for name, value in to_content(found.rules).items():
        click.echo(f"{name}: {value}")
