"""Background work of the exam room: papers are made before the start, the secret of a session is told after its end."""

from __future__ import annotations

from typing import Any

from app import clock
from app.exams import services
from app.exams.services.papers import make_paper, papers_missing
from app.jobs.registry import every, task
from app.refusals import NotFound
from app.store import writing


@every(seconds=60)
def reveal_secrets() -> None:
    """Reveal what is due, one session a transaction."""
    for session_id in services.sessions_to_reveal(clock.now()):
        with writing():
            services.reveal_secret(session_id)


@every(seconds=2)
def watch_clock() -> None:
    """Raise an alarm when the machine's clock has stepped, and take it back when it agrees again."""
    parted = clock.parted()
    if not services.open_alarms() and abs(parted) < clock.Steady.LIMIT:
        return
    with writing():
        services.note_clock(parted)


@task(services.CREDIT)
def credit_outage(payload: dict[str, Any]) -> None:
    """Give an outage back to everybody whom it touched."""
    with writing():
        services.credit_outage(payload["outage"])


@task("exams.papers")
def make_papers(payload: dict[str, Any]) -> None:
    """Make the papers that are missing, one a transaction, so that nobody who comes in meanwhile has to wait."""
    for person_id in papers_missing(payload["session"]):
        with writing():
            make_paper(payload["session"], person_id)


@every(seconds=60)
def ask_for_trials() -> None:
    """Ask for the dry draws of specifications that were published, or whose bank was changed, since the last."""
    if services.untried():
        with writing():
            services.ask_for_trials()


@task(services.TRIAL)
def try_specification(payload: dict[str, Any]) -> None:
    """Make and keep the report on a specification (by code) as the bank is now; no transaction is open meanwhile."""
    try:
        tried = services.try_draws(str(payload["specification"]))
    except NotFound:  # retired since it was asked for
        return
    with writing():
        services.keep_trial(tried)


@task("exams.feasibility")
def report_feasibility(payload: dict[str, Any]) -> None:
    """Make and keep the report of a thousand dry draws: {specification, pool}, both hashes. No transaction is open."""
    specification, pool = str(payload["specification"]), str(payload["pool"])
    if not services.is_reported(specification, pool):
        facts = services.make_report(specification, pool)
        with writing():
            services.keep_report(specification, pool, facts)
