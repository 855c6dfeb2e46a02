"""New passwords: length counts, and the usual ones are refused."""

from __future__ import annotations

import pytest

from app.accounts.password_rule import COMMON, weakness
from app.accounts.passwords import hash_password, outdated, verify_password


@pytest.mark.parametrize(
    "password", ["", "short", "九个字的密码不够长", "x" * 129, "aaaaaaaaaaaa", "My-Zhang.san-2026", *sorted(COMMON)]
)
def test_weak_passwords_are_refused(password: str) -> None:
    assert weakness(password, "zhang.san")


@pytest.mark.parametrize("password", ["correct horse battery", "今天下午三点在二楼开会", "p!0zzzzz-7Q"])
def test_long_ones_are_taken(password: str) -> None:
    assert weakness(password, "zhang.san") is None


def test_a_hash_fits_its_password_alone() -> None:
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(stored, "correct horse battery")
    assert not verify_password(stored, "correct horse battery ")
    assert not verify_password(None, "nobody has this password")
    assert not verify_password("nonsense", "x")
    assert not outdated(stored)
    assert outdated(stored.replace("t=2", "t=1"))
