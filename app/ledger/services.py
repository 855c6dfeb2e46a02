"""What the ledger 账本 does: record an act, sequence what was recorded, and prove that nothing was changed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from app import clock
from app.ledger import keys, merkle
from app.ledger.entries import canonical
from app.ledger.models import Entry, Head, Node
from app.store import db, is_sqlite, settings, table_of

BATCH = 500
_INSERT = insert(table_of(Entry))  # a table, not a mapped row: an entry is never changed, and every act makes one


def record(*, kind: str, base_id: int | None, actor_id: int | None, subject: str, facts: Mapping[str, Any]) -> None:
    """Write an entry in the current transaction. `facts` holds ids, numbers, hashes and reasons, never names."""
    at, salt = clock.now(), secrets.token_hex(16)
    leaf = canonical(kind=kind, at=at, base_id=base_id, actor_id=actor_id, subject=subject, facts=facts, salt=salt)
    db.session.execute(
        _INSERT,
        {
            "kind": kind, "at": at, "base_id": base_id, "actor_id": actor_id, "subject": subject, "facts": dict(facts),
            "salt": salt, "leaf_hash": merkle.leaf_hash(leaf).hex(),
        },
    )  # fmt: skip


def seal(text: str) -> str:
    """A keyed digest of free text for `facts`: it proves later what was written, and tells nobody what it says."""
    return hmac.new(bytes.fromhex(settings().index_key), text.encode(), hashlib.sha256).hexdigest()


def waiting() -> bool:
    """Whether entries wait for their place in the tree."""
    return db.session.scalar(select(Entry.id).where(Entry.position.is_(None)).limit(1)) is not None


def integrate() -> int:
    """Give waiting entries their places, in the order of their ids, and sign the new head. Returns how many were placed.

    Run it inside a write transaction and from one sequencer at a time: the head row is locked first.
    """
    size = _size(lock=True)
    placed = db.session.scalars(select(Entry).where(Entry.position.is_(None)).order_by(Entry.id).limit(BATCH)).all()
    if not placed:
        return 0
    known: dict[tuple[int, int], bytes] = {}

    def fetch(level: int, index: int) -> bytes:
        return known.get((level, index)) or _stored(level, index)

    for entry in placed:
        entry.position = size
        for level, index, digest in merkle.new_nodes(size, bytes.fromhex(entry.leaf_hash), fetch):
            known[level, index] = digest
            db.session.add(Node(level=level, index=index, hash=digest.hex()))
        size += 1
    root = merkle.root(size, fetch)
    db.session.add(Head(size=size, root=root.hex(), note=_sign(size, root), at=clock.now()))
    db.session.flush()
    return len(placed)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the ledger: an entry's position (or -1 for a head) and what was seen."""

    position: int
    what: str


def check() -> tuple[int, list[Finding]]:
    """Recompute every leaf, node and head. Returns the number of entries checked and what does not hold."""
    findings: list[Finding] = []
    nodes: dict[tuple[int, int], bytes] = {}
    heads = {head.size: head for head in db.session.scalars(select(Head))}
    public = _key().public_key().public_bytes_raw()
    size = 0
    for entry in db.session.scalars(select(Entry).where(Entry.position.is_not(None)).order_by(Entry.position)):
        if entry.position != size:
            findings.append(Finding(size, "missing"))
            size = int(entry.position or 0)
        leaf = canonical(
            kind=entry.kind,
            at=entry.at,
            base_id=entry.base_id,
            actor_id=entry.actor_id,
            subject=entry.subject,
            facts=entry.facts,
            salt=entry.salt,
        )
        if merkle.leaf_hash(leaf).hex() != entry.leaf_hash:
            findings.append(Finding(size, "changed"))
        try:
            for level, index, digest in merkle.new_nodes(size, merkle.leaf_hash(leaf), lambda lv, ix: nodes[lv, ix]):
                nodes[level, index] = digest
        except KeyError:
            break
        size += 1
        if (head := heads.pop(size, None)) is not None:
            root = merkle.root(size, lambda lv, ix: nodes[lv, ix])
            if root.hex() != head.root:
                findings.append(Finding(size - 1, "root differs"))
            if not keys.checkpoint_holds(head.note, public, size, root):
                findings.append(Finding(size - 1, "head signature"))
    findings.extend(Finding(-1, f"head of size {left} has no entries") for left in heads)
    return size, findings + _node_findings(nodes)


def _node_findings(nodes: Mapping[tuple[int, int], bytes]) -> list[Finding]:
    """What differs between the nodes that follow from the entries and the nodes that are stored."""
    rows = db.session.execute(select(Node.level, Node.index, Node.hash))
    stored = {(level, index): digest for level, index, digest in rows}
    wrong = [place for place, digest in nodes.items() if stored.pop(place, None) != digest.hex()]
    return [Finding(index << level, f"node {level}/{index} differs") for level, index in [*wrong, *stored]]


def read(bases: frozenset[int] | None, *, offset: int, limit: int) -> tuple[Sequence[Entry], int]:
    """A page of the journal, newest first, of these bases (None: of all), and the number of entries there are."""
    where = [] if bases is None else [Entry.base_id.in_(sorted(bases))]
    total = db.session.scalar(select(func.count()).select_from(Entry).where(*where)) or 0
    rows = db.session.scalars(select(Entry).where(*where).order_by(Entry.id.desc()).offset(offset).limit(limit)).all()
    return rows, total


def find_facts(kind: str, subject: str) -> Sequence[Mapping[str, Any]]:
    """The facts of every entry of this kind about this subject, in the order in which they were written."""
    return db.session.scalars(
        select(Entry.facts).where(Entry.kind == kind, Entry.subject == subject).order_by(Entry.id)
    ).all()


def head() -> Head | None:
    """The newest signed head."""
    return db.session.scalar(select(Head).order_by(Head.size.desc()).limit(1))


def _size(*, lock: bool) -> int:
    statement = select(Head).order_by(Head.size.desc()).limit(1)
    if lock and not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(0x1ED6E7)))
    found = db.session.scalar(statement)
    return found.size if found else 0


def _stored(level: int, index: int) -> bytes:
    found = db.session.get(Node, (level, index))
    assert found is not None, "the ledger lost a node"
    return bytes.fromhex(found.hash)


def _key() -> Any:
    here = settings()
    return keys.open_key(here.instance_path / "keys" / "ledger.key", here.data_key)


def _sign(size: int, root: bytes) -> str:
    origin = settings().origin.split("://", 1)[-1] + "/ledger"
    return keys.sign_checkpoint(_key(), origin, size, root)
