"""The rules of a bank as code: what `flask banks check`, the loading and the tests all hold a bank to."""

from __future__ import annotations

from app.banks.lint.balance import Placed, is_drawn
from app.banks.lint.filling import Margin, draw, margins_of
from app.banks.lint.single import Known, check_item
from app.banks.lint.whole import PlacedPaper, check_bank, stock_for

__all__ = [
    "Known",
    "Margin",
    "Placed",
    "PlacedPaper",
    "check_bank",
    "check_item",
    "draw",
    "is_drawn",
    "margins_of",
    "stock_for",
]
