"""Issuing certificates as the worker does: claim a job, run it, in a process that serves nobody."""

from __future__ import annotations

from flask import Flask

from app.jobs import services as jobs
from app.store import db, scope_to, writing
from tests.bench.figures import together
from tests.bench.measure import Meter

ISSUE = "Certificate issue"


def issue(meter: Meter, app: Flask, count: int) -> None:
    """Run the two jobs of each of `count` decisions: prepare the claims; draw, sign and store the file."""

    def run_next() -> None:
        with app.app_context():
            scope_to(None)
            with writing():
                (job,) = jobs.claim(limit=1)
            jobs.run(job)
            db.session.remove()

    prepared = meter.here("– claims, number, rules (job)", [run_next] * count)
    signed = meter.here("– drawn, signed, stored (job)", [run_next] * count)
    meter.figures.insert(meter.figures.index(prepared), together(ISSUE, [prepared, signed]))
    with app.app_context():
        assert not jobs.anything_due()
