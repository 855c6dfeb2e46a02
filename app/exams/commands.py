"""Commands of the exam room: announce a session, try its papers, draw them again, hold minutes to the journals."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import AppGroup

from app import clock
from app.exams import services
from app.exams.assembly.redraw import Checked, check
from app.exams.services.minutes import check_minutes, get_minutes
from app.refusals import Refusal
from app.store import Unreachable, writing

T = TypeVar("T")
cli = AppGroup("exams", help="Exam sessions and their papers.")


@cli.command("open-session")
@click.argument("cohort", type=int)
@click.argument("specification")
@click.option("--title-zh", default="结业考试", show_default=True)
@click.option("--title-en", default="Final exam", show_default=True)
@click.option("--hours", default=8, show_default=True, help="How long the window stays open.")
def open_session(cohort: int, specification: str, title_zh: str, title_en: str, hours: int) -> None:
    """Announce a session of a specification for the cohort with this id; its window opens in a minute."""
    opens_at = clock.now().replace(microsecond=0) + timedelta(minutes=1)
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


@cli.command("dry-run")
@click.argument("specification")
@click.option("--forms", default=30, show_default=True, type=click.IntRange(1, 10_000), help="How many papers.")
@click.option("--seed", default="dry run", show_default=True, help="The same text gives the same papers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/fair-papers.md) and nothing else.")
def dry_run(specification: str, forms: int, seed: str, as_json: bool) -> None:
    """Draw papers of SPECIFICATION that nobody sits, from the bank as it is now; nothing is stored."""
    facts = _or_fail(lambda: services.dry_run(specification, forms, seed))
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    scores = [form["expected_at_cut"] for form in facts["forms"]]
    click.echo(f"{specification}: cut {facts['cut']} of {facts['max_marks']} marks, {forms} papers")
    for number, form in enumerate(facts["forms"], 1):
        click.echo(f"  {number}: expected at the cut {form['expected_at_cut']:.2f} ± {form['se']:.2f}")
    click.echo(f"Between the papers: {min(scores):.2f} to {max(scores):.2f}")


@cli.command("feasibility")
@click.argument("specification")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def feasibility(specification: str, as_json: bool) -> None:
    """Make 1,000 dry draws of SPECIFICATION from the bank as it is now; exit 1 if it cannot be filled."""
    facts = _or_fail(lambda: services.try_draws(specification).report)
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(_told(specification, facts)))
    if "refusal" in facts:
        raise SystemExit(1)


def _told(specification: str, facts: dict[str, Any]) -> list[str]:
    lines = [f"{specification}: {facts['draws']} dry draws from {facts['items']} items ({facts['algorithm']})"]
    lines += [f"  thin: {one['dimension']} {one['value']}: {one['asked']} of {one['stock']}" for one in facts["thin"]]
    lines += [
        f"  crowded: {one['dimension']} {one['value']}: {one['asked']:.1f} of {one['stock']}"
        for one in facts.get("crowded", [])
    ]
    if "refusal" in facts:
        missing = facts["refusal"]
        return [
            *lines,
            f"  cannot be filled: {missing['missing']} missing for {missing['dimension']} {missing['value']}",
        ]
    expected, top = facts["expected"], facts["exposure"][0]
    return [
        *lines,
        f"  outside of tolerance: {facts['outside']}",
        f"  expected score at the cut: {expected['least']:.2f} to {expected['most']:.2f}, aimed at"
        f" {expected['target']:.2f}; standard error of one paper {facts['se']:.2f}",
        f"  exposure: {top['id']} on {top['share']:.0%} of the papers, {facts['over_cap']} items above"
        f" {facts['cap']:.0%}, {facts['unused']} on none",
        f"  overlap of two papers: {facts['overlap']['mean']:.1f} items on average, {facts['overlap']['most']} at most",
        f"  time of a draw: {facts['ms']['median']:.1f} ms in the middle, {facts['ms']['p99']:.1f} ms for 99 of 100",
    ]


@cli.command("snapshot")
@click.argument("session")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def snapshot(session: str, file: Path) -> None:
    """Write SESSION to FILE, with which anybody draws its papers again (scripts/redraw.py); after the secret is out."""
    facts = _or_fail(lambda: services.snapshot(services.get_session(session)))
    file.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"{file}: {len(facts['sittings'])} papers from {len(facts['pool'])} items")


@cli.command("redraw")
@click.argument("session", required=False)
@click.option("--snapshot", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Check this file instead; the database is not asked.")  # fmt: skip
@click.option("--staff", help="Account of an exam officer, who may have it checked before the secret is out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def redraw(session: str | None, file: Path | None, staff: str | None, as_json: bool) -> None:
    """Draw every paper of SESSION again; say equal or where not, and exit 1 if one is not."""
    if (session is None) == (file is None):
        raise click.UsageError("Name a session or a snapshot.")
    checked = _of_file(file) if file is not None else _of_session(session or "", staff)
    different = sum(not one.equal for one in checked)
    if as_json:
        rows = [{"subject": one.subject, "equal": one.equal, "differs": list(one.differs)} for one in checked]
        click.echo(json.dumps({"equal": not different, "checked": rows}))
    else:
        for one in checked:
            click.echo(f"{one.subject}: {'equal' if one.equal else 'differs in ' + ', '.join(one.differs)}")
    if different:
        raise SystemExit(1)


def _of_file(file: Path) -> list[Checked]:
    try:
        return check(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from None


def _of_session(session: str, staff: str | None) -> Sequence[Checked]:
    def work() -> Sequence[Checked]:
        with writing():
            found = services.get_session(session)
            return services.redraw(found, staff=services.find_officer(staff, found) if staff else None)

    return _or_fail(work)


def _or_fail(work: Callable[[], T]) -> T:
    try:
        return work()
    except Refusal as refusal:
        raise click.ClickException(" ".join(filter(None, (str(refusal), refusal.kept, refusal.todo)))) from None
    except Unreachable as error:
        message = f"The database cannot be used: {error.orig}. Nothing was changed. “flask site setup” sets it up."
        raise click.ClickException(message) from None
