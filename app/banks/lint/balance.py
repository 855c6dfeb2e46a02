"""The rules on a bank's balance: lengths of options, levels, and what bank.yaml plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean
from typing import Protocol

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, LEVELS, POOLS, Choice, Item, Single
from app.banks.paper import Bank, Plan

LEAST_APPLIED = 0.45
ENOUGH_TO_JUDGE = 20
PLAN_TOLERANCE = Fraction(2, 100)


def is_drawn(item: Item, pool: str = "exam") -> bool:
    """Whether the item may be drawn from a pool, 'exam' or 'practice': approved and in that pool."""
    return item.status == "approved" and item.pool == pool


class Placed(Protocol):
    """An item with the file it stands in."""

    @property
    def file(self) -> str:
        """The file, relative to the bank's folder."""

    @property
    def item(self) -> Item:
        """The item."""

    def line(self, *path: str | int) -> int:
        """The line of a field or a part of one."""


class PlacedBank(Protocol):
    """What bank.yaml says, with its lines."""

    @property
    def bank(self) -> Bank:
        """The bank."""

    def line(self, *path: str | int) -> int:
        """The line of a field or a part of one."""


def check_balance(placed: Sequence[Placed], bank: PlacedBank | None) -> Iterator[Finding]:
    """All findings on what the items add up to.

    What the bank as a whole breaks is told at the item with which mending it begins best.
    """
    yield from _longest(placed)
    for pool in POOLS:
        yield from _applied([entry for entry in placed if is_drawn(entry.item, pool)], pool)
    if bank is not None and bank.bank.plan is not None:
        yield from _planned([entry.item for entry in placed if is_drawn(entry.item)], bank.bank.plan, bank)


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


def _longest(placed: Sequence[Placed]) -> Iterator[Finding]:
    items = [entry.item for entry in placed]
    for language in LANGUAGES:
        longest, count, _ratio = longest_share(items, language)
        if count >= ENOUGH_TO_JUDGE and longest * 2 > count:
            fault = f"In {language} the right option is the longest in {longest} of {count} single-choice items."
            yield _at_longest(placed, language, "longest-option-is-not-always-right", fault)
        choices = [item for item in items if isinstance(item, Choice) and 0 < len(item.right) < len(item.options)]
        right = mean([mean(_lengths(item, language, right=True)) for item in choices] or [0])
        wrong = mean([mean(_lengths(item, language, right=False)) for item in choices] or [0])
        if len(choices) >= ENOUGH_TO_JUDGE and right > wrong:
            fault = f"In {language} right options have {right:.1f} characters on average, wrong ones {wrong:.1f}."
            yield _at_longest(placed, language, "right-is-not-longer", fault)


def _at_longest(placed: Sequence[Placed], language: str, rule: str, fault: str) -> Finding:
    """The finding at the right option that stands out most."""
    found: list[tuple[int, Placed, int]] = []
    for entry in placed:
        if isinstance(entry.item, Choice):
            longest = max(_lengths(entry.item, language, right=False), default=0)
            found.extend((len(entry.item.options[n].text[language]) - longest, entry, n) for n in entry.item.right)
    _more, entry, place = max(found, key=lambda one: one[0])
    remedy = "Lengthen wrong options or cut right ones, this one first."
    return Finding(entry.file, entry.line("options", place), rule, fault, remedy)


def _applied(drawn: Sequence[Placed], pool: str) -> Iterator[Finding]:
    levels = Counter(entry.item.level for entry in drawn)
    applied = levels["apply"] + levels["analyse"]
    if len(drawn) >= ENOUGH_TO_JUDGE and applied < LEAST_APPLIED * len(drawn):
        first = min(drawn, key=lambda entry: LEVELS.index(entry.item.level))
        fault = f"Only {applied} of {len(drawn)} items of the pool “{pool}” ask to apply or analyse."
        remedy = "Turn some into a small situation in a company, such as this one."
        yield Finding(first.file, first.line("level"), "half-is-applied", fault, remedy)


def _planned(drawn: Sequence[Item], plan: Plan, bank: PlacedBank) -> Iterator[Finding]:
    rule = "bank-keeps-its-plan"
    kinds = Counter(item.kind for item in drawn)
    for kind, wanted in plan.kinds.items():
        if kinds[kind] < wanted:
            fault = f"{kinds[kind]} of {wanted} {kind} items are there."
            remedy = "Write and approve more, or change the plan."
            yield Finding("bank.yaml", bank.line("plan", "kinds", kind), rule, fault, remedy)
    standard = [item for item in drawn if item.topic == "standard"]
    shares = {
        "topics": (plan.topics, Counter(item.topic for item in drawn)),
        "groups": (plan.groups, Counter(item.group for item in standard)),
    }
    for name, (wanted_shares, found) in shares.items():
        for value, fault in _off_plan(wanted_shares, found):
            remedy = "Write more of what is short, or change the plan."
            yield Finding("bank.yaml", bank.line("plan", name, value), rule, fault, remedy)


def _off_plan(wanted: Mapping[str, Fraction], found: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    total = sum(found.values())
    for value, share in wanted.items():
        have = Fraction(found.get(value, 0), total) if total else Fraction(0)
        if abs(have - share) > PLAN_TOLERANCE:
            yield value, f"“{value}” has {float(have):.1%} of the items, planned are {float(share):.1%}."
