"""Rows of programmes 培训项目, cohorts 培训班 and enrolments 报名."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Programme(InBase, Base):
    """What a base teaches and certifies: course, specification of the exam, hours and validity, as data."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("base_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    edition: Mapped[str]
    course: Mapped[str]
    bank: Mapped[str]
    specification: Mapped[str]
    hours: Mapped[int]
    hours_required: Mapped[int] = mapped_column(default=0)
    validity_months: Mapped[int] = mapped_column(default=36)
    attempts: Mapped[int] = mapped_column(default=2)


class Cohort(InBase, Base):
    """One class 培训班 of a programme."""

    __tablename__ = "cohorts"
    __table_args__ = (UniqueConstraint("base_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    code: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hour_minutes: Mapped[int] = mapped_column(default=45)


class Enrolment(InBase, Base):
    """A person in a cohort; `number` is the admission number 准考证号."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        UniqueConstraint("base_id", "number"),
        Index("ix_enrolments_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    number: Mapped[str]
    employer: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active")
    enrolled_at: Mapped[datetime] = mapped_column(Instant())


class Teaching(InBase, Base):
    """A teacher of a cohort; what keeps teaching and examining apart is decided by these rows."""

    __tablename__ = "teachings"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class StudyRules(InBase, Base):
    """One version of the study rules 学习规则 of a cohort; the highest is in force. `content` as `study_rules` has it."""

    __tablename__ = "study_rules"
    __table_args__ = (UniqueConstraint("cohort_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(Instant())


class LiveSession(InBase, Base):
    """A live session 面授 of a cohort, in a room or by link.

    `moved_from` is the beginning that was announced before the last move; trainees read `cancelled_why`.
    """

    __tablename__ = "live_sessions"
    __table_args__ = (UniqueConstraint("cohort_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    key: Mapped[str] = mapped_column(String(32))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Instant())
    minutes: Mapped[int]
    place: Mapped[str]
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant())
    moved_from: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cancelled_why: Mapped[str] = mapped_column(String(200), default="")

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages."""
        return {"zh_CN": self.title_zh, "en": self.title_en}


class Attendance(InBase, Base):
    """What was recorded of a person in a live session: present, absent or excused; the highest version counts."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("live_sessions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    minutes: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())


class Admission(InBase, Base):
    """A person who may sit although study rules are not met, and why in the words of the staff, until it is withdrawn.

    The words may name people, so they stay here; the ledger has only the SHA-256 of "salt|reason". One admission of an
    enrolment is in force at most; those withdrawn stay.
    """

    __tablename__ = "admissions"
    __table_args__ = (
        Index(
            "uq_admissions_in_force", "enrolment_id", unique=True, sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_admissions_enrolment_id", "enrolment_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    missing: Mapped[list[str]] = mapped_column(Json())
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    withdrawn_salt: Mapped[str] = mapped_column(String(32), default="")
