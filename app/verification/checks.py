"""Checks 查验项目: from evidence to a verdict, with the numbered list of what was checked and why it holds or not.

For a file:            (1) form  (2) one revision  (3) signature  (4) chain to the pinned root
For any certificate:   (5) in the register  (6) status  (7) in force on the day asked  (8) claims equal the register
Without a file, (1) to (4) are replaced by one: the signed file in the archive is unchanged.

A check that could not be made is unknown, and never counts as yes or as no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.certificates.claims import canonical_json
from app.refusals import N_
from app.verification.evidence import Evidence, FileSeen, RegisterSeen, Seen


class State(StrEnum):
    """The states of a verified certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    NOT_FOUND = "not-found"
    ALTERED = "altered"
    UNKNOWN = "unknown"


#: One word each, as the glossary has them.
WORDS: Mapping[State, str] = {
    State.VALID: N_("Valid"),
    State.EXPIRED: N_("Expired"),
    State.SUSPENDED: N_("Suspended"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.REPLACED: N_("Replaced"),
    State.NOT_FOUND: N_("Not found"),
    State.ALTERED: N_("File does not match its signature"),
    State.UNKNOWN: N_("Cannot be checked now"),
}


@dataclass(frozen=True)
class Check:
    """One line of the list: `holds` True, False or None; `title` and `reason` are message ids."""

    name: str
    title: str
    holds: bool | None
    reason: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The state, the list, and the claims that may be shown (None when the signature failed or nothing is known)."""

    state: State
    checks: tuple[Check, ...]
    claims: Mapping[str, Any] | None
    since: date | None = None
    reason: str = ""


def verify(evidence: Evidence, at: date) -> Verdict:
    """Judge the evidence for the day `at` (Beijing time)."""
    file, register = evidence.file, evidence.register
    checks = file_checks(file) if file is not None else []
    if file is not None:
        failed = next((check for check in checks if check.holds is False), None)
        if failed is not None:
            return Verdict(State.ALTERED, tuple(checks), None)
        if any(check.holds is None for check in checks):
            return Verdict(State.UNKNOWN, tuple(checks), None)
    claims = register.claims if register is not None else file.claims if file is not None else None
    checks += register_checks(evidence, at, claims)
    state = _state(evidence, checks)
    known = register is not None
    return Verdict(
        state, tuple(checks), claims if state not in (State.ALTERED, State.NOT_FOUND) else None,
        since=register.since if known and register else None, reason=register.reason if known and register else "",
    )  # fmt: skip


def file_checks(file: FileSeen) -> list[Check]:
    """(1) to (4)."""
    seen = (
        ("form", N_("The file is a certificate in PDF form"), file.form),
        ("one-revision", N_("Nothing was added after signing"), file.one_revision),
        ("signature", N_("The signature fits the content"), file.signature),
        ("chain", N_("The signer is an issuer of this site"), file.chain),
    )
    return [_check(name, title, what) for name, title, what in seen]


def register_checks(evidence: Evidence, at: date, claims: Mapping[str, Any] | None) -> list[Check]:
    """(5) to (8), and the archived file where no file was brought."""
    register = evidence.register
    checks = [_in_register(evidence)]
    if register is not None and evidence.file is None:
        checks.append(_check("file-kept", N_("The signed file in the archive is unchanged"), register.file_kept))
    checks.append(_status(register))
    checks.append(_in_force(claims, at))
    if evidence.file is not None:
        checks.append(_claims_equal(evidence.file, register))
    return checks


def _check(name: str, title: str, seen: Seen) -> Check:
    return Check(name, title, seen.holds, seen.reason, seen.parameters)


def _in_register(evidence: Evidence) -> Check:
    title = N_("The certificate is in the register")
    if evidence.register is not None:
        return Check("in-register", title, holds=True)
    if evidence.register_asked is None:
        return Check("in-register", title, None, N_("The register does not answer at the moment."))
    if not evidence.register_asked:
        return Check("in-register", title, None, N_("Not asked: this check was made without the register."))
    return Check("in-register", title, holds=False, reason=N_("There is no certificate with this number."))


def _status(register: RegisterSeen | None) -> Check:
    title = N_("Neither suspended, withdrawn nor replaced")
    if register is None:
        return Check("status", title, None, N_("Only the register knows what happened after the issue."))
    reasons = {
        "suspended": N_("Suspended on %(day)s."),
        "withdrawn": N_("Withdrawn on %(day)s."),
        "replaced": N_("Replaced on %(day)s."),
    }
    if register.state in reasons:
        day = register.since.isoformat() if register.since else "—"
        return Check("status", title, False, reasons[register.state], {"day": day})
    return Check("status", title, holds=register.state == "granted" or None)


def _in_force(claims: Mapping[str, Any] | None, at: date) -> Check:
    title = N_("In force on the day asked")
    if claims is None:
        return Check("in-force", title, None)
    days = {"start": str(claims["valid_from"]), "end": str(claims["valid_until"])}
    holds = days["start"] <= at.isoformat() <= days["end"]
    return Check("in-force", title, holds, N_("%(start)s to %(end)s"), days)


def _claims_equal(file: FileSeen, register: RegisterSeen | None) -> Check:
    title = N_("The content equals the register")
    if register is None or file.claims is None:
        return Check("claims-equal", title, None, N_("There is nothing to compare with."))
    if file.sha256 == register.sha256:
        return Check("claims-equal", title, True, N_("It is the very file that was issued."))
    equal = canonical_json(file.claims) == canonical_json(register.claims)
    return Check("claims-equal", title, equal, "" if equal else N_("The register holds other content for this number."))


def _state(evidence: Evidence, checks: list[Check]) -> State:
    held = {check.name: check.holds for check in checks}
    register = evidence.register
    if held["in-register"] is False:
        return State.NOT_FOUND
    if evidence.register_asked is None:
        return State.UNKNOWN
    if held.get("claims-equal") is False:
        return State.ALTERED
    if register is not None and register.state in ("suspended", "withdrawn", "replaced"):
        return State(register.state)
    if register is not None and register.state != "granted":
        return State.UNKNOWN
    return _by_day(held["in-force"], checks)


def _by_day(in_force: bool | None, checks: list[Check]) -> State:
    if any(check.name == "file-kept" and check.holds is False for check in checks):
        return State.UNKNOWN
    if in_force is None:
        return State.UNKNOWN
    return State.VALID if in_force else State.EXPIRED
