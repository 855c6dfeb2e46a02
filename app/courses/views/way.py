"""Screens of the way through a course: my study time by day, and a lesson that is still closed."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app import clock
from app.accounts.guards import actor, needs
from app.cohorts.attendance import STATES
from app.courses.services import times
from app.courses.views.door import bp


@bp.get("/learn/courses/<string:code>/time")
@needs("learn")
def time(code: str) -> Any:
    """My study time by day: what counted, what did not and why; live sessions apart."""
    page = times.my_time(actor().person_id, code)
    return render_template("courses/time.html", page=page, code=code, states=STATES, at=clock.now())
