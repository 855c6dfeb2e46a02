"""Answers that the people of the demonstration give: right with a chance, from the key that only the server has."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from app.banks.items import LETTERS, Blank, Case, Choice, Item, Judge, Short


def answer(item: Item, options: Sequence[int], ability: float, dice: random.Random) -> Any:
    """An answer to an item as shown with this order of options; right with the chance `ability` (0 to 1)."""
    right = dice.random() < ability
    if isinstance(item, Choice):
        places = [LETTERS[place] for place, number in enumerate(options) if item.options[number].right]
        if not right:
            places = [letter for letter in LETTERS[: len(options)] if letter not in places][:1]
        return places if item.kind == "multiple" else places[0]
    if isinstance(item, Judge):
        other = {"correct": "incorrect", "incorrect": "correct"}
        return item.answer if right else other[item.answer]
    if isinstance(item, Blank):
        return [gap.accept["zh_CN"][0] if right else "不清楚" for gap in item.gaps]
    if isinstance(item, Short):
        return item.model["zh_CN"] if right else "应当按照公司制度执行，并保留记录。"
    assert isinstance(item, Case)
    return _case(item, right=right)


def _case(item: Case, *, right: bool) -> Mapping[str, str]:
    key = item.key
    if right:
        return {
            "facts": key.facts["zh_CN"],
            "clause": key.clauses[0].no,
            "requirement": key.requirement["zh_CN"],
            "grade": key.grade,
            "reason": key.reason["zh_CN"],
        }
    grade = "minor" if key.grade != "minor" else "major"
    return {"facts": "现场没有找到记录。", "clause": "5.1", "requirement": "应当有记录。", "grade": grade, "reason": ""}
