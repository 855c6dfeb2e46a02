"""Rows of marking 阅卷: scripts, marks, results and decisions. Marks, results and decisions are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Script(InBase, Base):
    """A script 答卷片段: one answer in words that waits for a marker, who is told nothing of whose it is.

    `response` is the answer as it was handed in; `state` is 'waiting' or 'marked'.
    """

    __tablename__ = "scripts"
    __table_args__ = (
        UniqueConstraint("sitting_id", "slot"),
        Index("ix_scripts_state_version", "state", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    slot: Mapped[int]
    version: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    marks: Mapped[int]
    response: Mapped[Any] = mapped_column(Json())
    state: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime] = mapped_column(Instant())


class Mark(InBase, Base):
    """What a marker gave: by field the share earned, and the points, both as exact fractions."""

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("script_id", "marker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    slot: Mapped[int]
    marker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    fields: Mapped[dict[str, str]] = mapped_column(Json())
    points: Mapped[str] = mapped_column(String(32))
    comment: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant())


class Result(InBase, Base):
    """A version of a result 成绩: 'provisional' until every script is marked, then 'final'; never edited.

    `scores` has one row for each question that is scored so far, {slot, kind, group, points, marks}; `sections` and
    `groups` are the sums, {name, points, marks}; `missed` are the hurdles not taken. Points are exact fractions as
    text. `passed` is None while the result is provisional.
    """

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("sitting_id", "version"), Index("ix_results_state_passed", "state", "passed"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    specification_hash: Mapped[str] = mapped_column(String(64))
    scores: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    sections: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    groups: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    missed: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    total: Mapped[str] = mapped_column(String(32))
    marks: Mapped[int]
    cut: Mapped[str] = mapped_column(String(32))
    passed: Mapped[bool | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant())


class Decision(InBase, Base):
    """The decision 认证决定 on a result: to certify or not, by whom, when and why."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    certify: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant())
    reason: Mapped[str]


class CountedResult(Base):
    """Which version of a sitting's result is in the counts of its items; another one takes its place there."""

    __tablename__ = "counted_results"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"))
