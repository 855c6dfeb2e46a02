"""The tree against RFC 6962's definition and against another implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from app.ledger import merkle

Nodes = dict[tuple[int, int], bytes]


def grow(leaves: list[bytes]) -> Nodes:
    nodes: Nodes = {}
    for size, leaf in enumerate(leaves):
        for level, index, digest in merkle.new_nodes(size, merkle.leaf_hash(leaf), lambda lv, ix: nodes[lv, ix]):
            nodes[level, index] = digest
    return nodes


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, written from its recursive definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


LEAVES = [str(n).encode() for n in range(70)]
NODES = grow(LEAVES)


def fetch(level: int, index: int) -> bytes:
    return NODES[level, index]


@pytest.mark.parametrize("size", range(71))
def test_root_is_that_of_the_definition(size: int) -> None:
    assert merkle.root(size, fetch) == defined_root(LEAVES[:size])


def test_root_equals_another_implementation() -> None:
    other = InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(LEAVES, start=1):
        other.append_entry(leaf)
        assert other.get_root() == merkle.root(size, fetch)


@pytest.mark.parametrize("size", range(1, 71))
def test_every_leaf_is_proven_in_every_tree(size: int) -> None:
    root = merkle.root(size, fetch)
    for position in range(size):
        proof = merkle.inclusion(position, size, fetch)
        merkle.verify_inclusion(merkle.leaf_hash(LEAVES[position]), position, size, proof, root)


@given(st.integers(1, 70), st.data())
@settings(max_examples=300, deadline=None)
def test_a_proof_holds_for_no_other_leaf_position_or_root(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(position, size, fetch)
    root, leaf = merkle.root(size, fetch), merkle.leaf_hash(LEAVES[position])
    with pytest.raises(merkle.BrokenProof):
        merkle.verify_inclusion(merkle.leaf_hash(b"forged"), position, size, proof, root)
    with pytest.raises(merkle.BrokenProof):
        merkle.verify_inclusion(leaf, position, size, proof, hashlib.sha256(root).digest())
    with pytest.raises(merkle.BrokenProof):
        merkle.verify_inclusion(leaf, position, size, [*proof, root], root)


@given(st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=300, deadline=None)
def test_growth_is_proven_and_a_rewritten_past_is_not(one: int, other: int) -> None:
    first, second = sorted((one, other))
    proof = merkle.consistency(first, second, fetch)
    old, new = merkle.root(first, fetch), merkle.root(second, fetch)
    merkle.verify_consistency(first, second, old, new, proof)
    forged = grow([b"forged", *LEAVES[1:]])
    with pytest.raises(merkle.BrokenProof):
        merkle.verify_consistency(first, second, merkle.root(first, lambda lv, ix: forged[lv, ix]), new, proof)


def test_a_position_outside_the_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        merkle.inclusion(5, 5, fetch)
    with pytest.raises(merkle.BrokenProof):
        merkle.verify_inclusion(b"", 5, 5, [], b"")
