"""Rows of certificates 证书, of what happened to them, and of the serial numbers given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class Certificate(InBase, Base):
    """One certificate, or one issue of it: a replacement 补证 keeps the number and counts `issue` on.

    States: held (a rule of the lint does not hold, see `problems`; a first issue has no number yet), pending (to be signed), granted,
    suspended, withdrawn, replaced. Expiry is not a state: it follows from `valid_until`. `claims` are frozen when the
    number is given; `intent` is their salted fingerprint; `file` is the SHA-256 of the signed file.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("decision_id", "issue"),
        UniqueConstraint("number", "issue"),
        Index("ix_certificates_base_id_id", "base_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    issue: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(12), index=True)
    number: Mapped[str | None] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(16), unique=True)
    claims: Mapped[dict[str, Any] | None] = mapped_column(Json())
    salt: Mapped[str] = mapped_column(String(32))
    intent: Mapped[str | None] = mapped_column(String(64))
    file: Mapped[str | None] = mapped_column(String(64), index=True)
    signer: Mapped[str | None] = mapped_column(String(64))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)
    valid_until: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    granted_at: Mapped[datetime | None] = mapped_column(Instant())


class CertificateEvent(InBase, Base):
    """What happened to a certificate: granted, suspended, reinstated, withdrawn or replaced, by whom and why.

    `reason` is a code of the list of reasons and is public; `note` is for the base alone.
    """

    __tablename__ = "certificate_events"
    __table_args__ = (Index("ix_certificate_events_certificate_id_id", "certificate_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(default="")


class SerialCounter(Base):
    """The last serial number given in a series (issuer, programme, year)."""

    __tablename__ = "certificate_serials"

    series: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
