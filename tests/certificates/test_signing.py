"""Signed certificates before judges of others: poppler, OpenSSL, qpdf, MuPDF, zbar and the signing library's validator."""

from __future__ import annotations

import asyncio
import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.certificates import keys, signing
from app.certificates.content import wordings
from tests.certificates.samples import AT, DATA_KEY, claims, issuer, signed


def tool(*command: str | Path) -> str:
    """What a tool of others says, on both channels; a tool that is missing fails the test."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module", params=sorted(wordings()))
def file(request: pytest.FixtureRequest, instance: Path) -> Path:
    path = instance / f"{request.param}.pdf"
    path.write_bytes(signed(instance, claims(request.param)))
    return path


@pytest.fixture(scope="module")
def trust(instance: Path) -> Path:
    """A certificate store in which our root is trusted."""
    issuer(instance)
    store = instance / "nss"
    store.mkdir()
    tool("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    root = keys.folder_of(instance) / "root.pem"
    told = tool("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", root)
    assert not told, told
    return store


def test_poppler_finds_it_valid_whole_and_trusted(file: Path, trust: Path) -> None:
    told = tool("pdfsig", "-nssdir", f"sql:{trust}", file)
    assert "Signature Validation: Signature is Valid." in told
    assert "Certificate Validation: Certificate is Trusted." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_openssl_verifies_the_cades_signature(file: Path, instance: Path) -> None:
    data = file.read_bytes()
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", data)
    assert found
    first, length, second, rest = map(int, found.groups())
    message = bytes.fromhex(data[length + 1 : second - 1].decode())
    (instance / "message.der").write_bytes(message)
    (instance / "content.bin").write_bytes(data[first:length] + data[second : second + rest])
    told = tool(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", instance / "message.der", "-content",
        instance / "content.bin", "-CAfile", keys.folder_of(instance) / "root.pem", "-purpose", "any", "-out", "/dev/null",
    )  # fmt: skip
    assert "CAdES Verification successful" in told, told


def test_mupdf_and_qpdf_have_nothing_to_complain_about(file: Path) -> None:
    assert "The document is unchanged since signing" in tool("mutool", "sign", "-v", file)
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", file)


def test_the_librarys_validator_accepts_it_as_certified_without_changes(file: Path, instance: Path) -> None:
    reader = PdfFileReader(BytesIO(file.read_bytes()))
    root = x509.Certificate.load(issuer(instance).chain()[1])
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="require", crls=[
        keys.revocation_list(instance) or b""
    ])  # fmt: skip
    status = asyncio.run(async_validate_pdf_signature(reader.embedded_signatures[0], signer_validation_context=context))
    assert status.bottom_line and status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
    assert (
        reader.embedded_signatures[0].docmdp_level is not None and reader.embedded_signatures[0].docmdp_level.value == 1
    )
    assert reader.xrefs.total_revisions == 1


def test_the_code_leads_to_the_verification_page(file: Path, instance: Path) -> None:
    picture = instance / "page"
    tool("pdftoppm", "-r", "110", "-png", "-singlefile", file, picture)
    kind = file.stem
    assert claims(kind).address in tool("zbarimg", "-q", f"{picture}.png")


def test_the_text_says_what_it_must(file: Path) -> None:
    told = re.sub(r"\s+", "", tool("pdftotext", file, "-"))
    made = claims(file.stem)
    english = made.scope_en.replace("’", "'")
    for text in (made.holder_zh, made.number, made.standard, made.issuer_zh, made.signer_zh, made.scope_zh, english):
        assert re.sub(r"\s+", "", text) in told
    for day in (made.examined_on, made.issued_on, made.valid_from, made.valid_until):
        assert day.isoformat() in told
    assert "已由GB/T29490-2023自2024年1月1日起代替" in told
    assert ("只由CCAA办理" in told) == (made.kind == "auditor-trainee")


def test_every_font_is_embedded(file: Path) -> None:
    rows = tool("pdffonts", file).splitlines()[2:]
    assert rows and all(re.search(r"NotoSerifSC.* yes yes yes ", row) for row in rows)


def test_the_field_shows_on_the_page(file: Path) -> None:
    assert "数字签名 Digitally signed" in tool("pdftotext", file, "-")


def test_a_long_name_and_a_long_title_stay_on_the_page(instance: Path) -> None:
    title = "GB/T 29490-2013 企业知识产权内部审核员培训（" + "长" * 40 + "）"
    long = claims(holder_zh="阿卜杜热合曼·买买提依明江" * 2, holder_latin="A" * 60, programme_zh=title)
    path = instance / "long.pdf"
    path.write_bytes(signed(instance, long))
    boxes = tool("pdftotext", "-bbox", path, "-")
    edges = [float(edge) for edge in re.findall(r'xM(?:in|ax)="([-\d.]+)"', boxes)]
    assert edges and min(edges) > 45 and max(edges) < 842 - 45


def test_a_pen_signs_each_file_anew(instance: Path) -> None:
    pen = signing.Pen(issuer(instance))
    one, two = pen.write(b"1" * 32), pen.write(b"2" * 32)
    assert len(one) == len(two) == pen.room and one != two
    assert pen.write(b"1" * 32) != one, "ECDSA is randomised"


def test_keys_are_made_once_and_open_only_with_the_data_key(instance: Path) -> None:
    first, again = issuer(instance), issuer(instance)
    assert first.chain() == again.chain() and first.revocation_list == again.revocation_list
    for path in keys.folder_of(instance).glob("*.key"):
        assert b"ENCRYPTED" in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(keys.KeyUnusable):
        keys.issuer(instance, "cd" * 32, name="x", credit_code="y", at=AT)
    assert keys.issuer(instance, DATA_KEY, name="x", credit_code="y", at=AT).chain()[0] != first.chain()[0]


def test_signing_refuses_what_was_not_linted(instance: Path) -> None:
    by = issuer(instance)
    with pytest.raises(AttributeError):
        signing.sign(claims(), by, signing.Pen(by), at=AT, fonts=instance / "fonts")  # type: ignore[arg-type]


def test_size_stays_small(instance: Path) -> None:
    assert len(signed(instance)) < 70_000
