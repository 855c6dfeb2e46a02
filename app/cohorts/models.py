"""Rows of programmes 培训项目, cohorts 培训班 and enrolments 报名."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant


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
