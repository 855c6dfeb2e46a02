"""Rows of background jobs 后台任务."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Instant, Json


class Job(Base):
    """One piece of work. States: waiting, running, done, failed (given up after the last try)."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_after", "state", "after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json())
    state: Mapped[str] = mapped_column(default="waiting")
    after: Mapped[datetime] = mapped_column(Instant())
    lease_until: Mapped[datetime | None] = mapped_column(Instant())
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(Instant())
    done_at: Mapped[datetime | None] = mapped_column(Instant())
