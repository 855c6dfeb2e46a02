"""Every known way of altering a certificate is refused, by the check that is meant for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from app.certificates import keys
from app.verification import inspection, sandbox
from app.verification.checks import State, verify
from app.verification.evidence import Evidence
from tests.certificates.samples import AT, claims, issuer, signed
from tests.verification.tampering import ALTERATIONS, forged

CAUGHT_BY = {
    "flip_in_page": "signature", "flip_in_signature_value": "signature", "flip_in_certificate": "signature",
    "append_comment": "form", "append_nothing_but_space": "one_revision", "replace_content": "one_revision",
    "change_title": "one_revision", "attach_file": "one_revision", "body_without_xref": "form",
    "no_byte_range": "form", "zero_byte_range": "one_revision", "negative_byte_range": "one_revision",
    "shorter_byte_range": "one_revision", "null_contents": "form", "zeroed_contents": "form", "gap": "form",
    "saved_again": "one_revision", "stripped": "form", "other_claims_inside": "signature",
}  # fmt: skip
PARTS = ("form", "one_revision", "signature", "chain")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def genuine(instance: Path) -> bytes:
    return signed(instance)


def looked_at(instance: Path, data: bytes) -> dict[str, Any]:
    root = keys.root_pem(instance)
    assert root is not None
    return inspection.inspect(data, root, [keys.revocation_list(instance) or b""], AT.isoformat())


def failed(answer: dict[str, Any]) -> list[str]:
    return [name for name in PARTS if name in answer and answer[name]["holds"] is False]


def test_a_genuine_file_passes_every_part(instance: Path, genuine: bytes) -> None:
    answer = looked_at(instance, genuine)
    assert all(answer[name]["holds"] for name in PARTS)
    assert answer["claims"]["holder_zh"] == claims().holder_zh
    assert answer["signed_at"] == AT.isoformat()


@pytest.mark.parametrize("name", sorted(ALTERATIONS))
def test_an_altered_file_is_refused(instance: Path, genuine: bytes, name: str) -> None:
    altered = ALTERATIONS[name](genuine)
    assert altered != genuine
    answer = looked_at(instance, altered)
    assert failed(answer), answer
    assert "claims" not in answer, "nothing is shown from a file that was altered"
    assert CAUGHT_BY[name] in failed(answer), answer


def test_a_certificate_under_another_root_is_refused(instance: Path, genuine: bytes) -> None:
    answer = looked_at(instance, forged(instance))
    assert failed(answer) == ["chain"] and "claims" not in answer


def test_a_revoked_signer_is_refused(instance: Path, genuine: bytes, tmp_path: Path) -> None:
    answer = inspection.inspect(genuine, keys.root_pem(instance) or "", [revoking(instance)], AT.isoformat())
    assert failed(answer) == ["chain"] and "claims" not in answer
    assert "revoked" in answer["chain"]["reason"]


def revoking(instance: Path) -> bytes:
    """A list of the root that names the certificate of the base."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    from tests.certificates.samples import DATA_KEY

    by = issuer(instance)
    key = load_pem_private_key((keys.folder_of(instance) / "root.key").read_bytes(), keys._password(DATA_KEY))
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(by.certificate.serial_number)
        .revocation_date(AT)
        .build()
    )  # fmt: skip
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.root.subject)
        .last_update(AT)
        .next_update(AT.replace(year=AT.year + 1))
        .add_revoked_certificate(entry)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


def signed_list(instance: Path) -> bytes:
    return keys.revocation_list(instance) or b""


def flipped(data: bytes) -> bytes:
    """The last bit, which is in the signature of a list."""
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("damaged", [lambda data: data[:40], lambda data: b"", flipped], ids=["short", "empty", "flip"])
def test_a_damaged_list_of_ours_says_nothing_about_the_file(instance: Path, genuine: bytes, damaged: Any) -> None:
    root = keys.root_pem(instance) or ""
    answer = inspection.inspect(genuine, root, [damaged(signed_list(instance))], AT.isoformat())
    assert failed(answer) == [] and "claims" not in answer
    assert answer["signature"]["holds"] is None and answer["chain"]["holds"] is None
    assert "no fault of the file" in answer["chain"]["reason"]


@pytest.mark.parametrize("cut", [0, 200])
def test_a_damaged_root_of_ours_says_nothing_about_the_file(instance: Path, genuine: bytes, cut: int) -> None:
    answer = inspection.inspect(genuine, (keys.root_pem(instance) or "")[:cut], [], AT.isoformat())
    assert failed(answer) == [] and answer["chain"]["holds"] is None and "claims" not in answer


