"""The rules of a bank as code: what `flask banks check`, the loading and the tests all hold a bank to."""

from __future__ import annotations

from app.banks.lint.filling import Margin, draw, margins_of
from app.banks.lint.single import check_item
from app.banks.lint.whole import Placed, PlacedPaper, check_bank, is_drawn

__all__ = ["Margin", "Placed", "PlacedPaper", "check_bank", "check_item", "draw", "is_drawn", "margins_of"]
