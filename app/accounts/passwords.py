"""Passwords 密码: Argon2id hashes in the profile m=19 MiB, t=2, p=1 (OWASP), a few at a time.

A door: the only module that touches argon2. Verifying costs about 18 ms of CPU, so no more run at once than there
are cores: at the start of an exam the queue stays short and the saves of others stay quick.
"""

from __future__ import annotations

import os
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 1)
_nobody = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes as long for an account that does not exist."""
    with _cores:
        try:
            _hasher.verify(stored or _nobody, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters and should be made again."""
    return _hasher.check_needs_rehash(stored)
