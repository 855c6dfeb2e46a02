"""A mock exam 模拟考试 as values: the pool it is drawn from, its clock, and what its answers earned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from app.banks.items import MARKED_BY_PEOPLE, Item
from app.banks.responses import is_answered
from app.banks.specification import Specification
from app.exams.assembly import CannotFill, Form, FormItem, PoolItem, prepare
from app.exams.assembly import draw as draw_paper
from app.marking.passing import Outcome, SlotScore, judge
from app.marking.scoring import score
from app.practice.marked import Marked, marked, own_share

GRACE = timedelta(minutes=2)
"""How long after the deadline an answer that was on its way is still taken."""

_FRESH = 8
"""The weight of an item never seen beside one that was: it comes early about that many times as often."""


def draw(
    pool: Sequence[PoolItem], specification: Specification, seed: bytes, *, seen: Iterable[str], sat: Iterable[str]
) -> Form:
    """The paper of a seed, if possible of items never seen, else without those of earlier mock exams, else of any.

    `seen` are the ids of items that were answered in practice, `sat` of those on earlier mock exams. Raises CannotFill
    when the whole pool cannot fill the specification.
    """
    on_papers, known = frozenset(sat), frozenset(seen) | frozenset(sat)
    weighted = [replace(item, weight=1 if item.id in known else _FRESH) for item in pool]
    prepared = prepare(weighted, specification)
    for without in dict.fromkeys((known, on_papers)):
        try:
            return draw_paper(prepared, seed, without)
        except CannotFill:
            if not without:
                raise
    return draw_paper(prepared, seed)


@dataclass(frozen=True)
class Turn:
    """What was answered in a slot; `fields` are the shares that the person gave an own text, None before that."""

    response: Any
    fields: Mapping[str, str] | None


def is_over(deadline: datetime, at: datetime) -> bool:
    """Whether no answer is taken any more."""
    return at > deadline + GRACE


def waits(question: FormItem, turn: Turn | None) -> bool:
    """Whether an own text in this slot still has to be marked by its writer."""
    return question.kind in MARKED_BY_PEOPLE and turn is not None and is_answered(turn.response) and turn.fields is None


def points(question: FormItem, item: Item, turn: Turn | None, multiple: str) -> Fraction:
    """The points of a slot; an own text that was not marked yet has none so far."""
    response = turn.response if turn else None
    if question.kind not in MARKED_BY_PEOPLE:
        return score(item, response, question.marks, question.options, multiple)
    if turn is None or turn.fields is None or not is_answered(response):
        return Fraction(0)
    given = {name: Fraction(share) for name, share in turn.fields.items()}
    return own_share(item, response, given) * question.marks


def outcome(
    form: Sequence[FormItem], items: Mapping[str, Item], turns: Mapping[int, Turn], specification: Specification
) -> Outcome:
    """The outcome of the answers by the pass rule; `items` by version, `turns` by slot."""
    multiple = specification.pass_rule.multiple
    scores = [
        SlotScore(
            one.slot, one.kind, _group(items[one.version], specification.edition),
            points(one, items[one.version], turns.get(one.slot), multiple), one.marks,
        )
        for one in form
    ]  # fmt: skip
    return judge(specification.pass_rule, scores)


def told(question: FormItem, item: Item, turn: Turn | None, multiple: str) -> Marked:
    """The answer of a slot beside its item, for the page of results."""
    share = None if waits(question, turn) else points(question, item, turn, multiple) / question.marks
    response = turn.response if turn else None
    return marked(item, response, question.options, share=share, given=turn.fields if turn else None)


def _group(item: Item, edition: str) -> str:
    """The chapter of the item in an edition; that of its own where a former version knows no other."""
    return item.clauses.get(edition, item.clause).split(".", 1)[0]
