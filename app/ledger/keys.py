"""The log's signing key 账本密钥: Ed25519, kept encrypted in the instance folder, and the C2SP checkpoint that it signs."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.refusals import N_, Refusal


class KeyUnusable(Refusal):
    """The key file cannot be opened with the data key of this installation."""

    message = N_("The ledger's signing key cannot be opened: the data key does not fit the key file.")
    todo = N_("Restore the instance folder from one backup, key files and secrets together.")


def open_key(path: Path, data_key: str) -> Ed25519PrivateKey:
    """The private key at `path`, made on first use. `data_key` is 32 bytes in hex. Raises KeyUnusable."""
    box = AESGCM(bytes.fromhex(data_key)[:32])
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        nonce = secrets.token_bytes(12)
        draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(nonce + box.encrypt(nonce, Ed25519PrivateKey.generate().private_bytes_raw(), b"ledger"))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    stored = path.read_bytes()
    try:
        return Ed25519PrivateKey.from_private_bytes(box.decrypt(stored[:12], stored[12:], b"ledger"))
    except InvalidTag:
        raise KeyUnusable from None


def key_id(origin: str, public: bytes) -> bytes:
    """C2SP signed-note: the first 4 bytes of SHA-256(name || newline || 0x01 || public key)."""
    return hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]


def sign_checkpoint(key: Ed25519PrivateKey, origin: str, size: int, root: bytes) -> str:
    """A C2SP tlog-checkpoint of the tree head, signed as a note."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    public = key.public_key().public_bytes_raw()
    signature = base64.b64encode(key_id(origin, public) + key.sign(text.encode())).decode()
    return f"{text}\n— {origin} {signature}\n"


def checkpoint_holds(note: str, public: bytes, size: int, root: bytes) -> bool:
    """Whether the note says exactly this size and root and carries a valid signature of the log with this raw key."""
    try:
        text, lines = note.split("\n\n", 1)
        mark, origin, encoded = lines.splitlines()[0].split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if mark != "—" or raw[:4] != key_id(origin, public):
            return False
        if text != f"{origin}\n{size}\n{base64.b64encode(root).decode()}":
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{text}\n".encode())
    except (ValueError, IndexError, InvalidSignature):
        return False
    return True
