"""The quiz 小测 of a module: drawn with a seed from practice items, different each time, marked all or nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.banks.items import LETTERS, Choice, Item, Judge
from app.banks.responses import BadResponse, Response, clean

KINDS = ("single", "multiple", "judge")
"""Kinds that are marked at once."""


@dataclass(frozen=True)
class Quiz:
    """The quiz of a module in a course. `share` to pass, such as "0.8".

    `items` are the ids of practice items that ask what its lessons teach, as module.yaml names them. A quiz without
    them draws by topics and groups, where none means any; `edition` is then the edition whose chapters the groups are,
    empty for that of the programme.
    """

    count: int
    share: str
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    edition: str = ""
    items: tuple[str, ...] = ()

    @property
    def needed(self) -> Fraction:
        """The share of right answers with which it is passed."""
        return Fraction(self.share)

    def stock(self, items: Iterable[Item], edition: str) -> list[Item]:
        """The items that it may draw; `edition` is the one for which all of them are valid, if it names none."""
        if self.items:
            return [one for one in items if one.kind in KINDS and one.id in self.items]
        return [
            one
            for one in items
            if one.kind in KINDS
            and (not self.topics or one.topic in self.topics)
            and (not self.groups or one.group_in(edition) in self.groups)
        ]


@dataclass(frozen=True)
class Drawn:
    """An item of a try: its version, and the order in which its options are shown (none for a judgement)."""

    id: str
    version: str
    kind: str
    options: tuple[int, ...]


def choose(stock: Sequence[Item], count: int, seed: str, seen: Mapping[str, int]) -> list[Item] | None:
    """So many items in a random order, or None where there are too few.

    `seen` says how often each item was drawn before: the least seen come first, so that a further try is a different
    one as long as the stock allows. Enemies are not chosen together. The same seed and facts give the same choice.
    """
    dice = random.Random(seed)  # noqa: S311 -- a draw that can be repeated from its seed, nothing secret
    pool = sorted(stock, key=lambda item: item.id)
    dice.shuffle(pool)
    pool.sort(key=lambda item: seen.get(item.id, 0))
    feuds = _feuds(stock)
    chosen: dict[str, Item] = {}
    for item in pool:
        if len(chosen) < count and not feuds[item.id] & chosen.keys():
            chosen[item.id] = item
    if not 0 < count <= len(chosen):
        return None
    found = list(chosen.values())
    dice.shuffle(found)
    return found


def lay_out(items: Sequence[Item], seed: str) -> tuple[Drawn, ...]:
    """The form of a try: the items in this order, their options in an order of their own."""
    dice = random.Random(f"{seed}|options")  # noqa: S311 -- as above
    found = []
    for item in items:
        order = list(range(len(item.options))) if isinstance(item, Choice) else []
        dice.shuffle(order)
        found.append(Drawn(item.id, item.hash, item.kind, tuple(order)))
    return tuple(found)


def can_fill(stock: Sequence[Item], count: int) -> bool:
    """Whether `choose` finds so many items whatever the seed.

    However a choice begins, it takes every item without enemies and at least one of each group of items that are
    enemies of one another, directly or over others.
    """
    feuds = _feuds(stock)
    sure, left = 0, set(feuds)
    while left:
        sure += 1
        reached = {left.pop()}
        while reached:
            reached = set().union(*(feuds[one] for one in reached)) & left
            left -= reached
    return 0 < count <= sure


def is_right(item: Item, options: Sequence[int], response: Response) -> bool:
    """Whether the answer, in letters as shown, is exactly the key."""
    if isinstance(item, Choice):
        given = [response] if isinstance(response, str) else response if isinstance(response, list) else []
        return {options[LETTERS.index(letter)] for letter in given} == item.right
    return isinstance(item, Judge) and response == item.answer


def cleaned(drawn: Drawn, raw: object) -> Response:
    """The answer in its stored shape; what no page of ours sends counts as no answer."""
    try:
        return clean(drawn.kind, raw, len(drawn.options))
    except BadResponse:
        return None


def is_passed(right: int, count: int, needed: Fraction) -> bool:
    """Whether so many right answers reach the share that is needed; an empty quiz is passed by nobody."""
    return count > 0 and Fraction(right, count) >= needed


def least(count: int, needed: Fraction) -> int:
    """How many right answers the share means, rounded up."""
    return -(-count * needed.numerator // needed.denominator)


def quiz_from(content: Mapping[str, Any] | None) -> Quiz | None:
    """The quiz of a stored module; None where it has none."""
    if content is None:
        return None
    return Quiz(
        content["count"],
        content["share"],
        tuple(content["topics"]),
        tuple(content["groups"]),
        content.get("edition", ""),
        tuple(content.get("items", ())),
    )


def form_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Drawn, ...]:
    """The items of a stored try."""
    return tuple(Drawn(row["id"], row["version"], row["kind"], tuple(row["options"])) for row in rows)


def _feuds(stock: Sequence[Item]) -> dict[str, set[str]]:
    """The enemies of each item within the stock, named by either side."""
    feuds: dict[str, set[str]] = {item.id: set() for item in stock}
    for item in stock:
        for enemy in item.enemies:
            if enemy in feuds and enemy != item.id:
                feuds[item.id].add(enemy)
                feuds[enemy].add(item.id)
    return feuds
