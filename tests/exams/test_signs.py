"""Signs: what is kept of what a page noticed, and when staff are told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.journal import BadEntry
from app.exams.signs import KINDS, Patience, Sign, sign_of

PATIENCE = Patience(5, 20, 3)


@given(ms=st.integers(0, 100_000), phone=st.booleans())
def test_a_short_look_away_is_not_counted_and_phones_have_more_grace(ms: int, phone: bool) -> None:
    counted = PATIENCE.is_counted(Sign(1, "left", None, ms, 0), phone=phone)
    assert counted == (ms >= (20_000 if phone else 5_000))


@given(kind=st.sampled_from(sorted(KINDS - {"left"})), ms=st.integers(0, 10))
def test_every_other_sign_is_kept(kind: str, ms: int) -> None:
    assert PATIENCE.is_counted(Sign(1, kind, None, ms, 0), phone=True)


@given(times=st.integers(0, 20), warnings=st.integers(0, 10))
def test_staff_are_told_from_the_declared_number_on_and_never_at_zero(times: int, warnings: int) -> None:
    assert Patience(5, 20, warnings).tells_staff(times) == (warnings > 0 and times >= warnings)


@given(
    no=st.integers(1, 2**31 - 1), kind=st.sampled_from(sorted(KINDS)), slot=st.none() | st.integers(1, 1000),
    ms=st.integers(0, 2**53), at=st.integers(0, 2**53),
)  # fmt: skip
def test_what_a_page_sends_is_read_as_it_was_sent(no: int, kind: str, slot: int | None, ms: int, at: int) -> None:
    assert sign_of({"no": no, "kind": kind, "slot": slot, "ms": ms, "client_ms": at}) == Sign(no, kind, slot, ms, at)


@pytest.mark.parametrize(
    "raw",
    [
        None, [], {}, {"no": 1}, {"no": 0, "kind": "left"}, {"no": True, "kind": "left"}, {"no": 1, "kind": "typed"},
        {"no": 1, "kind": []}, {"no": 1, "kind": "left", "slot": 0}, {"no": 1, "kind": "left", "slot": "1"},
        {"no": 1, "kind": "left", "ms": -1}, {"no": 1, "kind": "left", "ms": 1.5}, {"no": 2**31, "kind": "left"},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(raw: Any) -> None:
    with pytest.raises(BadEntry):
        sign_of(raw)
