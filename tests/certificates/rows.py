"""Rows that a certificate needs below it: a base, people, a class, a sitting, a passed result and the decision."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from app.accounts.models import Person, TrainingBase
from app.certificates import tasks  # noqa: F401 - registers the jobs
from app.cohorts.models import Cohort, Enrolment, Programme
from app.exams.models import ExamPool, ExamSession, Sitting
from app.marking.models import Decision, Result
from app.store import db

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def add(row: Any) -> Any:
    """Write a row and give it its id."""
    db.session.add(row)
    db.session.flush()
    return row


def base(code: str = "jszj", **values: Any) -> TrainingBase:
    """A training base with a signer."""
    given = {
        "name_zh": "云山知识产权培训基地（示例）", "name_en": "Yunshan IP Training Base (demonstration)",
        "credit_code": f"91320594MA1{code.upper():0<6}X"[:18], "region": "", "signer_zh": "林示范", "signer_en": "LIN Shifan",
    }  # fmt: skip
    return add(TrainingBase(code=code, **(given | values)))


def person(account: str, name: str = "李雨桐", **values: Any) -> Person:
    """A person."""
    given = {"name_latin": "LI Yutong", "state": "active", "created_at": AT, "identity_masked": "110101********002X"}
    return add(Person(account=account, name=name, **(given | values)))


def decision(
    of: TrainingBase, holder: Person, decider: Person, *, kind: str = "internal-auditor", certify: bool = True
) -> Decision:
    """A decision on a passed result of a sitting on 20 November 2026."""
    count = db.session.query(Sitting).count() + 1
    programme = add(
        Programme(
            base_id=of.id, code=f"{kind}-{count}", kind=kind, title_zh="GB/T 29490-2013 内部审核员培训",
            title_en="GB/T 29490-2013 internal auditor training", edition="gbt29490-2013", course="c", bank="b",
            specification="s", hours=24,
        )
    )  # fmt: skip
    cohort = add(
        Cohort(
            base_id=of.id, programme_id=programme.id, code=f"c{count}", title_zh="第一期", title_en="Class one",
            starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 30),
        )
    )  # fmt: skip
    number = f"2026-01-{count:04d}"
    enrolment = add(
        Enrolment(base_id=of.id, cohort_id=cohort.id, person_id=holder.id, number=number, employer="", enrolled_at=AT)
    )
    sitting = add(_sitting(of, cohort, enrolment, count))
    result = add(
        Result(
            base_id=of.id, sitting_id=sitting.id, person_id=holder.id, enrolment_id=enrolment.id, version=1,
            state="final", reason="marked", specification_hash="s", scores=[], sections=[], groups=[], missed=[],
            total="80", marks=100, cut="60", passed=True, made_at=AT,
        )
    )  # fmt: skip
    return add(
        Decision(
            base_id=of.id, result_id=result.id, person_id=holder.id, enrolment_id=enrolment.id, certify=certify,
            decided_by=decider.id, decided_at=AT, reason="",
        )
    )  # fmt: skip


def _sitting(of: TrainingBase, cohort: Cohort, enrolment: Enrolment, count: int) -> Sitting:
    if db.session.get(ExamPool, "pool") is None:
        add(ExamPool(hash="pool", items=[]))
    session = add(
        ExamSession(
            base_id=of.id, ref=f"session{count}", cohort_id=cohort.id, specification_hash="s", pool_hash="pool",
            title_zh="考试", title_en="Exam", opens_at=AT, closes_at=AT, minutes=120, secret=b"s", commitment="c",
            created_at=AT,
        )
    )  # fmt: skip
    return Sitting(
        base_id=of.id, ref=f"sitting{count}", session_id=session.id, person_id=enrolment.person_id,
        enrolment_id=enrolment.id, attempt_no=1, state="closed", form=[], nonce="n", excluded=[], expected_at_cut=0,
        target_at_cut=0, se=0, within_tolerance=True, algorithm="a", created_at=AT, started_at=AT, closed_at=AT,
    )  # fmt: skip
