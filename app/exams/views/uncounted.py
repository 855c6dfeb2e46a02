"""The staff's page of what arrived for a sitting and does not count."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from app.accounts.guards import needs
from app.exams import services
from app.exams.views.door import bp, reader

REASONS = {
    "BadEntry": _l("It did not have the shape of an answer"),
    "TakenOver": _l("Another device or window held the exam"),
    "Closed": _l("The exam was handed in, or the time in which answers are kept was over"),
    "Flood": _l("Further refusals, counted only"),
}


@bp.get("/exam-sessions/sittings/<string(length=32):ref>/uncounted")
@needs("sessions.watch")
def uncounted(ref: str) -> Any:
    """Late answers and refused entries of one sitting; nothing of the key."""
    seat = services.get_seat(ref)
    assert seat.sitting is not None
    session = services.get_watched(services.get_session_by_id(seat.sitting.session_id).ref, reader())
    return render_template(
        "exams/uncounted.html", seat=seat, session=session,
        late=services.late_answers(ref), refused=services.refused_entries(ref), reasons=REASONS,
    )  # fmt: skip
