"""Claims to draw and sign, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from app.certificates import keys, lint, numbering, signing
from app.certificates.claims import Claims
from app.certificates.content import wordings
from app.documents import fonts

BEIJING = timezone(timedelta(hours=8))
AT = datetime.now(BEIJING).replace(microsecond=0)
DATA_KEY = "ab" * 32
REPLACED = date(2024, 1, 1)
BASE = "云山知识产权培训基地（示例）"


def claims(kind: str = "internal-auditor", **changes: Any) -> Claims:
    """Claims that pass every rule, with changes."""
    words = wordings()[kind]
    number = numbering.number(numbering.prefix("jszj", kind, "gbt29490-2013", AT.year), 17)
    standard = {"standard": "GB/T 29490-2013"}
    today = AT.date()
    made = Claims(
        number=number, issue=1, kind=kind, wording=words.code, holder_zh="欧阳𫚭䶮", holder_latin="OUYANG Juyan",
        holder_id="110101********002X", candidate_number="2026-01-0004",
        programme_zh="GB/T 29490-2013 内部审核员培训", programme_en="GB/T 29490-2013 internal auditor training",
        edition="gbt29490-2013", standard="GB/T 29490-2013", standard_zh="企业知识产权管理规范",
        standard_en="Enterprise intellectual property management", replaced_by="GB/T 29490-2023", replaced_on=REPLACED,
        scope_zh=words.scope["zh_CN"].format(**standard), scope_en=words.scope["en"].format(**standard), hours=24,
        examined_on=today - timedelta(days=3), result="pass", issued_on=today, valid_from=today,
        valid_until=today + timedelta(days=1095), issuer_zh=BASE, issuer_en="Yunshan IP Training Base",
        issuer_code="91320594MA1DEMO00X", signer_zh="林示范", signer_en="LIN Shifan",
        address=f"https://train.example.org/v/{number}?t=K7QW2M4X9P",
    )  # fmt: skip
    return replace(made, **changes)


def linted(made: Claims) -> lint.Linted:
    """The claims after the lint. Raises NotFit."""
    return lint.check(made, wordings()[made.kind], fonts.missing, REPLACED)


def issuer(instance: Path, credit_code: str = "91320594MA1DEMO00X") -> keys.Issuer:
    """The key of a base of the authority in this folder."""
    return keys.issuer(instance, DATA_KEY, name=BASE, credit_code=credit_code, at=AT)


def signed(instance: Path, made: Claims | None = None, by: keys.Issuer | None = None) -> bytes:
    """A signed certificate; keys and fonts are made in `instance`."""
    by = by or issuer(instance)
    return signing.sign(linted(made or claims()), by, signing.Pen(by), at=AT, fonts=instance / "fonts").data
