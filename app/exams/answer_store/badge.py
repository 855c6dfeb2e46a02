"""The look at a signed-in session inside the statement that saves: who it is and whether the role is held, at once.

It asks what `accounts.services.sessions.find_actor` and the guard of the route ask, in the transaction that writes: a
session that was ended, an account that was closed or a role that was taken back a moment ago is refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.exams.journal import Badge

HOLDS = """
    person_id = (
        SELECT p.id FROM sign_ins AS s JOIN people AS p ON p.id = s.person_id
        WHERE s.token_hash = {session} AND s.expires_at > {at} AND s.seen_at > {seen}
          AND s.epoch = p.epoch AND p.state = 'active'
    ) AND EXISTS (
        SELECT 1 FROM grants AS g
        WHERE g.person_id = sittings.person_id AND g.role IN ({roles})
          AND (g.base_id IS NULL OR g.base_id = sittings.base_id)
          AND g.since <= {today} AND (g.until IS NULL OR g.until >= {today})
    )"""
"""A condition on a row of `sittings`; the places in braces are the driver's placeholders."""


def values(badge: Badge, at: datetime) -> dict[str, Any]:
    """What fills the places; moments and days as Python has them."""
    return {"session": badge.token_hash, "at": at, "seen": badge.seen_since, "today": at.date()}
