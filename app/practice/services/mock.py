"""Mock exams 模拟考试: draw one, take its answers, close it, and show what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from app import clock
from app.banks import services as banks
from app.banks.items import MARKED_BY_PEOPLE, Item
from app.banks.responses import is_answered
from app.banks.specification import Specification
from app.exams.assembly import FormItem, PoolItem, form_rows
from app.exams.journal import BadEntry
from app.exams.paper import Given, Part, Question, checked, form_of, parts, questions
from app.exams.services.pools import pool_item
from app.practice.marked import own_marks
from app.practice.mocks import Turn, draw, is_over, outcome, waits
from app.practice.models import MockAnswer, MockExam, PracticeAnswer
from app.practice.services.answer import keep
from app.practice.services.learner import Learner, hold, items_of
from app.refusals import N_, NotFound, Refusal
from app.store import db


class TimeIsUp(Refusal):
    """The mock exam takes no answers any more."""

    message = N_("The time of this mock exam is over, so this answer was not taken.")
    kept = N_("Everything saved before is kept and scored.")
    todo = N_("Open the mock exam again to see its result.")


@dataclass(frozen=True)
class MockPaper:
    """A mock exam that runs."""

    ref: str
    specification: Specification
    deadline_at: datetime
    questions: Sequence[Question]

    @property
    def parts(self) -> Sequence[Part]:
        """The paper in parts of one kind."""
        return parts(self.questions)

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(question.answered for question in self.questions)


def start(learner: Learner, *, key: str, specification: str) -> str:
    """Draw a mock exam and start its clock; the same `key` (32 hex digits) again gives what it made.

    One that still runs is gone on with instead. Returns the reference. Raises NotFound for a specification of another
    bank and CannotFill when the practice items do not suffice.
    """
    hold(learner)
    at = clock.now()
    for row in rows_of(learner):
        if row.ref == key or (row.closed_at is None and not is_over(row.deadline_at, at)):
            return row.ref
    wanted = banks.get_specification(specification)
    if wanted.bank != learner.bank:
        raise NotFound
    seed = hashlib.sha256(f"{learner.enrolment_id}|{key}".encode()).digest()
    form = draw(pool_for(learner, wanted), wanted, seed, seen=_answered(learner), sat=_sat(learner))
    row = MockExam(
        base_id=learner.base_id, ref=key, enrolment_id=learner.enrolment_id, specification=wanted.code,
        specification_hash=wanted.hash, form=form_rows(form.items), started_at=at,
        deadline_at=at + timedelta(minutes=wanted.minutes),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return key


def get_paper(learner: Learner, ref: str, language: str) -> MockPaper | None:
    """The paper with its answers so far, in 'zh_CN' or 'en'; None when it is closed or its time is over."""
    row = get_mock(learner, ref)
    if row.closed_at is not None or is_over(row.deadline_at, clock.now()):
        return None
    form = form_of(row.form)
    items = banks.get_item_versions(one.version for one in form)
    given = {slot: Given(turn.response, 0, 0) for slot, turn in turns_of(row).items()}
    wanted = banks.get_specification_version(row.specification_hash)
    return MockPaper(ref, wanted, row.deadline_at, questions(form, items, given, language))


def get_form(learner: Learner, ref: str) -> list[tuple[FormItem, Item]]:
    """The questions of a mock exam with their items; for the demonstration, whose people know the answers."""
    form = form_of(get_mock(learner, ref).form)
    items = banks.get_item_versions(one.version for one in form)
    return [(one, items[one.version]) for one in form]


def save(learner: Learner, ref: str, values: Mapping[int, object]) -> datetime:
    """Save answers by slot, as the page sends them; what is the same stays. Returns the moment of saving.

    Raises NotFound, TimeIsUp, and journal.BadEntry for what the page cannot have sent.
    """
    hold(learner)
    row, at = get_mock(learner, ref), clock.now()
    if row.closed_at is not None or is_over(row.deadline_at, at):
        raise TimeIsUp
    kinds = [(one["kind"], len(one["options"])) for one in row.form]
    stored = {one.slot: one for one in db.session.scalars(select(MockAnswer).where(MockAnswer.mock_id == row.id))}
    if not all(1 <= slot <= len(kinds) for slot in values):
        raise BadEntry
    for slot, value in values.items():
        response = checked(kinds, slot, value)
        before = stored.get(slot)
        if before is None:
            db.session.add(
                MockAnswer(base_id=row.base_id, mock_id=row.id, slot=slot, response=response, fields=None, saved_at=at)
            )
        elif before.response != response:
            before.response, before.saved_at = response, at
    db.session.flush()
    return at


def close(learner: Learner, ref: str) -> None:
    """Close and score the mock exam; each answer goes into practice, so that what was missed comes back.

    A question that was left out says nothing of what is known, so it does not. Closing again changes nothing.
    """
    hold(learner)
    row = get_mock(learner, ref)
    if row.closed_at is not None:
        return
    row.closed_at = min(clock.now(), row.deadline_at)
    db.session.flush()
    form, turns = form_of(row.form), turns_of(row)
    items = banks.get_item_versions(one.version for one in form)
    wanted = banks.get_specification_version(row.specification_hash)
    for one in form:
        turn = turns.get(one.slot)
        if turn is not None and is_answered(turn.response) and one.kind not in MARKED_BY_PEOPLE:
            _into_practice(learner, row, one, items[one.version], turn, wanted)
    _settle(row, form, items, turns, wanted)


def mark_own(learner: Learner, ref: str, slot: int, ticked: Sequence[str]) -> None:
    """Mark the own text of a slot by ticking its points, once; the result follows, and the item comes back by it.

    Raises NotFound for a slot without an own text, or while the mock exam runs.
    """
    hold(learner)
    row = get_mock(learner, ref)
    question = next((one for one in form_of(row.form) if one.slot == slot), None)
    answer = db.session.scalar(select(MockAnswer).where(MockAnswer.mock_id == row.id, MockAnswer.slot == slot))
    if row.closed_at is None or question is None or question.kind not in MARKED_BY_PEOPLE or answer is None:
        raise NotFound
    if answer.fields is not None or not is_answered(answer.response):
        return
    form = form_of(row.form)
    items = banks.get_item_versions(one.version for one in form)
    given = own_marks(items[question.version], answer.response, ticked)
    answer.fields = {name: str(share) for name, share in given.items()}
    db.session.flush()
    turns, wanted = turns_of(row), banks.get_specification_version(row.specification_hash)
    _into_practice(learner, row, question, items[question.version], turns[slot], wanted)
    _settle(row, form, items, turns, wanted)


def _into_practice(
    learner: Learner, row: MockExam, question: FormItem, item: Item, turn: Turn, wanted: Specification
) -> None:
    key = hashlib.sha256(f"{row.ref}|{question.slot}".encode()).hexdigest()[:32]
    given = None if turn.fields is None else {name: Fraction(share) for name, share in turn.fields.items()}
    keep(
        learner, item, key=key, order=question.options, response=turn.response, source="mock",
        multiple=wanted.pass_rule.multiple, given=given,
    )  # fmt: skip


def _settle(
    row: MockExam,
    form: Sequence[FormItem],
    items: Mapping[str, Item],
    turns: Mapping[int, Turn],
    wanted: Specification,
) -> None:
    """The total and whether it passes, once no own text waits."""
    if not any(waits(one, turns.get(one.slot)) for one in form):
        result = outcome(form, items, turns, wanted)
        row.total, row.passed = str(result.total), result.passed
    db.session.flush()


def pool_for(learner: Learner, wanted: Specification) -> list[PoolItem]:
    """The learner's practice items as the draw sees them; those that the specification's edition lacks are left out."""
    return [pool_item(item, wanted.edition) for item in items_of(learner) if wanted.edition in item.clauses]


def rows_of(learner: Learner) -> Sequence[MockExam]:
    """The learner's mock exams, the latest first."""
    return db.session.scalars(
        select(MockExam).where(MockExam.enrolment_id == learner.enrolment_id).order_by(MockExam.id.desc())
    ).all()


def get_mock(learner: Learner, ref: str) -> MockExam:
    """The learner's mock exam of this reference. Raises NotFound."""
    found = next((row for row in rows_of(learner) if row.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def turns_of(row: MockExam) -> dict[int, Turn]:
    """What was answered, by slot."""
    rows = db.session.scalars(select(MockAnswer).where(MockAnswer.mock_id == row.id))
    return {one.slot: Turn(one.response, one.fields) for one in rows}


def _answered(learner: Learner) -> set[str]:
    rows = select(PracticeAnswer.item).where(PracticeAnswer.enrolment_id == learner.enrolment_id)
    return set(db.session.scalars(rows))


def _sat(learner: Learner) -> set[str]:
    return {one["id"] for row in rows_of(learner) for one in row.form}
