"""What a candidate sees of a sitting: the paper with the answers so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select

from app.banks import services as banks
from app.banks.specification import OPEN_BOOK, Specification
from app.cohorts.models import Enrolment
from app.exams.models import Answer, ExamSession, Sitting
from app.exams.paper import Given, Part, Question, form_of, own_marks, parts, questions
from app.exams.services.record import last_number
from app.refusals import NotFound
from app.store import db


@dataclass(frozen=True)
class OpenPaper:
    """A sitting as its candidate sees it; `last` is the highest number of the present epoch in the journal.

    `numbers` are the (epoch, seq) of every present answer by slot, `own` the candidate's own marks by question.
    """

    sitting: Sitting
    session: ExamSession
    enrolment: Enrolment
    specification: Specification
    edition: str
    questions: Sequence[Question]
    last: int
    numbers: Mapping[int, tuple[int, int]]
    own: Mapping[int, Any]

    @property
    def parts(self) -> Sequence[Part]:
        """The paper in parts of one kind."""
        return parts(self.questions)

    @property
    def open_book(self) -> bool:
        """Whether materials and the tree of clauses lie open beside the questions."""
        return self.specification.books == OPEN_BOOK

    @property
    def has_case(self) -> bool:
        """Whether a clause of the edition is asked for."""
        return any(question.kind == "case" for question in self.questions)

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(question.answered for question in self.questions)

    @property
    def to_look_at(self) -> Sequence[Question]:
        """The questions that are unanswered or flagged."""
        return [question for question in self.questions if question.flagged or not question.answered]


def get_sitting(ref: str, person_id: int) -> Sitting:
    """The person's sitting of this reference. Raises NotFound."""
    found = db.session.scalar(select(Sitting).where(Sitting.ref == ref, Sitting.person_id == person_id))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Around:
    """A sitting with what its page says around the questions."""

    sitting: Sitting
    session: ExamSession
    enrolment: Enrolment


def get_around(ref: str, person_id: int) -> Around:
    """The person's sitting of this reference with session and enrolment. Raises NotFound."""
    return _around(Sitting.ref == ref, Sitting.person_id == person_id)


def _around(*which: ColumnElement[bool]) -> Around:
    found = db.session.execute(
        select(Sitting, ExamSession, Enrolment)
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .where(*which)
    ).one_or_none()
    if found is None:
        raise NotFound
    return Around(*found)


@lru_cache(maxsize=64)
def specification_of(hash: str) -> Specification:
    """The specification of this hash; kept, because what a hash names never changes. Raises NotFound."""
    return banks.get_specification_version(hash)


def get_paper(sitting: Sitting, language: str) -> OpenPaper:
    """The paper of a sitting that has begun, in 'zh_CN' or 'en', with the answers so far. Raises NotFound."""
    return paper_of(_around(Sitting.id == sitting.id), language)


def paper_of(around: Around, language: str) -> OpenPaper:
    """The same where session and enrolment are known already."""
    sitting, session = around.sitting, around.session
    form = form_of(sitting.form)
    items = banks.get_item_versions(item.version for item in form)
    rows = db.session.execute(
        select(Answer.slot, Answer.response, Answer.epoch, Answer.seq).where(Answer.sitting_id == sitting.id)
    )
    given = {slot: Given(json.loads(response), epoch, seq) for slot, response, epoch, seq in rows}
    wanted = specification_of(session.specification_hash)
    return OpenPaper(
        sitting=sitting,
        session=session,
        enrolment=around.enrolment,
        specification=wanted,
        edition=wanted.edition,
        questions=questions(form, items, given, language),
        last=last_number(sitting.id, sitting.epoch) if given else 0,
        numbers={slot: (answer.epoch, answer.seq) for slot, answer in given.items()},
        own=own_marks(given),
    )
