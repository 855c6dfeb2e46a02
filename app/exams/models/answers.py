"""Rows of the journal of answers 作答流水, and of what was refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Instant


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

    Slot 0 holds the list of flagged slots, slot -n the candidate's own marks on question n; neither is marked.
    """

    __tablename__ = "answers"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012 -- SQLAlchemy's own form

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    response: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant())


class RefusedEntry(Base):
    """Answers that were not taken, with the reason and what they were; kept for staff, never counted.

    `content` is the entries as they were sent, as JSON; `first_seq` and `count` name them.
    """

    __tablename__ = "refused_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    epoch: Mapped[int]
    first_seq: Mapped[int]
    count: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant())
