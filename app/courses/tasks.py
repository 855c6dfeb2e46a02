"""Background work of the courses: notes that were deleted long ago are forgotten."""

from __future__ import annotations

from app.courses import services
from app.jobs.registry import every
from app.store import writing


@every(seconds=3600)
def forget_notes() -> None:
    """Remove deleted notes for good once nobody can bring them back."""
    with writing():
        services.forget_deleted_notes()
