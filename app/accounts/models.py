"""Rows of people, training bases 培训基地, grants and signed-in sessions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Instant


class TrainingBase(Base):
    """A training base 培训基地: the organisation that trains, examines and issues."""

    __tablename__ = "training_bases"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    credit_code: Mapped[str] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(default="")
    signer_zh: Mapped[str] = mapped_column(default="")
    signer_en: Mapped[str] = mapped_column(default="")


class Person(Base):
    """A person with an account. `identity_*` is the kind of identity document and its masked number."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_latin: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]
    password_hash: Mapped[str | None]
    identity_kind: Mapped[str | None]
    identity_masked: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant())


class Grant(Base):
    """A role held by a person from a day to a day; base_id empty: for the platform."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("training_bases.id"))
    cohort_id: Mapped[int | None]
    since: Mapped[date]
    until: Mapped[date | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class SignIn(Base):
    """A signed-in session; the browser holds the token, the row its SHA-256."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_person_id", "person_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    epoch: Mapped[int]
    agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant())
    seen_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())


class Try(Base):
    """One counted try at something that is limited; `key_hash` hides the account or address."""

    __tablename__ = "tries"
    __table_args__ = (Index("ix_tries_key_hash_at", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant())
