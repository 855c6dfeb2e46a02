"""What drawing a paper costs, in one process without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from app.banks.services import check_folders
from app.banks.specification import Specification
from app.exams.assembly import PoolItem, draw, prepare
from app.exams.services.pools import pool_item
from tests.bench.figures import milliseconds, percentile
from tests.exams.pools import SPECIFICATION, bank

HEAD = ["Bank", "Items", "Questions", "Made ready ms", "Draw, mean ms", "p50 ms", "p99 ms", "In tolerance"]
MADE = ((300, 50), (1_000, 50), (1_000, 100), (10_000, 50), (10_000, 100))


def sized(count: int) -> Specification:
    """A specification of so many questions (a multiple of 50), mixed like that of the tests."""
    times = count // 50
    kinds = {"single": 22, "multiple": 11, "judge": 11, "short": 3, "case": 3}
    margins = {
        "group": {"4": 6, "5": 9, "6": 8, "7": 12, "8": 10, "9": 5},
        "level": {"recall": 6, "understand": 15, "apply": 22, "analyse": 7},
        "topic": {"standard": 26, "audit": 14, "law": 10},
    }
    return replace(
        SPECIFICATION,
        sections=tuple(replace(one, count=kinds[one.kind] * times) for one in SPECIFICATION.sections),
        margins={name: {value: n * times for value, n in counts.items()} for name, counts in margins.items()},
    )


def cases() -> Iterator[tuple[str, list[PoolItem], Specification]]:
    """The made-up banks, then the papers of the release from their real banks."""
    for size, count in MADE:
        yield "made up", bank(size), sized(count)
    for found in check_folders():
        for entry in found.folder.specifications:
            wanted = entry.specification
            yield wanted.code, [pool_item(item, wanted.edition) for item in found.stock(wanted)], wanted


def row(name: str, pool: list[PoolItem], wanted: Specification, draws: int) -> list[str]:
    """One line of the table: CPU time of this thread."""
    began = time.thread_time()
    prepared = prepare(pool, wanted)
    ready, took, good = time.thread_time() - began, [], 0
    for number in range(draws):
        began = time.thread_time()
        good += draw(prepared, f"bench {number}".encode()).within_tolerance
        took.append(time.thread_time() - began)
    cells = (ready, sum(took) / draws, percentile(took, 0.5), percentile(took, 0.99))
    return [name, str(len(pool)), str(wanted.count), *map(milliseconds, cells), f"{100 * good / draws:.1f}%"]
