"""The opening 文首 of a card, list, booklet or answer sheet: what stands above the title, title, QR code, facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.documents import qr
from app.documents.blocks import Heading, Run
from app.documents.column import AZURITE, PAGE, PALE, RIGHT, SOFT, Column, Style
from app.documents.setting import Setter, scaled

QR_SIDE, LABEL_SHARE = 86.0, 0.24
_PAD = 3.5
_LABEL, _VALUE, _STRONG = Style(9.6, 15.0, SOFT), Style(10.8, 15.6), Style(14, 20, bold=True)


@dataclass(frozen=True)
class Fact:
    """A label with what it stands for; `strong` sets it large, as a number that must be found at once."""

    label: str
    value: str
    strong: bool = False


def draw_opening(
    column: Column,
    setter: Setter,
    *,
    above: str,
    title: str,
    facts: Sequence[Fact],
    code: str,
    code_says: str,
    scale: float = 1.0,
) -> None:
    """Draw it at the top of a page; `code` is what the QR code holds, empty for none, `scale` that of the letters."""
    with column.bound.leaf.decoration():
        column.bound.leaf.box((0, PAGE[1] - 8, PAGE[0], PAGE[1]), ink=AZURITE)
    top = column.y
    with column.between(0.0, QR_SIDE + 20 if code else 0.0):
        column.paragraph((Run(above),), Style(10, 15, SOFT, after=4.0))
        setter.all((Heading(2, (Run(title),), title),))
    if code:
        _code(column, top, code, code_says)
        column.y = min(column.y, top - QR_SIDE - 12)
    if not facts:
        return
    with column.bound.element("Table"), column.bound.element("TBody"):
        for fact in facts:
            _fact(column, fact, scale)
    column.y -= 10.0


def _code(column: Column, top: float, code: str, says: str) -> None:
    """The QR code in the upper right corner."""
    side, runs = qr.rectangles(code)
    step, left = QR_SIDE / side, RIGHT - QR_SIDE
    corners = " ".join(f"{one:.1f}" for one in (left, top - QR_SIDE, RIGHT, top)).encode()
    entries = b" /A << /O /Layout /Placement /Block /BBox [%b] >>" % corners
    with column.bound.element("Figure", alternative=says, entries=entries), column.bound.marked() as leaf:
        boxes = [(left + x * step, top - (y + 1) * step, wide * step, step) for x, y, wide in runs]
        leaf.rectangles(boxes, (0.0, 0.0, 0.0))


def _fact(column: Column, fact: Fact, scale: float) -> None:
    """A row of a table of two columns whose first names the second."""
    bound, wide = column.bound, column.width * LABEL_SHARE
    small, style = scaled(_LABEL, scale), scaled(_STRONG if fact.strong else _VALUE, scale)
    label = [replace(one, last=True) for one in column.lines_of((Run(fact.label),), small, wide - 8)]
    value = [replace(one, last=True) for one in column.lines_of((Run(fact.value),), style, column.width - wide)]
    height = max(len(label) * small.leading, len(value) * style.leading) + 2 * _PAD
    column.need(height)
    top = column.y
    with bound.element("TR"):
        with bound.element("TH", entries=b" /A << /O /Table /Scope /Row >>"), bound.marked() as leaf:
            column.y = top - _PAD - (style.leading - small.leading) / 2
            column.draw(leaf, label, small)
        with bound.element("TD"), bound.marked() as leaf, column.between(wide):
            column.y = top - _PAD
            column.draw(leaf, value, style)
    column.y = top - height
    with bound.leaf.decoration():
        bound.leaf.line((column.left, column.y), (column.right, column.y), 0.5, PALE)
