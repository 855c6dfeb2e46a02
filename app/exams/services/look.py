"""What a candidate sees of the exams: the list, and the paper with the answers so far."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock
from app.banks import services as banks
from app.banks.specification import Specification
from app.cohorts import services as cohorts
from app.cohorts.models import Enrolment
from app.exams.journal import FLAGS
from app.exams.models import Answer, ExamSession, Sitting
from app.exams.paper import Given, Part, Question, form_of, parts, questions
from app.exams.services.passed import has_passed
from app.exams.services.record import last_number
from app.exams.services.sessions import draw_facts, get_session_by_id
from app.refusals import NotFound
from app.store import db

ADMISSION = timedelta(hours=1)


@dataclass(frozen=True)
class MySession:
    """A session in the candidate's list. `state`: coming, open, ready, running, handed-in, missed.

    `can_start` says whether the paper may be asked for: from an hour before the session opens. `attempts` and
    `attempts_left` are those of the programme; `passed` says that there is nothing left to sit for.
    """

    session: ExamSession
    enrolment: Enrolment
    sitting: Sitting | None
    state: str
    attempts: int
    attempts_left: int

    can_start: bool
    passed: bool = False


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


def my_sessions(person_id: int) -> Sequence[MySession]:
    """The sessions of the cohorts that the person is in: those to come and open first, then the past ones."""
    at = clock.now()
    found: list[MySession] = []
    for enrolment in cohorts.enrolments_of(person_id):
        allowed = cohorts.get_programme(cohorts.get_cohort(enrolment.cohort_id).programme_id).attempts
        used = db.session.scalar(
            select(func.count()).select_from(Sitting).where(Sitting.enrolment_id == enrolment.id)
        ) or 0  # fmt: skip
        sessions = db.session.scalars(select(ExamSession).where(ExamSession.cohort_id == enrolment.cohort_id))
        passed = has_passed(enrolment.id)
        mine = [_mine(session, enrolment, at, allowed, used) for session in sessions]
        found.extend(replace(one, passed=True, can_start=False) if passed else one for one in mine)
    return sorted(found, key=lambda one: (one.state in {"handed-in", "missed"}, one.session.opens_at))


def _mine(session: ExamSession, enrolment: Enrolment, at: datetime, allowed: int, used: int) -> MySession:
    sittings = db.session.scalars(
        select(Sitting)
        .where(Sitting.session_id == session.id, Sitting.person_id == enrolment.person_id)
        .order_by(Sitting.attempt_no.desc())
    ).all()
    sitting = sittings[0] if sittings else None
    left = min(allowed - used, session.attempts - len(sittings))
    state = _state(session, sitting, at, left > 0)
    soon = state == "open" or (state == "coming" and session.opens_at - at <= ADMISSION)
    return MySession(session, enrolment, sitting, state, allowed, max(0, allowed - used), soon and left > 0)


def _state(session: ExamSession, sitting: Sitting | None, at: datetime, again: bool) -> str:
    if sitting is not None and sitting.state == "open":
        return "running"
    if sitting is not None and sitting.state == "closed" and not (again and at < session.closes_at):
        return "handed-in"
    if at >= session.closes_at:
        return "missed"
    if sitting is not None and sitting.state == "ready":
        return "ready"
    return "coming" if at < session.opens_at else "open"
