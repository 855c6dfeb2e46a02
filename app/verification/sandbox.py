"""The sandbox 隔离进程: hand a stranger's file to a process that may do nothing but read it, and take its answer.

Memory is bounded by few places and tight limits (300 MB and 5 s each, see `inspection`), so that 10 MB stay accepted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.refusals import N_
from app.verification.evidence import FileSeen, Seen

LONGEST_FILE = 10 * 1024 * 1024
PATIENCE = 12
#: How many files one web process lets be read at a time; the other threads stay free for everybody else.
PLACES = threading.BoundedSemaphore(2)
HOME = Path(__file__).resolve().parent.parent.parent


def inspect(data: bytes, *, root: str, lists: Sequence[bytes], at: datetime) -> FileSeen:
    """What the file shows. `root` is PEM, `lists` are DER, `at` is aware. Never raises for anything in the file.

    When all places are taken the answer is unknown, at once: waiting would keep a thread from other people.
    """
    digest = sha256(data).hexdigest()
    if len(data) > LONGEST_FILE:
        return FileSeen(digest, Seen(False, N_("The file is larger than 10 MB; no certificate of this site is.")))
    if not PLACES.acquire(blocking=False):
        return FileSeen(
            digest, Seen(None, N_("Too many files are being checked at the moment. Try again in a minute."))
        )
    try:
        return _read(data, digest, {"root": root, "lists": [item.hex() for item in lists], "at": at.isoformat()})
    finally:
        PLACES.release()


def _read(data: bytes, digest: str, request: Mapping[str, Any]) -> FileSeen:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.verification.inspection"],
            input=json.dumps(request).encode() + b"\n" + data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            cwd=HOME,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, OSError):
        return FileSeen(digest, Seen(None, N_("The file could not be checked within the limits of time and memory.")))
    return seen(answer)


def seen(answer: Mapping[str, Any]) -> FileSeen:
    """The answer of the inspection as values."""
    parts = {
        name: Seen(answer[name]["holds"], answer[name]["reason"], answer[name]["parameters"])
        for name in ("form", "one_revision", "signature", "chain")
        if name in answer
    }
    signed_at = answer.get("signed_at")
    return FileSeen(
        answer["sha256"], **parts, signed_at=datetime.fromisoformat(signed_at) if signed_at else None,
        signer=answer.get("signer", ""), fingerprint=answer.get("fingerprint", ""), claims=answer.get("claims"),
    )  # fmt: skip
