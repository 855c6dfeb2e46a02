"""Figures of a step and how they are put in a table. Pure."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 < share ≤ 1) of the values do not exceed (nearest rank)."""
    if not values or not 0 < share <= 1:
        raise ValueError("a percentile needs values and a share between 0 and 1")
    return sorted(values)[math.ceil(share * len(values)) - 1]


@dataclass(frozen=True)
class Figure:
    """One step: how often it was done, CPU seconds in all of the site and of the database, seconds each took."""

    step: str
    cpu: float
    database: float | None
    took: Sequence[float]

    @property
    def count(self) -> int:
        """How often it was done."""
        return len(self.took)

    def row(self) -> list[str]:
        """The cells of the table: step, count, CPU of site and database in ms each, p50 and p95 in ms."""
        database = "–" if self.database is None else milliseconds(self.database / self.count)
        p50, p95 = (milliseconds(percentile(self.took, share)) for share in (0.5, 0.95))
        return [self.step, str(self.count), milliseconds(self.cpu / self.count), database, p50, p95]


def together(step: str, parts: Sequence[Figure]) -> Figure:
    """Parts that the same people did one after another as one step; each part was done equally often."""
    if len({part.count for part in parts}) != 1:
        raise ValueError("parts of one step are done equally often")
    took = [sum(each) for each in zip(*(part.took for part in parts), strict=True)]
    known = [part.database for part in parts if part.database is not None]
    return Figure(step, sum(part.cpu for part in parts), sum(known) if known else None, took)


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds with at most two decimals, fewer for larger figures."""
    value = seconds * 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool) -> str:
    """Rows under a head: as Markdown, or in columns for a terminal, with numbers to the right."""
    if markdown:
        rule = ["---", *["---:"] * (len(head) - 1)]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *rows])
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for cells in [head, ["-" * size for size in widths], *rows]:
        first, *others = (" " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True))
        lines.append("  ".join([cells[0] + first, *(pad + cell for pad, cell in zip(others, cells[1:], strict=True))]))
    return "\n".join(lines)


def width(text: str) -> int:
    """Columns that a terminal gives to the text."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
