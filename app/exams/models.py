"""Rows of the exam room 考场: sessions, sittings, and the journal of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class ExamPool(Base):
    """A frozen pool of items, under the hash that sessions commit to; many sessions may share one."""

    __tablename__ = "exam_pools"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json())


class ExamSession(InBase, Base):
    """A session 场次: a window in which the people of a cohort sit one specification.

    `secret` seeds every paper of the session, `commitment` is its SHA-256 in the ledger; `revealed_at` is set when
    the ledger got the secret itself. `attempts` is how often one person may sit in this session.
    """

    __tablename__ = "exam_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    specification_hash: Mapped[str] = mapped_column(String(64))
    pool_hash: Mapped[str] = mapped_column(ForeignKey("exam_pools.hash"))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    opens_at: Mapped[datetime] = mapped_column(Instant())
    closes_at: Mapped[datetime] = mapped_column(Instant())
    minutes: Mapped[int]
    grace_seconds: Mapped[int] = mapped_column(default=60)
    attempts: Mapped[int] = mapped_column(default=1)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    commitment: Mapped[str] = mapped_column(String(64))
    revealed_at: Mapped[datetime | None] = mapped_column(Instant())
    created_at: Mapped[datetime] = mapped_column(Instant())

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages."""
        return {"zh_CN": self.title_zh, "en": self.title_en}


class Sitting(InBase, Base):
    """A sitting 考次: one person, one paper, one clock. States: ready, open, closed.

    `form` is the paper, fixed when the row is made: a list of {slot, id, version, kind, marks, options}. Scores are
    in 1/10,000 mark. `epoch` counts the devices that took the sitting over, `writer` names the present one.
    `passed` is what the final result says, so that nobody sits again what he has passed.
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
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    closed_by: Mapped[str | None] = mapped_column(String(16))
    closed_reason: Mapped[str | None]
    epoch: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str | None] = mapped_column(String(32))
    passed: Mapped[bool | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    receipt: Mapped[str | None] = mapped_column(String(14))


class SittingChange(InBase, Base):
    """What an officer changed of a sitting, and why in the officer's words. Kinds: extra-time.

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


class AnswerEntry(Base):
    """One line of a sitting's journal; only `answer_store` writes here, and only ever adds.

    `response` is canonical JSON, `client_ms` the device's own clock as evidence, `late` marks what arrived after the
    deadline and is not counted, `chain` is the SHA-256 over the line before and this one.
    """

    __tablename__ = "answer_entries"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger)
    response: Mapped[str] = mapped_column(Text)
    client_ms: Mapped[int] = mapped_column(BigInteger)
    saved_at: Mapped[datetime] = mapped_column(Instant())
    late: Mapped[bool] = mapped_column(Boolean)
    chain: Mapped[bytes] = mapped_column(LargeBinary)


class Answer(Base):
    """The present answer of one slot: the journal's line with the highest (epoch, seq) that counts.

    Slot 0 holds the list of flagged slots; it is no question and is not marked.
    """

    __tablename__ = "answers"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012 -- SQLAlchemy's own form

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    response: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant())
