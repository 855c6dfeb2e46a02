"""The journal: every entry finds its place, and any change afterwards is seen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.ledger import keys, merkle, services
from app.ledger.entries import canonical
from app.ledger.models import Entry, Head, Node
from app.store import db, settings, writing


def _fill(count: int) -> None:
    for number in range(count):
        with writing():
            services.record(
                kind="t", base_id=None, actor_id=None, subject=f"t:{number}", facts={"n": number, "w": "撤销"}
            )
        if number % 3 == 0:
            with writing():
                services.integrate()
    with writing():
        services.integrate()


def test_entries_are_placed_in_order_and_the_head_is_signed(db_app: Flask) -> None:
    _fill(11)
    assert list(db.session.scalars(select(Entry.position).order_by(Entry.id))) == list(range(11))
    assert services.check() == (11, [])
    head = services.head()
    assert head is not None and head.size == 11
    public = keys.open_key(settings().instance_path / "keys" / "ledger.key", settings().data_key).public_key()
    raw, root = public.public_bytes_raw(), bytes.fromhex(head.root)
    assert keys.checkpoint_holds(head.note, raw, 11, root)
    assert not keys.checkpoint_holds(head.note, raw, 12, root)
    assert not keys.checkpoint_holds(head.note, raw, 11, bytes(32))
    assert not keys.checkpoint_holds(head.note.replace("\n11\n", "\n12\n"), raw, 12, root)
    assert not keys.checkpoint_holds("nonsense", raw, 11, root)


def test_what_was_rolled_back_is_never_in_the_tree(db_app: Flask) -> None:
    with pytest.raises(RuntimeError), writing():
        services.record(kind="t", base_id=None, actor_id=None, subject="t", facts={})
        raise RuntimeError
    assert not services.waiting()


@pytest.mark.parametrize("position", [0, 4, 9])
def test_a_changed_entry_is_found(db_app: Flask, position: int) -> None:
    _fill(10)
    with writing():
        db.session.execute(update(Entry).where(Entry.position == position).values(subject="t:forged"))
    _, findings = services.check()
    assert ("changed" in {finding.what for finding in findings}) and findings[0].position == position


@pytest.mark.parametrize("position", [0, 4, 9])
def test_a_removed_entry_is_found(db_app: Flask, position: int) -> None:
    _fill(10)
    with writing():
        db.session.execute(delete(Entry).where(Entry.position == position))
    assert services.check()[1]


def test_a_change_with_its_hash_made_anew_is_found_by_the_signed_heads(db_app: Flask) -> None:
    _fill(10)
    entry = db.session.scalars(select(Entry).where(Entry.position == 3)).one()
    forged = canonical(
        kind=entry.kind, at=entry.at, base_id=None, actor_id=None, subject="forged", facts=entry.facts, salt=entry.salt
    )
    key = entry.id
    with writing():
        values = {"subject": "forged", "leaf_hash": merkle.leaf_hash(forged).hex()}
        db.session.execute(update(Entry).where(Entry.id == key).values(**values))
    assert "root differs" in {finding.what for finding in services.check()[1]}


def test_the_journal_is_read_page_by_page(db_app: Flask) -> None:
    _fill(7)
    rows, total = services.read(None, offset=2, limit=3)
    assert total == 7 and [row.subject for row in rows] == ["t:4", "t:3", "t:2"]
    assert services.read(frozenset({99}), offset=0, limit=5) == ([], 0)


def test_tree_rows_are_complete(db_app: Flask) -> None:
    _fill(8)
    assert db.session.query(Node).count() == 15
    assert db.session.scalar(select(Head.size).order_by(Head.size.desc())) == 8


def test_history_rewritten_with_every_stored_hash_made_anew_is_found_by_the_signed_notes(db_app: Flask) -> None:
    """Whoever can write to the database but has no key cannot make the notes say another root."""
    _fill(10)
    with writing():
        entries = db.session.scalars(select(Entry).order_by(Entry.position)).all()
        entries[3].facts = {"n": 3, "w": "forged"}
        nodes: dict[tuple[int, int], bytes] = {}
        for size, entry in enumerate(entries):
            leaf = canonical(
                kind=entry.kind, at=entry.at, base_id=None, actor_id=None, subject=entry.subject, facts=entry.facts,
                salt=entry.salt,
            )  # fmt: skip
            entry.leaf_hash = merkle.leaf_hash(leaf).hex()
            for level, index, digest in merkle.new_nodes(size, merkle.leaf_hash(leaf), lambda lv, ix: nodes[lv, ix]):
                nodes[level, index] = digest
                db.session.get_one(Node, (level, index)).hash = digest.hex()
        for head in db.session.scalars(select(Head)):
            head.root = merkle.root(head.size, lambda lv, ix: nodes[lv, ix]).hex()
    assert {finding.what for finding in services.check()[1]} == {"head signature"}


def test_a_changed_or_missing_node_is_found(db_app: Flask) -> None:
    _fill(8)
    with writing():
        db.session.get_one(Node, (1, 1)).hash = "00" * 32
        db.session.delete(db.session.get_one(Node, (0, 7)))
    assert {finding.what for finding in services.check()[1]} == {"node 1/1 differs", "node 0/7 differs"}


def test_sealed_text_says_nothing_and_proves_what_was_written(db_app: Flask) -> None:
    assert services.seal("病假") == services.seal("病假") != services.seal("病假。")
    assert len(services.seal("病假")) == 64
