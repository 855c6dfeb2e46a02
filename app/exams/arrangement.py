"""How a session 场次 is arranged: place, access code 考场口令, times around the window, and what counts as leaving the page."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

CODE_LENGTH = 6
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What an access code is made of: nothing that is read or heard as something else (0 and O, 1, I and L)."""


@dataclass(frozen=True)
class Arrangement:
    """The rules of a session that may change until it opens.

    `place_kind` is 'online' or 'room'; `late_minutes` after the opening nobody begins any more (None: until the window
    closes); `waiting_days` between two sittings of one programme; the rest as in the row of a session.
    """

    place_kind: str = "online"
    place: str = ""
    access_code: str | None = None
    attempts: int = 1
    waiting_days: int = 0
    waiting_minutes: int = 60
    late_minutes: int | None = None
    grace_seconds: int = 60
    leave_seconds: int = 5
    leave_seconds_phone: int = 20
    leave_warnings: int = 3


def make_code(below: Callable[[int], int]) -> str:
    """A new access code; `below` draws a number from 0 to one less than what it is given."""
    return "".join(CODE_LETTERS[below(len(CODE_LETTERS))] for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """The code in two groups, as it is written on a board."""
    return f"{code[: CODE_LENGTH // 2]} {code[CODE_LENGTH // 2 :]}"


def same_code(code: str, typed: str) -> bool:
    """Whether somebody typed the code; case and what stands between the groups do not matter."""
    plain = "".join(one for one in typed.upper() if one.isalnum())
    return hmac.compare_digest(code.encode(), plain.encode())
