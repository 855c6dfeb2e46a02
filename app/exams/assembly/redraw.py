"""Drawing every paper of a session again 重抽核验, from a snapshot that needs no database.

Whoever has the snapshot and the entries of the ledger can check that no paper was chosen by anybody: the secret, the
pool and the specification were committed to before the session opened, the nonce of each candidate was fixed once, and
the seed follows from both. Nothing but the standard library and this package is used.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.banks.specification import from_content
from app.exams.assembly.drawing import ALGORITHM, draw
from app.exams.assembly.prepared import Prepared, prepare
from app.exams.assembly.values import CannotFill, canonical_pool, form_rows, rows_hash

FORMAT = "ip-auditorium exam snapshot 1"
_SCORES = ("expected_at_cut", "target_at_cut", "se", "within_tolerance")


@dataclass(frozen=True)
class Checked:
    """What was looked at (a sitting by its reference, or "session"), and what in it differs; empty for equal."""

    subject: str
    differs: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differs


def sitting_name(session: str, enrolment: int, attempt: int) -> str:
    """What the seed calls a sitting: nothing in it is chosen after the secret, so the server cannot try names."""
    return f"{session}/{enrolment}/{attempt}"


def paper_seed(secret: bytes, sitting: str, nonce: str) -> bytes:
    """The seed of a paper: HMAC-SHA256 of the session's secret over sitting and nonce, so neither side can steer it."""
    return hmac.new(secret, f"{sitting}|{nonce}".encode(), hashlib.sha256).digest()


def text_hash(text: str) -> str:
    """SHA-256 of a text in hex; the ledger has it of every nonce."""
    return hashlib.sha256(text.encode()).hexdigest()


def names_hash(names: Sequence[str]) -> str:
    """SHA-256 of a list of ids in their order; the ledger has it of what a paper had to leave out."""
    return text_hash(json.dumps(list(names), separators=(",", ":")))


def check(snapshot: Mapping[str, Any]) -> list[Checked]:
    """Draw every paper of a snapshot again and compare: the session first, then each sitting.

    Raises ValueError for what is no snapshot.
    """
    if not isinstance(snapshot, Mapping) or snapshot.get("format") != FORMAT:
        raise ValueError("this is no snapshot of an exam session")
    try:
        session, ledger = snapshot["session"], snapshot["ledger"]
        specification = from_content(snapshot["specification"])
        prepared = prepare(canonical_pool(snapshot["pool"]), specification)
        secret = bytes.fromhex(session["secret"])
        faults = tuple(_session_faults(snapshot, secret, specification.hash))
        found = [Checked("session", faults)]
        for sitting in snapshot["sittings"]:
            facts = ledger["sittings"].get(sitting["ref"], {})
            found.append(
                Checked(sitting["ref"], tuple(_sitting_faults(session["ref"], sitting, facts, secret, prepared)))
            )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the snapshot is incomplete: {error}") from error
    return found


def _session_faults(snapshot: Mapping[str, Any], secret: bytes, specification: str) -> Iterator[str]:
    session, told = snapshot["session"], snapshot["ledger"]["session"]
    if hashlib.sha256(secret).hexdigest() != told["commitment"]:
        yield "secret"
    if rows_hash(snapshot["pool"]) != told["pool"]:
        yield "pool"
    if specification != told["specification"]:
        yield "specification"
    if session["commitment"] != told["commitment"]:
        yield "commitment"
    if set(snapshot["ledger"]["sittings"]) != {sitting["ref"] for sitting in snapshot["sittings"]}:
        yield "sittings"


def _sitting_faults(
    session: str, sitting: Mapping[str, Any], facts: Mapping[str, Any], secret: bytes, prepared: Prepared
) -> Iterator[str]:
    """What of a sitting is not what the ledger has or the draw gives."""
    told, admitted = facts.get("prepared") or {}, facts.get("admitted") or []
    nonce = text_hash(sitting["nonce"])
    if nonce != told.get("nonce") or nonce not in [one["nonce"] for one in admitted]:
        yield "nonce"
    if len(admitted) > 1:
        yield "admissions"
    if names_hash(sitting["excluded"]) != told.get("excluded"):
        yield "exclusions"
    if rows_hash(sitting["form"]) != told.get("form"):
        yield "form"
    if sitting["algorithm"] != ALGORITHM:
        yield "algorithm"
        return
    seed = paper_seed(secret, sitting_name(session, sitting["enrolment"], sitting["attempt"]), sitting["nonce"])
    try:
        form = draw(prepared, seed, sitting["excluded"])
    except CannotFill:
        yield "draw"
        return
    if form_rows(form.items) != sitting["form"]:
        yield "draw"
    yield from (name for name in _SCORES if getattr(form, name) != sitting[name])
