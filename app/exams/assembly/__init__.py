"""Drawing a paper 组卷: the same seed gives the same paper, every margin exact, every paper equally hard at the cut."""

from __future__ import annotations

from app.exams.assembly.drawing import ALGORITHM, assemble, draw
from app.exams.assembly.fresh import draw_fresh
from app.exams.assembly.prepared import Limit, Prepared, prepare
from app.exams.assembly.reference import Reference, reference
from app.exams.assembly.values import (
    FULL_WEIGHT,
    CannotFill,
    Form,
    FormItem,
    NoneFound,
    PoolItem,
    canonical_pool,
    form_rows,
    pool_hash,
    pool_rows,
    rows_hash,
)

__all__ = [
    "ALGORITHM",
    "FULL_WEIGHT",
    "CannotFill",
    "Form",
    "FormItem",
    "Limit",
    "NoneFound",
    "PoolItem",
    "Prepared",
    "Reference",
    "assemble",
    "canonical_pool",
    "draw",
    "draw_fresh",
    "form_rows",
    "pool_hash",
    "pool_rows",
    "prepare",
    "reference",
    "rows_hash",
]
