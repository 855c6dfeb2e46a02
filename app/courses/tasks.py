"""Background work of the courses: notes that were deleted long ago are forgotten, and handouts made long ago."""

from __future__ import annotations

from datetime import timedelta

from app import clock
from app.courses import services
from app.files.services import forget_made
from app.jobs.registry import every
from app.store import writing


@every(seconds=3600)
def forget_notes() -> None:
    """Remove deleted notes for good once nobody can bring them back."""
    with writing():
        services.forget_deleted_notes()


@every(seconds=24 * 3600)
def forget_handouts() -> None:
    """Delete handouts made two months ago: most are of a text that has changed, and the others are made anew."""
    forget_made("handouts", clock.now() - timedelta(days=60))
