"""Claims 证书内容: everything that one certificate says, frozen before it is drawn and signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class Claims:
    """What the certificate says; dates are days in Beijing time.

    `kind` is internal-auditor or auditor-trainee; `issue` counts from 1 and grows when the certificate is replaced
    under the same number 补证. `holder_id` is the masked number of an identity document or empty, `candidate_number`
    the admission number 准考证号. `replaced_by` and `replaced_on` tell that the edition of the standard was replaced.
    `wording` names the text of the certificate. `address` is what the QR code holds.
    """

    number: str
    issue: int
    kind: str
    wording: str
    holder_zh: str
    holder_latin: str
    holder_id: str
    candidate_number: str
    programme_zh: str
    programme_en: str
    edition: str
    standard: str
    standard_zh: str
    standard_en: str
    replaced_by: str
    replaced_on: date | None
    scope_zh: str
    scope_en: str
    hours: int
    examined_on: date
    result: str
    issued_on: date
    valid_from: date
    valid_until: date
    issuer_zh: str
    issuer_en: str
    issuer_code: str
    signer_zh: str
    signer_en: str
    address: str

    def holder(self) -> str:
        """The name as the certificate prints it first."""
        return self.holder_zh or self.holder_latin


_DATES = {field.name for field in fields(Claims) if "date" in str(field.type)}


def to_json(claims: Claims) -> dict[str, Any]:
    """The claims as values that JSON knows; dates as YYYY-MM-DD."""
    values = asdict(claims)
    return {"format": FORMAT} | {
        name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
    }


def from_json(stored: Mapping[str, Any]) -> Claims:
    """The claims of a stored record. Raises ValueError, KeyError or TypeError when it is not one."""
    if stored.get("format") != FORMAT:
        raise ValueError(f"claims of format {stored.get('format')!r}")
    values = {field.name: stored[field.name] for field in fields(Claims)}
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] is not None else None
    return Claims(**values)


def canonical(claims: Claims) -> bytes:
    """The one way of writing these claims as bytes: sorted keys, no spaces, UTF-8."""
    return canonical_json(to_json(claims))


def canonical_json(values: Mapping[str, Any]) -> bytes:
    """A JSON object with sorted keys and no spaces, in UTF-8."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def intent(claims: Claims, salt: str) -> str:
    """The fingerprint of a certificate that is about to be signed: salted, so that it tells nothing about the holder."""
    return sha256(bytes.fromhex(salt) + canonical(claims)).hexdigest()
