"""A preset 预设: a programme 培训项目 that a training base can offer as it stands, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("internal-auditor", "auditor-trainee", "study")


@dataclass(frozen=True)
class Preset:
    """What `services.add_programme` needs; a programme of kind 'study' has no exam and gives no certificate.

    `hours` are class hours, which everybody has to study before the certificate says them; `bank` and `specification`
    are empty for a programme without exam.
    """

    code: str
    kind: str
    title: Mapping[str, str]
    edition: str
    course: str
    bank: str
    specification: str
    hours: int
    validity_months: int
    attempts: int
