"""The sequencer 定序: every second, what was recorded takes its place in the tree."""

from __future__ import annotations

from app.jobs.registry import every
from app.ledger import services
from app.store import writing


@every(seconds=1)
def sequence() -> None:
    """Integrate waiting entries and sign the new head."""
    while services.waiting():
        with writing():
            services.integrate()
