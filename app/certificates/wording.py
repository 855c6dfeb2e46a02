"""Wording 证书文字: the fixed sentences of one kind of certificate, in both languages, with places for the claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

Both = Mapping[str, str]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """The sentences by language (zh_CN, en); `registration` is empty where no such sentence is needed."""

    code: str
    kind: str
    title: Both
    lead: Both
    body: Both
    scope: Both
    conditions: Both
    registration: Both

    def sentences(self) -> Iterator[str]:
        """Every sentence that a template author wrote, but for the one on registration."""
        for part in (self.title, self.lead, self.body, self.scope, self.conditions):
            yield from part.values()


def day_zh(day: date) -> str:
    """2026 年 11 月 23 日, with the space that sets digits off from characters."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def day_en(day: date) -> str:
    """23 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
