"""Sealing 封存: one Merkle root over the journals of a session's sittings, and what differs from it later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exams.journal import canonical
from app.ledger import merkle


@dataclass(frozen=True)
class Journal:
    """The journal of a sitting as it was sealed: how many lines it had, and the chain value of the last one, in hex."""

    ref: str
    entries: int
    chain: str


@dataclass(frozen=True)
class Difference:
    """Where a journal is not what was sealed: 'missing', 'new', 'shorter', 'broken' (at a line) or 'changed'."""

    ref: str
    what: str
    line: int = 0


def leaf(journal: Journal) -> bytes:
    """The leaf of a journal: canonical JSON of its reference, the number of lines, and the last chain value."""
    return canonical([journal.ref, journal.entries, journal.chain]).encode()


def root(journals: Sequence[Journal]) -> str:
    """The Merkle root (RFC 6962) over the journals in the order of their references, in hex."""
    nodes: dict[tuple[int, int], bytes] = {}

    def fetch(level: int, index: int) -> bytes:
        return nodes[level, index]

    for place, journal in enumerate(sorted(journals, key=lambda one: one.ref)):
        for level, index, digest in merkle.new_nodes(place, merkle.leaf_hash(leaf(journal)), fetch):
            nodes[level, index] = digest
    return merkle.root(len(journals), fetch).hex()


def digest(facts: Mapping[str, Any], remarks: str = "") -> str:
    """The SHA-256, in hex, of facts and remarks in canonical form."""
    return hashlib.sha256(canonical([facts, remarks]).encode()).hexdigest()


def differences(
    sealed: Sequence[Journal], now: Mapping[str, Sequence[str]], broken: Mapping[str, int]
) -> list[Difference]:
    """What is not as it was sealed.

    `now` has the chain values of each journal's lines, in hex, the value before the first line included; `broken`
    the number of the first line whose chain does not hold. Lines that came after the sealing are no difference: they
    continue the chain.
    """
    found = [Difference(ref, "new") for ref in now if ref not in {one.ref for one in sealed}]
    for journal in sealed:
        chains = now.get(journal.ref)
        if chains is None:
            found.append(Difference(journal.ref, "missing"))
        elif journal.ref in broken and broken[journal.ref] <= journal.entries:
            found.append(Difference(journal.ref, "broken", broken[journal.ref]))
        elif len(chains) <= journal.entries:
            found.append(Difference(journal.ref, "shorter", len(chains) - 1))
        elif chains[journal.entries] != journal.chain:
            found.append(Difference(journal.ref, "changed", journal.entries))
    return found
