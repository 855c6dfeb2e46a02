"""Putting and getting stored files 文件 by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.refusals import N_, Refusal
from app.store import settings

_MAKING = threading.Lock()


class Damaged(Refusal):
    """The bytes on disk are not those that were stored."""

    message = N_("A stored file is missing or damaged; it is not served.")
    todo = N_("Restore it from the backup; its name is its SHA-256.")


def put(data: bytes) -> str:
    """Store bytes and return their SHA-256 in hex; on disk (fsync) before it returns, the same bytes only once."""
    name = hashlib.sha256(data).hexdigest()
    path = _path(name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    with draft.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def get(name: str) -> bytes:
    """The bytes stored under a SHA-256. Raises Damaged when they are missing or not what was stored."""
    try:
        data = _path(name).read_bytes()
    except FileNotFoundError:
        raise Damaged from None
    if hashlib.sha256(data).hexdigest() != name:
        raise Damaged
    return data


def path_of(name: str) -> Path:
    """Where the bytes of a SHA-256 lie, for files too large to be held in memory. Raises Damaged when they are missing."""
    path = _path(name)
    if not path.is_file():
        raise Damaged
    return path


def made_once(folder: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Bytes that follow from what is stored elsewhere: kept under a name that says what they follow from, made if missing.

    They may be deleted at any time. In a process one such file is made at a time, so that many who ask at once wait for
    the first instead of making it again. `folder` and `name` are made by our own code.
    """
    path = settings().instance_path / folder / name
    if not path.exists():
        with _MAKING:
            if not path.exists():
                _write(path, make())
    return path.read_bytes()


def forget_made(folder: str, before: datetime) -> None:
    """Delete what `made_once` made before a moment (aware); whoever asks for it again waits until it is made anew."""
    for path in (settings().instance_path / folder).glob("*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Under another name first, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    draft.write_bytes(data)
    draft.replace(path)


def _path(name: str) -> Path:
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise Damaged
    return settings().instance_path / "files" / name[:2] / name[2:]
