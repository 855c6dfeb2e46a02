"""Asking for work and doing it: the row is written in the asker's transaction, so nothing rolled back is ever run."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from app import clock
from app.jobs.models import Job
from app.jobs.registry import TASKS
from app.store import db, is_sqlite, writing

log = logging.getLogger("app.jobs")

LEASE = timedelta(minutes=5)
TRIES = 8


def ask(*, kind: str, key: str, payload: Mapping[str, Any], after: datetime | None = None) -> None:
    """Ask for work in the current transaction; a key that was asked for before is not asked for again."""
    if db.session.scalar(select(Job.id).where(Job.key == key)) is None:
        at = clock.now()
        db.session.add(Job(kind=kind, key=key, payload=dict(payload), after=after or at, asked_at=at))
        db.session.flush()


def claim(limit: int = 20) -> list[int]:
    """Take due jobs (waiting, or running with a lease that ran out) for this worker; ids in order of asking."""
    at = clock.now()
    due = or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < at))
    statement = select(Job).where(due, Job.after <= at).order_by(Job.id).limit(limit)
    if not is_sqlite():
        statement = statement.with_for_update(skip_locked=True)
    jobs = db.session.scalars(statement).all()
    for job in jobs:
        job.state, job.lease_until, job.tries = "running", at + LEASE, job.tries + 1
    return [job.id for job in jobs]


def anything_due() -> bool:
    """Whether a claim would find work; cheap enough to ask every second."""
    at = clock.now()
    due = or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < at))
    return db.session.scalar(select(Job.id).where(due, Job.after <= at).limit(1)) is not None


def run(job_id: int) -> None:
    """Run a claimed job to its end; a failure is kept with the row and tried again later, 8 times in all.

    Raises what the job raised, after the row was written, so that the caller can log it.
    """
    job = db.session.get(Job, job_id)
    if job is None or job.state != "running":
        return
    kind, payload, tries = job.kind, dict(job.payload), job.tries
    try:
        TASKS[kind](payload)
    except Exception as error:
        with writing():
            _put_off(job_id, tries, error)
        raise
    with writing():
        db.session.execute(update(Job).where(Job.id == job_id).values(state="done", done_at=clock.now(), trouble=None))


def run_everything_due() -> int:
    """Run due jobs here and now until none is left; for set-up, commands and tests. Returns how many ran."""
    done = 0
    while anything_due():
        with writing():
            ids = claim()
        for job_id in ids:
            try:
                run(job_id)
            except Exception:  # the row keeps the trouble and the job is tried again; others must not wait for it
                log.exception("job failed", extra={"job": job_id})
            done += 1
    return done


def resume() -> None:
    """Give back what a dead worker had claimed; only where this worker is the only one."""
    db.session.execute(update(Job).where(Job.state == "running").values(state="waiting", lease_until=None))


def _put_off(job_id: int, tries: int, error: Exception) -> None:
    gone = tries >= TRIES
    db.session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(
            state="failed" if gone else "waiting",
            after=clock.now() + timedelta(seconds=min(2**tries, 300)),
            trouble=type(error).__name__,
        )
    )
