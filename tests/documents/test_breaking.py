"""Where lines may end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.documents.breaking import NOT_FIRST, NOT_LAST, balanced, lines


def wide(text: str) -> float:
    """Han and full-width characters are 2 wide, others 1."""
    return float(sum(2 if ord(character) > 0x2000 else 1 for character in text))


def test_closing_punctuation_never_begins_a_line() -> None:
    text = "完成规定的培训，并通过结业考试，成绩合格；特发此证。"
    for width in range(6, 40):
        broken = lines(text, width, wide)
        assert "".join(broken) == text
        assert not any(line[0] in NOT_FIRST for line in broken if line)


def test_opening_punctuation_never_ends_a_line() -> None:
    text = "依据《企业知识产权管理规范》（二〇一三年版）开展“内部审核员”培训"
    for width in range(6, 40):
        assert not any(line[-1] in NOT_LAST for line in lines(text, width, wide))


def test_words_and_numbers_stay_whole_and_keep_their_space() -> None:
    text = "passed the examination on GB/T 29490-2013 in 2026"
    broken = lines(text, 14, wide)
    assert "".join(broken) == text
    assert {word for line in broken for word in line.split()} == set(text.split())


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert lines("abcdefghij", 4, wide) == ["abcd", "efgh", "ij"]


def test_balanced_lines_are_as_many_but_more_even() -> None:
    text = "完成“GB/T 29490-2013 内部审核员培训”规定的 24 学时培训，并通过结业考试，特发此证。"
    plain, even = lines(text, 60, wide), balanced(text, 60, wide)
    assert len(plain) == len(even) == 2
    assert "".join(even) == text
    assert abs(wide(even[0]) - wide(even[1])) < abs(wide(plain[0]) - wide(plain[1]))


@given(st.text(alphabet="汉字，。《》（）ab 12-/", max_size=60), st.integers(2, 30))
def test_nothing_is_lost(text: str, width: int) -> None:
    assert "".join(lines(text, width, wide)) == text
