"""Results for those who may see them: the candidate his own, by clause group; the staff those of a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import func, select

from app.accounts.models import Person
from app.banks import services as banks
from app.banks.items import Text
from app.cohorts.models import Cohort, Enrolment, Programme
from app.exams import services as exams
from app.exams.models import ExamSession, Sitting
from app.exams.services.entry import begun_by
from app.exams.services.incidents import void_among, void_when
from app.marking.models import Decision, Result, Script
from app.marking.passing import Hurdle, Part, weakest
from app.marking.services.versions import hurdle_of, part_of
from app.refusals import NotFound
from app.standards.editions import Edition, edition
from app.store import db


@dataclass(frozen=True)
class OwnResult:
    """A candidate's result. While `final` is False nothing but that fact is told."""

    ref: str
    session: Text
    number: str
    edition: Edition
    final: bool
    passed: bool
    total: Fraction
    marks: int
    cut: Fraction
    groups: Sequence[Part]
    missed: Sequence[Hurdle]
    study_next: Sequence[Part]
    attempts_left: int
    decision: Decision | None
    void: bool = False


@dataclass(frozen=True)
class ResultLine:
    """One person of a session in the table of results."""

    ref: str
    person: Person
    enrolment: Enrolment
    state: str
    total: Fraction | None
    passed: bool | None
    waiting: int
    decision: Decision | None
    void: bool = False

    @property
    def standing(self) -> str:
        """void, sitting, marking, passed or failed."""
        if self.void or self.state == "sitting":
            return "void" if self.void else "sitting"
        return {True: "passed", False: "failed", None: "marking"}[self.passed]


@dataclass(frozen=True)
class SessionResults:
    """All results of a session."""

    session: ExamSession
    marks: int
    cut: Fraction
    lines: Sequence[ResultLine]

    @property
    def counts(self) -> Counter[str]:
        """How many passed, failed, are being marked, still sit, or are void."""
        return Counter(line.standing for line in self.lines)


def get_own_result(ref: str, person_id: int) -> OwnResult:
    """The person's own result of a sitting. Raises NotFound until it is handed in."""
    found = db.session.execute(
        select(ExamSession, Enrolment, Programme, Sitting.id, begun_by(Enrolment.id), void_when(Sitting.id))
        .join(Sitting, Sitting.session_id == ExamSession.id)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .join(Cohort, Cohort.id == ExamSession.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Sitting.ref == ref, Sitting.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    session, enrolment, programme, sitting_id, begun, void = found
    last = db.session.execute(
        select(Result, Decision)
        .outerjoin(Decision, Decision.result_id == Result.id)
        .where(Result.sitting_id == sitting_id)
        .order_by(Result.version.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        raise NotFound
    result, decision = last
    cut = Fraction(result.cut)
    groups = [part_of(row) for row in result.groups]
    return OwnResult(
        ref=ref,
        session=session.title,
        number=enrolment.number,
        edition=edition(programme.edition),
        final=result.state == "final",
        passed=bool(result.passed),
        total=Fraction(result.total),
        marks=result.marks,
        cut=cut,
        groups=groups,
        missed=[hurdle_of(row) for row in result.missed],
        study_next=weakest(groups, cut / result.marks),
        attempts_left=max(0, programme.attempts - begun),
        decision=decision,
        void=void,
    )


def get_session_results(ref: str) -> SessionResults:
    """The results of a session in the order of admission numbers, newest attempt of each person. Raises NotFound."""
    session = exams.get_session(ref)
    rows = db.session.execute(
        select(Sitting, Person, Enrolment)
        .join(Person, Person.id == Sitting.person_id)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .where(Sitting.session_id == session.id, Sitting.state != "ready")
        .order_by(Enrolment.number, Sitting.attempt_no)
    ).all()
    ids = [row.Sitting.id for row in rows]
    ordered = db.session.scalars(select(Result).where(Result.sitting_id.in_(ids)).order_by(Result.version))
    newest = {result.sitting_id: result for result in ordered}
    waiting = _waiting(ids)
    decisions = {
        decision.result_id: decision
        for decision in db.session.scalars(
            select(Decision).where(Decision.result_id.in_([result.id for result in newest.values()]))
        )
    }
    specification = banks.get_specification_version(session.specification_hash)
    void = void_among(ids)
    lines = [
        replace(
            _line(sitting, person, enrolment, newest.get(sitting.id), waiting.get(sitting.id, 0), decisions),
            void=sitting.id in void,
        )
        for sitting, person, enrolment in rows
    ]
    return SessionResults(session, specification.max_marks, specification.cut, lines)


def _line(
    sitting: Sitting,
    person: Person,
    enrolment: Enrolment,
    result: Result | None,
    waiting: int,
    decisions: dict[int, Decision],
) -> ResultLine:
    final = result is not None and result.state == "final"
    return ResultLine(
        ref=sitting.ref,
        person=person,
        enrolment=enrolment,
        state="sitting" if result is None else result.state,
        total=Fraction(result.total) if result is not None and final else None,
        passed=result.passed if result is not None else None,
        waiting=waiting,
        decision=decisions.get(result.id) if result is not None else None,
    )


def _waiting(sitting_ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Script.sitting_id, func.count())
        .where(Script.sitting_id.in_(sitting_ids), Script.state == "waiting")
        .group_by(Script.sitting_id)
    )
    return dict(rows.all())
