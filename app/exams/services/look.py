"""What a candidate sees of a sitting: the paper with the answers so far."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.banks import services as banks
from app.banks.specification import Specification
from app.cohorts import services as cohorts
from app.cohorts.models import Enrolment
from app.exams.journal import FLAGS
from app.exams.models import Answer, ExamSession, Sitting
from app.exams.paper import Given, Part, Question, form_of, parts, questions
from app.exams.services.record import last_number
from app.exams.services.sessions import draw_facts, get_session_by_id
from app.refusals import NotFound
from app.store import db


@dataclass(frozen=True)
class OpenPaper:
    """A sitting as its candidate sees it; `last` is the highest number of the present epoch in the journal.

    `flags_epoch` and `flags_seq` number the list of flagged questions, 0 for none.
    """

    sitting: Sitting
    session: ExamSession
    enrolment: Enrolment
    specification: Specification
    edition: str
    questions: Sequence[Question]
    last: int
    flags_epoch: int
    flags_seq: int

    @property
    def parts(self) -> Sequence[Part]:
        """The paper in parts of one kind."""
        return parts(self.questions)

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


def get_paper(sitting: Sitting, language: str) -> OpenPaper:
    """The paper of a sitting that has begun, in 'zh_CN' or 'en', with the answers so far."""
    form = form_of(sitting.form)
    items = banks.get_item_versions(item.version for item in form)
    rows = db.session.scalars(select(Answer).where(Answer.sitting_id == sitting.id))
    given = {row.slot: Given(json.loads(row.response), row.epoch, row.seq) for row in rows}
    flags = given.get(FLAGS, Given(None, 0, 0))
    session = get_session_by_id(sitting.session_id)
    wanted = draw_facts(session.pool_hash, session.specification_hash).specification
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.id == sitting.enrolment_id))
    if enrolment is None:
        raise NotFound
    programme = cohorts.get_programme(cohorts.get_cohort(session.cohort_id).programme_id)
    return OpenPaper(
        sitting=sitting,
        session=session,
        enrolment=enrolment,
        specification=wanted,
        edition=programme.edition,
        questions=questions(form, items, given, language),
        last=last_number(sitting.id, sitting.epoch),
        flags_epoch=flags.epoch,
        flags_seq=flags.seq,
    )
