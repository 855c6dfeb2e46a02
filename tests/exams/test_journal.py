from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams import journal
from app.exams.journal import BadEntry, Entry

ENTRIES = st.lists(
    st.tuples(st.integers(0, 60), st.text(st.characters(codec="utf-8"), max_size=8)), min_size=1, max_size=20
)


def chained(ref: str, rows: list[tuple[int, str]]) -> list[tuple[int, Entry, bytes]]:
    chain, lines = journal.root(ref), []
    for seq, (slot, text) in enumerate(rows, 1):
        entry = Entry(seq, slot, journal.canonical(text), 7)
        chain = journal.link(chain, journal.line(1, entry))
        lines.append((1, entry, chain))
    return lines


@given(rows=ENTRIES, place=st.integers(0, 19))
def test_the_chain_shows_each_change_each_gap_and_each_swap(rows: list[tuple[int, str]], place: int) -> None:
    lines = chained("r", rows)
    assert journal.broken_at("r", lines) is None
    assert journal.broken_at("s", lines) == (1, 1)
    place %= len(lines)
    epoch, entry, chain = lines[place]
    changed = [*lines]
    changed[place] = (epoch, Entry(entry.seq, entry.slot + 1, entry.response, entry.client_ms), chain)
    assert journal.broken_at("r", changed) == (1, entry.seq)
    if place < len(lines) - 1:
        assert journal.broken_at("r", lines[:place] + lines[place + 1 :]) is not None
        swapped = [*lines]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert journal.broken_at("r", swapped) is not None


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=4))
def test_equal_answers_have_one_text(answer: dict[str, int]) -> None:
    turned = dict(reversed(answer.items()))
    try:
        text = journal.canonical(answer)
    except BadEntry:
        return
    assert journal.canonical(turned) == text
    assert " " not in journal.canonical({"a": [1, 2], "b": "x"})


def test_the_digest_depends_on_answers_and_sitting_and_not_on_their_order() -> None:
    first = journal.digest("r", {1: '"A"', 2: '"B"'})
    assert first == journal.digest("r", {2: '"B"', 1: '"A"'})
    assert first == hashlib.sha256(b'["r",[[1,"\\"A\\""],[2,"\\"B\\""]]]').hexdigest()
    assert len({first, journal.digest("s", {1: '"A"', 2: '"B"'}), journal.digest("r", {1: '"A"'})}) == 3


def test_the_receipt_can_be_written_down() -> None:
    assert journal.receipt("8f3a77c102d9" + "0" * 52) == "8F3A-77C1-02D9"


def test_numbers_run_on() -> None:
    journal.check_order([])
    journal.check_order([Entry(n, 1, "null", 0) for n in range(5, 69)])
    for numbers in ([1, 3], [2, 1], [0], [1, 1], list(range(1, 66))):
        with pytest.raises(BadEntry):
            journal.check_order([Entry(n, 1, "null", 0) for n in numbers])


def test_the_digest_leaves_out_what_is_no_answer_and_what_is_no_question() -> None:
    first = journal.digest("r", {1: '"A"'})
    assert first == journal.digest("r", {1: '"A"', 2: "null", 0: "[1]", -1: '{"note":"x"}'})
