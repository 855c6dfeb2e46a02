"""What arrived and does not count: kept, limited, and readable for staff, on both databases."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.exams import services
from app.exams.services.uncounted import LONGEST_KEPT, MOST_KEPT
from app.refusals import NotFound
from app.store import writing
from app.web.logs import JsonLine
from tests.exams.rooms import NOW, one_sitting

pytestmark = pytest.mark.usefixtures("now")
WRITER = "w" * 32


def note(ref: str, person: int, entries: Any, reason: str = "BadEntry", epoch: Any = 1) -> bool:
    with writing():
        return services.note_refused(ref, person, reason, epoch, entries)


def test_refusals_are_kept_once_and_beyond_a_limit_only_counted(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    for seq in range(1, MOST_KEPT + 6):
        for _ in range(2):
            assert note(ref, person, [{"seq": seq, "slot": 1, "value": "Z"}]) is (seq <= MOST_KEPT)
    kept = services.refused_entries(ref)
    assert [one.reason for one in kept] == ["BadEntry"] * MOST_KEPT + ["Flood"]
    assert kept[-1].count >= 5 and kept[-1].content == ""


@pytest.mark.parametrize("epoch", [None, "x", -1, 2**40, True])
@pytest.mark.parametrize("entries", [{}, [None], [{"seq": "x"}], "x", ["x" * (LONGEST_KEPT - 20), "\ud800"], [[[]]]])
def test_whatever_a_device_sends_can_be_kept(db_app: Flask, entries: Any, epoch: Any) -> None:
    ref, person, _ = one_sitting()
    note(ref, person, entries, epoch=epoch)
    (kept,) = services.refused_entries(ref)
    assert (kept.epoch, kept.first_seq) == (0, 0)
    assert kept.reason == "BadEntry" and 0 < len(kept.content) <= LONGEST_KEPT


def test_all_of_a_long_answer_is_kept_and_in_chinese(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    text = "审核发现\x00" * 2000
    assert note(ref, person, [{"seq": 1, "slot": 4, "value": text}] * 10)
    (kept,) = services.refused_entries(ref)
    assert json.loads(kept.content) == [{"seq": 1, "slot": 4, "value": text}] * 10
    assert "审核发现" in kept.content


def test_what_all_refusals_of_a_sitting_hold_together_is_limited(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    kept = [note(ref, person, [str(number) + "x" * (LONGEST_KEPT - 10)]) for number in range(7)]
    assert kept == [True] * 5 + [False] * 2
    assert [one.reason for one in services.refused_entries(ref)] == ["BadEntry"] * 5 + ["Flood"]


def test_a_refusal_is_logged_with_its_reason_and_without_words(db_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    ref, person, _ = one_sitting()
    note(ref, person, [{"seq": 1, "slot": 4, "value": "我的回答"}])
    note("0" * 32, person, ["x"], reason="TakenOver")
    lines = [JsonLine().format(record) for record in caplog.records]
    assert [json.loads(line)["kind"] for line in lines] == ["BadEntry", "TakenOver"]
    assert not any("我的回答" in line or ref in line for line in lines)


def test_nothing_is_kept_for_a_stranger_or_of_nothing(db_app: Flask) -> None:
    ref, person, _ = one_sitting()
    assert not note(ref, person + 1, [{"seq": 1}])
    assert not note(ref, person, [])
    assert not note("0" * 32, person, [{"seq": 1}])
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
