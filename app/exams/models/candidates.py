"""Rows of candidates 考生: who is admitted to a session, where they sit, and what is made easier for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Accommodation(InBase, Base):
    """A standing accommodation 合理便利 of a person in a base: time factor, size of letters, a room apart.

    The reason may tell of health, so it stays here; the ledger has only the SHA-256 of "salt|reason".
    """

    __tablename__ = "accommodations"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    percent: Mapped[int] = mapped_column(default=100)
    font: Mapped[int] = mapped_column(default=100)
    separate_room: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())


class ExamCandidate(InBase, Base):
    """A person of a session's list. `nonce` is fixed once, at admission, by the candidate's device or by staff.

    `percent`, `font` and `separate_room` are accommodations for this session alone (None: the standing one holds).
    `checks` is what the device check of the waiting room said, `confirmed_at` when the person confirmed who he is,
    `entered_at` when the access code of the session was accepted.
    """

    __tablename__ = "exam_candidates"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    nonce: Mapped[str | None] = mapped_column(String(64))
    nonce_by: Mapped[str | None] = mapped_column(String(10))
    admitted_at: Mapped[datetime | None] = mapped_column(Instant())
    room: Mapped[str] = mapped_column(String(60), default="")
    seat: Mapped[str] = mapped_column(String(12), default="")
    percent: Mapped[int | None]
    font: Mapped[int | None]
    separate_room: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant())
    entered_at: Mapped[datetime | None] = mapped_column(Instant())
    checks: Mapped[dict[str, Any] | None] = mapped_column(Json())
