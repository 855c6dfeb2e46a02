"""The canonical form of a ledger entry 账本记录: the exact bytes whose hash becomes a leaf."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def canonical(
    *,
    kind: str,
    at: datetime,
    base_id: int | None,
    actor_id: int | None,
    subject: str,
    facts: Mapping[str, Any],
    salt: str,
) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; `at` in UTC with microseconds; `salt` hides guessable facts."""
    body = {
        "actor": actor_id,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "base": base_id,
        "facts": facts,
        "kind": kind,
        "salt": salt,
        "subject": subject,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
