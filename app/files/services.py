"""Putting and getting stored files 文件 by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from app.refusals import N_, Refusal
from app.store import settings


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


def _path(name: str) -> Path:
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise Damaged
    return settings().instance_path / "files" / name[:2] / name[2:]
