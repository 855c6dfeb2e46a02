"""The alarm of the server's clock: staff say that they have seen to it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.exams import services
from app.exams.forms import TokenForm
from app.exams.views.door import bp
from app.store import writing


@bp.post("/exam-sessions/clock-alarms/<int:alarm>/settled")
@needs("sessions.manage")
def settle_clock(alarm: int) -> Any:
    """Somebody has seen to the clock; a second click changes nothing."""
    if TokenForm().validate_on_submit():
        with writing():
            services.settle_clock(alarm, actor().person_id)
        flash(gettext("The alarm of the clock is settled."), "ok")
    return redirect(url_for("exams.list_sessions"), 303)
