"""Arithmetic of a list's pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.pages import Page


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pages_cover_every_row_once(total: int, size: int) -> None:
    pages = Page(1, size, total).pages
    seen = [
        row for n in range(1, pages + 1) for row in range(Page(n, size, total).first, Page(n, size, total).last + 1)
    ]
    assert [row for row in seen if row] == list(range(1, total + 1))
