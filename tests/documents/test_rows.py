"""Paragraphs in lines: nothing is lost, nothing is too wide, emphasis stays where it was."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.documents.blocks import Run, plain
from app.documents.breaking import NOT_FIRST
from app.documents.column import fitting, least
from app.documents.rows import STRETCH, in_lines

TEXTS = st.text(st.sampled_from("知识产权管理，。“”（）审核员 audit IP-29490 word"), max_size=60)
WORDS = st.lists(st.builds(Run, TEXTS, st.booleans(), st.sampled_from(["", "https://example.org/"])), max_size=4)


def measure(character: str, bold: bool) -> float:
    return (1.0 if ord(character) > 0x2000 else 0.5) * (1.1 if bold else 1.0)


@given(WORDS.map(tuple), st.integers(3, 30))
def test_lines_join_to_the_words_again_and_fit(words: tuple[Run, ...], width: int) -> None:
    lines = in_lines(words, width, measure)
    assert "".join(plain(line.words) for line in lines) == plain(words)
    marked = [(c, run.bold, run.address) for line in lines for run in line.words for c in run.text]
    assert marked == [(c, run.bold, run.address) for run in words for c in run.text]
    for line in lines:
        shown = plain(line.words).rstrip()
        assert line.width <= width + 1e-9 or len(shown) == 1
        assert 0 <= line.stretch(width) <= STRETCH
    assert not lines or lines[-1].last
    assert lines[-1].stretch(width) == 0


@given(st.text(st.sampled_from("知识产权，。、管理"), min_size=1, max_size=80))
def test_no_line_of_chinese_begins_with_punctuation(text: str) -> None:
    rows = [plain(line.words) for line in in_lines((Run(text),), 12, measure)]
    pairs = pairwise(rows)
    assert all(after[0] not in NOT_FIRST or len(before) == 12 for before, after in pairs)


@given(st.integers(1, 60), st.integers(0, 40))
def test_a_page_never_keeps_one_line_of_a_paragraph_alone(count: int, room: int) -> None:
    here = fitting(count, room)
    assert here <= room
    assert here != 1 or count == 1
    assert count - here != 1 or count == 1
    if room >= least(count):
        assert here > 0
