"""Background work of the exam room: the secret of a session goes to the ledger once the session is over."""

from __future__ import annotations

from app import clock
from app.exams import services
from app.jobs.registry import every
from app.store import writing


@every(seconds=60)
def reveal_secrets() -> None:
    """Reveal what is due, one session a transaction."""
    for session_id in services.sessions_to_reveal(clock.now()):
        with writing():
            services.reveal_secret(session_id)
