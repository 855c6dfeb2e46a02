"""Why a specification cannot be filled 缺题原因: exact arguments by counting, on pairs of dimensions and on enemies.

Each argument is a bound that no paper can pass, so what it names really stands in the way. That none applies is no
proof that a paper exists; the dry draws are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from app.exams.assembly.prepared import Prepared
from app.exams.assembly.values import DIMENSIONS, CannotFill, PoolItem

Demand = dict[str, int]
Edges = dict[tuple[str, str], int]


def obstacle(prepared: Prepared, excluded: Iterable[int] = ()) -> CannotFill | None:
    """The refusal that names what stands in the way, or None if no argument says so.

    First each margin and cell alone, then pairs of margins (maximum flow), then enemies (a cover by cliques).
    """
    out = frozenset(excluded)
    try:
        prepared.check_stock(out)
    except CannotFill as refusal:
        return refusal
    items = [item for i, item in enumerate(prepared.items) if i not in out]
    return next((found for search in (_by_pairs, _by_enemies) for found in search(prepared, items)), None)


def _by_pairs(prepared: Prepared, items: Sequence[PoolItem]) -> Iterator[CannotFill]:
    margins = prepared.specification.all_margins
    for one, other in combinations([name for name in DIMENSIONS if name in margins], 2):
        rows, columns = dict(sorted(margins[one].items())), dict(sorted(margins[other].items()))
        stock: Edges = Counter((getattr(item, one), getattr(item, other)) for item in items)
        for cell in prepared.specification.cells:
            if set(cell.where) == {one, other}:
                pair = cell.where[one], cell.where[other]
                rows[pair[0]] -= cell.count
                columns[pair[1]] -= cell.count
                stock[pair] = 0
        missing, names, others = short_of(rows, columns, stock)
        if missing:
            value = f"{', '.join(names)} × {', '.join(others)}"
            yield CannotFill(missing=missing, dimension=f"{one} × {other}", value=value)


def short_of(rows: Mapping[str, int], columns: Mapping[str, int], stock: Edges) -> tuple[int, list[str], list[str]]:
    """How many items are missing for two margins at once, and in which rows and columns they would have to lie.

    A maximum flow from rows to columns through the stock of each pair; by the minimum cut the rows named cannot be
    filled: outside of the columns named there is no more room, and inside too few items. 0 if nothing is missing.
    """
    flow: Edges = {}
    given, taken = dict.fromkeys(rows, 0), dict.fromkeys(columns, 0)
    while True:
        came, path = _path(rows, columns, stock, flow, given, taken)
        if path is None:
            reached = sorted(name for name in rows if ("row", name) in came)
            room = sorted(name for name in columns if ("column", name) not in came)
            return sum(rows.values()) - sum(given.values()), reached, room
        given[path[0][0]] += 1
        taken[path[-1][1]] += 1
        for place, (row, column) in enumerate(path):
            flow[row, column] = flow.get((row, column), 0) + (1 if place % 2 == 0 else -1)


def _path(
    rows: Mapping[str, int],
    columns: Mapping[str, int],
    stock: Edges,
    flow: Edges,
    given: Mapping[str, int],
    taken: Mapping[str, int],
) -> tuple[dict[tuple[str, str], tuple[str, str]], list[tuple[str, str]] | None]:
    """One more unit of flow: the places reached, and the pairs of a path (forth, back, forth, …) or None."""
    came: dict[tuple[str, str], tuple[str, str]] = {
        ("row", name): ("row", name) for name in rows if given[name] < rows[name]
    }
    queue = list(came)
    for side, name in queue:
        if side == "column" and taken[name] < columns[name]:
            return came, _back(came, name)
        nexts = (
            [("column", one) for one in columns if flow.get((name, one), 0) < stock.get((name, one), 0)]
            if side == "row"
            else [("row", one) for one in rows if flow.get((one, name), 0) > 0]
        )
        for place in nexts:
            if place not in came:
                came[place] = (side, name)
                queue.append(place)
    return came, None


def _back(came: Mapping[tuple[str, str], tuple[str, str]], name: str) -> list[tuple[str, str]]:
    path: list[tuple[str, str]] = []
    here = ("column", name)
    while came[here] != here:
        before = came[here]
        path.append((before[1], here[1]) if before[0] == "row" else (here[1], before[1]))
        here = before
    return path[::-1]


def _by_enemies(prepared: Prepared, items: Sequence[PoolItem]) -> Iterator[CannotFill]:
    """Of a group in which each is the enemy of each, a paper holds one at most."""
    enemies = {item.id: {prepared.items[e].id for e in prepared.enemies[prepared.place[item.id]]} for item in items}
    for limit in prepared.limits:
        groups: list[set[str]] = []
        for item in sorted((one for one in items if limit.takes(one)), key=lambda one: (-len(enemies[one.id]), one.id)):
            home = next((group for group in groups if group <= enemies[item.id]), None)
            if home is None:
                groups.append({item.id})
            else:
                home.add(item.id)
        if len(groups) < limit.count:
            yield limit.refusal(limit.count - len(groups))
