"""Names as strangers see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李雨桐", "李*桐"),
        ("张伟", "张*"),
        ("欧阳雨桐", "欧**桐"),
        ("LI Yutong", "L* Y*****"),
        ("古丽·买买提", "古*·买**"),
        ("伟", "伟*"),
    ],
)
def test_masked(name: str, shown: str) -> None:
    assert names.masked(name) == shown


@given(st.text(alphabet="李雨桐张伟欧阳·", min_size=2, max_size=8).filter(lambda name: name.strip("·") == name))
def test_a_mask_never_shows_the_whole_name(name: str) -> None:
    assert names.masked(name) != name and "*" in names.masked(name)


@pytest.mark.parametrize("typed", ["李雨桐", " 李 雨桐 ", "li yutong", "LI YUTONG", "Li-Yutong"])
def test_same(typed: str) -> None:
    assert names.same(typed, "李雨桐", "LI Yutong")


@pytest.mark.parametrize("typed", ["", "  ", "李雨", "李*桐", "雨桐", "李雨彤", "·"])
def test_not_same(typed: str) -> None:
    assert not names.same(typed, "李雨桐", "LI Yutong", "")


def test_the_kind_of_the_dot_does_not_matter() -> None:
    assert names.same("古丽•买买提", "古丽·买买提") and names.same("古丽\uff0e买买提", "古丽·买买提")
