"""Signing 签名: the CMS signature of a certificate, made with a base's key and laid into the hole that the page left.

One revision: nothing is appended to the file, so that any later byte is an alteration. Only linted claims are taken,
so nothing unlinted can be signed.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.certificates import pdf
from app.certificates.keys import Issuer
from app.certificates.lint import Linted
from app.documents.pdf import Prepared

#: The commonest length of a P-256 signature in DER.
SIGNATURE_BYTES = 71


@dataclass(frozen=True)
class Signed:
    """The finished file and its SHA-256 in hex."""

    data: bytes
    sha256: str


class _Maker(Signer):
    """The library's signer with a key that is already open; it makes the one message that a pen goes by."""

    def __init__(self, issuer: Issuer) -> None:
        own, *others = [asn1_x509.Certificate.load(der) for der in issuer.chain()]
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(others)
        super().__init__(signing_cert=own, cert_registry=store)
        self.key = issuer.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """An ECDSA signature over `data`; the only digest is SHA-256."""
        assert digest_algorithm == "sha256"
        return _ecdsa(self.key, data, SIGNATURE_BYTES)


class Pen:
    """A base's signature, of which only the digest and the signature value change from file to file.

    The library builds the message once (PAdES baseline: content type, digest, signing certificate); building it anew
    for every file would take ten times as long as drawing the page.
    """

    def __init__(self, issuer: Issuer) -> None:
        self.key = issuer.key
        blank = hashlib.sha256(b"").digest()
        message: Any = asyncio.run(_Maker(issuer).async_sign(blank, "sha256", use_pades=True))
        signer = message["content"]["signer_infos"][0]
        self.message = _Form(message.dump(), blank, signer["signature"].native)
        self.attributes = _Form(signer["signed_attrs"].untag().dump(), blank)
        self.room = len(message.dump())

    def write(self, digest: bytes) -> bytes:
        """The signature message (DER) for a file whose signed bytes have this SHA-256; always `room` bytes long."""
        return self.message.filled(digest, _ecdsa(self.key, self.attributes.filled(digest), SIGNATURE_BYTES))


class _Form:
    """Bytes with places, each of which occurs once, to be filled with others of the same length."""

    def __init__(self, data: bytes, *places: bytes) -> None:
        assert all(data.count(place) == 1 for place in places)
        self.data = data
        self.spans = [(data.index(place), len(place)) for place in places]

    def filled(self, *values: bytes) -> bytes:
        data = bytearray(self.data)
        for (start, length), value in zip(self.spans, values, strict=True):
            assert len(value) == length
            data[start : start + length] = value
        return bytes(data)


def _ecdsa(key: ec.EllipticCurvePrivateKey, data: bytes, length: int) -> bytes:
    """A signature whose DER form has exactly this length; one in two has the commonest, so few tries are needed."""
    while True:
        made = key.sign(data, ec.ECDSA(hashes.SHA256()))
        if len(made) == length:
            return made


def sign(linted: Linted, issuer: Issuer, pen: Pen, *, at: datetime, fonts: Path) -> Signed:
    """Draw and sign the certificate; `at` is aware and becomes the signing time. Raises FontDamaged."""
    signing = pdf.Signing(linted.claims.issuer_zh, at, pen.room, issuer.chain(), (issuer.revocation_list,))
    data = lay_in(pdf.draw(linted, signing, fonts), pen)
    return Signed(data, hashlib.sha256(data).hexdigest())


def lay_in(prepared: Prepared, pen: Pen) -> bytes:
    """Fill the hole of a prepared file with the signature of everything around it."""
    start, end = prepared.hole
    digest = hashlib.sha256(prepared.data[:start])
    digest.update(prepared.data[end:])
    written = pen.write(digest.digest()).hex().encode("ascii")
    room = end - start - 2
    assert len(written) <= room, f"the signature needs {len(written) // 2} bytes, the page left {room // 2}"
    return prepared.data[: start + 1] + written.ljust(room, b"0") + prepared.data[end - 1 :]


def fingerprint(issuer: Issuer) -> str:
    """The SHA-256 of the signing certificate, in hex."""
    return issuer.certificate.fingerprint(hashes.SHA256()).hex()
