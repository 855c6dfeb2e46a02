"""Rows of what happens while a session runs: presence, signs, incidents, reports of questions, downtime."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Presence(Base):
    """When the page of a sitting was last heard of, and what it showed."""

    __tablename__ = "presences"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant())
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    hidden: Mapped[bool] = mapped_column(default=False)


class SittingEvent(InBase, Base):
    """A sign that the page of a sitting noticed, numbered by its device: left, paste, second-window, …

    A sign is no verdict. `ms` is how long it lasted, `client_ms` the device's own clock.
    """

    __tablename__ = "sitting_events"
    __table_args__ = (UniqueConstraint("sitting_id", "writer", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    writer: Mapped[str] = mapped_column(String(32))
    no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    ms: Mapped[int] = mapped_column(BigInteger, default=0)
    client_ms: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant())


class Incident(InBase, Base):
    """Something that a person must judge 异常情况: of one sitting or of a whole session.

    `source` is staff, system or candidate. The candidate may answer (`reply`); a person decides (`decision`: none,
    warned, noted, void) and says why. Words may name people, so they stay here and out of the ledger.
    """

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"), index=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    source: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())
    reply: Mapped[str | None] = mapped_column(Text)
    reply_at: Mapped[datetime | None] = mapped_column(Instant())
    decision: Mapped[str | None] = mapped_column(String(16))
    decision_why: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant())


class QuestionReport(InBase, Base):
    """A candidate's report of a faulty question 试题异议, made during the exam; `key` makes sending twice harmless."""

    __tablename__ = "question_reports"
    __table_args__ = (UniqueConstraint("sitting_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    key: Mapped[str] = mapped_column(String(32))
    slot: Mapped[int] = mapped_column(SmallInteger)
    item: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant())
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant())


class ServiceBeat(Base):
    """The last sign of life of the service, one row for each name; a long gap before a start is an outage."""

    __tablename__ = "service_beats"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant())


class Outage(Base):
    """A measured downtime of the service; `credited_at` is when it was given back to every sitting it touched."""

    __tablename__ = "outages"
    __table_args__ = (UniqueConstraint("started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant())
    ended_at: Mapped[datetime] = mapped_column(Instant())
    credited_at: Mapped[datetime | None] = mapped_column(Instant())


class OutageCredit(Base):
    """What one sitting got back for one outage, in seconds; once."""

    __tablename__ = "outage_credits"

    outage_id: Mapped[int] = mapped_column(ForeignKey("outages.id"), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    seconds: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant())


class ClockAlarm(Base):
    """A step of the server's clock against its own running time; until it is settled nothing is handed in by time."""

    __tablename__ = "clock_alarms"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant())
    step_ms: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant())
