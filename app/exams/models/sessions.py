"""Rows of sessions 场次: the window, its rules, who watches it, what may lie open, what was announced, its minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
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
    the ledger got the secret itself. `attempts` is how often one person may sit in this session, `waiting_days` how
    long after an earlier sitting of the programme. `place_kind` is 'online' or 'room'. The waiting room opens
    `waiting_minutes` before the session; after `late_minutes` of it nobody begins any more (None: until it closes).
    `leave_seconds` (on phones `leave_seconds_phone`) is how long the page may be out of sight before it is counted,
    `leave_warnings` from how many on staff are told. `seb_key` is the Config Key (hex) of Safe Exam Browser that the
    session asks for, made from `seb_config`. A session that was cancelled before it opened keeps when and why.
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
    waiting_days: Mapped[int] = mapped_column(default=0)
    place_kind: Mapped[str] = mapped_column(String(8), default="online")
    place: Mapped[str] = mapped_column(String(200), default="")
    access_code: Mapped[str | None] = mapped_column(String(12))
    waiting_minutes: Mapped[int] = mapped_column(default=60)
    late_minutes: Mapped[int | None]
    leave_seconds: Mapped[int] = mapped_column(default=5)
    leave_seconds_phone: Mapped[int] = mapped_column(default=20)
    leave_warnings: Mapped[int] = mapped_column(default=3)
    seb_key: Mapped[str | None] = mapped_column(String(64))
    seb_config: Mapped[dict[str, Any] | None] = mapped_column(Json())
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    commitment: Mapped[str] = mapped_column(String(64))
    revealed_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant())

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages."""
        return {"zh_CN": self.title_zh, "en": self.title_en}


class SessionInvigilator(InBase, Base):
    """A person who watches a session 监考, in one room of it or (empty) in all."""

    __tablename__ = "session_invigilators"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    room: Mapped[str] = mapped_column(String(60), default="")


class SessionMaterial(InBase, Base):
    """A document that lies open beside the questions of a session, as Markdown; `no` orders them."""

    __tablename__ = "session_materials"
    __table_args__ = (UniqueConstraint("session_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"))
    no: Mapped[int]
    title_zh: Mapped[str] = mapped_column(String(100))
    title_en: Mapped[str] = mapped_column(String(160))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())


class Announcement(InBase, Base):
    """What an invigilator said while a session ran, to everybody or to one room of it; `no` counts from 1."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("session_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"))
    no: Mapped[int]
    room: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant())


class SessionMinutes(InBase, Base):
    """The minutes 考场记录 of a session: facts as they were when the first person signed, and two signatures.

    `root` is the Merkle root over the journals of all sittings; with the second signature it goes to the ledger
    together with `digest`, the SHA-256 of the minutes. The names are those under which the two people signed.
    """

    __tablename__ = "session_minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_sessions.id"), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    remarks: Mapped[str] = mapped_column(Text, default="")
    root: Mapped[str] = mapped_column(String(64))
    first_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_at: Mapped[datetime] = mapped_column(Instant())
    first_name: Mapped[str] = mapped_column(String(100), default="")
    second_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    second_at: Mapped[datetime | None] = mapped_column(Instant())
    second_name: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[str | None] = mapped_column(String(64))


class Feasibility(Base):
    """The report of the dry draws of a specification from a frozen pool, made once for both hashes."""

    __tablename__ = "feasibilities"

    specification_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    pool_hash: Mapped[str] = mapped_column(ForeignKey("exam_pools.hash"), primary_key=True)
    report: Mapped[dict[str, Any]] = mapped_column(Json())
    made_at: Mapped[datetime] = mapped_column(Instant())
