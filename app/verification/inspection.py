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
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from app.refusals import N_

MEMORY = 600 * 1024 * 1024
SECONDS = 8
LONGEST_CLAIMS = 64 * 1024
ATTACHMENT = "claims.json"
WRONG = N_("The content was changed after signing, or the signature is not genuine.")
HEX = re.compile(rb"[0-9A-Fa-f]*")

Answer = dict[str, Any]


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
    `parameters`), signed_at, signer, fingerprint and claims.
    """
    answer: Answer = {"sha256": sha256(data).hexdigest()}
    try:
        embedded = _signature_of(data, answer)
        if embedded is not None and _one_revision(data, embedded, answer):
            _validate(embedded, root, lists, datetime.fromisoformat(at), answer)
            if all(answer[name]["holds"] for name in ("form", "one_revision", "signature", "chain")):
                answer["claims"] = _claims(embedded.reader)
    except MemoryError:
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
    from pyhanko.pdf_utils.reader import PdfFileReader

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


def _validate(embedded: Any, root: str, lists: list[bytes], at: datetime, answer: Answer) -> None:
    from cryptography import x509

    pinned = x509.load_pem_x509_certificate(root.encode())
    status = _status(embedded, pinned, at)
    intact = bool(status.intact and status.valid and status.docmdp_ok)
    level = status.modification_level.name if status.modification_level else "NONE"
    covered = status.coverage is not None and status.coverage.name == "ENTIRE_FILE" and level == "NONE"
    answer["signature"] = _seen(intact and covered, "" if intact and covered else WRONG)
    answer["chain"] = _seen(None)
    if not (intact and covered):
        return
    own = status.signing_cert
    answer["signer"] = str(own.subject.native.get("common_name", ""))
    answer["fingerprint"] = own.sha256.hex()
    signed_at = embedded.self_reported_timestamp
    answer["signed_at"] = signed_at.isoformat() if signed_at else None
    answer["chain"] = _chain(embedded, status, pinned, signed_at)
    if any(_revoked(item, pinned, own.serial_number) for item in lists):
        answer["chain"] = _seen(False, N_("The issuer’s signing certificate was revoked."))


def _revoked(listed: bytes, pinned: Any, serial: int) -> bool:
    """Whether a list of the root names the certificate.

    The library asks a list only where a certificate points to one, and ours point nowhere: they must outlive addresses.
    """
    from cryptography import x509

    found = x509.load_der_x509_crl(listed)
    genuine = found.is_signature_valid(pinned.public_key())
    return genuine and found.get_revoked_certificate_by_serial_number(serial) is not None


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
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[x509.Certificate.load(pinned.public_bytes(Encoding.DER))],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    return asyncio.run(async_validate_pdf_signature(embedded, signer_validation_context=context))


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
