"""The seal of a session: one root over all journals, and whatever is changed afterwards is found."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.exams.sealing import Difference, Journal, differences, digest, leaf, root

journals = st.lists(
    st.builds(
        Journal, ref=st.text("0123456789abcdef", min_size=32, max_size=32), entries=st.integers(0, 9),
        chain=st.binary(min_size=32, max_size=32).map(bytes.hex),
    ),
    max_size=9, unique_by=lambda one: one.ref,
)  # fmt: skip


def plain_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962 section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


@given(made=journals)
def test_the_root_is_that_of_the_rfc_and_knows_no_order(made: list[Journal]) -> None:
    in_order = sorted(made, key=lambda one: one.ref)
    assert root(made) == root(list(reversed(made))) == plain_root([leaf(one) for one in in_order]).hex()


def now(made: list[Journal]) -> dict[str, list[str]]:
    return {one.ref: [*[f"{n}" for n in range(one.entries)], one.chain] for one in made}


@given(made=journals, more=st.integers(0, 3))
def test_what_is_added_after_the_seal_is_no_difference(made: list[Journal], more: int) -> None:
    assert differences(made, {ref: [*chains, *["x"] * more] for ref, chains in now(made).items()}, {}) == []


@given(made=journals.filter(bool), data=st.data())
def test_every_change_of_what_was_sealed_is_named(made: list[Journal], data: st.DataObject) -> None:
    victim = data.draw(st.sampled_from(made))
    seen = now(made)
    assert differences(made, seen, {victim.ref: 1}) == ([Difference(victim.ref, "broken", 1)] if victim.entries else [])
    changed = seen | {victim.ref: [*seen[victim.ref][:-1], "other"]}
    assert differences(made, changed, {}) == [Difference(victim.ref, "changed", victim.entries)]
    assert differences(made, seen | {"new": [""]}, {}) == [Difference("new", "new")]
    del seen[victim.ref]
    assert differences(made, seen, {}) == [Difference(victim.ref, "missing")]
    if victim.entries:
        shorter = now(made) | {victim.ref: now(made)[victim.ref][:-1]}
        assert differences(made, shorter, {}) == [Difference(victim.ref, "shorter", victim.entries - 1)]


@given(remarks=st.text(max_size=20), other=st.text(max_size=20))
def test_the_digest_covers_facts_and_remarks(remarks: str, other: str) -> None:
    assert (digest({"a": 1}, remarks) == digest({"a": 1}, other)) == (remarks == other)
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
