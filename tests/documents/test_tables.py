"""How wide the columns of a table are set."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.documents.blocks import Run, Table
from app.documents.column import Column, Style
from app.documents.tables import PAD, widths

STYLE = Style(10, 14)


def table(*rows: tuple[str, ...]) -> Table:
    set_rows = [tuple((Run(text),) for text in row) for row in rows]
    return Table(set_rows[0], tuple(set_rows[1:]))


def column(width: float) -> Column:
    """A column in which every letter is half an em wide."""
    return cast("Column", SimpleNamespace(width=width, measured=lambda text: len(text) / 2))


def test_what_fits_on_one_line_is_not_broken_and_the_rest_is_shared() -> None:
    first, second = widths(column(300.0), table(("a b", "c"), ("d e f g", "h")), STYLE)
    assert first >= 7 * 5 + 2 * PAD and first + second == pytest.approx(300)
    assert first - second == pytest.approx(6 * 5 * 1.06)


def test_a_column_to_write_in_gets_all_that_is_left() -> None:
    name, sign = widths(column(300.0), table(("Name", "Sign"), ("Zhao", ""), ("Qian", "")), STYLE)
    assert name == pytest.approx((4 * 5 + 2 * PAD) * 1.06) and sign == pytest.approx(300 - name)


def test_what_does_not_fit_is_shared_by_how_much_each_has_to_say() -> None:
    long: Any = " ".join(["word"] * 60)
    found = widths(column(300.0), table(("a", "b"), (long, "short")), STYLE)
    assert sum(found) == pytest.approx(300) and found[0] > 2 * found[1] > 0
