"""Rows of the item banks 题库: what is in use now, and every version that ever was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store import Base, Instant, Json


class BankRow(Base):
    """A bank as it was last loaded; `digest` names the bytes of its files."""

    __tablename__ = "banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Json())
    edition: Mapped[str] = mapped_column(String(64))
    confidentiality: Mapped[dict[str, str]] = mapped_column(Json())
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(Instant())


class ItemRow(Base):
    """An item in its present version; what is about its use (pool, rating, enemies, status) changes here alone."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    code: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    clause: Mapped[str] = mapped_column(String(16))
    group: Mapped[str] = mapped_column("clause_group", String(16))
    topic: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    pool: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), index=True)
    rating: Mapped[list[str]] = mapped_column(Json())
    enemies: Mapped[list[str]] = mapped_column(Json())
    readings: Mapped[list[dict[str, str]]] = mapped_column(Json())
    hash: Mapped[str] = mapped_column(String(64), index=True)
    editions: Mapped[list[ItemEdition]] = relationship(back_populates="item", cascade="all, delete-orphan")
    versions: Mapped[list[ItemVersion]] = relationship(back_populates="item", order_by="ItemVersion.id")


class ItemEdition(Base):
    """A clause that an item belongs to in one edition: that of its bank, and each for which it is valid as well."""

    __tablename__ = "item_editions"
    __table_args__ = (UniqueConstraint("item_id", "edition"), Index("ix_item_editions_edition", "edition"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    edition: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(16))
    item: Mapped[ItemRow] = relationship(back_populates="editions")


class ItemVersion(Base):
    """One version of an item's content, never changed and never deleted; its hash is its name."""

    __tablename__ = "item_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    made_at: Mapped[datetime] = mapped_column(Instant())
    item: Mapped[ItemRow] = relationship(back_populates="versions")


class SpecificationRow(Base):
    """A specification in its present version; `state` is 'active' or 'retired'."""

    __tablename__ = "specifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))


class SpecificationVersion(Base):
    """One version of a specification, never changed and never deleted."""

    __tablename__ = "specification_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specifications.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    made_at: Mapped[datetime] = mapped_column(Instant())
