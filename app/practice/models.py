"""Rows of practice 练习: cards, answers, reviews and mock exams. Answers and reviews are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class PracticeCard(InBase, Base):
    """What is remembered of one item by one enrolment; it follows the item's id through its versions.

    `before` is the memory before the last answer, {stability, difficulty, at} or None, so that the answer can be
    rated otherwise. Everything here can be worked out again from the reviews.
    """

    __tablename__ = "practice_cards"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item"),
        Index("ix_practice_cards_due", "enrolment_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    item: Mapped[str] = mapped_column(String(64))
    stability: Mapped[float] = mapped_column(Float)
    difficulty: Mapped[float] = mapped_column(Float)
    reviewed_at: Mapped[datetime] = mapped_column(Instant())
    due_on: Mapped[date]
    right: Mapped[bool]
    answer_id: Mapped[int] = mapped_column(ForeignKey("practice_answers.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json())


class PracticeAnswer(InBase, Base):
    """One answer to one item in the version that was shown; `share` is None until the person has marked an own text.

    `first` says that the person had never seen the item; `share` is an exact fraction of the marks as the site gave
    it, `source` is 'practice' or 'mock'.
    """

    __tablename__ = "practice_answers"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "ref"),
        Index("ix_practice_answers_item", "enrolment_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    item: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    order: Mapped[list[int]] = mapped_column("option_order", Json())
    response: Mapped[Any] = mapped_column(Json())
    share: Mapped[str | None] = mapped_column(String(32))
    first: Mapped[bool] = mapped_column("at_first_sight")
    source: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column("answered_at", Instant())


class PracticeReview(InBase, Base):
    """The rating of an answer; of several the last counts. `fields` are the shares that the person gave an own text."""

    __tablename__ = "practice_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("practice_answers.id"), index=True)
    rating: Mapped[str] = mapped_column(String(8))
    share: Mapped[str] = mapped_column(String(32))
    fields: Mapped[dict[str, str]] = mapped_column(Json())
    at: Mapped[datetime] = mapped_column("reviewed_at", Instant())


class MockExam(InBase, Base):
    """A mock exam 模拟考试: a paper of practice items with a clock, scored for the person alone.

    `form` has the shape of a sitting's form. `total` and `passed` stand when it is closed and every text is marked.
    """

    __tablename__ = "mock_exams"
    __table_args__ = (UniqueConstraint("enrolment_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    specification: Mapped[str] = mapped_column(String(64))
    specification_hash: Mapped[str] = mapped_column(String(64))
    form: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    started_at: Mapped[datetime] = mapped_column(Instant())
    deadline_at: Mapped[datetime] = mapped_column(Instant())
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    total: Mapped[str | None] = mapped_column(String(32))
    passed: Mapped[bool | None]


class MockAnswer(InBase, Base):
    """The present answer in one slot of a mock exam; `fields` are the shares that the person gave an own text."""

    __tablename__ = "mock_answers"
    __table_args__ = (UniqueConstraint("mock_id", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mock_id: Mapped[int] = mapped_column(ForeignKey("mock_exams.id"))
    slot: Mapped[int]
    response: Mapped[Any] = mapped_column(Json())
    fields: Mapped[dict[str, str] | None] = mapped_column(Json())
    saved_at: Mapped[datetime] = mapped_column(Instant())
