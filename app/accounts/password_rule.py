"""What a password 密码 must be: long rather than complicated (NIST SP 800-63B, OWASP ASVS 6.2)."""

from __future__ import annotations

from app.refusals import N_

SHORTEST = 10
LONGEST = 128
COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "password123",
        "qwertyuiop",
        "1q2w3e4r5t",
        "abcdefghij",
        "11111111111",
        "1111111111",
        "passw0rd123",
        "woaini1314520",
        "a123456789",
        "123456789a",
        "q1w2e3r4t5",
        "admin12345",
        "password1234",
    }
)


def weakness(password: str, account: str) -> str | None:
    """The message id of what is wrong with a new password, or None."""
    if len(password) < SHORTEST:
        return N_("A password needs at least 10 characters.")
    if len(password) > LONGEST:
        return N_("A password has at most 128 characters.")
    if password.casefold() in COMMON or len(set(password)) < 4:
        return N_("This password is too common and easy to guess. Choose another.")
    if account.casefold() in password.casefold():
        return N_("The password must not contain the account name.")
    return None
