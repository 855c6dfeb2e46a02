"""Evidence 证据: what was seen in the file and in the register, as values, before anybody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Seen:
    """One thing that was looked at: `holds` is True, False, or None when it could not be found out.

    `reason` is a message id with `parameters`, empty where nothing needs to be said.
    """

    holds: bool | None
    reason: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


NOT_LOOKED = Seen(None)


@dataclass(frozen=True)
class FileSeen:
    """What a PDF shows: its form, that it has one revision, its signature, and the chain to the pinned root.

    `claims` is what the file states for machines, only when all of that holds.
    """

    sha256: str
    form: Seen
    one_revision: Seen = NOT_LOOKED
    signature: Seen = NOT_LOOKED
    chain: Seen = NOT_LOOKED
    signed_at: datetime | None = None
    signer: str = ""
    fingerprint: str = ""
    claims: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RegisterSeen:
    """What the register says about one certificate.

    `state` is granted, suspended, withdrawn or replaced; `since` and `reason` belong to the last change of it.
    `file_kept` tells whether the stored file is still the one that was signed.
    """

    state: str
    claims: Mapping[str, Any]
    sha256: str
    since: date | None = None
    reason: str = ""
    file_kept: Seen = NOT_LOOKED
    fingerprint: str = ""


@dataclass(frozen=True)
class Evidence:
    """All that is known for one verification.

    `register_asked` is False when there was no register to ask (offline) and None when it did not answer.
    """

    file: FileSeen | None
    register: RegisterSeen | None
    register_asked: bool | None
    name_matches: bool | None = None
