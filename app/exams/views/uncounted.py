"""The staff's page of what arrived for a sitting and does not count."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template

from app.accounts.guards import needs
from app.exams import services
from app.exams.naming import REFUSED
from app.exams.views.door import bp, watched_session


@bp.get("/exam-sessions/sittings/<string(length=32):ref>/uncounted")
@needs("sessions.watch")
def uncounted(ref: str) -> Any:
    """Late answers and refused entries of one sitting; nothing of the key."""
    seat = services.get_seat(ref)
    assert seat.sitting is not None
    session = watched_session(services.get_session_by_id(seat.sitting.session_id).ref)
    return render_template(
        "exams/uncounted.html", seat=seat, session=session,
        late=services.late_answers(ref), refused=services.refused_entries(ref), reasons=REFUSED,
        readable=_readable,
    )  # fmt: skip


def _readable(content: str) -> str:
    """What was sent, with Chinese as Chinese however it was stored."""
    try:
        return json.dumps(json.loads(content), ensure_ascii=False)
    except (ValueError, RecursionError):
        return content
