"""The Merkle tree 默克尔树 of RFC 6962 / RFC 9162: roots, inclusion proofs and consistency proofs over stored nodes.

Hashes are 32 bytes. A complete subtree of 2**level leaves that starts at leaf index * 2**level is stored under
(level, index); `Fetch` looks such a node up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Fetch = Callable[[int, int], bytes]


class BrokenProof(Exception):
    """A proof does not lead to the root it claims."""


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162 section 2.1.1: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 section 2.1.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_nodes(size: int, leaf: bytes, fetch: Fetch) -> list[tuple[int, int, bytes]]:
    """The complete subtrees (level, index, hash) that appear when a leaf hash joins a tree of `size` leaves."""
    made = [(0, size, leaf)]
    level, index, current = 0, size, leaf
    while index & 1:
        current = node_hash(fetch(level, index - 1), current)
        level, index = level + 1, index >> 1
        made.append((level, index, current))
    return made


def root(size: int, fetch: Fetch) -> bytes:
    """The Merkle tree hash of the first `size` leaves; of no leaves, SHA-256 of nothing."""
    return _range_hash(0, size, fetch) if size else hashlib.sha256(b"").digest()


def inclusion(position: int, size: int, fetch: Fetch) -> list[bytes]:
    """The audit path of the leaf at `position` in the tree of `size` leaves (RFC 9162 section 2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError("position outside the tree")
    return _path(position, 0, size, fetch)


def consistency(first: int, second: int, fetch: Fetch) -> list[bytes]:
    """The proof that the tree of `second` leaves extends the tree of `first` (RFC 9162 section 2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError("trees grow from at least one leaf")
    return [] if first == second else _subproof(first, 0, second, True, fetch)


def verify_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> None:
    """RFC 9162 section 2.1.3.2. Raises BrokenProof."""
    if not 0 <= position < size:
        raise BrokenProof("position outside the tree")
    fn, sn, current = position, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise BrokenProof("the path is too long")
        if fn & 1 or fn == sn:
            current = node_hash(sibling, current)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            current = node_hash(current, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn or current != tree_root:
        raise BrokenProof("the path does not lead to the root")


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:
    """RFC 9162 section 2.1.4.2. Raises BrokenProof."""
    if first == second:
        if proof or first_root != second_root:
            raise BrokenProof("equal trees need no proof")
        return
    if not 0 < first < second or not proof:
        raise BrokenProof("no proof")
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise BrokenProof("the proof is too long")
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn or old != first_root or new != second_root:
        raise BrokenProof("the proof does not lead to both roots")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(low: int, high: int, fetch: Fetch) -> bytes:
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return fetch(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range_hash(low, middle, fetch), _range_hash(middle, high, fetch))


def _path(position: int, low: int, high: int, fetch: Fetch) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if position < middle:
        return [*_path(position, low, middle, fetch), _range_hash(middle, high, fetch)]
    return [*_path(position, middle, high, fetch), _range_hash(low, middle, fetch)]


def _subproof(first: int, low: int, high: int, whole: bool, fetch: Fetch) -> list[bytes]:
    if first == high - low:
        return [] if whole else [_range_hash(low, high, fetch)]
    middle = low + _split(high - low)
    if first <= middle - low:
        return [*_subproof(first, low, middle, whole, fetch), _range_hash(middle, high, fetch)]
    return [*_subproof(first - (middle - low), middle, high, False, fetch), _range_hash(low, middle, fetch)]