@pytest.mark.parametrize("trouble", [ImportError, OSError])
def test_trouble_of_the_machine_is_unknown_and_not_invalid(
    instance: Path, genuine: bytes, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise trouble

    monkeypatch.setattr(inspection, "async_validate_pdf_signature", broken)
    with pytest.raises(trouble):
        looked_at(instance, genuine)


def test_a_base_cannot_sign_in_the_name_of_another(instance: Path, genuine: bytes) -> None:
    theirs = issuer(instance, "91330100MA2HZ0000X")
    answer = looked_at(instance, signed(instance, claims(), theirs))
    assert failed(answer) == ["chain"] and "claims" not in answer
    assert "another training base" in answer["chain"]["reason"]
    own = claims(issuer_code="91330100MA2HZ0000X")
    assert looked_at(instance, signed(instance, own, theirs))["claims"]["issuer_code"] == own.issuer_code


def test_after_the_signers_certificate_ended_nothing_can_be_told(instance: Path, genuine: bytes) -> None:
    later = AT.replace(year=AT.year + 20).isoformat()
    answer = inspection.inspect(genuine, keys.root_pem(instance) or "", [], later)
    assert answer["chain"]["holds"] is None and "claims" not in answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"(" * 5000,
        b"%PDF-1.7\nxref\n0 99999999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n",
    ],
    ids=["empty", "text", "head", "brackets", "xref"],
)
def test_garbage_is_refused_in_words(instance: Path, genuine: bytes, data: bytes) -> None:
    answer = looked_at(instance, data)
    assert answer["form"]["holds"] is False and answer["form"]["reason"]


def seen(instance: Path, data: bytes) -> Any:
    return sandbox.inspect(data, root=keys.root_pem(instance) or "", lists=[], at=AT)


def test_the_process_of_its_own_tells_the_same(instance: Path, genuine: bytes) -> None:
    found = seen(instance, genuine)
    assert found.form.holds and found.chain.holds and found.claims == looked_at(instance, genuine)["claims"]


def test_a_file_that_takes_too_long_is_unknown_and_not_invalid(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE", 0.05)
    assert seen(instance, b"%PDF-1.7\n").form.holds is None


def test_more_files_than_places_are_answered_at_once(instance: Path, genuine: bytes) -> None:
    for _ in range(2):
        assert sandbox.PLACES.acquire(blocking=False)
    try:
        began = time.monotonic()
        found = seen(instance, genuine)
        assert time.monotonic() - began < 0.2 and found.form.holds is None and "Try again" in found.form.reason
        assert verify(Evidence(found, None, False), AT.date()).state is State.UNKNOWN
    finally:
        for _ in range(2):
            sandbox.PLACES.release()
    assert seen(instance, genuine).form.holds


def test_a_failure_gives_its_place_back(instance: Path, genuine: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "PATIENCE", 0.05)
        for _ in range(3):
            assert seen(instance, b"%PDF-1.7\n").form.holds is None
    assert seen(instance, genuine).form.holds


def test_the_largest_file_is_judged_within_the_limits(instance: Path, genuine: bytes) -> None:
    room = sandbox.LONGEST_FILE - len(genuine)
    found = seen(instance, genuine + b"%" + b"0" * (room - 1))
    assert found.form.holds is False or found.one_revision.holds is False
    assert (inspection.MEMORY, inspection.SECONDS) == (300 * 1024 * 1024, 5)


def test_a_file_over_ten_megabytes_is_not_read(instance: Path) -> None:
    found = seen(instance, b"%PDF-" + b"0" * sandbox.LONGEST_FILE)
    assert found.form.holds is False and "10 MB" in found.form.reason


def test_a_bomb_ends_within_its_limits(instance: Path, genuine: bytes) -> None:
    """Claims that inflate to 600 MB, in a file that is otherwise like ours."""
    import zlib

    squeezer = zlib.compressobj(9)
    bomb = b"".join([squeezer.compress(b"0" * 1_000_000) for _ in range(600)]) + squeezer.flush()
    place = genuine.index(b"/Type /EmbeddedFile")
    start = genuine.index(b"stream\n", place) + 7
    end = genuine.index(b"\nendstream", start)
    found = seen(instance, genuine[:start] + bomb + genuine[end:])
    assert not (found.form.holds and found.signature.holds)
