"""Gathering evidence 取证: from the register and, if there is one, from the file, and judging it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.certificates import keys, names
from app.certificates.services import lookup
from app.refusals import N_
from app.store import db, settings
from app.verification import checks, sandbox
from app.verification.checks import Verdict
from app.verification.evidence import Evidence, FileSeen, RegisterSeen, Seen


@dataclass(frozen=True)
class Finding:
    """What a page or command shows: the verdict, when it was made, the file that was read, and whether the name fits."""

    verdict: Verdict
    at: datetime
    file: FileSeen | None = None
    signer: str = ""
    name_matches: bool | None = None

    @property
    def claims(self) -> Mapping[str, Any]:
        """The claims that may be shown, empty when none may."""
        return self.verdict.claims or {}


@dataclass(frozen=True)
class Trust:
    """The pinned root as PEM and the revocation lists as DER."""

    root: str
    lists: tuple[bytes, ...]


def own_trust() -> Trust | None:
    """The root of this installation; None when it has issued nothing yet."""
    instance = settings().instance_path
    root = keys.root_pem(instance)
    if root is None:
        return None
    listed = keys.revocation_list(instance)
    return Trust(root, (listed,) if listed else ())


def trust_in(data: bytes) -> tuple[Trust, bool]:
    """A root that the asker gives, and whether it is this installation's own. Raises NotARoot."""
    given, own = keys.read_root(data), own_trust()
    if own is not None and keys.read_root(own.root.encode()) == given:
        return own, True
    return Trust(given, ()), False


def by_number(number: str, *, name: str = "") -> Finding:
    """Verify by a number that was read by `numbering.read`; a name that was typed is compared, never shown."""
    return _from_register(*_asked(lambda: lookup.find_by_number(number)), name=name)


def by_token(number: str, token: str) -> Finding:
    """Verify by the address in a QR code."""
    return _from_register(*_asked(lambda: lookup.find_by_token(number, token)))


def by_file(data: bytes, trust: Trust | None, *, with_register: bool = True) -> Finding:
    """Verify a PDF. Without a trusted root nothing can be said; without the register its checks are unknown."""
    at = clock.now()
    if trust is None:
        file = FileSeen("", Seen(None, N_("There is no root certificate to check against.")))
        return Finding(checks.verify(Evidence(file, None, False), _day(at)), at, file)
    db.session.rollback()  # gives the connection back while the other process reads
    file = sandbox.inspect(data, root=trust.root, lists=trust.lists, at=at)
    entry, asked = _asked(lambda: _entry_of(file)) if with_register and file.claims else (None, False)
    register = _seen(entry) if entry else None
    evidence = Evidence(file, register, True if with_register and asked else None if with_register else False)
    return Finding(checks.verify(evidence, _day(at)), at, file, signer=file.signer)


def name_fits(claims: Mapping[str, Any], name: str) -> bool:
    """Whether a typed name is the holder's."""
    return names.same(name, str(claims.get("holder_zh", "")), str(claims.get("holder_latin", "")))


def _entry_of(file: FileSeen) -> lookup.Entry | None:
    """The register's entry for a file whose signature holds: by its fingerprint, or by what it states."""
    found = lookup.find_by_file(file.sha256)
    if found is None and file.claims is not None:
        found = lookup.find_issue(str(file.claims.get("number", "")), int(file.claims.get("issue", 0)))
    return found


def _asked(look: Any) -> tuple[lookup.Entry | None, bool]:
    """The entry, and whether the register answered."""
    try:
        return look(), True
    except SQLAlchemyError:
        db.session.rollback()
        return None, False


def _from_register(entry: lookup.Entry | None, answered: bool, *, name: str = "") -> Finding:
    at = clock.now()
    register = _seen(entry, with_file=True) if entry else None
    verdict = checks.verify(Evidence(None, register, True if answered else None), _day(at))
    fits = name_fits(register.claims, name) if register and name.strip() else None
    return Finding(verdict, at, signer=str(register.claims["issuer_zh"]) if register else "", name_matches=fits)


def _seen(entry: lookup.Entry, *, with_file: bool = False) -> RegisterSeen:
    kept = Seen(lookup.file_is_kept(entry.file)) if with_file else Seen(None)
    return RegisterSeen(
        entry.state, entry.claims, entry.file, since=entry.since, reason=entry.reason, file_kept=kept,
        fingerprint=entry.signer,
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(clock.BEIJING).date()
