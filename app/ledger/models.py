"""Rows of the ledger 账本."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Instant, Json


class Entry(Base):
    """One act; `position` is empty until the sequencer has put its leaf into the tree."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_subject", "subject"), Index("ix_ledger_entries_base_id", "base_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant())
    base_id: Mapped[int | None] = mapped_column(ForeignKey("training_bases.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    salt: Mapped[str]
    leaf_hash: Mapped[str]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)


class Node(Base):
    """One complete subtree of the tree."""

    __tablename__ = "ledger_nodes"

    level: Mapped[int] = mapped_column(Integer, primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[str]


class Head(Base):
    """A signed tree head (checkpoint 检查点)."""

    __tablename__ = "ledger_heads"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    root: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant())
