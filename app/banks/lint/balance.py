"""The rules on a bank's balance: lengths of options, levels, and what bank.yaml plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, POOLS, Choice, Item, Single
from app.banks.paper import Plan

LEAST_APPLIED = 0.45
ENOUGH_TO_JUDGE = 20
PLAN_TOLERANCE = Fraction(2, 100)


def is_drawn(item: Item, pool: str = "exam") -> bool:
    """Whether the item may be drawn from a pool, 'exam' or 'practice': approved and in that pool."""
    return item.status == "approved" and item.pool == pool


def check_balance(items: Sequence[Item], plan: Plan | None) -> Iterator[Finding]:
    """All findings on what the items add up to."""
    yield from _longest(items)
    for pool in POOLS:
        yield from _applied([item for item in items if is_drawn(item, pool)], pool)
    if plan is not None:
        yield from _planned([item for item in items if is_drawn(item)], plan)


def longest_share(items: Sequence[Item], language: str) -> tuple[int, int, float]:
    """How often the right option is the longest: (number, of single-choice items, right over wrong mean length)."""
    singles = [item for item in items if isinstance(item, Single) and len(item.right) == 1]
    longest, ratios = 0, []
    for item in singles:
        right = _lengths(item, language, right=True)[0]
        wrong = _lengths(item, language, right=False)
        longest += right > max(wrong, default=0)
        ratios.append(right / (mean(wrong) if wrong else 1))
    return longest, len(singles), mean(ratios) if ratios else 1.0


def _lengths(item: Choice, language: str, *, right: bool) -> list[int]:
    return [len(option.text[language]) for option in item.options if option.right is right]


def _longest(items: Sequence[Item]) -> Iterator[Finding]:
    for language in LANGUAGES:
        longest, count, _ratio = longest_share(items, language)
        if count >= ENOUGH_TO_JUDGE and longest * 2 > count:
            fault = f"In {language} the right option is the longest in {longest} of {count} single-choice items."
            remedy = "Lengthen wrong options or cut right ones."
            yield Finding(".", None, "longest-option-is-not-always-right", fault, remedy)
        choices = [item for item in items if isinstance(item, Choice) and 0 < len(item.right) < len(item.options)]
        right = mean([mean(_lengths(item, language, right=True)) for item in choices] or [0])
        wrong = mean([mean(_lengths(item, language, right=False)) for item in choices] or [0])
        if len(choices) >= ENOUGH_TO_JUDGE and right > wrong:
            fault = f"In {language} right options have {right:.1f} characters on average, wrong ones {wrong:.1f}."
            yield Finding(".", None, "right-is-not-longer", fault, "Lengthen wrong options or cut right ones.")


def _applied(drawn: Sequence[Item], pool: str) -> Iterator[Finding]:
    levels = Counter(item.level for item in drawn)
    applied = levels["apply"] + levels["analyse"]
    if len(drawn) >= ENOUGH_TO_JUDGE and applied < LEAST_APPLIED * len(drawn):
        fault = f"Only {applied} of {len(drawn)} items of the pool “{pool}” ask to apply or analyse."
        yield Finding(".", None, "half-is-applied", fault, "Turn some into a small situation in a company.")


def _planned(drawn: Sequence[Item], plan: Plan) -> Iterator[Finding]:
    rule = "bank-keeps-its-plan"
    kinds = Counter(item.kind for item in drawn)
    for kind, wanted in plan.kinds.items():
        if kinds[kind] < wanted:
            fault = f"{kinds[kind]} of {wanted} {kind} items are there."
            yield Finding("bank.yaml", None, rule, fault, "Write and approve more, or change the plan.")
    standard = [item for item in drawn if item.topic == "standard"]
    shares = ((plan.topics, Counter(item.topic for item in drawn)), (plan.groups, Counter(i.group for i in standard)))
    for wanted_shares, found in shares:
        yield from (
            Finding("bank.yaml", None, rule, fault, "Write more of what is short, or change the plan.")
            for fault in _off_plan(wanted_shares, found)
        )


def _off_plan(wanted: Mapping[str, Fraction], found: Mapping[str, int]) -> Iterator[str]:
    total = sum(found.values())
    for value, share in wanted.items():
        have = Fraction(found.get(value, 0), total) if total else Fraction(0)
        if abs(have - share) > PLAN_TOLERANCE:
            yield f"“{value}” has {float(have):.1%} of the items, planned are {float(share):.1%}."
