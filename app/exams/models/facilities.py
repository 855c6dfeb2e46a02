"""Rows of what candidates earned on items 试题作答统计: the counts from which the difficulty of items follows."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base


class ItemFacility(Base):
    """How often a version of an item was answered in a first attempt, and the sum of the shares earned in 1/10,000."""

    __tablename__ = "item_facilities"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[int]
    earned: Mapped[int] = mapped_column(BigInteger)
