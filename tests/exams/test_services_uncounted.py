"""What arrived and does not count: kept, limited, and readable for staff, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.exams import services
from app.exams.services.uncounted import LONGEST_KEPT, MOST_KEPT
from app.refusals import NotFound
from app.store import writing
from tests.exams.rooms import NOW, one_sitting

pytestmark = pytest.mark.usefixtures("now")
WRITER = "w" * 32


def note(ref: str, person: int, entries: Any, reason: str = "BadEntry", epoch: Any = 1) -> None:
    with writing():
        services.note_refused(ref, person, reason, epoch, entries)


def test_refusals_are_kept_once_and_beyond_a_limit_only_counted(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    for seq in range(1, MOST_KEPT + 6):
        for _ in range(2):
            note(ref, person, [{"seq": seq, "slot": 1, "value": "Z"}])
    kept = services.refused_entries(ref)
    assert [one.reason for one in kept] == ["BadEntry"] * MOST_KEPT + ["Flood"]
    assert kept[-1].count >= 5 and kept[-1].content == ""


@pytest.mark.parametrize("epoch", [None, "x", -1, 2**40, True])
@pytest.mark.parametrize("entries", [{}, [None], [{"seq": "x"}], "x", ["x" * 3 * LONGEST_KEPT, "\ud800"], [[[]]]])
def test_whatever_a_device_sends_can_be_kept(db_app: Flask, entries: Any, epoch: Any) -> None:
    ref, person, _ = one_sitting()
    note(ref, person, entries, epoch=epoch)
    (kept,) = services.refused_entries(ref)
    assert (kept.epoch, kept.first_seq) == (0, 0)
    assert 0 < len(kept.content) <= LONGEST_KEPT


def test_nothing_is_kept_for_a_stranger_or_of_nothing(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    note(ref, person + 1, [{"seq": 1}])
    note(ref, person, [])
    note("0" * 32, person, [{"seq": 1}])
    assert services.refused_entries(ref) == []
    with pytest.raises(NotFound):
        services.refused_entries("0" * 32)
    with pytest.raises(NotFound):
        services.late_answers("0" * 32)


def test_late_answers_say_when_they_were_given_and_whether_they_count(db_app: Flask) -> None:
    ends = NOW - timedelta(seconds=30)
    ref, person, _ = one_sitting(deadline_at=ends)
    before, after = (round((ends + timedelta(seconds=s)).timestamp() * 1000) for s in (-5, 5))
    entries = [
        {"seq": 1, "slot": 1, "value": "A", "ms": before}, {"seq": 2, "slot": 2, "value": ["B"], "ms": after},
        {"seq": 3, "slot": -1, "value": {"note": "x"}, "ms": after}, {"seq": 4, "slot": 1, "value": "C", "ms": 2**52},
    ]  # fmt: skip
    assert services.record_answers(ref, person, 1, WRITER, entries).late
    late = services.late_answers(ref)
    assert [(one.slot, one.answer, one.counted) for one in late] == [(1, "A", True), (2, ["B"], False), (1, "C", False)]
    assert late[0].given_at == ends - timedelta(seconds=5) and late[0].arrived_at == NOW
