"""The rules for the margins and cells of a specification: that they fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from app.banks.specification import Cell, Specification

Fault = tuple[str, tuple[str | int, ...], str, str]
"""Which rule, where in the specification as fields and places, what is wrong, what to do."""


def check_counts(specification: Specification) -> Iterator[Fault]:
    """Every margin adds up to the number of items, and no cell asks for what its margins do not hold."""
    for dimension, counts in specification.margins.items():
        if (total := sum(counts.values())) != specification.count:
            fault = f"The margin “{dimension}” adds up to {total}, the paper has {specification.count} items."
            yield "specification-adds-up", ("margins", dimension), fault, "Correct the counts."
    marks: dict[str, int] = {}
    for place, section in enumerate(specification.sections):
        if marks.setdefault(section.kind, section.marks) != section.marks:
            fault = f"Sections of the kind {section.kind} give different marks."
            remedy = "Give items of one kind the same marks everywhere."
            yield "specification-adds-up", ("sections", place), fault, remedy
    for place, cell in enumerate(specification.cells):
        yield from _within_margins(specification, place, cell)
    for (_, one), (place, other) in combinations(enumerate(specification.cells), 2):
        if one.where == other.where:
            yield (
                "cells-fit-the-margins",
                ("cells", place),
                f"The cell {other.name} stands twice.",
                "Drop one of the two.",
            )
    yield from _together(specification)


def _within_margins(specification: Specification, place: int, cell: Cell) -> Iterator[Fault]:
    for dimension, value in cell.where.items():
        counts = specification.all_margins.get(dimension)
        if counts is None:
            continue
        if (held := counts.get(value, 0)) < cell.count:
            fault = f"The cell {cell.name} asks for {cell.count} items, the margin {dimension} {value} has {held}."
            yield "cells-fit-the-margins", ("cells", place), fault, "Ask for fewer, or raise the margin."


def _together(specification: Specification) -> Iterator[Fault]:
    """Cells over the same dimensions hold different items, so within a margin they must not add up to more than it."""
    sums: dict[tuple[tuple[str, ...], str, str], int] = {}
    for place, cell in enumerate(specification.cells):
        for dimension, value in sorted(cell.where.items()):
            key = tuple(sorted(cell.where)), dimension, value
            before, sums[key] = sums.get(key, 0), sums.get(key, 0) + cell.count
            held = specification.all_margins.get(dimension, {}).get(value)
            if held is not None and cell.count <= held and before <= held < sums[key]:
                fault = f"Cells of {dimension} {value} add up to {sums[key]}, its margin has {held}."
                yield (
                    "cells-fit-the-margins",
                    ("cells", place),
                    fault,
                    "Ask for fewer in one of them, or raise the margin.",
                )
