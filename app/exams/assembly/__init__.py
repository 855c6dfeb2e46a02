"""Drawing a paper 组卷: the same seed gives the same paper, every margin exact, every paper equally hard at the cut."""

from __future__ import annotations

from app.exams.assembly.draw import ALGORITHM, assemble
from app.exams.assembly.reference import Reference, reference
from app.exams.assembly.values import CannotFill, Form, FormItem, PoolItem, canonical_pool, pool_hash, pool_rows

__all__ = [
    "ALGORITHM",
    "CannotFill",
    "Form",
    "FormItem",
    "PoolItem",
    "Reference",
    "assemble",
    "canonical_pool",
    "pool_hash",
    "pool_rows",
    "reference",
]
