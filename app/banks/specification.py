"""A specification 双向细目表: which items make a paper, and when it is passed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.banks.items import Text

OPEN_BOOK = "clean-standard"
BOOKS = ("closed", OPEN_BOOK)
MULTIPLE_RULES = ("all-or-nothing", "partial", "apk")
EXPOSURE = Fraction(1, 2)
"""The share of the papers that one item should stand on at most, where a specification gives no other."""


@dataclass(frozen=True)
class Section:
    """A part 大题 of the paper: `count` items of one kind, each worth `marks` marks."""

    kind: str
    count: int
    marks: int


@dataclass(frozen=True)
class Cell:
    """A cell 单元格 of the specification: exactly `count` items with all the values of `where`.

    `where` names two dimensions or more, {"kind": "case", "group": "7"}; one alone would be a margin.
    """

    where: Mapping[str, str]
    count: int

    @property
    def name(self) -> str:
        """The cell as findings and reports name it: "kind case × group 7"."""
        return " × ".join(f"{dimension} {value}" for dimension, value in sorted(self.where.items()))


@dataclass(frozen=True)
class PassRule:
    """When a paper is passed, as data.

    `total` and `section` are shares of the full marks (section: of each section's, None for no hurdle);
    `must_pass` gives single sections a higher hurdle, {"case": 3/5}; `multiple` says how multiple-choice
    items are scored: 'all-or-nothing', 'partial' or 'apk' (iSAQB, with floor 0 an item).
    """

    total: Fraction
    multiple: str = "all-or-nothing"
    section: Fraction | None = None
    must_pass: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Specification:
    """The specification of a paper 试卷; sections stand in the order of the paper.

    `margins` hold exact counts: {"group": {"4": 5, …}, "level": …, "topic": …}. A dimension that is given
    adds up to the number of items; the dimension "kind" follows from the sections. `cells` add exact counts for
    combinations. The groups are chapters of `edition`. `books` says what a candidate may have at hand. `exposure` is
    the share of the papers that one item should stand on at most; it steers the draw and never refuses a paper.
    """

    code: str
    bank: str
    edition: str
    title: Text
    minutes: int
    sections: tuple[Section, ...]
    pass_rule: PassRule
    margins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    books: str = "closed"
    cells: tuple[Cell, ...] = ()
    exposure: Fraction = EXPOSURE

    @property
    def count(self) -> int:
        """The number of items on a paper."""
        return sum(section.count for section in self.sections)

    @property
    def max_marks(self) -> int:
        """The full marks of a paper."""
        return sum(section.count * section.marks for section in self.sections)

    @property
    def cut(self) -> Fraction:
        """The cut 及格线 in marks: the least total that passes."""
        return self.pass_rule.total * self.max_marks

    @property
    def all_margins(self) -> dict[str, dict[str, int]]:
        """Every margin that a paper must meet, the kinds of the sections included."""
        kinds: dict[str, int] = {}
        for section in self.sections:
            kinds[section.kind] = kinds.get(section.kind, 0) + section.count
        return {"kind": kinds, **{dimension: dict(counts) for dimension, counts in self.margins.items()}}

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form, in hex."""
        text = json.dumps(content_of(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def marks_of(self, kind: str) -> int:
        """The marks of one item of this kind. Raises KeyError if the paper has no such section."""
        for section in self.sections:
            if section.kind == kind:
                return section.marks
        raise KeyError(kind)


def content_of(specification: Specification) -> dict[str, Any]:
    """The specification as plain values, from which `from_content` makes it again."""
    rule = specification.pass_rule
    return {
        "code": specification.code,
        "bank": specification.bank,
        "edition": specification.edition,
        "title": dict(specification.title),
        "minutes": specification.minutes,
        "books": specification.books,
        "sections": [{"kind": s.kind, "count": s.count, "marks": s.marks} for s in specification.sections],
        "margins": {dimension: dict(counts) for dimension, counts in specification.margins.items()},
        "cells": [{"where": dict(cell.where), "count": cell.count} for cell in specification.cells],
        "exposure": str(specification.exposure),
        "pass_rule": {
            "total": str(rule.total),
            "multiple": rule.multiple,
            "section": None if rule.section is None else str(rule.section),
            "must_pass": {kind: str(share) for kind, share in rule.must_pass.items()},
        },
    }


def from_content(content: Mapping[str, Any]) -> Specification:
    """The specification of stored content; what was stored before a field was known has its usual value."""
    rule = content["pass_rule"]
    return Specification(
        code=content["code"],
        bank=content["bank"],
        edition=content.get("edition", content["bank"]),
        title=content["title"],
        minutes=content["minutes"],
        books=content.get("books", "closed"),
        sections=tuple(Section(s["kind"], s["count"], s["marks"]) for s in content["sections"]),
        margins=content["margins"],
        cells=tuple(Cell(cell["where"], cell["count"]) for cell in content.get("cells", ())),
        exposure=Fraction(content.get("exposure", EXPOSURE)),
        pass_rule=PassRule(
            total=Fraction(rule["total"]),
            multiple=rule["multiple"],
            section=None if rule["section"] is None else Fraction(rule["section"]),
            must_pass={kind: Fraction(share) for kind, share in rule["must_pass"].items()},
        ),
    )
