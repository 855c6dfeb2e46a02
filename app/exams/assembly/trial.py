"""Dry draws 试抽: what the papers of a specification from a pool will be like, before anybody sits one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from app.exams.assembly.drawing import ALGORITHM, draw
from app.exams.assembly.prepared import Prepared
from app.exams.assembly.values import DIMENSIONS, CannotFill, Form

DRAWS = 1_000
_SHOWN = 10


def dry_draws(prepared: Prepared, count: int, seed: str, watch: Callable[[], float]) -> tuple[list[Form], list[float]]:
    """Papers of the seeds "seed 0", "seed 1", … and the seconds each took by `watch`. Raises CannotFill."""
    forms, took = [], []
    for number in range(count):
        began = watch()
        forms.append(draw(prepared, f"{seed} {number}".encode()))
        took.append(watch() - began)
    return forms, took


def report(prepared: Prepared, count: int, watch: Callable[[], float]) -> dict[str, Any]:
    """What `count` dry draws show, as plain values for storing; a refusal is among them and is not raised.

    Shares and counts: `outside` of tolerance; `exposure`, the items that stand on the largest shares of papers;
    `overlap`, how many items two papers share; `thin`, the margins and cells with little choice, and `crowded`, the
    combinations whose items come above the cap; `ms`, the time of a draw; scores in marks.
    """
    facts: dict[str, Any] = {
        "algorithm": ALGORITHM, "draws": count, "items": len(prepared.items),
        "cap": float(prepared.specification.exposure), "thin": thin(prepared),
    }  # fmt: skip
    try:
        forms, took = dry_draws(prepared, count, "dry", watch)
    except CannotFill as refusal:
        return facts | {"refusal": dict(refusal.parameters)}
    uses = Counter(item.id for form in forms for item in form.items)
    scores = [form.expected_at_cut / 10_000 for form in forms]
    times = sorted(took)
    return facts | {
        "outside": sum(not form.within_tolerance for form in forms),
        "exposure": [{"id": name, "share": times_used / count} for name, times_used in uses.most_common(_SHOWN)],
        "over_cap": sum(n > count * prepared.specification.exposure for n in uses.values()),
        "unused": len(prepared.items) - len(uses),
        "crowded": crowded(prepared, uses, count),
        "overlap": overlap([[item.id for item in form.items] for form in forms]),
        "expected": {"least": min(scores), "most": max(scores), "target": forms[0].target_at_cut / 10_000},
        "se": sum(form.se for form in forms) / count / 10_000,
        "ms": {"median": times[count // 2] * 1000, "p99": times[min(count - 1, count * 99 // 100)] * 1000},
    }


def overlap(papers: Sequence[Iterable[str]]) -> dict[str, float]:
    """How many items two of the papers share, over all pairs: the mean, and the most."""
    count, uses = len(papers), Counter(name for paper in papers for name in paper)
    if count < 2:
        return {"mean": 0.0, "most": 0}
    mean = sum(n * (n - 1) for n in uses.values()) / (count * (count - 1))
    bit = {name: 1 << place for place, name in enumerate(uses)}
    masks = [sum(bit[name] for name in frozenset(paper)) for paper in papers]
    return {"mean": mean, "most": max((a & b).bit_count() for a, b in combinations(masks, 2))}


def thin(prepared: Prepared) -> list[dict[str, Any]]:
    """The margins and cells with little choice: less than two items in the pool for each that is asked for."""
    return [
        {
            "dimension": " × ".join(name for name, _ in limit.where),
            "value": " × ".join(value for _, value in limit.where),
            "asked": limit.count,
            "stock": stock,
        }
        for limit, stock in zip(prepared.limits, prepared.stock, strict=True)
        if limit.count and stock < 2 * limit.count
    ]


def crowded(prepared: Prepared, uses: Mapping[str, int], count: int) -> list[dict[str, Any]]:
    """The combinations of two dimensions whose items stood on a larger share of `count` papers than the cap.

    `asked` is how many a paper holds on average, though no margin may ask for the combination: there new items help.
    """
    found: list[dict[str, Any]] = []
    for names in combinations(DIMENSIONS, 2):
        stock: Counter[tuple[str, ...]] = Counter()
        drawn: Counter[tuple[str, ...]] = Counter()
        for item in prepared.items:
            value = tuple(getattr(item, name) for name in names)
            stock[value] += 1
            drawn[value] += uses.get(item.id, 0)
        found += [
            {
                "dimension": " × ".join(names),
                "value": " × ".join(value),
                "asked": drawn[value] / count,
                "stock": there,
                "share": drawn[value] / count / there,
            }
            for value, there in stock.items()
            if drawn[value] > prepared.specification.exposure * count * there
        ]
    return sorted(found, key=lambda one: (-one["share"], one["dimension"], one["value"]))[:_SHOWN]
