"""Commands of cohorts 培训班: flask cohorts add-programme | open | enrol | appoint-teacher | set-rules | rules."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from fractions import Fraction

import click
from flask.cli import AppGroup

from app.accounts.commands import base_id_of, person_id_of
from app.cohorts import services
from app.cohorts.content import presets
from app.cohorts.presets import KINDS
from app.cohorts.study_rules import ORDERS, TRIES, Rules, to_content
from app.standards.editions import editions
from app.store import writing

cli = AppGroup("cohorts", help="Programmes, classes and who is enrolled.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@cli.command("presets")
def list_presets() -> None:
    """List the programmes that a base can offer as they stand."""
    for one in presets().values():
        exam = f"exam {one.specification}" if one.specification else "no exam"
        click.echo(f"{one.code}: {one.title['en']}; course {one.course}, {one.hours} class hours, {exam}")


@cli.command("add-programme")
@click.argument("base")
@click.argument("code")
@click.option("--preset", help="Take what is not given from a preset (flask cohorts presets).")
@click.option("--kind", type=click.Choice(KINDS))
@click.option("--title-zh")
@click.option("--title-en")
@click.option("--edition", type=click.Choice(sorted(editions())), help="The edition in force if not given.")
@click.option("--course", help="Code of a loaded course, e.g. internal-auditor.")
@click.option("--bank", help="Code of a loaded bank, e.g. gbt29490-2023.")
@click.option("--specification", help="Code of a specification of the bank, e.g. internal-auditor-2023.")
@click.option("--hours", type=click.IntRange(1), help="Class hours that the certificate states.")
@click.option(
    "--hours-required",
    type=click.IntRange(0),
    help="Class hours of study before the certificate; those stated if not given.",
)
@click.option("--validity-months", type=click.IntRange(1), help="36 if neither this nor a preset is given.")
@click.option("--attempts", type=click.IntRange(1), help="2 if neither this nor a preset is given.")
def add_programme(base: str, code: str, preset: str | None, **given: object) -> None:
    """Add a programme to a training base, from a preset or field by field."""
    facts = {**_from_preset(preset), **{name: value for name, value in given.items() if value is not None}}
    default = next(iter(presets().values()))
    examined = facts.get("kind") != "study"
    needed = ["kind", "title_zh", "title_en", "course", "hours", *(["bank", "specification"] if examined else [])]
    missing = ["--" + name.replace("_", "-") for name in needed if not facts.get(name)]
    if missing:
        raise click.ClickException(f"Give {', '.join(missing)}, or a --preset that has them.")
    facts = {"bank": "", "specification": "", "validity_months": 36, "attempts": 2, "edition": default.edition, **facts}
    facts.setdefault("hours_required", facts["hours"])  # a certificate states no hours that nobody had to study
    with writing():
        made = services.add_programme(base_id=base_id_of(base), code=code, by=None, **facts)  # type: ignore[arg-type]
    click.echo(f"programme {made} added")


def _from_preset(code: str | None) -> dict[str, object]:
    if code is None:
        return {}
    found = presets().get(code)
    if found is None:
        raise click.ClickException(f"There is no preset “{code}”. There are: {', '.join(presets())}.")
    own = {name: value for name, value in asdict(found).items() if name not in {"code", "title"}}
    return {**own, "title_zh": found.title["zh_CN"], "title_en": found.title["en"]}


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
