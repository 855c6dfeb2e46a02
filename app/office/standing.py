"""Where a trainee stands 状态 in a class, from the facts of study, exam and certificate; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from app.refusals import N_

IDLE = timedelta(days=7)

LABELS: dict[str, tuple[str, str, str]] = {
    "new": (N_("Not started"), "neutral", "circle"),
    "learning": (N_("Studying"), "neutral", "book-open"),
    "behind": (N_("Behind schedule"), "warn", "triangle-alert"),
    "done": (N_("Course done"), "info", "circle-check"),
    "sitting": (N_("Sitting the exam"), "info", "clock"),
    "marking": (N_("Being marked"), "info", "square-pen"),
    "failed": (N_("Not passed"), "danger", "circle-x"),
    "passed": (N_("Passed"), "ok", "circle-check"),
    "certified": (N_("Certificate issued"), "ok", "award"),
}
"""Each standing with its word, the kind of its tag and its icon."""


@dataclass(frozen=True)
class Facts:
    """What is known of one trainee: lessons done of all, when last seen, the newest sitting and result, a certificate."""

    done: int
    lessons: int
    seen_at: datetime | None
    sitting: str | None = None
    result: str | None = None
    passed: bool | None = None
    total: Fraction | None = None
    certificate: str | None = None


def standing(facts: Facts, now: datetime) -> str:
    """One of LABELS. What came last counts: certificate, result, sitting, study."""
    if facts.certificate:
        return "certified"
    if facts.result == "final":
        return "passed" if facts.passed else "failed"
    if facts.sitting is not None:
        return "marking" if facts.sitting == "closed" else "sitting"
    return _studying(facts, now)


def _studying(facts: Facts, now: datetime) -> str:
    if facts.seen_at is None:
        return "new"
    if facts.lessons and facts.done >= facts.lessons:
        return "done"
    return "behind" if facts.seen_at < now - IDLE else "learning"
