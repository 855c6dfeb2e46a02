"""Rows of sittings 考次: one person, one paper, one clock, and what officers changed of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Sitting(InBase, Base):
    """A sitting 考次: one person, one paper, one clock. States: ready, open, closed.

    `form` is the paper, fixed when the row is made: a list of {slot, id, version, kind, marks, options}. Scores are
    in 1/10,000 mark. `epoch` counts the devices that took the sitting over, `writer` names the present one.
    `passed` is what the final result says, so that nobody sits again what he has passed. `percent` is the factor of
    the time (150: half as long again), `font` that of the size of letters, `outage_seconds` what was given back for
    downtime of the service. `medium` is 'screen' or 'paper'. `locked` names why only an invigilator lets the sitting
    go on. `client_digest` is what the device worked out over its answers at hand-in.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id", "attempt_no"),
        UniqueConstraint("enrolment_id", "attempt_no"),
        Index(
            "ix_sittings_one_open", "session_id", "person_id", unique=True,
            sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_sittings_state_deadline_at", "state", "deadline_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    attempt_no: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="ready")
    form: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    nonce: Mapped[str] = mapped_column(String(32))
    excluded: Mapped[list[str]] = mapped_column(Json())
    repeats_allowed: Mapped[bool] = mapped_column(default=False)
    expected_at_cut: Mapped[int]
    target_at_cut: Mapped[int]
    se: Mapped[int]
    within_tolerance: Mapped[bool]
    algorithm: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant())
    language: Mapped[str | None] = mapped_column(String(8))
    statement_at: Mapped[datetime | None] = mapped_column(Instant())
    started_at: Mapped[datetime | None] = mapped_column(Instant())
    deadline_at: Mapped[datetime | None] = mapped_column(Instant())
    extra_minutes: Mapped[int] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=100)
    font: Mapped[int] = mapped_column(default=100)
    outage_seconds: Mapped[int] = mapped_column(default=0)
    medium: Mapped[str] = mapped_column(String(8), default="screen")
    locked: Mapped[str | None] = mapped_column(String(16))
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    closed_by: Mapped[str | None] = mapped_column(String(16))
    closed_reason: Mapped[str | None]
    epoch: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str | None] = mapped_column(String(32))
    passed: Mapped[bool | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    client_digest: Mapped[str | None] = mapped_column(String(64))
    receipt: Mapped[str | None] = mapped_column(String(14))


class SittingChange(InBase, Base):
    """What an officer changed of a sitting, and why in the officer's words.

    Kinds: extra-time, forced, unlocked, no-browser, to-paper, to-screen, key-printed.

    The words may name people, so they stay here; the ledger has only the SHA-256 of "salt|reason".
    """

    __tablename__ = "sitting_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())


class SheetKeying(InBase, Base):
    """A paper answer sheet 答题卡 as one person keyed it in; `no` 1 and 2 are two people, 3 settles where they differ.

    `responses` is what was typed, by field (`exams.keying`); until `done_at` it is a draft.
    """

    __tablename__ = "sheet_keyings"
    __table_args__ = (
        UniqueConstraint("sitting_id", "no"),
        Index(
            "ix_sheet_keyings_two_people", "sitting_id", "by_id", unique=True,
            sqlite_where=text("no < 3"), postgresql_where=text("no < 3"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    no: Mapped[int]
    responses: Mapped[dict[str, Any]] = mapped_column(Json())
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())
    done_at: Mapped[datetime | None] = mapped_column(Instant())
