"""Inspection 文件检查: read one PDF that a stranger sent, in a process of its own with little memory and time.

Run as `python -m app.verification.inspection`: one line of JSON with the pinned root (`root`, PEM), revocation lists
(`lists`, hex of DER) and the moment (`at`, ISO), then the bytes of the file; the answer is one JSON object. Nothing is
written to disk. Three rules must hold together, because each alone lets a known forgery through: the signature covers
the whole file but its own hole, the file has one revision, and signature and certificates lead to the pinned root.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.certificates.keys import SCHEME
from app.refusals import N_

MEMORY = 300 * 1024 * 1024
SECONDS = 5
LONGEST_CLAIMS = 64 * 1024
ATTACHMENT = "claims.json"
OURS = N_("The root certificate or the revocation list of this site cannot be read. This is no fault of the file.")
WRONG = N_("The content was changed after signing, or the signature is not genuine.")
HEX = re.compile(rb"[0-9A-Fa-f]*")

PARTS = ("form", "one_revision", "signature", "chain")

Answer = dict[str, Any]


@dataclass(frozen=True)
class Trust:
    """The pinned root and the revocation lists that it signed."""

    root: x509.Certificate
    lists: list[x509.CertificateRevocationList]


def main() -> None:
    """Limit this process, read the request, answer."""
    _limit()
    request = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer = inspect(data, request["root"], [bytes.fromhex(item) for item in request["lists"]], request["at"])
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inspect(data: bytes, root: str, lists: list[bytes], at: str) -> Answer:
    """Look at a file; `root` is PEM, `lists` are DER, `at` is an ISO moment with offset.

    The answer has `sha256` and, as far as the look went, form, one_revision, signature, chain (each `holds`, `reason`,
    `parameters`), signed_at, signer, fingerprint and claims. What cannot be found out for a reason of our own, be it a
    damaged list or a library that is missing, is None or raised, and never counts against the file.
    """
    answer: Answer = {"sha256": sha256(data).hexdigest()}
    trust = _trust(root, lists)
    try:
        embedded = _signature_of(data, answer)
        if embedded is not None and _one_revision(data, embedded, answer):
            if trust is None:
                answer["signature"], answer["chain"] = _seen(None, OURS), _seen(None, OURS)
                return answer
            signer = _validate(embedded, trust, datetime.fromisoformat(at), answer)
            if all(answer[name]["holds"] for name in PARTS):
                _take_claims(embedded.reader, signer, answer)
    except (MemoryError, ImportError, OSError):
        raise
    except Exception as error:
        # The parser meets hostile bytes here and fails in many ways; each of them means: not a file that we signed.
        answer["trouble"] = type(error).__name__
        if "one_revision" in answer:
            answer["signature"] = _seen(False, WRONG)
        else:
            answer["form"] = _seen(False, N_("The file is damaged: it cannot be read as a signed PDF."))
    return answer


def _seen(holds: bool | None, reason: str = "", **parameters: str) -> Answer:
    return {"holds": holds, "reason": reason, "parameters": parameters}


def _signature_of(data: bytes, answer: Answer) -> Any:
    """The one signature of the file, or None with the form failed."""
    if not data.startswith(b"%PDF-"):
        answer["form"] = _seen(False, N_("The file is not a PDF."))
        return None
    reader = PdfFileReader(BytesIO(data), strict=True)
    if reader.encrypted:
        answer["form"] = _seen(False, N_("The file is encrypted; certificates of this site never are."))
        return None
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        answer["form"] = _seen(
            False, N_("The file has %(count)s signatures; a certificate has one."), count=str(len(signatures))
        )
        return None
    answer["form"] = _seen(True)
    return signatures[0]


def _one_revision(data: bytes, embedded: Any, answer: Answer) -> bool:
    """The byte range is the whole file but the hole of the signature, and there is no second end of file."""
    found = [int(number) for number in embedded.sig_object["/ByteRange"]]
    whole = len(found) == 4 and found[0] == 0 and found[2] + found[3] == len(data) and 0 < found[1] < found[2]
    hole = data[found[1] : found[2]] if whole else b""
    framed = hole[:1] == b"<" and hole[-1:] == b">" and HEX.fullmatch(hole[1:-1]) is not None
    trailing = _after_message(bytes.fromhex(hole[1:-1].decode("ascii"))) if framed else b"?"
    alone = embedded.reader.xrefs.total_revisions == 1 and data.count(b"startxref") == 1 and data.count(b"%%EOF") == 1
    holds = whole and framed and not trailing.strip(b"\0") and alone and data.endswith(b"%%EOF\n")
    reason = "" if holds else N_("The file was added to or saved again after it was signed.")
    answer["one_revision"] = _seen(holds, reason)
    return holds


def _after_message(hole: bytes) -> bytes:
    """What follows the signature message (DER) in the hole; only zeros may."""
    if len(hole) < 4 or hole[0] != 0x30 or hole[1] != 0x82:
        return b"?"
    return hole[4 + int.from_bytes(hole[2:4], "big") :]


def _trust(root: str, lists: list[bytes]) -> Trust | None:
    """The pinned root and its revocation lists; None when one of them is damaged, that is, not signed by the root."""
    try:
        pinned = x509.load_pem_x509_certificate(root.encode())
        pinned.verify_directly_issued_by(pinned)
        known = [x509.load_der_x509_crl(listed) for listed in lists]
        genuine = all(listed.is_signature_valid(pinned.public_key()) for listed in known)  # type: ignore[arg-type]
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return None
    return Trust(pinned, known) if genuine else None


def _validate(embedded: Any, trust: Trust, at: datetime, answer: Answer) -> str:
    """Judge signature and chain; returns the identifier of the organization that signed, or the empty string."""
    status = _status(embedded, trust.root, at)
    intact = bool(status.intact and status.valid and status.docmdp_ok)
    level = status.modification_level.name if status.modification_level else "NONE"
    covered = status.coverage is not None and status.coverage.name == "ENTIRE_FILE" and level == "NONE"
    answer["signature"] = _seen(intact and covered, "" if intact and covered else WRONG)
    answer["chain"] = _seen(None)
    if not (intact and covered):
        return ""
    own = status.signing_cert
    answer["signer"] = str(own.subject.native.get("common_name", ""))
    answer["fingerprint"] = own.sha256.hex()
    signed_at = embedded.self_reported_timestamp
    answer["signed_at"] = signed_at.isoformat() if signed_at else None
    answer["chain"] = _chain(embedded, status, trust.root, signed_at)
    # The library asks a list only where a certificate points to one, and ours point nowhere: they must outlive addresses.
    if any(listed.get_revoked_certificate_by_serial_number(own.serial_number) is not None for listed in trust.lists):
        answer["chain"] = _seen(False, N_("The issuer’s signing certificate was revoked."))
    return str(own.subject.native.get("organization_identifier", ""))


def _chain(embedded: Any, status: Any, pinned: Any, signed_at: datetime | None) -> Answer:
    if status.trusted:
        return _seen(True)
    if signed_at is not None and _status(embedded, pinned, signed_at).trusted:
        return _seen(
            None, N_("The issuer’s signing certificate has ended; what it signed before cannot be told apart.")
        )
    return _seen(False, N_("The signer’s certificate does not come from this site’s root."))


def _status(embedded: Any, pinned: Any, at: datetime) -> Any:
    """The library's verdict at a moment, with our root as the only trust and no network."""
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(pinned.public_bytes(Encoding.DER))],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    return asyncio.run(async_validate_pdf_signature(embedded, signer_validation_context=context))


def _take_claims(reader: Any, signer: str, answer: Answer) -> None:
    """The claims, unless they name another issuer than the signer: a base cannot sign in the name of another one."""
    claims = _claims(reader)
    if signer != f"{SCHEME}{claims['issuer_code']}":
        answer["chain"] = _seen(False, N_("The certificate names another training base than the one that signed it."))
        return
    answer["claims"] = claims


def _claims(reader: Any) -> Answer:
    """The attached claims, read from the signed file. Raises LookupError or ValueError when there are none."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for place in range(0, len(names), 2):
        if str(names[place]) == ATTACHMENT:
            held: bytes = names[place + 1]["/EF"]["/F"].data
            if len(held) > LONGEST_CLAIMS:
                break
            return dict(json.loads(held))
    raise LookupError(ATTACHMENT)


if __name__ == "__main__":
    main()
