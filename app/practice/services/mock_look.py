"""What a trainee sees of mock exams: what can be begun, what was sat, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app import clock
from app.banks import services as banks
from app.banks.items import Text
from app.banks.specification import Specification
from app.exams.assembly import CannotFill, FormItem, PoolItem
from app.exams.paper import form_of
from app.marking.passing import Outcome
from app.practice.marked import Marked
from app.practice.mocks import draw, is_over, outcome, told, waits
from app.practice.models import MockExam
from app.practice.services.learner import Learner
from app.practice.services.mock import get_mock, pool_for, rows_of, turns_of


@dataclass(frozen=True)
class Offer:
    """A specification that a mock exam may follow; `problem` says what its practice items lack, None for nothing."""

    specification: Specification
    problem: CannotFill | None


@dataclass(frozen=True)
class MockLine:
    """A mock exam in the list; `state` is running, over (not scored yet), marking, passed or failed."""

    ref: str
    title: Text
    started_at: datetime
    deadline_at: datetime
    state: str
    total: Fraction | None
    marks: int


@dataclass(frozen=True)
class MockResult:
    """What came of a mock exam; `waiting` are the slots whose own texts the person has not marked yet."""

    ref: str
    specification: Specification
    started_at: datetime
    closed_at: datetime
    outcome: Outcome
    waiting: Sequence[int]
    answers: Sequence[tuple[FormItem, Marked]]


def list_offers(learner: Learner) -> list[Offer]:
    """The specifications of the learner's bank, the one of the programme first, and why one cannot be drawn."""
    found = [Offer(one, _problem(pool_for(learner, one), one)) for one in banks.list_specifications(learner.bank)]
    return sorted(
        found, key=lambda offer: (offer.specification.code != learner.specification, offer.specification.code)
    )


def list_mocks(learner: Learner) -> list[MockLine]:
    """The learner's mock exams, the latest first."""
    rows, at = rows_of(learner), clock.now()
    papers = {hash: banks.get_specification_version(hash) for hash in {row.specification_hash for row in rows}}
    return [_line(row, papers[row.specification_hash], at) for row in rows]


def get_result(learner: Learner, ref: str) -> MockResult | None:
    """What came of a mock exam; None while it runs."""
    row = get_mock(learner, ref)
    if row.closed_at is None:
        return None
    form, turns = form_of(row.form), turns_of(row)
    items = banks.get_item_versions(one.version for one in form)
    wanted = banks.get_specification_version(row.specification_hash)
    multiple = wanted.pass_rule.multiple
    return MockResult(
        ref=ref,
        specification=wanted,
        started_at=row.started_at,
        closed_at=row.closed_at,
        outcome=outcome(form, items, turns, wanted),
        waiting=[one.slot for one in form if waits(one, turns.get(one.slot))],
        answers=[(one, told(one, items[one.version], turns.get(one.slot), multiple)) for one in form],
    )


def _problem(pool: Sequence[PoolItem], wanted: Specification) -> CannotFill | None:
    try:
        draw(pool, wanted, b"trial", seen=(), sat=())
    except CannotFill as refusal:
        return refusal
    return None


def _line(row: MockExam, wanted: Specification, at: datetime) -> MockLine:
    if row.closed_at is None:
        state = "over" if is_over(row.deadline_at, at) else "running"
    else:
        state = "marking" if row.passed is None else "passed" if row.passed else "failed"
    total = None if row.total is None else Fraction(row.total)
    return MockLine(row.ref, wanted.title, row.started_at, row.deadline_at, state, total, wanted.max_marks)
