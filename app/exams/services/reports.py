"""Reports of a faulty question 试题异议: the candidate says what is wrong, an officer answers after the exam."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app import clock
from app.banks import services as banks
from app.exams import timing
from app.exams.journal import BadEntry
from app.exams.models import ExamSession, QuestionReport, Sitting
from app.ledger.services import record, seal
from app.refusals import N_, Conflict, NotFound, TooMany
from app.store import db

MOST_REPORTS = 60


class TooManyReports(TooMany):
    """A sitting takes so many reports and no more."""

    message = N_("At most %(most)s reports can be sent in one exam.")
    todo = N_("Tell the invigilator what else is wrong.")


class AnsweredAlready(Conflict):
    """Another officer has answered this report."""

    message = N_("This report has been answered already.")
    kept = N_("The first answer stands.")
    todo = N_("Go back to the list of reports.")


def report_question(ref: str, person_id: int, *, key: str, slot: int, body: str) -> QuestionReport:
    """Keep a report of the question in `slot`; the same `key` again changes nothing.

    It may also come some time after the end, when the network was away. Raises NotFound, timing.Closed, BadEntry,
    TooManyReports.
    """
    sitting = db.session.scalar(
        select(Sitting).where(Sitting.ref == ref, Sitting.person_id == person_id).with_for_update()
    )
    if sitting is None or sitting.deadline_at is None:
        raise NotFound
    found = db.session.scalar(
        select(QuestionReport).where(QuestionReport.sitting_id == sitting.id, QuestionReport.key == key)
    )
    if found is not None:
        return found
    at = clock.now()
    if not timing.is_kept(sitting.deadline_at, at):
        raise timing.Closed
    row = next((one for one in sitting.form if one["slot"] == slot), None)
    if row is None:
        raise BadEntry
    sent = db.session.scalar(
        select(func.count()).select_from(QuestionReport).where(QuestionReport.sitting_id == sitting.id)
    )
    if (sent or 0) >= MOST_REPORTS:
        raise TooManyReports(most=MOST_REPORTS)
    report = QuestionReport(
        base_id=sitting.base_id, sitting_id=sitting.id, key=key, slot=slot, item=row["id"], version=row["version"],
        body=body, at=at,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    return report


def reports_of(session: ExamSession) -> Sequence[QuestionReport]:
    """The reports of a session, unanswered ones first, by item, so that several reports of one item stand together."""
    return db.session.scalars(
        select(QuestionReport)
        .join(Sitting, Sitting.id == QuestionReport.sitting_id)
        .where(Sitting.session_id == session.id)
        .order_by(QuestionReport.answered_at.is_not(None), QuestionReport.item, QuestionReport.id)
    ).all()


def bank_of(session: ExamSession) -> str:
    """The code of the bank that the session draws on."""
    return banks.get_specification_version(session.specification_hash).bank


def own_reports(sitting: Sitting) -> Sequence[QuestionReport]:
    """What the candidate reported in his sitting, in the order of questions."""
    return db.session.scalars(
        select(QuestionReport)
        .where(QuestionReport.sitting_id == sitting.id)
        .order_by(QuestionReport.slot, QuestionReport.id)
    ).all()


def get_report(session: ExamSession, report_id: int) -> QuestionReport:
    """One report of a session. Raises NotFound."""
    found = db.session.scalar(
        select(QuestionReport)
        .join(Sitting, Sitting.id == QuestionReport.sitting_id)
        .where(QuestionReport.id == report_id, Sitting.session_id == session.id)
        .with_for_update(of=QuestionReport)
    )
    if found is None:
        raise NotFound
    return found


def answer_report(session: ExamSession, report_id: int, *, answer: str, by: int) -> QuestionReport:
    """Answer a report; the candidate reads it once the sitting is closed. Raises NotFound, AnsweredAlready."""
    report = get_report(session, report_id)
    if report.answer is not None:
        if (report.answer, report.answered_by) == (answer, by):
            return report
        raise AnsweredAlready
    report.answer, report.answered_by, report.answered_at = answer, by, clock.now()
    facts = {"report": report.id, "slot": report.slot, "items": report.item, "reply_sealed": seal(answer)}
    record(kind="report.answered", base_id=report.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts)
    return report
