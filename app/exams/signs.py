"""Signs 迹象: what the page of a sitting noticed, and from when staff are told. A sign is no verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.exams.journal import BadEntry

KINDS = frozenset({"left", "paste", "second-window", "second-device", "offline", "print", "seb"})
"""left: the page was out of sight for longer than the session allows; the others say themselves what they are."""

MOST_SIGNS = 32
_MOST_MS = 2**53
_MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign with the number its device gave it; `ms` is how long it lasted, `client_ms` the device's clock."""

    no: int
    kind: str
    slot: int | None
    ms: int
    client_ms: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a page may be out of sight: in seconds, at a desk and on a phone; `warnings` until staff are told."""

    seconds: int
    seconds_phone: int
    warnings: int

    def is_counted(self, sign: Sign, *, phone: bool) -> bool:
        """Whether a sign is kept: everything but a look away that was shorter than the session allows."""
        return sign.kind != "left" or sign.ms >= 1000 * (self.seconds_phone if phone else self.seconds)

    def tells_staff(self, times: int) -> bool:
        """Whether the page was left so often since the last decision that a person should look at it."""
        return 0 < self.warnings <= times


def sign_of(raw: object) -> Sign:
    """A sign as the page sends it: {no, kind, slot, ms, client_ms}. Raises BadEntry."""
    if not isinstance(raw, Mapping):
        raise BadEntry
    kind, slot = raw.get("kind"), raw.get("slot")
    if (
        not isinstance(kind, str)
        or kind not in KINDS
        or not (slot is None or (type(slot) is int and 1 <= slot <= 1000))
    ):
        raise BadEntry
    return Sign(
        no=_whole(raw, "no", _MOST_NUMBER, least=1), kind=kind, slot=slot,
        ms=_whole(raw, "ms", _MOST_MS), client_ms=_whole(raw, "client_ms", _MOST_MS),
    )  # fmt: skip


def _whole(raw: Mapping[str, Any], name: str, most: int, least: int = 0) -> int:
    value = raw.get(name, 0)
    if type(value) is not int or not least <= value <= most:
        raise BadEntry
    return value
