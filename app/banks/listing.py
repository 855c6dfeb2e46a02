"""One page of a long list, as the pager shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of page number `page` (from 1) of `total` rows."""

    rows: Sequence[T]
    page: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 if there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return (self.page - 1) * self.size + len(self.rows)


def page_within(wanted: int, total: int, size: int) -> int:
    """The wanted page number, held between the first and the last page."""
    return min(max(1, wanted), max(1, -(-total // size)))
