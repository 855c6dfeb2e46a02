"""Where a trainee stands: the latest fact decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from app.office.standing import LABELS, Facts, standing

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FRESH, OLD = NOW - timedelta(days=6), NOW - timedelta(days=8)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(0, 7, None), "new"),
        (Facts(3, 7, FRESH), "learning"),
        (Facts(3, 7, OLD), "behind"),
        (Facts(7, 7, OLD), "done"),
        (Facts(0, 0, FRESH), "learning"),
        (Facts(7, 7, OLD, "open"), "sitting"),
        (Facts(7, 7, OLD, "closed"), "marking"),
        (Facts(7, 7, OLD, "closed", "provisional"), "marking"),
        (Facts(7, 7, OLD, "closed", "final", True, Fraction(80)), "passed"),
        (Facts(7, 7, OLD, "closed", "final", False, Fraction(50)), "failed"),
        (Facts(7, 7, OLD, "closed", "final", True, Fraction(80), "N"), "certified"),
    ],
)
def test_standing(facts: Facts, expected: str) -> None:
    assert standing(facts, NOW) == expected


def test_every_standing_has_its_word() -> None:
    assert set(LABELS) == {"new", "learning", "behind", "done", "sitting", "marking", "failed", "passed", "certified"}
