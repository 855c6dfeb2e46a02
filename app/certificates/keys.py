"""Signing keys 签发密钥: a root of this installation, and one issuing key for each training base under it.

The development authority of the embedded set-up: keys are made on first use, kept encrypted in the instance folder and
opened with the data key. P-256 throughout, because common readers do not know Ed25519 in a PDF.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from app.refusals import N_, Refusal

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ROOT_YEARS, ISSUER_YEARS = 25, 12
LIST_DAYS, LIST_FRESH = timedelta(days=60), timedelta(days=30)
#: National trade register of China, as ETSI EN 319 412-1 5.1.4 writes the identifier of an organization.
SCHEME = "NTRCN-"
ROOT_NAME = "IP Auditorium Root 知审学堂根证书"


class KeyUnusable(Refusal):
    """A key file cannot be opened with the data key of this installation."""

    message = N_("The signing key cannot be opened: the data key does not fit the key file.")
    todo = N_("Restore the instance folder from one backup, key files and secrets together.")


class KeyOfAnother(Refusal):
    """The files of a base's key hold a certificate that names another base."""

    message = N_("The signing key belongs to another training base; nothing is signed with it.")
    todo = N_("Restore the instance folder from one backup, key files and secrets together.")


@dataclass(frozen=True)
class Issuer:
    """What signing needs: the key and certificate of a base, the root, and the root's revocation list (DER)."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate
    revocation_list: bytes

    def chain(self) -> tuple[bytes, bytes]:
        """Both certificates as DER, the signer's first."""
        return self.certificate.public_bytes(Encoding.DER), self.root.public_bytes(Encoding.DER)


def folder_of(instance: Path) -> Path:
    """Where the keys of certificates lie."""
    return instance / "keys" / "certificates"


class NotARoot(Refusal):
    """The file is no certificate that other certificates could lead to."""

    message = N_("The trust root is not a certificate in PEM form.")
    todo = N_("Take the root from the verification page of the site, or from the training base.")


def root_pem(instance: Path) -> str | None:
    """The root that this installation pins, or None when it has not issued anything yet."""
    path = folder_of(instance) / "root.pem"
    return path.read_text("ascii", errors="replace") if path.exists() else None


def read_root(data: bytes) -> str:
    """A root that somebody gives, as PEM without anything around it. Raises NotARoot."""
    try:
        found = x509.load_pem_x509_certificate(data)
        found.verify_directly_issued_by(found)
        return found.public_bytes(Encoding.PEM).decode("ascii")
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        raise NotARoot from None


def revocation_list(instance: Path) -> bytes | None:
    """The newest revocation list as DER, or None."""
    path = folder_of(instance) / "root.crl"
    return path.read_bytes() if path.exists() else None


def issuer(instance: Path, data_key: str, *, name: str, credit_code: str, at: datetime) -> Issuer:
    """The issuing key of a base, made on first use, with a revocation list that is good for a month at least.

    `name` is the base's registered name, `credit_code` its unified social credit code 统一社会信用代码: the files bear
    its SHA-256, because no two bases share one, whatever letters it is written with. Raises KeyUnusable, and
    KeyOfAnother when the files hold the key of another base.
    """
    folder, password = folder_of(instance), _password(data_key)
    with _alone(folder):
        root_key, root = _root(folder, password, at)
        stem = f"issuer-{hashlib.sha256(credit_code.encode()).hexdigest()[:32]}"
        if not (folder / f"{stem}.pem").exists():
            key = ec.generate_private_key(ec.SECP256R1())
            _keep(folder, stem, key, _issuing_certificate(key, root_key, root, (name, credit_code), at), password)
        key, certificate = _open(folder, stem, password)
        if organization(certificate) != f"{SCHEME}{credit_code}":
            raise KeyOfAnother
        return Issuer(key, certificate, root, _fresh_list(folder, root_key, root, at))


def organization(certificate: x509.Certificate) -> str:
    """The identifier of the organization that a signing certificate names, or the empty string."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    return str(found[0].value) if found else ""


def _root(folder: Path, password: bytes, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    if not (folder / "root.pem").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _keep(folder, "root", key, _root_certificate(key, at), password)
    return _open(folder, "root", password)


def _root_certificate(key: ec.EllipticCurvePrivateKey, at: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "IP Auditorium 知审学堂"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{ROOT_NAME} {at.year}"),
        ]
    )
    public = key.public_key()
    return (
        _certificate(name, name, public, at, ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _issuing_certificate(
    key: ec.EllipticCurvePrivateKey,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    base: tuple[str, str],
    at: datetime,
) -> x509.Certificate:
    """Readers want both purposes: with document signing alone, a widespread one reports an unknown problem."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, base[0]),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"{SCHEME}{base[1]}"),
            x509.NameAttribute(NameOID.COMMON_NAME, base[0]),
        ]
    )
    public = key.public_key()
    purposes = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    above = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _certificate(name, root.subject, public, at, ISSUER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name, issuer_name: x509.Name, public: ec.EllipticCurvePublicKey, at: datetime, years: int
) -> x509.CertificateBuilder:
    """The common part; valid from the beginning of the day, so that clocks a little behind accept it."""
    start = at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=round(365.25 * years)))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _fresh_list(folder: Path, key: ec.EllipticCurvePrivateKey, root: x509.Certificate, at: datetime) -> bytes:
    """The stored revocation list, renewed (with the same entries) when it would end within a month."""
    path = folder / "root.crl"
    old = x509.load_der_x509_crl(path.read_bytes()) if path.exists() else None
    if old is not None and old.next_update_utc is not None and old.next_update_utc - at > LIST_FRESH:
        return path.read_bytes()
    counted = old.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number if old is not None else 0
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(at - timedelta(hours=1))
        .next_update(at + LIST_DAYS)
        .add_extension(x509.CRLNumber(counted + 1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    for entry in old or ():
        builder = builder.add_revoked_certificate(entry)
    _write(path, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))
    return path.read_bytes()


def _keep(
    folder: Path, stem: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, password: bytes
) -> None:
    """The key first: a certificate on disk always has its key beside it."""
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    _write(folder / f"{stem}.key", sealed, mode=0o600)
    _write(folder / f"{stem}.pem", certificate.public_bytes(Encoding.PEM))


def _open(folder: Path, stem: str, password: bytes) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        key = load_pem_private_key((folder / f"{stem}.key").read_bytes(), password)
    except (ValueError, FileNotFoundError):
        raise KeyUnusable from None
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, x509.load_pem_x509_certificate((folder / f"{stem}.pem").read_bytes())


def _write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """On disk before it returns: a power cut must not lose the key under which a certificate was handed out."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=mode)
    with draft.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Bring the names in a folder to the disk (fsync)."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _password(data_key: str) -> bytes:
    return hmac.new(bytes.fromhex(data_key), b"certificates", hashlib.sha256).hexdigest().encode()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process makes keys or lists at a time."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _keep_names(folder.parent)
        _keep_names(folder.parent.parent)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
